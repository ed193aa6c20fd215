import Kernel
package import Persistence
package import WorkClock

/// Years of the work calendar as last heard.
package struct CalendarStore: Sendable {
  private let county: String

  package init(county: String) { self.county = county }

  /// The calendar; Monday to Friday where nothing was heard.
  package func load(in reading: some Reading) throws -> WorkCalendar {
    let years = try reading.all(Self.list, [.text(county)], Self.year)
    return years.isEmpty ? .unannounced : try WorkCalendar(years)
  }

  package func save(_ year: WorkCalendar.Year, in transaction: WriteTransaction) throws {
    func days(_ kind: WorkCalendar.Day) -> [String] {
      year.days.filter { $0.value == kind }.keys.sorted().map(\.description)
    }
    try transaction.run(
      Self.save,
      [
        .text(county), .integer(year.year), .bool(year.isConfirmed), .texts(days(.rest)), .texts(days(.work)),
        .texts(year.officeHours.map { "\($0.lowerBound)-\($0.upperBound)" }),
      ])
  }

  private static func year(_ row: borrowing Row) -> WorkCalendar.Year {
    var days: [CivilDate: WorkCalendar.Day] = [:]
    for (index, kind) in [(2, WorkCalendar.Day.rest), (3, .work)] {
      for text in row.texts(index) {
        guard let date = CivilDate(text) else {
          row.reject(index)
          continue
        }
        days[date] = kind
      }
    }
    return WorkCalendar.Year(
      year: row.int(0), days: days, officeHours: row.texts(4).compactMap(hours), isConfirmed: row.bool(1))
  }

  private static func hours(_ text: String) -> Range<Int>? {
    let ends = text.split(separator: "-").compactMap { Int($0) }
    return ends.count == 2 && ends[0] < ends[1] ? ends[0]..<ends[1] : nil
  }

  private static let list = Statement(
    "calendar.list",
    """
    SELECT year, confirmed, rest_days, work_days, office_hours FROM calendar_years WHERE county_code = $1 ORDER BY year
    """)
  private static let save = Statement(
    "calendar.save",
    """
    INSERT INTO calendar_years (county_code, year, confirmed, rest_days, work_days, office_hours)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (county_code, year) DO UPDATE SET
      confirmed = excluded.confirmed, rest_days = excluded.rest_days, work_days = excluded.work_days,
      office_hours = excluded.office_hours
    """)

  static let statements = [list, save]
}
