import Access
import Feed
import Journal
import Kernel
package import PerformanceEvaluationContract
import PerformanceEvaluationDomain
import Persistence
package import RPC
import Runtime
import Wire

/// Proves that the numbers follow from the facts.
package struct RebuildHandlers: PerformanceEvaluationV1.RebuildService {
  private let shell: CommandShell
  private let scorebook: Scorebook
  private let replay: FactReplay
  private let inbox = Inbox()

  init(shell: CommandShell, scorebook: Scorebook, replay: FactReplay) {
    self.shell = shell
    self.scorebook = scorebook
    self.replay = replay
  }

  package func rebuild(
    _ request: PerformanceEvaluationV1.RebuildRequest, context: ServerContext
  ) async throws -> PerformanceEvaluationV1.RebuildResponse {
    try await shell.perform(request, requestID: request.requestID, context) { command in
      let response = try rebuild(in: command.tx)
      try record(response, by: command)
      return response
    }
  }

  package func getWatermarks(
    _ request: PerformanceEvaluationV1.GetWatermarksRequest, context: ServerContext
  ) async throws -> PerformanceEvaluationV1.GetWatermarksResponse {
    try await shell.read { reading in
      .init(
        watermarks: try inbox.positions(in: reading).map { .init($0) },
        factCount: Int64(try replay.factCount(in: reading)),
        checksum: checksum(of: try scorebook.records(in: reading)))
    }
  }

  private func rebuild(in transaction: WriteTransaction) throws -> PerformanceEvaluationV1.RebuildResponse {
    let before = checksum(of: try scorebook.records(in: transaction))
    let records = try replay.records(in: transaction)
    try scorebook.replace(with: records, in: transaction)
    return .init(
      factCount: Int64(try replay.factCount(in: transaction)), caseCount: Int64(records.cases.count),
      callCount: Int64(records.calls.count), checksumBefore: before,
      checksumAfter: checksum(of: try scorebook.records(in: transaction)))
  }

  private func record(_ response: PerformanceEvaluationV1.RebuildResponse, by command: CommandTransaction) throws {
    let rebuilt = PerformanceEvaluationV1.ScoresRebuilt(
      factCount: response.factCount, caseCount: response.caseCount, callCount: response.callCount,
      checksumBefore: response.checksumBefore, checksumAfter: response.checksumAfter)
    let county = command.actor.countyCode
    let version = try Journal.head(in: command.tx).seq + 1
    try command.record(
      eventType: "scores.rebuilt", aggregateType: "scores", aggregateID: county, version: version,
      correlationID: county, payload: PerformanceEvaluationV1.ScoresEvent(event: .rebuilt(rebuilt)).encoded())
  }

  private func checksum(of records: Records) -> String {
    shell.cryptography.sha256(Array(records.fingerprint.utf8)).hexadecimal
  }
}
