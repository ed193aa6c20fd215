import Access
import Foundation
import JWTKit
import Journal
import Kernel
import Logging
import Persistence
import Runtime
import TestSupport
import Testing

@testable import GatewayService

/// Invitations and the keys made of them: over a real file, with a time that the test sets.
@Suite struct AccessKeyTests {
  let bench: ServiceBench
  let administrator = Actor(
    personID: "admin", organisationID: "county-gov", role: .countyAdmin, countyCode: "379922000000")

  init() throws { bench = try ServiceBench(migrations: GatewayMigrations.all) }

  private var now: Timestamp { bench.clock.now }

  private func open(at instant: Timestamp? = nil) throws -> AccessKeys {
    let instant = instant ?? now
    return try AccessKeys(bench.database, .testing) { instant }
  }

  private func wish(
    _ requestID: String = "r-1", person: String = "p-1", role: String = "LEVEL_CLERK", redeemBy: Timestamp? = nil,
    expire: Timestamp? = nil
  ) throws -> InvitationWish {
    try InvitationWish(
      requestID: requestID, personID: person, organisationID: "org-1", role: role, redeemByTime: redeemBy,
      keyExpireTime: expire, now: now)
  }

  private func accessKey(_ digit: String) -> String { "hyk_" + String(repeating: digit, count: 64) }

  @Test func `an invitation becomes a key, once; the lost answer can be fetched again`() async throws {
    let keys = try open()
    let (_, secret) = try await keys.invite(wish(), by: administrator)
    let key = try await keys.redeem(secret: secret, accessKey: accessKey("a"), label: "desk 3")
    #expect(key.role == .levelClerk)
    #expect(key.invitedByPersonID == "admin")
    #expect(keys.key(accessKey("a")) == key)
    #expect(try await keys.redeem(secret: secret, accessKey: accessKey("a"), label: "desk 3") == key)
    await #expect(throws: Refused(.failedPrecondition, .invitationUsed)) {
      try await keys.redeem(secret: secret, accessKey: accessKey("b"), label: "")
    }
    #expect(keys.all == [key])
    // A new process knows it too.
    #expect(try open().key(accessKey("a")) == key)
  }

  @Test func `a repeated request gets the same secret, another one under its id is refused`() async throws {
    let keys = try open()
    let first = try await keys.invite(wish(), by: administrator)
    let second = try await keys.invite(wish(), by: administrator)
    #expect(first.secret == second.secret)
    await #expect(throws: Refused(.alreadyExists, .idempotencyMismatch)) {
      try await keys.invite(wish(person: "p-2"), by: administrator)
    }
  }

  @Test func `neither secrets nor keys stand in the file`() async throws {
    let keys = try open()
    let (_, secret) = try await keys.invite(wish(), by: administrator)
    _ = try await keys.redeem(secret: secret, accessKey: accessKey("c"), label: "")
    let secretBytes = try #require(AccessSecret.bytes(of: secret, prefix: "hyi_"))
    let stored = try await bench.database.read { reading in
      try reading.all(
        Statement("test.all", "SELECT secret_hash FROM invitation UNION SELECT key_hash FROM access_key"), []
      ) {
        $0.bytes(0)
      }
    }
    #expect(stored.count == 2)
    #expect(!stored.contains(secretBytes))
    #expect(!stored.contains([UInt8](repeating: 0xcc, count: 32)))
  }

  @Test func `a key ends by its time and by revocation, an invitation by its time`() async throws {
    let (_, secret) = try await open().invite(wish(expire: now + .days(2)), by: administrator)
    await #expect(throws: Refused(.failedPrecondition, .invitationExpired)) {
      try await open(at: now + .days(7)).redeem(secret: secret, accessKey: accessKey("a"), label: "")
    }
    let keys = try open()
    let key = try await keys.redeem(secret: secret, accessKey: accessKey("a"), label: "")
    #expect(try open(at: now + .days(2)).key(accessKey("a")) == nil)
    let revoked = try await keys.revoke(key.accessKeyID, by: administrator)
    #expect(revoked.revokeTime == now)
    #expect(try await keys.revoke(key.accessKeyID, by: administrator) == revoked)
    #expect(keys.key(accessKey("a")) == nil)
    #expect(try open().key(accessKey("a")) == nil)
    await #expect(throws: Refused(.notFound, .accessKeyUnknown)) { try await keys.revoke("k", by: administrator) }
  }

  @Test func `whatever is wrong with a wish is said at once`() {
    #expect(
      throws: Refused(
        .invalidArgument,
        [
          .requestIDMissing, .personMissing, .organisationMissing, .roleUnknown,
          .expiryOutOfRange.at("redeem_by_time"), .expiryOutOfRange.at("key_expire_time"),
        ])
    ) {
      try InvitationWish(
        requestID: "", personID: "", organisationID: "", role: "SYSTEM", redeemByTime: now, keyExpireTime: now,
        now: now)
    }
  }

  @Test(arguments: ["", "hyi_", "hyi_xyz", "hyk_" + String(repeating: "a", count: 64), "password"])
  func `what is no secret is no invitation`(secret: String) async throws {
    let keys = try open()
    await #expect(throws: Refused(.unauthenticated, .invitationUnknown)) {
      try await keys.redeem(secret: secret, accessKey: accessKey("a"), label: "")
    }
  }

  @Test func `the first administrator's file invites once, a new secret again`() async throws {
    let folder = TemporaryFolder()
    let keys = try open()
    let logger = Logger(label: "test")
    let path = folder.file("first-administrator")
    let secret = "hyi_" + String(repeating: "d", count: 64)
    try Data((secret + "\n").utf8).write(to: URL(filePath: path))
    try await FirstAdministrator.invite(fromFile: path, keys, logger)
    let key = try await keys.redeem(secret: secret, accessKey: accessKey("a"), label: "")
    #expect(key.role == .countyAdmin)
    // A restart with the file still there invites nobody anew.
    try await FirstAdministrator.invite(fromFile: path, keys, logger)
    await #expect(throws: Refused(.failedPrecondition, .invitationUsed)) {
      try await keys.redeem(secret: secret, accessKey: accessKey("b"), label: "")
    }
    try Data("admin\n".utf8).write(to: URL(filePath: path))
    await #expect(throws: SettingError.self) { try await FirstAdministrator.invite(fromFile: path, keys, logger) }
  }

  @Test func `the door takes an access key where it takes a token`() async throws {
    let keys = try open()
    let (_, secret) = try await keys.invite(wish(), by: administrator)
    _ = try await keys.redeem(secret: secret, accessKey: accessKey("e"), label: "")
    let verifier = TokenVerifier(keys: TokenKeys(JWTKeyCollection()), accessKeys: keys, county: "379922000000")
    let claims = try await verifier.verify(authorization: "Bearer " + accessKey("e"))
    #expect(claims.actor?.personID == "p-1")
    #expect(claims.county == "379922000000")
    await #expect(throws: Refused(.unauthenticated, .tokenInvalid)) {
      try await verifier.verify(authorization: "Bearer " + accessKey("f"))
    }
  }
}
