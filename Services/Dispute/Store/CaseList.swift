package import DisputeDomain
package import Kernel
package import Persistence

/// Which cases a list asks for: what has every property that is named.
package struct CaseFilter: Hashable, Sendable {
  /// A county, township or village; everything in it.
  package var area: AreaCode?
  package var state: Case.State?
  package var level: Case.Level?
  /// All of them.
  package var flags: Set<Case.Flag>
  /// Who handles it.
  package var organisation: ID<Organisation>?
  /// Who is responsible for it.
  package var assignee: ID<Person>?
  /// Something is timed in it that has not stopped: only then can it be due.
  package var isTimed: Bool

  package init(
    area: AreaCode? = nil, state: Case.State? = nil, level: Case.Level? = nil, flags: Set<Case.Flag> = [],
    organisation: ID<Organisation>? = nil, assignee: ID<Person>? = nil, isTimed: Bool = false
  ) {
    self.area = area
    self.state = state
    self.level = level
    self.flags = flags
    self.organisation = organisation
    self.assignee = assignee
    self.isTimed = isTimed
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

extension CaseStore {
  /// At most `limit` cases below `position`, newest report first, each with its clocks but without what else hangs on it.
  package func list(
    _ filter: CaseFilter, below position: CasePosition, limit: Int, county: AreaCode, in reading: some Reading
  ) throws -> [Case] {
    let page: [Value] = [.text(county.text), .time(position.reportTime), .id(position.caseID), .integer(limit)]
    let (statement, leading) = Self.statement(for: filter)
    let ids: [ID<Case>] = try reading.all(statement, page + Self.conditions(of: filter, county) + leading) { $0.id(0) }
    return try ids.compactMap { id in
      guard var record = try head(id, in: reading) else { return nil }
      record.clocks = try reading.all(CaseChildQueries.clocks, [.text(county.text), .id(id)], CaseRows.clock)
      try loadMerges(into: &record, in: reading)
      return record
    }
  }

  /// The statement whose index leaves the fewest cases to look at, and what it looks for there.
  private static func statement(for filter: CaseFilter) -> (Statement, [Value]) {
    if let assignee = filter.assignee { return (CaseListQueries.byAssignee, [.id(assignee)]) }
    let state = filter.state.map { [Value.text($0.rawValue)] }
    if let organisation = filter.organisation {
      let values: [Value] = [.id(organisation)]
      return state.map { (CaseListQueries.byOrganisationAndState, values + $0) }
        ?? (CaseListQueries.byOrganisation, values)
    }
    let area = [Value.optionalText(filter.area?.text)]
    switch filter.area?.level {
    case .township?:
      return state.map { (CaseListQueries.byTownshipAndState, area + $0) } ?? (CaseListQueries.byTownship, area)
    case .village?: return (CaseListQueries.byArea, area)
    case .county?, .prefecture?, .province?, nil:
      return state.map { (CaseListQueries.byState, $0) } ?? (CaseListQueries.everywhere, [])
    }
  }

  /// `$5…$14` of every list: what is not asked for lies between the ends.
  private static func conditions(of filter: CaseFilter, _ county: AreaCode) -> [Value] {
    let area = filter.area ?? county
    let missing = 12 - area.prefix.count
    return only(filter.state?.rawValue) + only(filter.level?.rawValue) + only(filter.organisation?.text) + [
      .text(area.prefix + String(repeating: "0", count: missing)),
      .text(area.prefix + String(repeating: "9", count: missing)),
      .integer(Column.bits(filter.flags)), .integer(filter.isTimed ? 1 : 0),
    ]
  }

  private static func only(_ text: String?) -> [Value] { [.text(text ?? ""), .text(text ?? "\u{10ffff}")] }
}
