import Access
import CommonContract
import DispatchContract
import DispatchDomain
import Kernel
import Persistence
import RPC
import Runtime
import Wire

/// Brings in what happened before this system.
struct ImportHandlers: DispatchV1.ImportService {
  let shell: DispatchShell

  func importCoordinationTasks(
    _ request: DispatchV1.ImportCoordinationTasksRequest, context: ServerContext
  ) async throws -> DispatchV1.ImportCoordinationTasksResponse {
    let outcomes = try await take(request.rows, of: request.source, context) { row, source, desk in
      try TaskImport(row: row, source: source, desk: desk).carryOut()
    }
    return .init(outcomes: outcomes)
  }

  func importCalls(
    _ request: DispatchV1.ImportCallsRequest, context: ServerContext
  ) async throws -> DispatchV1.ImportCallsResponse {
    let outcomes = try await take(request.rows, of: request.source, context) { row, source, desk in
      try CallImport(row: row, source: source, desk: desk).carryOut()
    }
    return .init(outcomes: outcomes)
  }

  /// Rows of one batch: the writer is not held longer than this many take.
  private static let maximumRows = 500

  /// Every row alone, in one transaction: what a row is refused changes nothing, the others go in.
  private func take<Row: ImportRow>(
    _ rows: [Row], of source: String, _ context: ServerContext,
    _ carryOut: @escaping @Sendable (Row, String, Desk) throws -> Imported
  ) async throws -> [CommonV1.ImportOutcome] {
    guard !source.isEmpty else { throw Refused(.invalidArgument, .missing("source")) }
    guard IdentifierScan.isShort(source) else { throw Refused(.invalidArgument, IdentifierScan.longSource) }
    guard rows.count <= Self.maximumRows else { throw Refused(.invalidArgument, .batchTooLarge(Self.maximumRows)) }
    let policy = shell.policy
    return try await shell.commands.apply(as: context.actor) { command in
      let desk = Desk(command, policy: policy)
      return try rows.enumerated().map { index, row in
        var outcome = CommonV1.ImportOutcome(row: Int32(index), externalRef: row.externalRef)
        do {
          let imported = try command.tx.attempt { _ in try carryOut(row, source, desk) }
          outcome.result = imported.isNew ? .added : .alreadyPresent
          outcome.recordID = imported.id
        } catch let refusal as any Refusal {
          outcome.result = .refused
          outcome.reasons = refusal.reasons.map { CommonV1.RefusalReason($0) }
        }
        return outcome
      }
    }
  }
}

/// What every imported row has.
protocol ImportRow: Sendable {
  var externalRef: String { get }
}

extension DispatchV1.CoordinationTaskRow: ImportRow {}
extension DispatchV1.CallRow: ImportRow {}

/// What became of a row.
struct Imported {
  let id: String
  let isNew: Bool
}

/// Collects what is wrong with a row, all of it.
struct RowFaults {
  private(set) var reasons: [Reason]

  /// Of a row; ids that are longer than any are faults already.
  init(_ row: some Message) { reasons = IdentifierScan.faults(ofRow: row) }

  mutating func expect(_ holds: Bool, _ code: String, zh: String, en: String, field: String) {
    if !holds { reasons.append(Reason(code, zh: zh, en: en, field: field)) }
  }

  /// The times that are there must not go back.
  mutating func expectOrder(_ times: [Timestamp?]) {
    let given = times.compactMap(\.self)
    expect(
      zip(given, given.dropFirst()).allSatisfy { $0 <= $1 }, "TIMES_OUT_OF_ORDER", zh: "各步骤时间先后颠倒。",
      en: "A step's time lies before an earlier step's.", field: "")
  }

  /// `id` is empty or a UUID.
  mutating func expectUUID(_ id: String, field: String) {
    let shape = id.split(separator: "-", omittingEmptySubsequences: false)
    let isUUID = shape.map(\.utf8.count) == [8, 4, 4, 4, 12] && shape.joined().allSatisfy(\.isHexDigit)
    expect(id.isEmpty || isUUID, "ID_NOT_A_UUID", zh: "编号须为 UUID。", en: "A supplied id is a UUID.", field: field)
  }

  func check() throws {
    if !reasons.isEmpty { throw Refused(.invalidArgument, reasons) }
  }
}

extension Reason {
  fileprivate static func batchTooLarge(_ limit: Int) -> Reason {
    Reason("BATCH_SIZE_INVALID", zh: "每批最多 \(limit) 条。", en: "A batch has at most \(limit) rows.", field: "rows")
  }

  static let idTaken = Reason("ID_TAKEN", zh: "该编号已被占用。", en: "The supplied id belongs to something else.")
}
