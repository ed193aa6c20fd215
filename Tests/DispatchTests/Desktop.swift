import Access
import DispatchContract
@testable import DispatchService
import DispatchDomain
import FeedContract
import Journal
import Kernel
import Persistence
import RPC
import TestSupport
import Wire
import Runtime
import WireTypes

/// The service's handlers over one database, with a directory heard.
struct Desktop {
  let bench: ServiceBench
  let service: DispatchService
  let calls: CallHandlers
  let coordination: CoordinationHandlers
  let imports: ImportHandlers
  let inbox: InboxHandlers

  init(hearing: Bool = true, configuration: DatabaseConfiguration = DatabaseConfiguration()) async throws {
    bench = try ServiceBench(
      migrations: DispatchService.migrations, startTime: at("2020-03-10T10:00"), configuration: configuration)
    service = DispatchService(bench.shell, county: County.code)
    let shell = DispatchShell(commands: bench.shell, policy: .first)
    calls = CallHandlers(shell: shell)
    coordination = CoordinationHandlers(shell: shell)
    imports = ImportHandlers(shell: shell)
    inbox = InboxHandlers(shell: shell)
    if hearing { try await hear(County.organisations) }
  }

  func context(_ actor: Actor, _ method: MethodDescriptor = DispatchV1.CallServiceMethods.getCall) -> ServerContext {
    bench.context(method, as: actor.role, of: actor.organisationID, person: actor.personID, county: County.code)
  }

  /// Tells the service of organisations, as grid-registry's events 1, 2, ….
  @discardableResult
  func hear(_ organisations: [Organisation]) async throws -> DispatchV1.ReceiveMessagesResponse {
    try await inbox.receiveMessages(
      .init(
        messages: organisations.enumerated().map { index, organisation in
          .init(
            origin: .from("grid-registry", seq: Int64(index + 1)),
            content: .organisation(
              .init(
                orgID: organisation.id, name: organisation.name, orgType: organisation.type,
                agencyType: organisation.agencyType, businessParentID: organisation.businessParentID,
                dailyParentID: organisation.dailyParentID, areaCodes: organisation.areaCodes)))
        }), context: context(.system(county: County.code)))
  }

  static let draft = DispatchV1.CallDraft(
    kind: .reasoned, channel: .online, ground: .noAuthority, townshipOrgID: "township-a", caseIDs: ["case-1"],
    narrative: "夜间有人倾倒废液，村民张某反映多次。",
    study: .init(
      studyDate: "2020-03-09", participants: "综治中心", tried: "已上门三次", conclusion: .cannotAlone, signedBy: "leader"))

  /// A draft of the township's leader.
  func draftCall(_ draft: DispatchV1.CallDraft = draft, by actor: Actor = County.leader) async throws -> DispatchV1.Call
  {
    let answer = try await calls.draftCall(
      .init(requestID: UUIDv7.make(at: bench.clock.now), draft: draft), context: context(actor))
    return answer.call ?? .init()
  }

  func submit(
    _ call: DispatchV1.Call, _ finding: DeterminationFinding = .pollution
  ) async throws -> DispatchV1.Call {
    let answer = try await calls.submitCall(
      .init(
        requestID: UUIDv7.make(at: bench.clock.now), callID: call.callID, expectedVersion: call.version,
        determination: .init(finding)), context: context(County.leader))
    return answer.call ?? .init()
  }

  /// A task that the agency declares itself unable to do.
  func unableTask() async throws -> DispatchV1.CoordinationTask {
    let asked = try await coordination.requestCoordination(
      .init(
        requestID: "ask", townshipOrgID: "township-a", agencyOrgID: "agency-a", itemCode: "ST-04",
        itemAgencyTypes: [County.agencyType], determinationID: "determination-1", caseID: "case-1", ask: "请处理废液"),
      context: context(County.clerk))
    let answer = try await coordination.declareUnable(
      .init(
        requestID: "unable", taskID: asked.task?.taskID ?? "", expectedVersion: 1, unableReason: .noPower,
        unableBasis: "无行政处罚权"), context: context(County.actor(.agencyHead, of: "agency-a")))
    return answer.task ?? .init()
  }

  /// A call folded from its journal lines alone.
  func folded(_ id: String) async throws -> Call? {
    let entries = try await bench.database.read { try Journal.entries(ofAggregate: "call", id, in: $0) }
    var call: Call?
    for entry in entries {
      guard let event = try DispatchV1.CallEvent(decoding: entry.payload).domain(at: entry.occurTime) else {
        return nil
      }
      if call == nil { call = Call(event) } else { call?.apply(event) }
    }
    return call
  }

  func stored(_ id: String) async throws -> Call? {
    try await bench.database.read { [bench] transaction in
      try Records(county: County.code, reading: transaction, sealed: SealedTexts(bench.shell.cryptography)).call(id)
    }
  }
}

extension FeedV1.Origin {
  static func from(_ source: String, seq: Int64, after: Int64? = nil) -> Self {
    .init(
      source: source, sourceEpoch: "epoch-1", seq: seq, eventID: "\(source)-\(seq)", eventType: "org.changed",
      aggregateID: "org", aggregateVersion: 1, occurTime: .init(at("2020-03-01T08:30")),
      afterSeq: after ?? seq - 1)
  }
}

/// The codes of a refusal; empty: it was not refused.
func codes<Response>(_ body: () async throws -> Response) async -> [String] {
  do {
    _ = try await body()
    return []
  } catch let refused as Refused { return refused.reasons.map(\.code) } catch { return ["\(error)"] }
}
