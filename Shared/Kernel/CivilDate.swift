/// A date of the Gregorian calendar as the county's clerks write it: Asia/Shanghai, no time of day.
package struct CivilDate: Hashable, Comparable, Sendable {
  /// Days since 1970-01-01; the one stored property, so that dates compare and add without case analysis.
  package var dayNumber: Int

  package init(dayNumber: Int) { self.dayNumber = dayNumber }

  /// `nil` where the date does not exist (2021-02-29).
  package init?(year: Int, month: Int, day: Int) {
    guard (1...12).contains(month), (1...31).contains(day), (1...9999).contains(year) else { return nil }
    self.init(dayNumber: Self.dayNumber(year, month, day))
    guard self.components == (year, month, day) else { return nil }
  }

  /// Reads `2020-03-01`.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// The date in Asia/Shanghai at `instant`.
  package init(_ instant: Timestamp) {
    self.init(dayNumber: Int((instant.microseconds + Self.shanghaiOffset).flooredDivision(by: Self.dayLength)))
  }

  package var year: Int { components.year }
  package var month: Int { components.month }
  package var day: Int { components.day }

  /// 1 is Monday, 7 is Sunday (ISO 8601).
  package var weekday: Int { Int((Int64(dayNumber) + 3).flooredRemainder(by: 7)) + 1 }

  /// Year, month and day, by the "days from civil" algorithm run backwards (proleptic Gregorian).
  package var components: (year: Int, month: Int, day: Int) {
    let shifted = dayNumber + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }

  /// Midnight at the start of this date in Asia/Shanghai, plus `minute` minutes.
  package func instant(minute: Int = 0) -> Timestamp {
    Timestamp(microseconds: Int64(dayNumber) * Self.dayLength - Self.shanghaiOffset + Int64(minute) * 60_000_000)
  }

  package static func < (left: Self, right: Self) -> Bool { left.dayNumber < right.dayNumber }
  package static func + (date: Self, days: Int) -> Self { Self(dayNumber: date.dayNumber + days) }
  /// Whole days from `right` to `left`.
  package static func - (left: Self, right: Self) -> Int { left.dayNumber - right.dayNumber }

  /// Asia/Shanghai is UTC+8 without daylight saving since 1991-09-15; the system keeps nothing older than 2019 (F05).
  static let shanghaiOffset: Int64 = 8 * 3_600_000_000
  static let dayLength: Int64 = 86_400_000_000

  private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

extension CivilDate: CustomStringConvertible {
  /// `2020-03-01`
  package var description: String {
    let (year, month, day) = components
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}

extension Int64 {
  func flooredDivision(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }

  func flooredRemainder(by divisor: Int64) -> Int64 { self - flooredDivision(by: divisor) * divisor }
}

/// `number` in decimal with zeros in front up to `width` digits.
package func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
