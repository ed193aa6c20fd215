import GridRegistryContract

// A row of a county's CSV files as the message that it becomes; fields by heading, lists separated by `;`.

extension CountyFiles {
  /// The headings that a kind of CSV file may have.
  static let headings: [Kind: [String]] = [
    .areas: ["area_code", "name", "urban_rural_class", "valid_from_date"],
    .organisations: [
      "org_id", "name", "org_type", "business_parent_id", "daily_parent_id", "area_codes", "agency_type",
      "industry_kind", "phones",
    ],
    .persons: ["person_id", "name", "org_id", "post", "roles", "locality_area_code", "phone"],
    .grids: [
      "grid_id", "grid_code", "name", "grid_type", "org_id", "area_code", "household_count", "population_count",
      "natural_villages", "subject_type", "host_org_id", "party_org_id", "units", "effective_from_date",
      "predecessor_ids",
    ],
    .calendar: ["year", "confirmed", "source_document", "date", "kind", "reason"],
  ]
}

extension GridRegistryV1.AreaRow {
  init(_ row: [String: String]) {
    self.init(
      externalRef: row["area_code"] ?? "", areaCode: row["area_code"] ?? "", name: row["name"] ?? "",
      urbanRuralClass: row["urban_rural_class"] ?? "", validFromDate: row["valid_from_date"] ?? "")
  }
}

extension GridRegistryV1.OrganisationRow {
  init(_ row: [String: String]) {
    let organisation = GridRegistryV1.Organisation(
      orgID: row["org_id"] ?? "", name: row["name"] ?? "", orgType: .init(word: row["org_type"] ?? ""),
      businessParentID: row["business_parent_id"] ?? "", dailyParentID: row["daily_parent_id"] ?? "",
      areaCodes: row.list("area_codes"), agencyType: row["agency_type"] ?? "",
      industryKind: .init(word: row["industry_kind"] ?? ""), phones: row.list("phones"))
    self.init(externalRef: organisation.orgID, organisation: organisation)
  }
}

extension GridRegistryV1.PersonRow {
  init(_ row: [String: String]) {
    let person = GridRegistryV1.Person(
      personID: row["person_id"] ?? "", name: row["name"] ?? "", orgID: row["org_id"] ?? "", post: row["post"] ?? "",
      roles: row.list("roles"), localityAreaCode: row["locality_area_code"] ?? "")
    self.init(externalRef: person.personID, person: person, phone: row["phone"] ?? "")
  }
}

extension GridRegistryV1.GridRow {
  init(_ row: [String: String]) {
    let areaCode = row["area_code"] ?? ""
    var grid = GridRegistryV1.Grid(
      gridID: row["grid_id"] ?? "", gridCode: row["grid_code"] ?? "", name: row["name"] ?? "",
      gridType: .init(word: row["grid_type"] ?? ""), orgID: row["org_id"] ?? "", areaCode: areaCode,
      householdCount: Int32(row["household_count"] ?? "") ?? 0)
    grid.populationCount = Int32(row["population_count"] ?? "") ?? 0
    grid.naturalVillages = row.list("natural_villages")
    grid.subjectType = .init(word: row["subject_type"] ?? "")
    grid.hostOrgID = row["host_org_id"] ?? ""
    grid.partyOrgID = row["party_org_id"] ?? ""
    grid.units = row.list("units").map { GridRegistryV1.CoverageUnit($0, in: areaCode) }
    grid.effectiveFromDate = row["effective_from_date"] ?? ""
    self.init(externalRef: grid.gridID, grid: grid)
  }
}

extension GridRegistryV1.CoverageUnit {
  /// `id:KIND:name:households`
  fileprivate init(_ text: String, in areaCode: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init) + ["", "", "", ""]
    self.init(
      unitID: parts[0], kind: .init(word: parts[1]), name: parts[2], areaCode: areaCode,
      householdCount: Int32(parts[3]) ?? 0)
  }
}

extension GridRegistryV1.CalendarDay {
  init(_ row: [String: String]) {
    self.init(date: row["date"] ?? "", kind: .init(word: row["kind"] ?? ""), reason: row["reason"] ?? "")
  }
}

extension GridRegistryV1.CalendarRow {
  /// A year without its days.
  init(_ row: [String: String]) {
    self.init(
      year: Int32(row["year"] ?? "") ?? 0, confirmed: CountyColumns.truth(row["confirmed"] ?? "") ?? false,
      sourceDocument: row["source_document"] ?? "")
  }
}

extension [String: String] {
  fileprivate func list(_ heading: String) -> [String] {
    (self[heading] ?? "").split(separator: ";").map { $0.split(separator: " ").joined(separator: " ") }
  }
}
