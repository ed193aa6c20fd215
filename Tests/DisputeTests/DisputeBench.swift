import Access
import CommonContract
import DisputeContract
import DisputeDomain
@testable import DisputeService
import DisputeStore
import FeedContract
import Journal
import Kernel
import Persistence
import RPC
import Runtime
import TestSupport
import Wire
import WireTypes

/// The service's handlers on a database of their own, in the small county of `Scenery`.
struct DisputeBench {
  let bench: ServiceBench
  let dispute: DisputeShell
  var cases: CaseHandlers { CaseHandlers(dispute: dispute) }
  var mediation: MediationHandlers { MediationHandlers(dispute: dispute) }
  var escalation: EscalationHandlers { EscalationHandlers(dispute: dispute) }
  var analysis: AnalysisHandlers { AnalysisHandlers(dispute: dispute) }
  var imports: ImportHandlers { ImportHandlers(dispute: dispute) }
  var inbox: InboxHandlers { InboxHandlers(dispute: dispute) }

  init(configuration: DatabaseConfiguration = DatabaseConfiguration()) async throws {
    bench = try ServiceBench(
      migrations: DisputeService.migrations, startTime: Scenery.monday, configuration: configuration)
    dispute = DisputeShell(bench.shell, county: Scenery.county)
    let directory = dispute.directory
    try await bench.database.write { transaction in
      for organisation in Scenery.all { try directory.save(organisation, in: transaction) }
      for person in Scenery.persons { try directory.save(person, in: transaction) }
      for grid in [Scenery.ruralGrid, Scenery.urbanGrid] { try directory.save(grid, in: transaction) }
    }
  }

  func context(_ method: MethodDescriptor, as actor: Actor) -> ServerContext {
    var context = ServerContext(method: method)
    context.setActor(actor)
    return context
  }

  /// A neighbour dispute of the rural grid, reported by its member.
  func report(
    kind: DisputeV1.Case.Kind = .dispute, grid: String = "rural", township: String = "",
    flags: [DisputeV1.Case.Flag] = [],
    requestID: String = "report", by actor: Actor = Scenery.member
  ) async throws -> DisputeV1.Case {
    let response = try await cases.reportCase(
      .init(
        requestID: requestID, kind: kind, category: "邻里", flags: flags, gridID: grid, townshipOrgID: township,
        title: "张三家屋檐水流入李四家", narrative: "多次协商未果，电话13812345678。",
        parties: [.init(role: .applicant, name: "张三丰", phone: "13812345678")]),
      context: context(DisputeV1.CaseServiceMethods.reportCase, as: actor))
    return response.caseRecord ?? .init()
  }

  /// Folds the journal of one case from empty and loads its rows: the two must be the same.
  func foldedAndStored(_ caseID: String) throws -> (folded: Case?, stored: Case?) {
    try bench.database.readInline { reading in
      let lines = try Journal.entries(ofAggregate: "case", caseID, in: reading)
      let events = try lines.filter { $0.eventType != JournalDraft.personalReadType }.map { line in
        try DisputeV1.CaseEvent(decoding: line.payload).domain(at: line.occurTime)
      }
      return (Case.fold(events.compactMap(\.self)), try dispute.cases.load(ID(caseID), in: reading))
    }
  }

  /// Relayed messages, numbered from `seq`.
  func deliver(
    _ contents: [DisputeV1.Message.OneOfContent], from source: String, seq: Int64 = 1,
    at time: Timestamp = Scenery.monday
  ) async throws -> DisputeV1.ReceiveMessagesResponse {
    let messages = contents.enumerated().map { index, content in
      let seq = seq + Int64(index)
      return DisputeV1.Message(
        origin: FeedV1.Origin(
          source: source, sourceEpoch: "epoch", seq: seq, eventID: "\(source)-\(seq)",
          occurTime: GoogleProtobuf.Timestamp(time), afterSeq: seq - 1), content: content)
    }
    return try await inbox.receiveMessages(
      .init(messages: messages),
      context: context(DisputeV1.InboxServiceMethods.receiveMessages, as: Scenery.system))
  }

  /// One row of an import.
  static func row(
    _ ref: String, _ verdict: DisputeV1.DeterminationRef.Verdict, closed: Bool = true, close: Timestamp? = nil
  ) -> DisputeV1.CaseRow {
    DisputeV1.CaseRow(
      externalRef: ref, caseID: "imported-\(ref)", townshipOrgID: "street", title: "路灯不亮", narrative: "城关街道某处",
      reportTime: GoogleProtobuf.Timestamp(Scenery.monday - .days(30)),
      closeTime: closed ? GoogleProtobuf.Timestamp(close ?? Scenery.monday - .days(20)) : nil,
      determination: .init(determinationID: "d-\(ref)", verdict: verdict, itemCode: "CJ-01", listVersion: "2021-1"),
      taskID: verdict == .agency ? "task-\(ref)" : "", callID: verdict == .call ? "call-\(ref)" : "",
      settlementText: "已修好")
  }

  func importRows(_ rows: [DisputeV1.CaseRow]) async throws -> DisputeV1.ImportCasesResponse {
    try await imports.importCases(
      .init(requestID: "import", source: "messages", rows: rows),
      context: context(
        DisputeV1.ImportServiceMethods.importCases, as: Scenery.actor("importer", .integration, of: "platform")))
  }
}

/// The codes of what `body` is refused with; empty if it is not.
func refusals<Result>(_ body: () async throws -> Result) async -> [String] {
  do {
    _ = try await body()
    return []
  } catch let refusal as any Refusal {
    return refusal.reasons.map(\.code)
  } catch {
    return ["\(error)"]
  }
}
