package import GridRegistryDomain
package import Kernel
package import Persistence
import WorkClock

/// Vacancies as rows.
package struct VacancyStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  package func load(_ id: Vacancy.ID, in reading: some Reading) throws -> Vacancy? {
    try reading.first(VacancyQueries.load, [.text(county.text), .id(id)], Self.vacancy)
  }

  /// The open vacancies of a grid.
  package func open(of grid: Grid.ID, in reading: some Reading) throws -> [Vacancy] {
    try reading.all(VacancyQueries.openOfGrid, [.text(county.text), .id(grid)], Self.vacancy)
  }

  /// At most `limit` vacancies after an id, in order, of one township and one state where given.
  package func list(
    township: AreaCode?, state: Vacancy.State?, after id: String, limit: Int, in reading: some Reading
  ) throws -> [Vacancy] {
    let page: [Value] = [.text(id), .integer(limit)]
    let (statement, filters): (Statement, [Value]) =
      switch (township, state) {
      case (nil, nil): (VacancyQueries.list, [])
      case (nil, let state?): (VacancyQueries.listOfState, [.text(state.rawValue)])
      case (let township?, nil): (VacancyQueries.listOfTownship, [.text(township.text)])
      case (let township?, let state?):
        (VacancyQueries.listOfTownshipAndState, [.text(township.text), .text(state.rawValue)])
      }
    return try reading.all(statement, [.text(county.text)] + filters + page, Self.vacancy)
  }

  /// Open vacancies whose lateness was not reported, the oldest first.
  package func running(limit: Int, in reading: some Reading) throws -> [Vacancy] {
    try reading.all(VacancyQueries.running, [.text(county.text), .integer(limit)], Self.vacancy)
  }

  /// Grids in effect that have no primary member and no open place for one, after an id.
  package func unstaffed(after id: String, limit: Int, in reading: some Reading) throws -> [Grid.ID] {
    try reading.all(
      VacancyQueries.unstaffed, [.text(county.text), .text(id), .integer(limit)]
    ) { $0.id(0) }
  }

  package func save(_ vacancy: Vacancy, in transaction: WriteTransaction) throws {
    let clock = vacancy.clock
    try transaction.run(
      VacancyQueries.save,
      [
        .text(county.text), .id(vacancy.id), .id(vacancy.gridID), .text(vacancy.townshipCode.text),
        .text(vacancy.post.rawValue), .text(vacancy.cause.rawValue), .text(vacancy.state.rawValue),
        .text(clock.policyCode), .integer(clock.policyVersion), .integer(clock.budget.amount),
        .text(clock.budget.unit.rawValue), .time(clock.startTime), .optionalTime(clock.stopTime),
        .optionalID(vacancy.filledBy), .optionalTime(vacancy.overdueTime), .integer(vacancy.version),
      ])
  }

  private static func vacancy(_ row: borrowing Row) -> Vacancy {
    let township = AreaCode(row.text(2))
    if township == nil { row.reject(2) }
    return Vacancy(
      id: row.id(0), gridID: row.id(1), townshipCode: township ?? .unreadable, post: row.named(3, or: .deputy),
      cause: row.named(4, or: .noPrimary), state: row.named(5, or: .closed), clock: row.clock("VACANCY", at: 6),
      filledBy: row.optionalID(12), overdueTime: row.optionalTime(13), version: row.int(14))
  }

  static let statements = VacancyQueries.all
}
