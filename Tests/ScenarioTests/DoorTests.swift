import Access
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

  private func status<Answer>(_ body: () async throws -> Answer) async -> Status? {
    do {
      _ = try await body()
      return nil
    } catch {
      return Status(error)
    }
  }
}
