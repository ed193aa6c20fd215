import CommonContract
import DispatchContract
import Foundation
import RPC

/// One record for dispatch.
enum DispatchErrand: Sendable {
  case task(DispatchV1.CoordinationTaskRow)
  case call(DispatchV1.CallRow)
}

/// Brings tasks and calls to dispatch beside the import of the cases: if dispatch is down, the cases go on and this waits.
struct DispatchErrands: Sendable {
  let source: String
  let client: DispatchV1.ImportServiceClient
  let patience = Patience()

  /// Delivers what comes until the stream ends. The lines that dispatch refused, with its reasons.
  func deliver(_ batches: AsyncStream<[DispatchErrand]>) async throws -> [(externalRef: String, reason: String)] {
    var refused: [(externalRef: String, reason: String)] = []
    for await batch in batches {
      for start in stride(from: 0, to: batch.count, by: 200) {
        refused += try await send(Array(batch[start..<min(start + 200, batch.count)]))
      }
    }
    return refused
  }

  private func send(_ batch: [DispatchErrand]) async throws -> [(externalRef: String, reason: String)] {
    var tasks: [DispatchV1.CoordinationTaskRow] = []
    var calls: [DispatchV1.CallRow] = []
    for errand in batch {
      switch errand {
      case .task(let row): tasks.append(row)
      case .call(let row): calls.append(row)
      }
    }
    var outcomes: [CommonV1.ImportOutcome] = []
    if !tasks.isEmpty {
      let request = DispatchV1.ImportCoordinationTasksRequest(
        requestID: RequestID.fresh, source: source, rows: tasks)
      outcomes += try await patience.keepTrying("dispatch") { () async throws(Status) in
        try await client.importCoordinationTasks(request, options: .batch).outcomes
      }
    }
    if !calls.isEmpty {
      let request = DispatchV1.ImportCallsRequest(
        requestID: RequestID.fresh, source: source, rows: calls)
      outcomes += try await patience.keepTrying("dispatch") { () async throws(Status) in
        try await client.importCalls(request, options: .batch).outcomes
      }
    }
    return outcomes.filter { $0.result == .refused }.map { outcome in
      (outcome.externalRef, RefusalText.of(outcome.reasons))
    }
  }
}
