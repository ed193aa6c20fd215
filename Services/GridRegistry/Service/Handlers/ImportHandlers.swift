import CommonContract
import GridRegistryContract
import Kernel
import RPC

/// A county's own files, before they are brought in.
struct ImportHandlers: GridRegistryV1.ImportService {
  let shell: GridRegistryShell

  /// More would hold the writer for too long.
  static let mostRows = 100_000

  func rehearseImport(
    _ request: RPC.RequestStream<GridRegistryV1.RehearseImportRequest>, context: ServerContext
  ) async throws -> GridRegistryV1.RehearseImportResponse {
    var batches: [GridRegistryV1.RehearseImportRequest.OneOfBatch] = []
    var rowCount = 0
    for try await message in request {
      guard let batch = message.batch else { throw Refused(.invalidArgument, .batchMissing) }
      rowCount += batch.rowCount
      guard rowCount <= Self.mostRows else { throw Refused(.invalidArgument, .rehearsalTooLarge) }
      batches.append(batch)
    }
    guard !batches.isEmpty else { throw Refused(.invalidArgument, .batchMissing) }
    do {
      // Thrown, the result undoes the part of the transaction that it was found in.
      let _: GridRegistryV1.RehearseImportResponse = try await shell.performImport(context) { [batches] registrar in
        throw Rehearsed(response: .init(batches: try batches.map { try $0.rehearse(registrar) }))
      }
      throw Status(.internal, "a rehearsal has to be undone")
    } catch let rehearsed as Rehearsed {
      return rehearsed.response
    }
  }
}

/// What a rehearsal found, on the way out of a transaction that is not to be kept.
private struct Rehearsed: Error {
  let response: GridRegistryV1.RehearseImportResponse
}

extension GridRegistryV1.RehearseImportRequest.OneOfBatch {
  fileprivate var rowCount: Int {
    switch self {
    case .areas(let request): request.rows.count
    case .organisations(let request): request.rows.count
    case .persons(let request): request.rows.count
    case .grids(let request): request.rows.count + request.unitRows.count
    case .calendar(let request): request.rows.count
    }
  }

  fileprivate func rehearse(_ registrar: Registrar) throws -> GridRegistryV1.RehearsedBatch {
    let outcomes =
      switch self {
      case .areas(let request): try registrar.importAreas(request).outcomes
      case .organisations(let request): try registrar.importOrganisations(request).outcomes
      case .persons(let request): try registrar.importPersons(request).outcomes
      case .grids(let request): try registrar.importGrids(request).outcomes
      case .calendar(let request): try registrar.importCalendar(request).outcomes
      }
    return .init(
      addedCount: Int32(outcomes.count { $0.result == .added }),
      alreadyPresentCount: Int32(outcomes.count { $0.result == .alreadyPresent }),
      refused: outcomes.filter { $0.result == .refused }, changedCount: Int32(outcomes.count(where: \.changed)))
  }
}

extension Reason {
  fileprivate static let batchMissing = Reason(
    "BATCH_MISSING", zh: "请求中没有要导入的数据。", en: "The request has no batch of rows.", field: "batch")
  fileprivate static let rehearsalTooLarge = Reason(
    "REHEARSAL_TOO_LARGE", zh: "试运行一次最多 100000 行，请分开进行。", en: "A rehearsal takes at most 100,000 rows: split it.")
}
