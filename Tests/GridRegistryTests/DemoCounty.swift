import CommonContract
import Foundation
import GridRegistryContract

/// The demonstration county's files as import requests, in the order in which they go in.
enum DemoCounty {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Services/CLI/Demo")

  /// The rows of a file: column name to text. The files quote nothing.
  static func rows(_ name: String) throws -> [[String: String]] {
    let lines = try String(contentsOf: folder.appending(path: name + ".csv"), encoding: .utf8)
      .split(separator: "\n").filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let header = lines.first ?? []
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
  }

  private static func list(_ text: String?) -> [String] { (text ?? "").split(separator: ";").map(String.init) }

  static func areas() throws -> GridRegistryV1.ImportAreasRequest {
    .init(
      source: "demo",
      rows: try rows("county_01_areas").map {
        .init(areaCode: $0["area_code"] ?? "", name: $0["name"] ?? "", urbanRuralClass: $0["urban_rural_class"] ?? "")
      })
  }

  static let organisationFiles = [
    "county_02_organisations", "county_03_organisations_chengguan", "county_04_organisations_guiyi",
  ]

  static func organisations(_ file: String) throws -> GridRegistryV1.ImportOrganisationsRequest {
    .init(
      source: "demo",
      rows: try rows(file).map { row in
        .init(
          organisation: .init(
            orgID: row["org_id"] ?? "", name: row["name"] ?? "", orgType: value(row["org_type"], "TYPE_"),
            businessParentID: row["business_parent_id"] ?? "", dailyParentID: row["daily_parent_id"] ?? "",
            areaCodes: list(row["area_codes"]), agencyType: row["agency_type"] ?? "",
            industryKind: value(row["industry_kind"], "INDUSTRY_KIND_"), phones: list(row["phones"])))
      })
  }

  static func persons() throws -> GridRegistryV1.ImportPersonsRequest {
    .init(
      source: "demo",
      rows: try rows("county_05_persons").map { row in
        .init(
          person: .init(
            personID: row["person_id"] ?? "", name: row["name"] ?? "", orgID: row["org_id"] ?? "",
            post: row["post"] ?? "", roles: list(row["roles"]), localityAreaCode: row["locality_area_code"] ?? ""),
          phone: row["phone"] ?? "")
      })
  }

  static let gridFiles = [
    "county_06_grids_chengguan_urban", "county_07_grids_chengguan_other", "county_08_grids_guiyi",
  ]

  static func grids(_ file: String) throws -> GridRegistryV1.ImportGridsRequest {
    .init(source: "demo", rows: try rows(file).map { .init(grid: grid($0)) })
  }

  private static func grid(_ row: [String: String]) -> GridRegistryV1.Grid {
    .init(
      gridID: row["grid_id"] ?? "", gridCode: row["grid_code"] ?? "", name: row["name"] ?? "",
      gridType: value(row["grid_type"], "TYPE_"), orgID: row["org_id"] ?? "", areaCode: row["area_code"] ?? "",
      householdCount: Int32(row["household_count"] ?? "") ?? 0,
      populationCount: Int32(row["population_count"] ?? "") ?? 0, naturalVillages: list(row["natural_villages"]),
      subjectType: value(row["subject_type"], "SUBJECT_TYPE_"), hostOrgID: row["host_org_id"] ?? "",
      partyOrgID: row["party_org_id"] ?? "",
      units: list(row["units"]).map { unit in
        let parts = unit.split(separator: ":").map(String.init)
        return .init(
          unitID: parts[0], kind: value(parts[1], "KIND_"), name: parts[2], householdCount: Int32(parts[3]) ?? 0)
      }, effectiveFromDate: row["effective_from_date"] ?? "")
  }

  static func calendar() throws -> GridRegistryV1.ImportCalendarRequest {
    let years = Dictionary(grouping: try rows("county_09_calendar")) { $0["year"] ?? "" }
    return .init(
      source: "demo",
      rows: years.sorted { $0.key < $1.key }.map { year, days in
        .init(
          year: Int32(year) ?? 0,
          days: days.map {
            .init(date: $0["date"] ?? "", kind: value($0["kind"], "KIND_"), reason: $0["reason"] ?? "")
          },
          confirmed: days.first?["confirmed"] == "true", sourceDocument: days.first?["source_document"] ?? "")
      })
  }
}

import Wire

extension DemoCounty {
  private static func value<E: Wire.Enumeration>(_ text: String?, _ prefix: String) -> E {
    E.allCases.first { $0.protoName == prefix + (text ?? "") } ?? E(rawValue: 0)
  }
}
