import Access
import DispatchContract
import DisputeContract
import FeedContract
import Foundation
import GatewayContract
import Kernel
import PerformanceEvaluationContract
import RPC
import ResponsibilityListContract
import Runtime
import TestSupport
import Testing

/// Stories told to the whole running system, through its public doors: one after the other, because each has the machine's
/// six processes to itself.
@Suite(.serialized, .timeLimit(.minutes(10))) struct Scenarios {
  /// The small county, imported once by `huying import county`; every story starts from a copy. Afterwards every journal, replayed from
  /// empty, gives the rows that its service has stored; `isDamaged` stories leave files that nobody can read.
  static func withCounty<Result: Sendable>(
    variables: [String: String] = [:], isDamaged: Bool = false, _ body: (RunningStack) async throws -> Result
  ) async throws -> Result {
    try await RunningStack.withStack(from: try await ImportedCounty.shared.data(), variables: variables) { stack in
      let result = try await body(stack)
      if !isDamaged { try await stack.expectReplay() }
      return result
    }
  }

  /// The same county with driven time, which is moved to `wall` on the county's wall clock first; `stack.advance(to:)` moves it on.
  static func withDrivenCounty<Result: Sendable>(
    at wall: String, variables: [String: String] = [:], _ body: (RunningStack) async throws -> Result
  ) async throws -> Result {
    try await RunningStack.withStack(from: try await ImportedCounty.driven.data(), variables: variables) { stack in
      try await stack.advance(to: wall)
      let result = try await body(stack)
      try await stack.expectReplay()
      return result
    }
  }
}

/// The imported county's data, made when the first story asks for it.
actor ImportedCounty {
  static let shared = ImportedCounty(timeDriven: false)
  /// The same where business time is driven: it stands at `2019-01-02 08:30`.
  static let driven = ImportedCounty(timeDriven: true)

  private nonisolated let timeDriven: Bool
  private var harvested: StackData?

  private init(timeDriven: Bool) { self.timeDriven = timeDriven }

  func data() async throws -> StackData {
    if let harvested { return harvested }
    let data = try await RunningStack.withStack(timeDriven: timeDriven) { [timeDriven] stack in
      if timeDriven { try await stack.advance(to: "2019-01-02 08:30") }
      let first = try await stack.huying(["import", "county"])
      guard first.exitCode == 0 else { throw StackError("import county: \(first.errors)") }
      try await stack.untilRelayed()
      return try await stack.harvest(to: "\(NSTemporaryDirectory())/huying-county-\(UUID().uuidString.prefix(8))")
    }
    harvested = data
    return data
  }
}

/// Somebody at a desk: the public services as this person may call them, through the gateway.
struct Desk: Sendable {
  let channel: Channel

  var cases: DisputeV1.CaseServiceClient { .init(channel) }
  var mediation: DisputeV1.MediationServiceClient { .init(channel) }
  var escalation: DisputeV1.EscalationServiceClient { .init(channel) }
  var analysis: DisputeV1.AnalysisServiceClient { .init(channel) }
  var plans: DisputeV1.PlanServiceClient { .init(channel) }
  var imports: DisputeV1.ImportServiceClient { .init(channel) }
  var calls: DispatchV1.CallServiceClient { .init(channel) }
  var coordination: DispatchV1.CoordinationServiceClient { .init(channel) }
  var determinations: ResponsibilityListV1.DeterminationServiceClient { .init(channel) }
  var scores: PerformanceEvaluationV1.ScorecardServiceClient { .init(channel) }
  var rebuild: PerformanceEvaluationV1.RebuildServiceClient { .init(channel) }
  var journeys: GatewayV1.JourneyServiceClient { .init(channel) }
  var journals: GatewayV1.JournalServiceClient { .init(channel) }
  var relay: GatewayV1.RelayServiceClient { .init(channel) }
}

/// Ids of the small county that the stories name.
enum SmallCounty {
  static let chengguan = "town-379922001000"
  static let chengguanCentre = "center-379922001000"
  static let guiyi = "town-379922200000"
}

extension RunningStack {
  /// The desk of somebody of `organisation`.
  func desk(
    _ role: Role, of organisation: String = "county-gov", person: String? = nil, county: String = "379922000000"
  ) async throws -> Desk {
    Desk(channel: try await channel(role, of: organisation, person: person, county: county))
  }

  /// Where a service's journal stands, asked with the gateway's own signature.
  func head(of identity: ServiceIdentity) async throws -> FeedV1.Head {
    let method = FeedV1.FeedServiceMethods.getHead
    let metadata = try signature().sign(.system(county: "379922000000"), path: method.path)
    let channel = direct(identity)
    return try await FeedV1.FeedServiceClient(channel).getHead(
      .init(), options: CallOptions(metadata: metadata, timeout: .seconds(10))
    ).head ?? .init()
  }

  /// Every way of the relay.
  func routes() async throws -> [GatewayV1.RelayRoute] {
    try await desk(.countyIT).relay.getRelayStatus(.init(), options: CallOptions(timeout: .seconds(10))).routes
  }

  /// Waits until every target has heard what its sources have written until now; the targets themselves are asked.
  func untilRelayed(within limit: Duration = .seconds(60)) async throws {
    let routes = try await routes()
    #expect(routes.count == 9)
    for route in routes {
      guard let source = ServiceIdentity.all.first(where: { $0.name == route.source }),
        let target = ServiceIdentity.all.first(where: { $0.name == route.target })
      else { throw StackError("a way from \(route.source) to \(route.target)") }
      let head = try await head(of: source)
      // Of an empty journal there is nothing to hear.
      guard head.seq > 0 else { continue }
      try await eventually("\(target.name) has heard all of \(source.name)", within: limit) {
        let position = try await position(of: target, on: source)
        return position.seq >= head.seq && position.sourceEpoch == head.sourceEpoch
      }
    }
  }

  /// How far a service has heard another, asked with the gateway's own signature.
  func position(of target: ServiceIdentity, on source: ServiceIdentity) async throws -> FeedV1.Position {
    let area = target.name.replacingOccurrences(of: "-", with: "_")
    let method = MethodDescriptor(service: "huying.\(area).v1.InboxService", name: "GetPosition")
    let metadata = try signature().sign(.system(county: "379922000000"), path: method.path)
    let options = CallOptions(metadata: metadata, timeout: .seconds(10))
    // All inboxes ask and answer this in the same words.
    let request = DisputeV1.GetPositionRequest(source: source.name)
    let answer: DisputeV1.GetPositionResponse = try await direct(target).unary(method, request, options)
    return answer.position ?? .init()
  }

  /// The journals of all five hold, and nothing was left undelivered.
  func expectSoundness() async throws {
    // Right after a restart the gateway may not have found a service again; a broken chain stays broken.
    var verified = try await huying(["journal", "verify"])
    try? await eventually("every journal's chain holds", within: .seconds(20)) {
      if verified.exitCode != 0 { verified = try await huying(["journal", "verify"]) }
      return verified.exitCode == 0
    }
    #expect(verified.exitCode == 0, "\(verified.output)")
    let parked = try await desk(.countyIT).relay.listParkedMessages(.init())
    #expect(parked.messages.map { "\($0.target): \($0.reason) \($0.explanation)" } == [])
  }
}

/// The reasons of a refusal, or what kind of failure it was; `["OK"]` if there was none.
func reasons<Answer>(_ body: () async throws -> Answer) async -> [String] {
  do {
    _ = try await body()
    return ["OK"]
  } catch {
    let status = Status(error)
    return status.reasons.isEmpty ? [status.code.name] : status.reasons.map(\.code)
  }
}

/// A request id of its own.
func requestID() -> String { UUID().uuidString.lowercased() }
