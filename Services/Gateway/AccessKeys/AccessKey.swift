package import Access
package import Kernel

/// A key that stands for a person in a role until it expires or is revoked; what it opens with is not in it.
package struct AccessKey: Hashable, Sendable {
  package let accessKeyID: String
  package let personID: String
  package let organisationID: String
  package let role: Role
  /// What its holder says it is for.
  package let label: String
  /// Empty: the installation itself, for the first administrator.
  package let invitedByPersonID: String
  package let createTime: Timestamp
  package let expireTime: Timestamp
  package var revokeTime: Timestamp?

  /// Whether it opens the door at `now`.
  func isGood(at now: Timestamp) -> Bool { revokeTime == nil && now < expireTime }

  /// What a token of the same person would say.
  func claims(county: String) -> TokenClaims {
    TokenClaims(
      sub: personID, org: organisationID, role: role.rawValue, county: county, exp: expireTime.microseconds / 1_000_000)
  }
}

/// A promise of a key: whoever shows its secret in time may make one.
package struct Invitation: Hashable, Sendable {
  package let invitationID: String
  package let personID: String
  package let organisationID: String
  package let role: Role
  package let invitedByPersonID: String
  package let createTime: Timestamp
  /// The secret is good until then.
  package let redeemByTime: Timestamp
  /// The key will be good until then.
  package let keyExpireTime: Timestamp
  /// The key that was made of it, if any.
  package var accessKeyID: String?
  package var withdrawTime: Timestamp?
}

/// The two kinds of secrets, as they are written: a prefix that scanners of sources find, and 32 random bytes.
package enum AccessSecret {
  /// An invitation's: `hyi_` and 64 hexadecimal digits.
  package static let invitationPrefix = "hyi_"
  /// An access key: `hyk_` and 64 hexadecimal digits.
  package static let keyPrefix = "hyk_"

  /// The bytes of a secret; `nil` if it is not written so.
  package static func bytes(of text: some StringProtocol, prefix: String) -> [UInt8]? {
    guard text.hasPrefix(prefix), let bytes = [UInt8](hexadecimal: text.dropFirst(prefix.count)), bytes.count == 32
    else { return nil }
    return bytes
  }
}

extension Reason {
  static let accessKeyMalformed = Reason(
    "ACCESS_KEY_MALFORMED", zh: "访问密钥格式不正确（hyk_ 加 64 位十六进制数字）。",
    en: "The access key has to be hyk_ and 64 hexadecimal digits.", field: "access_key")
  static let labelTooLong = Reason(
    "LABEL_TOO_LONG", zh: "用途说明不得超过 100 个字符。", en: "The label may have 100 characters at most.", field: "label")
  static let invitationUnknown = Reason(
    "INVITATION_UNKNOWN", zh: "邀请码无效。", en: "There is no invitation with this secret.", field: "secret")
  static let invitationUsed = Reason(
    "INVITATION_USED", zh: "邀请码已被使用，请联系管理员重新邀请。",
    en: "This invitation has been redeemed already: ask for another one.", field: "secret")
  static let invitationExpired = Reason(
    "INVITATION_EXPIRED", zh: "邀请码已过期，请联系管理员重新邀请。",
    en: "This invitation's time has passed: ask for another one.", field: "secret")
  static let invitationWithdrawn = Reason(
    "INVITATION_WITHDRAWN", zh: "邀请已被撤回，请联系管理员重新邀请。",
    en: "This invitation was withdrawn: ask for another one.", field: "secret")
  static let accessKeyUnknown = Reason(
    "ACCESS_KEY_UNKNOWN", zh: "没有这个访问密钥。", en: "There is no such access key.", field: "access_key_id")
  static let accessKeyTaken = Reason(
    "ACCESS_KEY_TAKEN", zh: "该访问密钥已存在，请重新生成。", en: "This access key is taken: make another one.",
    field: "access_key")
  static let personMissing = Reason(
    "PERSON_MISSING", zh: "请填写人员编号。", en: "Say which person it is for.", field: "person_id")
  static let organisationMissing = Reason(
    "ORGANISATION_MISSING", zh: "请填写所属机构编号。", en: "Say which organisation the person acts for.", field: "org_id")
  static let roleUnknown = Reason(
    "ROLE_UNKNOWN", zh: "角色不在规定的名单内。", en: "The role is not on the list.", field: "role")
  static let expiryOutOfRange = Reason(
    "EXPIRY_OUT_OF_RANGE", zh: "有效期超出允许范围：邀请 1 小时至 30 天，密钥 1 天至 2 年。",
    en: "The time is out of range: 1 hour to 30 days for an invitation, 1 day to 2 years for a key.")
}
