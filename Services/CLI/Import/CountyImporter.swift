import CommonContract
import Foundation
import GridRegistryContract
import RPC
import ResponsibilityListContract

/// Brings a county's files in, through the public RPCs. Rows are unique: run again, nothing changes.
struct CountyImporter {
  /// What became of one file.
  struct FileResult {
    let name: String
    var added = 0
    var alreadyThere = 0
    var refused: [(line: Int, reason: String)] = []
  }

  static let batchRows = 300

  let source: String
  let channel: Channel
  let patience = Patience()

  /// Takes one file in.
  func take(_ file: CountyFiles.File) async throws -> FileResult {
    let (batches, malformed) = try batches(of: file)
    var result = FileResult(name: file.name, refused: malformed)
    for batch in batches {
      let outcomes = try await patience.keepTrying("grid-registry") { () async throws(Status) in
        try await send(batch.rows)
      }
      for outcome in outcomes {
        switch outcome.result {
        case .added: result.added += 1
        case .alreadyPresent: result.alreadyThere += 1
        default: result.refused.append(batch.refusal(outcome))
        }
      }
    }
    return result
  }

  /// Tells what would become of the files' rows; changes nothing. What one file has, the next may refer to.
  func rehearse(_ files: [CountyFiles.File]) async throws -> [FileResult] {
    var results: [FileResult] = []
    var sent: [(file: Int, batch: Batch)] = []
    let call = GridRegistryV1.ImportServiceClient(channel).rehearseImport(options: CallOptions(timeout: .seconds(300)))
    for file in files where file.kind != .items {
      let (batches, malformed) = try batches(of: file)
      results.append(FileResult(name: file.name, refused: malformed))
      for batch in batches {
        try await call.send(.init(batch: batch.rows))
        sent.append((results.count - 1, batch))
      }
    }
    try await call.finishSending()
    for (place, rehearsed) in zip(sent, try await call.response().batches) {
      results[place.file].added += Int(rehearsed.addedCount)
      results[place.file].alreadyThere += Int(rehearsed.alreadyPresentCount)
      results[place.file].refused += rehearsed.refused.map(place.batch.refusal)
    }
    return results
  }

  /// Rows that travel together, and the lines that they come from.
  private struct Batch {
    let rows: GridRegistryV1.RehearseImportRequest.OneOfBatch
    let lines: [Int]

    func refusal(_ outcome: CommonV1.ImportOutcome) -> (line: Int, reason: String) {
      let row = Int(outcome.row)
      return (lines.indices.contains(row) ? lines[row] : 0, RefusalText.of(outcome.reasons))
    }
  }

  private func batches(of file: CountyFiles.File) throws -> (batches: [Batch], malformed: [(line: Int, reason: String)])
  {
    if file.kind == .items { return ([], []) }
    let content = try file.content()
    let source = source
    func cut<Row>(
      _ rows: [(line: Int, row: Row)], _ batch: ([Row]) -> GridRegistryV1.RehearseImportRequest.OneOfBatch
    ) -> [Batch] {
      stride(from: 0, to: rows.count, by: Self.batchRows).map { start in
        let part = rows[start..<min(start + Self.batchRows, rows.count)]
        return Batch(rows: batch(part.map(\.row)), lines: part.map(\.line))
      }
    }
    let batches =
      switch file.kind {
      case .areas:
        cut(content.rows.map { ($0.line, GridRegistryV1.AreaRow($0.fields)) }) {
          .areas(.init(requestID: RequestID.fresh, source: source, rows: $0))
        }
      case .organisations:
        cut(content.rows.map { ($0.line, GridRegistryV1.OrganisationRow($0.fields)) }) {
          .organisations(.init(requestID: RequestID.fresh, source: source, rows: $0))
        }
      case .persons:
        cut(content.rows.map { ($0.line, GridRegistryV1.PersonRow($0.fields)) }) {
          .persons(.init(requestID: RequestID.fresh, source: source, rows: $0))
        }
      case .grids:
        cut(content.rows.map { ($0.line, GridRegistryV1.GridRow($0.fields)) }) {
          .grids(.init(requestID: RequestID.fresh, source: source, rows: $0))
        }
      case .calendar:
        cut(Self.years(content.rows)) { .calendar(.init(requestID: RequestID.fresh, source: source, rows: $0)) }
      case .items: [Batch]()
      }
    return (batches, content.malformed)
  }

  /// The days of a year stand on lines of their own and go in together.
  private static func years(
    _ rows: [(line: Int, fields: [String: String])]
  ) -> [(line: Int, row: GridRegistryV1.CalendarRow)] {
    var years: [(line: Int, row: GridRegistryV1.CalendarRow)] = []
    for (line, fields) in rows {
      let year = GridRegistryV1.CalendarRow(fields)
      if years.last?.row.year != year.year { years.append((line, year)) }
      years[years.count - 1].row.days.append(GridRegistryV1.CalendarDay(fields))
    }
    return years
  }

  private func send(
    _ batch: GridRegistryV1.RehearseImportRequest.OneOfBatch
  ) async throws(Status) -> [CommonV1.ImportOutcome] {
    switch batch {
    case .areas(let request):
      try await GridRegistryV1.AreaServiceClient(channel).importAreas(request, options: .batch).outcomes
    case .organisations(let request):
      try await GridRegistryV1.OrganisationServiceClient(channel).importOrganisations(request, options: .batch).outcomes
    case .persons(let request):
      try await GridRegistryV1.PersonServiceClient(channel).importPersons(request, options: .batch).outcomes
    case .grids(let request):
      try await GridRegistryV1.GridServiceClient(channel).importGrids(request, options: .batch).outcomes
    case .calendar(let request):
      try await GridRegistryV1.CalendarServiceClient(channel).importCalendar(request, options: .batch).outcomes
    }
  }
}
