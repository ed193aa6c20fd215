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
    return try await send(
      file,
      try file.rows().map { line, row in
        (
          line,
          GridRegistryV1.AreaRow(
            externalRef: row["area_code"] ?? "", areaCode: row["area_code"] ?? "", name: row["name"] ?? "",
            urbanRuralClass: row["urban_rural_class"] ?? "", validFromDate: row["valid_from_date"] ?? "")
        )
      }
    ) { rows async throws(Status) in
      try await client.importAreas(.init(requestID: requestID, source: source, rows: rows), options: .batch).outcomes
    }
  }

  private func organisations(_ file: CountyFiles.File) async throws -> FileResult {
    let client = GridRegistryV1.OrganisationServiceClient(channel)
    return try await send(
      file,
      try file.rows().map { line, row in
        let organisation = GridRegistryV1.Organisation(
          orgID: row["org_id"] ?? "", name: row["name"] ?? "", orgType: .init(word: row["org_type"] ?? ""),
          businessParentID: row["business_parent_id"] ?? "", dailyParentID: row["daily_parent_id"] ?? "",
          areaCodes: list(row["area_codes"]), agencyType: row["agency_type"] ?? "",
          industryKind: .init(word: row["industry_kind"] ?? ""), phones: list(row["phones"]))
        return (line, GridRegistryV1.OrganisationRow(externalRef: organisation.orgID, organisation: organisation))
      }
    ) { rows async throws(Status) in
      try await client.importOrganisations(.init(requestID: requestID, source: source, rows: rows), options: .batch)
        .outcomes
    }
  }

  private func persons(_ file: CountyFiles.File) async throws -> FileResult {
    let client = GridRegistryV1.PersonServiceClient(channel)
    return try await send(
      file,
      try file.rows().map { line, row in
        let person = GridRegistryV1.Person(
          personID: row["person_id"] ?? "", name: row["name"] ?? "", orgID: row["org_id"] ?? "",
          post: row["post"] ?? "",
          roles: list(row["roles"]), localityAreaCode: row["locality_area_code"] ?? "")
        return (
          line,
          GridRegistryV1.PersonRow(externalRef: person.personID, person: person, phone: row["phone"] ?? "")
        )
      }
    ) { rows async throws(Status) in
      try await client.importPersons(.init(requestID: requestID, source: source, rows: rows), options: .batch).outcomes
    }
  }

  private func grids(_ file: CountyFiles.File) async throws -> FileResult {
    let client = GridRegistryV1.GridServiceClient(channel)
    return try await send(
      file,
      try file.rows().map { line, row in
        let grid = GridRegistryV1.Grid(
          gridID: row["grid_id"] ?? "", gridCode: row["grid_code"] ?? "", name: row["name"] ?? "",
          gridType: .init(word: row["grid_type"] ?? ""), orgID: row["org_id"] ?? "", areaCode: row["area_code"] ?? "",
          householdCount: Int32(row["household_count"] ?? "") ?? 0,
          populationCount: Int32(row["population_count"] ?? "") ?? 0, naturalVillages: list(row["natural_villages"]),
          subjectType: .init(word: row["subject_type"] ?? ""), hostOrgID: row["host_org_id"] ?? "",
          partyOrgID: row["party_org_id"] ?? "", units: list(row["units"]).map { unit($0, in: row["area_code"] ?? "") },
          effectiveFromDate: row["effective_from_date"] ?? "")
        return (line, GridRegistryV1.GridRow(externalRef: grid.gridID, grid: grid))
      }
    ) { rows async throws(Status) in
      try await client.importGrids(.init(requestID: requestID, source: source, rows: rows), options: .batch).outcomes
    }
  }

  /// The days of a year stand on lines of their own and go in together.
  private func calendar(_ file: CountyFiles.File) async throws -> FileResult {
    let client = GridRegistryV1.CalendarServiceClient(channel)
    var years: [(line: Int, row: GridRegistryV1.CalendarRow)] = []
    for (line, row) in try file.rows() {
      let year = Int32(row["year"] ?? "") ?? 0
      let day = GridRegistryV1.CalendarDay(
        date: row["date"] ?? "", kind: .init(word: row["kind"] ?? ""), reason: row["reason"] ?? "")
      if years.last?.row.year != year {
        years.append(
          (
            line,
            .init(year: year, confirmed: row["confirmed"] == "true", sourceDocument: row["source_document"] ?? "")
          ))
      }
      years[years.count - 1].row.days.append(day)
    }
    return try await send(file, years) { rows async throws(Status) in
      try await client.importCalendar(.init(requestID: requestID, source: source, rows: rows), options: .batch).outcomes
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
          let reasons = outcome.reasons.map { reason in
            "\(Terminal.language.pick(chinese: reason.textZh, english: reason.textEn)) [\(reason.reason)]"
          }
          let line = batch.indices.contains(Int(outcome.row)) ? batch[Int(outcome.row)].line : 0
          result.refused.append((line, reasons.joined(separator: "; ")))
        }
      }
    }
    return result
  }

  private var requestID: String { UUID().uuidString.lowercased() }

  private func list(_ field: String?) -> [String] {
    (field ?? "").split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// `id:KIND:name:households`
  private func unit(_ text: String, in areaCode: String) -> GridRegistryV1.CoverageUnit {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init) + ["", "", "", ""]
    return .init(
      unitID: parts[0], kind: .init(word: parts[1]), name: parts[2], areaCode: areaCode,
      householdCount: Int32(parts[3]) ?? 0)
  }
}

/// An enum of the contracts, by the domain's word for its cases.
protocol NamedEnum: CaseIterable {
  static var wordPrefix: String { get }
  static var unspecified: Self { get }
  var protoName: String { get }
}

extension NamedEnum {
  /// `COUNTY_DEPT` → the case called `TYPE_COUNTY_DEPT`; a word that is not known → unspecified, which the service refuses.
  init(word: String) {
    self = Self.allCases.first { $0.protoName == Self.wordPrefix + word } ?? .unspecified
  }
}

extension GridRegistryV1.Organisation.TypeEnum: NamedEnum { static var wordPrefix: String { "TYPE_" } }
extension GridRegistryV1.Organisation.IndustryKind: NamedEnum { static var wordPrefix: String { "INDUSTRY_KIND_" } }
extension GridRegistryV1.Grid.TypeEnum: NamedEnum { static var wordPrefix: String { "TYPE_" } }
extension GridRegistryV1.Grid.SubjectType: NamedEnum { static var wordPrefix: String { "SUBJECT_TYPE_" } }
extension GridRegistryV1.CoverageUnit.Kind: NamedEnum { static var wordPrefix: String { "KIND_" } }
extension GridRegistryV1.CalendarDay.Kind: NamedEnum { static var wordPrefix: String { "KIND_" } }
