import CommonContract
import DisputeContract
import DisputeDomain
import DisputeStore
import Kernel
import Persistence
import RPC
import Runtime
import WireTypes

/// Takes in what was handled elsewhere.
struct ImportHandlers: DisputeV1.ImportService {
  let dispute: DisputeShell

  func importCases(
    _ request: DisputeV1.ImportCasesRequest, context: ServerContext
  ) async throws -> DisputeV1.ImportCasesResponse {
    try Self.expect(source: request.source, count: request.rows.count)
    let outcomes = try await dispute.shell.apply(as: try context.actor) { transaction in
      try CaseImporting(dispute, transaction, source: request.source).run(request.rows)
    }
    func count(_ result: CommonV1.ImportOutcome.Result) -> Int32 {
      Int32(outcomes.count { $0.result == result })
    }
    return .init(
      outcomes: outcomes, addedCount: count(.added), alreadyPresentCount: count(.alreadyPresent),
      refusedCount: count(.refused))
  }

  func lookupImports(
    _ request: DisputeV1.LookupImportsRequest, context: ServerContext
  ) async throws -> DisputeV1.LookupImportsResponse {
    try Self.expect(source: request.source, count: request.externalRefs.count)
    return try await dispute.shell.read { reading in
      let found = try request.externalRefs.compactMap { ref in
        try dispute.cases.find(source: request.source, externalRef: ref, in: reading)
          .flatMap { try dispute.cases.load($0, in: reading) }
      }
      return .init(importedCases: found.map { DisputeV1.ImportedCase($0) })
    }
  }

  private static func expect(source: String, count: Int) throws(Refused) {
    var reasons: [Reason] = []
    if source.isEmpty { reasons.append(.sourceMissing) }
    if !IdentifierScan.isShort(source) { reasons += IdentifierScan.longSource }
    if count > 500 { reasons.append(.batchTooLarge) }
    guard reasons.isEmpty else { throw Refused(.invalidArgument, reasons) }
  }
}

extension DisputeV1.ImportedCase {
  init(_ record: Case) {
    self.init(
      externalRef: record.origin.externalRef, caseID: record.caseID.text, number: record.origin.number,
      state: record.state.wire(), reportTime: GoogleProtobuf.Timestamp(record.origin.reportTime),
      closeTime: (record.closure?.closeTime).wire,
      determination: record.determination.map { DisputeV1.DeterminationRef($0) },
      taskID: record.links.last { $0.subject == .task }?.subjectID ?? "",
      callID: record.links.last { $0.subject == .call }?.subjectID ?? "")
  }
}
