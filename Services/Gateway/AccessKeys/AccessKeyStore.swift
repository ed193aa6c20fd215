import Access
import Kernel
package import Persistence

/// The rows of invitations and access keys.
package enum AccessKeyStore {
  /// All keys, for the memory that calls are checked with.
  static func keys(in reading: some Reading) throws -> [(hash: [UInt8], key: AccessKey)] {
    try reading.all(listKeys, []) { row in
      (
        row.bytes(1),
        AccessKey(
          accessKeyID: row.text(0), personID: row.text(2), organisationID: row.text(3),
          role: row.named(4, or: Role.system), label: row.text(5), invitedByPersonID: row.text(6),
          createTime: row.time(7), expireTime: row.time(8), revokeTime: row.optionalTime(9))
      )
    }
  }

  static func invitation(id: String, in reading: some Reading) throws -> Invitation? {
    try reading.first(findInvitation, [.text(id)], invitation)
  }

  static func invitation(secretHash: [UInt8], in reading: some Reading) throws -> Invitation? {
    try reading.first(findInvitationBySecret, [.bytes(secretHash)], invitation)
  }

  static func insert(_ invitation: Invitation, secretHash: [UInt8], in transaction: WriteTransaction) throws {
    _ = try transaction.run(
      insertInvitation,
      [
        .text(invitation.invitationID), .bytes(secretHash), .text(invitation.personID),
        .text(invitation.organisationID), .text(invitation.role.rawValue), .text(invitation.invitedByPersonID),
        .time(invitation.createTime), .time(invitation.redeemByTime), .time(invitation.keyExpireTime),
      ])
  }

  /// Keeps the key that was made of an invitation, and that it was.
  static func insert(
    _ key: AccessKey, hash: [UInt8], of invitation: Invitation, in transaction: WriteTransaction
  ) throws {
    _ = try transaction.run(
      insertKey,
      [
        .text(key.accessKeyID), .bytes(hash), .text(key.personID), .text(key.organisationID), .text(key.role.rawValue),
        .text(key.label), .text(key.invitedByPersonID), .time(key.createTime), .time(key.expireTime),
      ])
    _ = try transaction.run(redeemInvitation, [.text(invitation.invitationID), .text(key.accessKeyID)])
  }

  static func revoke(_ accessKeyID: String, by personID: String, at now: Timestamp, in transaction: WriteTransaction)
    throws
  {
    _ = try transaction.run(revokeKey, [.text(accessKeyID), .time(now), .text(personID)])
  }

  /// Invitations that are good at `now`, newest first, behind `last`.
  static func openInvitations(
    at now: Timestamp, after last: Invitation?, limit: Int, in reading: some Reading
  ) throws -> [Invitation] {
    let place = last.map { ($0.createTime, $0.invitationID) } ?? (Timestamp(microseconds: .max), "")
    return try reading.all(
      listOpenInvitations, [.time(now), .time(place.0), .text(place.1), .integer(Int64(limit))], invitation)
  }

  static func withdraw(
    _ invitationID: String, by personID: String, at now: Timestamp, in transaction: WriteTransaction
  ) throws {
    _ = try transaction.run(withdrawInvitation, [.text(invitationID), .time(now), .text(personID)])
  }

  private static func invitation(_ row: borrowing Row) -> Invitation {
    Invitation(
      invitationID: row.text(0), personID: row.text(1), organisationID: row.text(2),
      role: row.named(3, or: Role.system), invitedByPersonID: row.text(4), createTime: row.time(5),
      redeemByTime: row.time(6), keyExpireTime: row.time(7), accessKeyID: row.optionalText(8),
      withdrawTime: row.optionalTime(9))
  }

  private static let listKeys = Statement(
    "access_key.list",
    """
    SELECT access_key_id, key_hash, person_id, org_id, role, label, invited_by_person_id, create_time, expire_time,
      revoke_time
    FROM access_key
    """)
  private static let findInvitation = Statement(
    "invitation.find",
    """
    SELECT invitation_id, person_id, org_id, role, invited_by_person_id, create_time, redeem_by_time, key_expire_time,
      access_key_id, withdraw_time
    FROM invitation WHERE invitation_id = $1
    """)
  private static let findInvitationBySecret = Statement(
    "invitation.find_by_secret",
    """
    SELECT invitation_id, person_id, org_id, role, invited_by_person_id, create_time, redeem_by_time, key_expire_time,
      access_key_id, withdraw_time
    FROM invitation WHERE secret_hash = $1
    """)
  private static let listOpenInvitations = Statement(
    "invitation.list_open",
    """
    SELECT invitation_id, person_id, org_id, role, invited_by_person_id, create_time, redeem_by_time, key_expire_time,
      access_key_id, withdraw_time
    FROM invitation
    WHERE access_key_id IS NULL AND withdraw_time IS NULL AND redeem_by_time > $1
      AND (create_time, invitation_id) < ($2, $3)
    ORDER BY create_time DESC, invitation_id DESC LIMIT $4
    """)
  private static let withdrawInvitation = Statement(
    "invitation.withdraw",
    "UPDATE invitation SET withdraw_time = $2, withdrawn_by_person_id = $3 WHERE invitation_id = $1")
  private static let insertInvitation = Statement(
    "invitation.insert",
    """
    INSERT INTO invitation (invitation_id, secret_hash, person_id, org_id, role, invited_by_person_id, create_time,
      redeem_by_time, key_expire_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    """)
  private static let redeemInvitation = Statement(
    "invitation.redeem", "UPDATE invitation SET access_key_id = $2 WHERE invitation_id = $1")
  private static let insertKey = Statement(
    "access_key.insert",
    """
    INSERT INTO access_key (access_key_id, key_hash, person_id, org_id, role, label, invited_by_person_id, create_time,
      expire_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    """)
  private static let revokeKey = Statement(
    "access_key.revoke",
    """
    UPDATE access_key SET revoke_time = $2, revoked_by_person_id = $3 WHERE access_key_id = $1 AND revoke_time IS NULL
    """)

  /// For the test that refuses unindexed scans; all keys are read once, at the start.
  package static let statements = [
    findInvitation, findInvitationBySecret, listOpenInvitations, withdrawInvitation, insertInvitation, redeemInvitation,
    insertKey, revokeKey,
  ]
}
