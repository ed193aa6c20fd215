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
    switch file.kind {
    case .areas: try await areas(file)
    case .organisations: try await organisations(file)
    case .persons: try await persons(file)
    case .grids: try await grids(file)
    case .calendar: try await calendar(file)
    case .items: FileResult(name: file.name)
    }
  }

  private func areas(_ file: CountyFiles.File) async throws -> FileResult {
    let client = GridRegistryV1.AreaServiceClient(channel)
    let rows = try file.rows().map { (line: $0.line, row: GridRegistryV1.AreaRow($0.fields)) }
    return try await send(file, rows) { rows async throws(Status) in
      try await client.importAreas(.init(requestID: RequestID.fresh, source: source, rows: rows), options: .batch)
        .outcomes
    }
  }

  private func organisations(_ file: CountyFiles.File) async throws -> FileResult {
    let client = GridRegistryV1.OrganisationServiceClient(channel)
    let rows = try file.rows().map { (line: $0.line, row: GridRegistryV1.OrganisationRow($0.fields)) }
    return try await send(file, rows) { rows async throws(Status) in
      try await client.importOrganisations(
        .init(requestID: RequestID.fresh, source: source, rows: rows), options: .batch
      )
      .outcomes
    }
  }

  private func persons(_ file: CountyFiles.File) async throws -> FileResult {
    let client = GridRegistryV1.PersonServiceClient(channel)
    let rows = try file.rows().map { (line: $0.line, row: GridRegistryV1.PersonRow($0.fields)) }
    return try await send(file, rows) { rows async throws(Status) in
      try await client.importPersons(.init(requestID: RequestID.fresh, source: source, rows: rows), options: .batch)
        .outcomes
    }
  }

  private func grids(_ file: CountyFiles.File) async throws -> FileResult {
    let client = GridRegistryV1.GridServiceClient(channel)
    let rows = try file.rows().map { (line: $0.line, row: GridRegistryV1.GridRow($0.fields)) }
    return try await send(file, rows) { rows async throws(Status) in
      try await client.importGrids(.init(requestID: RequestID.fresh, source: source, rows: rows), options: .batch)
        .outcomes
    }
  }

  /// The days of a year stand on lines of their own and go in together.
  private func calendar(_ file: CountyFiles.File) async throws -> FileResult {
    let client = GridRegistryV1.CalendarServiceClient(channel)
    var years: [(line: Int, row: GridRegistryV1.CalendarRow)] = []
    for (line, fields) in try file.rows() {
      let year = GridRegistryV1.CalendarRow(fields)
      if years.last?.row.year != year.year { years.append((line, year)) }
      years[years.count - 1].row.days.append(GridRegistryV1.CalendarDay(fields))
    }
    return try await send(file, years) { rows async throws(Status) in
      try await client.importCalendar(.init(requestID: RequestID.fresh, source: source, rows: rows), options: .batch)
        .outcomes
    }
  }

  private func send<Row: Sendable>(
    _ file: CountyFiles.File, _ rows: [(line: Int, row: Row)],
    _ call: @Sendable ([Row]) async throws(Status) -> [CommonV1.ImportOutcome]
  ) async throws -> FileResult {
    var result = FileResult(name: file.name)
    for start in stride(from: 0, to: rows.count, by: Self.batchRows) {
      let batch = Array(rows[start..<min(start + Self.batchRows, rows.count)])
      let outcomes = try await patience.keepTrying("grid-registry") { () async throws(Status) in
        try await call(batch.map(\.row))
      }
      for outcome in outcomes {
        switch outcome.result {
        case .added: result.added += 1
        case .alreadyPresent: result.alreadyThere += 1
        default:
          let line = batch.indices.contains(Int(outcome.row)) ? batch[Int(outcome.row)].line : 0
          result.refused.append((line, RefusalText.of(outcome.reasons)))
        }
      }
    }
    return result
  }
}
