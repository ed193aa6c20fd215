package import DisputeDomain
package import Kernel
package import Persistence

/// Which cases a list asks for.
package struct CaseFilter: Hashable, Sendable {
  /// A county, township or village; everything in it.
  package var area: AreaCode?
  package var state: Case.State?
  package var organisation: ID<Organisation>?

  package init(area: AreaCode? = nil, state: Case.State? = nil, organisation: ID<Organisation>? = nil) {
    self.area = area
    self.state = state
    self.organisation = organisation
  }
}

/// The last line of a page: the next one begins below it.
package struct CasePosition: Hashable, Sendable {
  package let reportTime: Timestamp
  package let caseID: ID<Case>

  package init(reportTime: Timestamp, caseID: ID<Case>) {
    self.reportTime = reportTime
    self.caseID = caseID
  }

  /// Above everything: the first page.
  package static let top = CasePosition(reportTime: Timestamp(microseconds: .max), caseID: "\u{10ffff}")
}

/// By what cases are counted.
package enum CaseGrouping: Sendable {
  case state
  case level
  case township
  case organisation
}

extension CaseStore {
  /// How many cases share a value, in the county or in one township.
  package func count(
    by grouping: CaseGrouping, township: AreaCode?, in reading: some Reading
  ) throws -> [(key: String, count: Int)] {
    let (inCounty, inTownship) =
      switch grouping {
      case .state: (CaseQueries.countByState, CaseQueries.countByStateInTownship)
      case .level: (CaseQueries.countByLevel, CaseQueries.countByLevelInTownship)
      case .township: (CaseQueries.countByTownship, CaseQueries.countByTownshipInTownship)
      case .organisation: (CaseQueries.countByOrganisation, CaseQueries.countByOrganisationInTownship)
      }
    guard let township else { return try reading.all(inCounty, [.text(county.text)]) { ($0.text(0), $0.int(1)) } }
    return try reading.all(inTownship, [.text(county.text), .text(township.text)]) { ($0.text(0), $0.int(1)) }
  }

  /// At most `limit` cases below `position`, newest report first, each with its clocks but without what else hangs on it.
  package func list(
    _ filter: CaseFilter, below position: CasePosition, limit: Int, county: AreaCode, in reading: some Reading
  ) throws -> [Case] {
    let page: [Value] = [.text(county.text), .time(position.reportTime), .id(position.caseID), .integer(limit)]
    let (statement, more) = Self.statement(for: filter, county: county)
    let ids: [ID<Case>] = try reading.all(statement, page + more) { $0.id(0) }
    return try ids.compactMap { id in
      guard var record = try head(id, in: reading) else { return nil }
      record.clocks = try reading.all(CaseChildQueries.clocks, [.text(county.text), .id(id)], CaseRows.clock)
      try loadMerges(into: &record, in: reading)
      return record
    }
  }

  /// One statement per combination of filters: an organisation lies in one place, so there the area only narrows.
  private static func statement(for filter: CaseFilter, county: AreaCode) -> (Statement, [Value]) {
    if let organisation = filter.organisation {
      let values: [Value] = [.id(organisation)] + range(filter.area ?? county)
      guard let state = filter.state else { return (CaseQueries.listByOrganisation, values) }
      return (CaseQueries.listByOrganisationAndState, values + [.text(state.rawValue)])
    }
    let state = filter.state.map { [Value.text($0.rawValue)] }
    switch filter.area?.level {
    case .township?:
      let values = [Value.optionalText(filter.area?.text)]
      return state.map { (CaseQueries.listByTownshipAndState, values + $0) } ?? (CaseQueries.listByTownship, values)
    case .village?:
      let values = [Value.optionalText(filter.area?.text)]
      return state.map { (CaseQueries.listByAreaAndState, values + $0) } ?? (CaseQueries.listByArea, values)
    case .county?, .prefecture?, .province?, nil:
      return state.map { (CaseQueries.listByState, $0) } ?? (CaseQueries.list, [])
    }
  }

  private static func range(_ area: AreaCode) -> [Value] {
    let missing = 12 - area.prefix.count
    return [
      .text(area.prefix + String(repeating: "0", count: missing)),
      .text(area.prefix + String(repeating: "9", count: missing)),
    ]
  }
}
