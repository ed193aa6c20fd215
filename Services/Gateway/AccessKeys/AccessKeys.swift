package import Access
package import Journal
package import Kernel
package import Persistence
import Runtime
import Synchronization

/// Invitations and the keys that were made of them. All keys are in memory, so that a call costs one digest and no read; the
/// file is written first, the memory after.
///
/// Times are real ones: driven time is business time alone.
package final class AccessKeys: Sendable {
  private let database: Database
  private let cryptography: Cryptography
  private let now: @Sendable () -> Timestamp
  private let known: Mutex<[[UInt8]: AccessKey]>

  /// Reads all keys.
  package init(
    _ database: Database, _ cryptography: Cryptography, now: @escaping @Sendable () -> Timestamp
  ) throws {
    self.database = database
    self.cryptography = cryptography
    self.now = now
    let rows = try database.readInline { try AccessKeyStore.keys(in: $0) }
    known = Mutex(Dictionary(uniqueKeysWithValues: rows.map { ($0.hash, $0.key) }))
  }

  /// The key that `text` is; `nil` if there is none, or none that is good now.
  package func key(_ text: some StringProtocol) -> AccessKey? {
    guard let bytes = AccessSecret.bytes(of: text, prefix: AccessSecret.keyPrefix) else { return nil }
    let hash = cryptography.sha256(bytes)
    let key = known.withLock { $0[hash] }
    return key.flatMap { $0.isGood(at: now()) ? $0 : nil }
  }

  /// All keys, newest first.
  package var all: [AccessKey] {
    known.withLock { Array($0.values) }.sorted {
      ($1.createTime, $1.accessKeyID) < ($0.createTime, $0.accessKeyID)
    }
  }

  /// Keeps an invitation whose secret is made of the request's id, so that a repeated request gets the same answer and no
  /// secret has to be kept. Throws `IDEMPOTENCY_MISMATCH` if the same id asked for something else before.
  package func invite(_ wish: InvitationWish, by actor: Actor) async throws -> (invitation: Invitation, secret: String)
  {
    let seed = "\(actor.personID)\u{0}\(wish.requestID)"
    let bytes = cryptography.hmac("invitation secret", Array(seed.utf8))
    let hash = cryptography.sha256(bytes)
    let now = now()
    let invitation = Invitation(
      invitationID: UUIDv7.named(digest: cryptography.hmac("invitation id", Array(seed.utf8))),
      personID: wish.personID, organisationID: wish.organisationID, role: wish.role, invitedByPersonID: actor.personID,
      createTime: now, redeemByTime: wish.redeemByTime ?? now + .days(7),
      keyExpireTime: wish.keyExpireTime ?? now + .days(365))
    let kept = try await write { transaction in
      if let earlier = try AccessKeyStore.invitation(id: invitation.invitationID, in: transaction) {
        guard earlier.isFor(wish) else { throw Refused(.alreadyExists, .idempotencyMismatch) }
        return earlier
      }
      try AccessKeyStore.insert(invitation, secretHash: hash, in: transaction)
      return invitation
    }
    return (kept, AccessSecret.invitationPrefix + bytes.hexadecimal)
  }

  /// Makes the installation's own invitation of a secret that was never seen before, for the first administrator; one that was
  /// is left as it is. Answers whether it is new.
  package func invite(firstAdministrator secret: [UInt8], organisation: String) async throws -> Bool {
    let hash = cryptography.sha256(secret)
    let now = now()
    let invitation = Invitation(
      invitationID: UUIDv7.named(digest: hash), personID: "first-administrator", organisationID: organisation,
      role: .countyAdmin, invitedByPersonID: "", createTime: now, redeemByTime: now + .days(7),
      keyExpireTime: now + .days(365))
    return try await write { transaction in
      guard try AccessKeyStore.invitation(secretHash: hash, in: transaction) == nil else { return false }
      try AccessKeyStore.insert(invitation, secretHash: hash, in: transaction)
      return true
    }
  }

  /// Makes a key of an invitation. The same secret with the same key answers the same key again.
  package func redeem(secret: String, accessKey: String, label: String) async throws -> AccessKey {
    guard let keyBytes = AccessSecret.bytes(of: accessKey, prefix: AccessSecret.keyPrefix) else {
      throw Refused(.invalidArgument, .accessKeyMalformed)
    }
    guard label.count <= 100 else { throw Refused(.invalidArgument, .labelTooLong) }
    guard let secretBytes = AccessSecret.bytes(of: secret, prefix: AccessSecret.invitationPrefix) else {
      throw Refused(.unauthenticated, .invitationUnknown)
    }
    let (secretHash, keyHash) = (cryptography.sha256(secretBytes), cryptography.sha256(keyBytes))
    let taken = known.withLock { $0[keyHash] }
    let now = now()
    let key = try await write { transaction in
      guard let invitation = try AccessKeyStore.invitation(secretHash: secretHash, in: transaction) else {
        throw Refused(.unauthenticated, .invitationUnknown)
      }
      if let redeemed = invitation.accessKeyID {
        guard let taken, taken.accessKeyID == redeemed else { throw Refused(.failedPrecondition, .invitationUsed) }
        return taken
      }
      guard invitation.withdrawTime == nil else { throw Refused(.failedPrecondition, .invitationWithdrawn) }
      guard taken == nil else { throw Refused(.alreadyExists, .accessKeyTaken) }
      guard now < invitation.redeemByTime else { throw Refused(.failedPrecondition, .invitationExpired) }
      let key = AccessKey(
        accessKeyID: UUIDv7.make(at: now), personID: invitation.personID, organisationID: invitation.organisationID,
        role: invitation.role, label: label, invitedByPersonID: invitation.invitedByPersonID, createTime: now,
        expireTime: invitation.keyExpireTime)
      try AccessKeyStore.insert(key, hash: keyHash, of: invitation, in: transaction)
      return key
    }
    known.withLock { $0[keyHash] = key }
    return key
  }

  /// Invitations that can still be redeemed, newest first, behind the one with the id `last`; one more than `limit` if there are
  /// more. Throws `PAGE_TOKEN_INVALID`.
  package func openInvitations(after last: String, limit: Int) async throws -> [Invitation] {
    let now = now()
    return try await database.read { reading in
      let place = last.isEmpty ? nil : try AccessKeyStore.invitation(id: last, in: reading)
      guard last.isEmpty || place != nil else { throw Refused(.invalidArgument, .pageTokenInvalid) }
      return try AccessKeyStore.openInvitations(at: now, after: place, limit: limit + 1, in: reading)
    }
  }

  /// Ends an invitation before it is redeemed.
  package func withdraw(_ invitationID: String, by actor: Actor) async throws -> Invitation {
    let now = now()
    return try await write { transaction in
      guard var invitation = try AccessKeyStore.invitation(id: invitationID, in: transaction) else {
        throw Refused(.notFound, .invitationUnknown.at("invitation_id"))
      }
      guard invitation.accessKeyID == nil else {
        throw Refused(.failedPrecondition, .invitationUsed.at("invitation_id"))
      }
      if invitation.withdrawTime != nil { return invitation }
      try AccessKeyStore.withdraw(invitationID, by: actor.personID, at: now, in: transaction)
      invitation.withdrawTime = now
      return invitation
    }
  }

  /// Ends a key for ever.
  package func revoke(_ accessKeyID: String, by actor: Actor) async throws -> AccessKey {
    guard let (hash, key) = known.withLock({ $0.first { $0.value.accessKeyID == accessKeyID } }) else {
      throw Refused(.notFound, .accessKeyUnknown)
    }
    if key.revokeTime != nil { return key }
    let now = now()
    try await write {
      try AccessKeyStore.revoke(accessKeyID, by: actor.personID, at: now, in: $0)
    }
    var revoked = key
    revoked.revokeTime = now
    known.withLock { $0[hash] = revoked }
    return revoked
  }

  /// What the caller hears of a storage failure has a reason of its own.
  private func write<Result: Sendable>(
    _ body: @escaping @Sendable (WriteTransaction) throws -> Result
  ) async throws -> Result {
    do { return try await database.write(body) } catch let error as StorageError {
      throw error.refusal ?? error as any Error
    }
  }
}

/// What an administrator asks for when inviting, checked.
package struct InvitationWish: Sendable {
  let requestID: String
  let personID: String
  let organisationID: String
  let role: Role
  /// `nil`: the usual 7 days.
  let redeemByTime: Timestamp?
  /// `nil`: the usual year.
  let keyExpireTime: Timestamp?

  /// Throws every reason at once.
  package init(
    requestID: String, personID: String, organisationID: String, role: String, redeemByTime: Timestamp?,
    keyExpireTime: Timestamp?, now: Timestamp
  ) throws(Refused) {
    var reasons: [Reason] = []
    if requestID.isEmpty || requestID.utf8.count > 64 { reasons.append(.requestIDMissing) }
    if personID.isEmpty { reasons.append(.personMissing) }
    if organisationID.isEmpty { reasons.append(.organisationMissing) }
    let known = Role(rawValue: role).flatMap { $0 == .system ? nil : $0 }
    if known == nil { reasons.append(.roleUnknown) }
    if let redeemByTime, !(now + .hours(1)...now + .days(30)).contains(redeemByTime) {
      reasons.append(.expiryOutOfRange.at("redeem_by_time"))
    }
    if let keyExpireTime, !(now + .days(1)...now + .days(731)).contains(keyExpireTime) {
      reasons.append(.expiryOutOfRange.at("key_expire_time"))
    }
    guard reasons.isEmpty, let known else { throw Refused(.invalidArgument, reasons) }
    self.requestID = requestID
    self.personID = personID
    self.organisationID = organisationID
    self.role = known
    self.redeemByTime = redeemByTime
    self.keyExpireTime = keyExpireTime
  }
}

extension Invitation {
  /// Whether it is what `wish` asked for; times that were not asked for do not count.
  func isFor(_ wish: InvitationWish) -> Bool {
    personID == wish.personID && organisationID == wish.organisationID && role == wish.role
      && (wish.redeemByTime == nil || wish.redeemByTime == redeemByTime)
      && (wish.keyExpireTime == nil || wish.keyExpireTime == keyExpireTime)
  }
}
