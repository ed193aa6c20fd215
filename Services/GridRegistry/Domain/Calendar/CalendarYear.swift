package import Kernel
package import WorkClock

/// One year of the county's work calendar as a notice gives it.
package struct CalendarYear: Hashable, Sendable {
  /// What a notice says about one date.
  package struct Day: Hashable, Sendable {
    package let kind: WorkCalendar.Day
    package let reason: String

    package init(kind: WorkCalendar.Day, reason: String = "") {
      self.kind = kind
      self.reason = reason
    }
  }

  /// A date as an import writes it.
  package struct Row: Hashable, Sendable {
    package var date: String
    package var kind: WorkCalendar.Day?
    package var reason: String

    package init(date: String, kind: WorkCalendar.Day?, reason: String = "") {
      self.date = date
      self.kind = kind
      self.reason = reason
    }
  }

  /// A year as an import writes it.
  package struct Facts: Hashable, Sendable {
    package var year: Int
    package var rows: [Row]
    package var isConfirmed: Bool
    package var sourceDocument: String
    /// Empty: the standard hours.
    package var officeHours: [Range<Int>]
    /// A period that ends before it starts has no range; the import says so here.
    package var hasImpossibleHours: Bool

    package init(
      year: Int, rows: [Row], isConfirmed: Bool, sourceDocument: String, officeHours: [Range<Int>] = [],
      hasImpossibleHours: Bool = false
    ) {
      self.year = year
      self.rows = rows
      self.isConfirmed = isConfirmed
      self.sourceDocument = sourceDocument
      self.officeHours = officeHours
      self.hasImpossibleHours = hasImpossibleHours
    }
  }

  /// What happens to years.
  package enum Event: Hashable, Sendable {
    /// Entered or replaced: the year as it is now.
    case imported(CalendarYear)
  }

  package let year: Int
  /// The dates that differ from Monday to Friday, or have a name.
  package var days: [CivilDate: Day]
  package var isConfirmed: Bool
  package var sourceDocument: String
  package var officeHours: [Range<Int>]
  package var version: Int

  package init(
    year: Int, days: [CivilDate: Day], isConfirmed: Bool, sourceDocument: String, officeHours: [Range<Int>],
    version: Int
  ) {
    self.year = year
    self.days = days
    self.isConfirmed = isConfirmed
    self.sourceDocument = sourceDocument
    self.officeHours = officeHours
    self.version = version
  }

  /// A year of which nothing was announced: Monday to Friday.
  package static func unannounced(_ year: Int) -> Self {
    CalendarYear(
      year: year, days: [:], isConfirmed: false, sourceDocument: "", officeHours: WorkCalendar.standardHours, version: 0
    )
  }

  /// The years that the registry keeps (F05: nothing is older than 2019).
  package static let knownYears = 2019...2100

  /// The last year up to which every notice is out, from the first one on; 0 without any. `years` are in order.
  package static func confirmedThrough(_ years: [CalendarYear]) -> Int {
    var last = 0
    for year in years {
      guard year.isConfirmed, last == 0 || year.year == last + 1 else { break }
      last = year.year
    }
    return last
  }

  /// The year as `WorkClock` reads it.
  package var table: WorkCalendar.Year {
    WorkCalendar.Year(
      year: year, days: days.mapValues(\.kind), officeHours: officeHours, isConfirmed: isConfirmed)
  }

  /// Every day of the year, in order.
  package var everyDay: [(date: CivilDate, day: Day)] {
    guard let first = CivilDate(year: year, month: 1, day: 1), let last = CivilDate(year: year, month: 12, day: 31)
    else { return [] }
    return (first.dayNumber...last.dayNumber).map { number in
      let date = CivilDate(dayNumber: number)
      return (date, day(date))
    }
  }

  private func day(_ date: CivilDate) -> Day { days[date] ?? Day(kind: date.weekday <= 5 ? .work : .rest) }

  /// How many days are of another kind in `other`.
  package func changedDays(from other: CalendarYear) -> Int {
    everyDay.count { $0.day.kind != other.day($0.date).kind }
  }

  /// What importing `facts` over `current` means, beside the other years; nothing, if nothing differs.
  package static func decide(
    importing facts: Facts, over current: CalendarYear?, beside others: [CalendarYear]
  ) throws(Refused) -> [Event] {
    var reasons = faults(of: facts)
    let days = Dictionary(
      facts.rows.compactMap { row in
        CivilDate(row.date).flatMap { date in row.kind.map { (date, Day(kind: $0, reason: row.reason)) } }
      }
    ) { first, _ in first }
    var year = CalendarYear(
      year: facts.year, days: days.filter { !$0.value.isOrdinary(on: $0.key) }, isConfirmed: facts.isConfirmed,
      sourceDocument: facts.sourceDocument,
      officeHours: facts.officeHours.isEmpty ? WorkCalendar.standardHours : facts.officeHours,
      version: current?.version ?? 0)
    do {
      _ = try WorkCalendar(others.filter { $0.year != facts.year }.map(\.table) + [year.table])
    } catch {
      reasons += error.reasons
    }
    guard reasons.isEmpty else { throw Refused(.failedPrecondition, reasons) }
    if year == current { return [] }
    year.version += 1
    return [.imported(year)]
  }

  private static func faults(of facts: Facts) -> [Reason] {
    var reasons: [Reason] = []
    if !knownYears.contains(facts.year) { reasons.append(.yearInvalid.at("year")) }
    if facts.sourceDocument.isEmpty { reasons.append(.sourceDocumentMissing.at("source_document")) }
    if facts.hasImpossibleHours { reasons.append(.calendarHoursInvalid.at("office_periods")) }
    for (index, row) in facts.rows.enumerated() {
      if CivilDate(row.date) == nil { reasons.append(.dateInvalid.at("days[\(index)].date")) }
      if row.kind == nil { reasons.append(.dayKindMissing.at("days[\(index)].kind")) }
    }
    if Set(facts.rows.map(\.date)).count < facts.rows.count { reasons.append(.dateTwice.at("days")) }
    return reasons
  }

  /// Folds one event in.
  package mutating func apply(_ event: Event) {
    switch event {
    case .imported(let year): self = year
    }
  }
}

extension CalendarYear.Day {
  /// Nothing that Monday to Friday would not say.
  package func isOrdinary(on date: CivilDate) -> Bool {
    reason.isEmpty && (kind == .work) == (date.weekday <= 5)
  }
}

extension Reason {
  /// A year that the registry does not keep.
  package static let yearInvalid = Reason("YEAR_INVALID", zh: "年份应在2019至2100之间。", en: "Years run from 2019 to 2100.")
  /// A date twice in one year.
  package static let dateTwice = Reason("DATE_TWICE", zh: "同一日期出现了两次。", en: "A date is listed twice.")
  /// Neither work nor rest.
  package static let dayKindMissing = Reason(
    "DAY_KIND_MISSING", zh: "须注明该日为工作日或休息日。", en: "Say whether the day is worked.")
  /// No notice named.
  package static let sourceDocumentMissing = Reason(
    "SOURCE_DOCUMENT_MISSING", zh: "缺少放假安排通知的文号或名称。", en: "Name the notice that the year comes from.")
}
