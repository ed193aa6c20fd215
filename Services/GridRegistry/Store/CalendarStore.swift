package import GridRegistryDomain
package import Kernel
package import Persistence
import WorkClock

/// Years of the work calendar as rows.
package struct CalendarStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  /// All years that were imported, in order. A county has few.
  package func list(in reading: some Reading) throws -> [CalendarYear] {
    let years = try reading.all(Self.list, [.text(county.text)]) { row in
      CalendarYear(
        year: row.int(0), days: [:], isConfirmed: row.bool(1), sourceDocument: row.text(2),
        officeHours: Self.hours(row.text(3)), version: row.int(4))
    }
    return try years.map { year in
      var year = year
      let days = try reading.all(Self.days, [.text(county.text), .integer(year.year)]) { row in
        (row.date(0), CalendarYear.Day(kind: row.named(1, or: .rest), reason: row.text(2)))
      }
      year.days = Dictionary(days) { first, _ in first }
      return year
    }
  }

  package func save(_ year: CalendarYear, in transaction: WriteTransaction) throws {
    let key: [Value] = [.text(county.text), .integer(year.year)]
    let periods = year.officeHours.map { "\($0.lowerBound)-\($0.upperBound)" }
    try transaction.run(
      Self.save,
      key + [
        .bool(year.isConfirmed), .text(year.sourceDocument), .text(TextColumn.encode(periods)), .integer(year.version),
      ])
    try transaction.run(Self.clearDays, key)
    for (date, day) in year.days.sorted(by: { $0.key < $1.key }) {
      try transaction.run(Self.saveDay, key + [.date(date), .text(day.kind.rawValue), .text(day.reason)])
    }
  }

  private static func hours(_ column: String) -> [Range<Int>] {
    TextColumn.decode(column).compactMap { period in
      let ends = period.split(separator: "-").compactMap { Int($0) }
      return ends.count == 2 && ends[0] < ends[1] ? ends[0]..<ends[1] : nil
    }
  }

  private static let list = Statement(
    "calendar.list",
    """
    SELECT year, confirmed, source_document, office_periods, version
    FROM calendar_years WHERE county_code = $1 ORDER BY year
    """)
  private static let days = Statement(
    "calendar.days", "SELECT day, kind, reason FROM calendar_days WHERE county_code = $1 AND year = $2 ORDER BY day")
  private static let save = Statement(
    "calendar.save",
    """
    INSERT INTO calendar_years (county_code, year, confirmed, source_document, office_periods, version)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (county_code, year) DO UPDATE SET
      confirmed = excluded.confirmed, source_document = excluded.source_document,
      office_periods = excluded.office_periods, version = excluded.version
    """)
  private static let clearDays = Statement(
    "calendar.clear_days", "DELETE FROM calendar_days WHERE county_code = $1 AND year = $2")
  private static let saveDay = Statement(
    "calendar.save_day",
    "INSERT INTO calendar_days (county_code, year, day, kind, reason) VALUES ($1, $2, $3, $4, $5)")

  static let statements = [list, days, save, clearDays, saveDay]
}
