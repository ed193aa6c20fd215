import Access
import CommonContract
import DisputeContract
import FeedContract
import Foundation
import GatewayContract
import HealthContract
import RPC
import Runtime
import Testing
import TestSupport

/// Who gets in.
extension Scenarios {
  @Test func `the doors are open for those with a token, and the inner ones for nobody`() async throws {
    try await Scenarios.withCounty { stack in
      let stranger = await stack.direct(.gateway)
      #expect(await reasons { try await DisputeV1.CaseServiceClient(stranger).listCases(.init()) } == ["TOKEN_MISSING"])
      let nobody = await status { try await DisputeV1.CaseServiceClient(stranger).listCases(.init()) }
      #expect(nobody?.code == .unauthenticated)
      #expect(try await HealthV1.HealthClient(stranger).check(.init()).status == .serving)

      let admin = try await stack.channel(.countyAdmin)
      let feed = FeedV1.FeedServiceClient(admin)
      #expect(await reasons { try await feed.getHead(.init()) } == ["INTERNAL_ONLY"])
      let inbox = DisputeV1.InboxServiceClient(admin)
      #expect(await status { try await inbox.getPosition(.init(source: "dispatch")) }?.code == .permissionDenied)

      let elsewhere = try await stack.desk(.countyAdmin, county: "379923000000")
      #expect(await reasons { try await elsewhere.cases.listCases(.init()) } == ["JURISDICTION_MISMATCH"])

      let clerk = try await stack.desk(.gridMember, of: "village-379922001201", person: "person-0144")
      #expect(await status { try await clerk.relay.getRelayStatus(.init()) }?.code == .permissionDenied)
      #expect(await status { try await clerk.imports.importCases(.init(source: "x")) }?.code == .permissionDenied)
    }
  }

  @Test func `a service takes the gateway's signature and nothing else`() async throws {
    try await Scenarios.withCounty { stack in
      let method = DisputeV1.CaseServiceMethods.listCases
      let signature = try stack.signature()
      let actor = Actor(
        personID: "person-0083", organisationID: SmallCounty.chengguanCentre, role: .levelClerk,
        countyCode: "379922000000")
      let client = DisputeV1.CaseServiceClient(await stack.direct(.dispute))
      #expect(await reasons { try await client.listCases(.init()) } == ["ACTOR_MISSING"])
      let signed = CallOptions(metadata: signature.sign(actor, path: method.path), timeout: .seconds(5))
      #expect(try await client.listCases(.init(), options: signed).cases.isEmpty)
      let other = CallOptions(metadata: signature.sign(actor, path: "/other/Method"), timeout: .seconds(5))
      #expect(await reasons { try await client.listCases(.init(), options: other) } == ["ACTOR_INVALID"])
      // The gateway throws away what claims to be an actor.
      let desk = try await stack.desk(.levelClerk, of: "center-379922200000", person: "person-0106")
      let smuggled = CallOptions(metadata: signature.sign(actor, path: method.path), timeout: .seconds(5))
      #expect(
        await reasons { try await desk.cases.listCases(.init(areaCode: "379922001000"), options: smuggled) }
          == ["JURISDICTION_MISMATCH"])
    }
  }

  @Test func `who is invited gets in with a key of his own, until it is revoked; a restart keeps both`() async throws {
    try await Scenarios.withCounty { stack in
      let administrator = GatewayV1.AccessKeyServiceClient(try await stack.channel(.countyAdmin))
      let invited = try await administrator.createInvitation(
        .init(requestID: "invite-1", personID: "person-0083", orgID: SmallCounty.chengguanCentre, role: "LEVEL_CLERK"))
      let clerk = GatewayV1.AccessKeyServiceClient(
        try await stack.channel(.levelClerk, of: SmallCounty.chengguanCentre))
      #expect(
        await reasons { try await clerk.createInvitation(.init(requestID: "invite-2", personID: "x")) }
          == ["ROLE_NOT_ALLOWED"])

      let stranger = await stack.direct(.gateway)
      let key = "hyk_" + String(repeating: "5a", count: 32)
      let door = GatewayV1.AccessKeyServiceClient(stranger)
      let redeemed = try #require(
        try await door.redeemInvitation(.init(secret: invited.secret, accessKey: key, label: "desk 3")).accessKey)
      #expect(redeemed.personID == "person-0083")
      #expect(
        await reasons {
          try await door.redeemInvitation(.init(secret: invited.secret, accessKey: String(key.reversed())))
        }
          == ["ACCESS_KEY_MALFORMED"])
      let other = "hyk_" + String(repeating: "a5", count: 32)
      #expect(
        await reasons { try await door.redeemInvitation(.init(secret: invited.secret, accessKey: other)) }
          == ["INVITATION_USED"])

      func withKey() -> CallOptions {
        CallOptions(metadata: Metadata(["authorization": "Bearer \(key)"]), timeout: .seconds(5))
      }
      let session = try await GatewayV1.SessionServiceClient(stranger).getSession(.init(), options: withKey())
      #expect(session.actor?.role == "LEVEL_CLERK")
      #expect(session.actor?.orgID == SmallCounty.chengguanCentre)
      #expect(try await DisputeV1.CaseServiceClient(stranger).listCases(.init(), options: withKey()).cases.isEmpty)

      try await stack.stop(.gateway)
      try await stack.start(.gateway)
      let again = GatewayV1.AccessKeyServiceClient(try await stack.channel(.countyAdmin))
      #expect(try await again.listAccessKeys(.init()).accessKeys.map(\.accessKeyID) == [redeemed.accessKeyID])
      _ = try await again.revokeAccessKey(.init(requestID: "revoke-1", accessKeyID: redeemed.accessKeyID))
      let returned = await stack.direct(.gateway)
      #expect(
        await reasons { try await DisputeV1.CaseServiceClient(returned).listCases(.init(), options: withKey()) }
          == ["TOKEN_INVALID"])
    }
  }

  @Test
  func `a mistyped or used secret leaves a session as it is; the same secret once more is answered again`()
    async throws
  {
    try await Scenarios.withCounty { stack in
      let session = "\(stack.folder)/clerk.json"
      func huying(_ arguments: String...) async throws -> CommandResult {
        try await stack.huying(arguments, session: session)
      }
      let before = try await huying("access", "list")
      #expect(before.exitCode == 64 + 16 && before.errors.contains("huying login --secret"), "\(before.errors)")

      let administrator = GatewayV1.AccessKeyServiceClient(try await stack.channel(.countyAdmin))
      func invite(_ id: String) async throws -> String {
        try await administrator.createInvitation(
          .init(requestID: id, personID: "person-0001", orgID: "county-gov", role: "COUNTY_IT")
        ).secret
      }
      let first = try await invite("invite-1")
      let entered = try await huying("login", "--secret", first)
      #expect(entered.exitCode == 0, "\(entered.errors)")
      #expect(try await huying("access", "list").exitCode == 0)

      let mistyped = try await huying(
        "login", "--secret", String(first.dropLast()) + (first.hasSuffix("0") ? "1" : "0"))
      #expect(mistyped.exitCode != 0)
      #expect(try await huying("access", "list").exitCode == 0)
      #expect(try await huying("login", "--secret", first).exitCode == 0)
      #expect(try await huying("access", "list").exitCode == 0)

      // Who is invited and has not come is seen, and need not be let in.
      let stranger = try await huying("access", "invite", "--as", "LEVEL_CLERK@nowhere", "--person", "nobody")
      #expect(stranger.errors.contains("ROLE_NOT_ALLOWED"), "\(stranger.errors)")
      let invited = try await stack.huying(["access", "invite", "--as", "LEVEL_CLERK@nowhere", "--person", "nobody"])
      #expect(invited.errors.contains("nowhere") && invited.errors.contains("nobody"), "\(invited.errors)")
      let secret = invited.output.trimmingCharacters(in: .whitespacesAndNewlines)
      let open = try await administrator.listInvitations(.init()).invitations
      #expect(open.map(\.orgID) == ["nowhere"])
      let listed = try await huying("access", "list")
      #expect(listed.output.contains(open[0].invitationID), "\(listed.output)")
      #expect(try await huying("access", "withdraw", open[0].invitationID).exitCode == 0)
      #expect(try await administrator.listInvitations(.init()).invitations.isEmpty)
      let late = try await stack.huying(["login", "--secret", secret], session: "\(stack.folder)/late.json")
      #expect(late.errors.contains("INVITATION_WITHDRAWN"), "\(late.errors)")
      #expect(
        await reasons { try await administrator.withdrawInvitation(.init(requestID: "w", invitationID: "none")) }
          == ["INVITATION_UNKNOWN"])

      // Somebody else's use of it is refused, and takes nothing from whoever has another session.
      let second = try await invite("invite-2")
      let elsewhere = try await stack.huying(["login", "--secret", second], session: "\(stack.folder)/other.json")
      #expect(elsewhere.exitCode == 0)
      // Two keys of one person: the one in use here is said to be.
      let mine = try await huying("access", "list", "--lang", "en").output.split(separator: "\n")
      #expect(mine.count { $0.contains("person-0001") } >= 2)
      #expect(mine.count { $0.contains("good, in use here") } == 1, "\(mine)")
      let used = try await huying("login", "--secret", second)
      #expect(used.exitCode != 0 && used.errors.contains("INVITATION_USED"), "\(used.errors)")
      #expect(try await huying("access", "list").exitCode == 0)
    }
  }

  private func status<Answer>(_ body: () async throws -> Answer) async -> Status? {
    do {
      _ = try await body()
      return nil
    } catch {
      return Status(error)
    }
  }
}
