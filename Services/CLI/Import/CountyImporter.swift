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
    var changed = 0
    var alreadyThere = 0
    /// Lines that are meant to be rows.
    var rowCount = 0
    var refused: [(line: Int, reason: String)] = []
  }

  static let batchRows = 300

  let source: String
  let channel: Channel
  let patience = Patience()
  private var seen = SeenRows()

  init(source: String, channel: Channel) {
    self.source = source
    self.channel = channel
  }

  /// Takes one file in.
  mutating func take(_ file: CountyFiles.File) async throws -> FileResult {
    let (batches, malformed) = try batches(of: file)
    var result = FileResult(name: file.name, batches, malformed)
    for batch in batches {
      let outcomes = try await patience.keepTrying("grid-registry") { () async throws(Status) in
        try await send(batch.rows)
      }
      for outcome in outcomes {
        switch outcome.result {
        case .added where outcome.changed: result.changed += 1
        case .added: result.added += 1
        case .alreadyPresent: result.alreadyThere += 1
        default: result.refused.append(batch.refusal(outcome))
        }
      }
    }
    return result
  }

  /// Tells what would become of the files' rows; changes nothing. What one file has, the next may refer to.
  mutating func rehearse(_ files: [CountyFiles.File]) async throws -> [FileResult] {
    var results: [FileResult] = []
    var places: [(file: Int, batch: Batch)] = []
    for file in files where file.kind != .items {
      let (batches, malformed) = try batches(of: file)
      places += batches.map { (results.count, $0) }
      results.append(FileResult(name: file.name, batches, malformed))
    }
    // Without a row there is nothing to ask.
    guard !places.isEmpty else { return results }
    let call = GridRegistryV1.ImportServiceClient(channel).rehearseImport(options: CallOptions(timeout: .seconds(300)))
    for place in places { try await call.send(.init(batch: place.batch.rows)) }
    try await call.finishSending()
    for (place, rehearsed) in zip(places, try await call.response().batches) {
      results[place.file].added += Int(rehearsed.addedCount - rehearsed.changedCount)
      results[place.file].changed += Int(rehearsed.changedCount)
      results[place.file].alreadyThere += Int(rehearsed.alreadyPresentCount)
      results[place.file].refused += rehearsed.refused.map(place.batch.refusal)
    }
    return results
  }

  /// Rows that travel together, and the lines that they come from.
  struct Batch {
    let rows: GridRegistryV1.RehearseImportRequest.OneOfBatch
    let lines: [Int]

    func refusal(_ outcome: CommonV1.ImportOutcome) -> (line: Int, reason: String) {
      let row = Int(outcome.row)
      return (lines.indices.contains(row) ? lines[row] : 0, RefusalText.of(outcome.reasons))
    }
  }

  private mutating func batches(of file: CountyFiles.File) throws -> (
    batches: [Batch], malformed: [(line: Int, reason: String)]
  ) {
    if file.kind == .items { return ([], []) }
    var content = try file.content()
    seen.refuseRepeated(in: &content, of: file)
    if file.kind == .calendar { content.keepWholeYears() }
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

extension CountyImporter.FileResult {
  fileprivate init(
    name: String, _ batches: [CountyImporter.Batch], _ malformed: [(line: Int, reason: String)]
  ) {
    self.init(name: name, rowCount: batches.reduce(malformed.count) { $0 + $1.lines.count }, refused: malformed)
  }
}

/// The rows that came before, by what names them. A row that names one of them again would silently take its place.
struct SeenRows {
  private var places: [String: (file: String, line: Int)] = [:]

  /// Where `name` stood before; notes it if it did not.
  mutating func place(of name: String, _ kind: CountyFiles.Kind, file: String, line: Int) -> String? {
    guard !name.isEmpty else { return nil }
    let key = "\(kind.rawValue) \(name)"
    guard let known = places[key] else {
      places[key] = (file, line)
      return nil
    }
    return known.file == file
      ? Say.of("第 \(known.line) 行", "line \(known.line)")
      : Say.of("\(known.file) 第 \(known.line) 行", "\(known.file), line \(known.line)")
  }

  /// Why the row is none.
  static func reason(_ name: String, _ place: String) -> String {
    Say.of("\(name) 已在\(place)出现：同一标识只能有一行", "\(name) stands at \(place) already: one row for each")
  }

  fileprivate mutating func refuseRepeated(in content: inout CountyFiles.File.Content, of file: CountyFiles.File) {
    guard let heading = Self.names[file.kind] else { return }
    content.rows = content.rows.filter { line, fields in
      let name = fields[heading] ?? ""
      guard let place = place(of: name, file.kind, file: file.name, line: line) else { return true }
      content.malformed.append((line, Self.reason("\(heading) \(name)", place)))
      return false
    }
  }

  private static let names: [CountyFiles.Kind: String] = [
    .areas: "area_code", .organisations: "org_id", .persons: "person_id", .grids: "grid_id", .calendar: "date",
  ]
}

extension CountyFiles.File.Content {
  /// A year without one of its days would say that people work on it: where a line is wrong, no year goes in.
  fileprivate mutating func keepWholeYears() {
    guard let bad = malformed.map(\.line).min() else { return }
    for (year, days) in Dictionary(grouping: rows, by: { $0.fields["year"] ?? "" }) {
      let line = days.map(\.line).min() ?? 0
      malformed.append(
        (
          line,
          Say.of(
            "\(year) 年未录入：第 \(bad) 行有误，日历须整年录入", "\(year) does not go in: line \(bad) is wrong, and a year is one row")
        ))
    }
    rows = []
  }
}
