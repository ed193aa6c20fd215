package import Kernel

/// When an early warning is raised (D§2.2.6). All defaults of the county, none of the law.
package struct AlertPolicy: Sendable {
  /// A burst is looked for in this many days, the day of the report included.
  package var windowDays = 14
  /// Fewer reports are never a burst.
  package var leastCount = 3
  /// Where less is usual, chance alone makes bursts.
  package var leastMean = 0.2
  /// As many reports by chance alone must be rarer than this.
  package var significance = 0.001
  /// Months of history without an earlier year: at least and at most.
  package var historyMonths = 3...12
  /// A group case has grown if so many more are concerned than when it was reported or last warned of.
  package var groupGrowth = 5
  package var reopenings = 2
  package var respondentCases = 3
  package var respondentDays = 365
  /// Categories with one of these words are labour cases.
  package var labourWords = ["劳动", "工资", "欠薪", "劳资"]
  /// From this month to the end of that one, wage arrears before the Spring Festival are to be expected.
  package var wageSeasonMonths = (first: 12, last: 2)

  package init() {}

  /// What is to be expected of one place and category in a window that ends on `day`: the mean of the same month of earlier years, else
  /// of the last months. `nil`: there is too little history. `reports` counts those from one day up to, not including, another.
  package func expected(
    on day: CivilDate, historyStart: CivilDate, reports: (CivilDate, CivilDate) throws -> Int
  ) rethrows -> (mean: Double, monthCount: Int, isSameMonth: Bool)? {
    let month = Month(day)
    let start = Month(historyStart)
    let days = Double(month.dayCount)
    var sameMonths = [Month]()
    var earlier = month - 12
    while earlier >= start {
      sameMonths.append(earlier)
      earlier = earlier - 12
    }
    if !sameMonths.isEmpty {
      let count = try sameMonths.reduce(0) { try $0 + reports($1.firstDay, ($1 + 1).firstDay) }
      return (Double(count) / Double(sameMonths.count) * Double(windowDays) / days, sameMonths.count, true)
    }
    let available = min(month.number - start.number, historyMonths.upperBound)
    guard available >= historyMonths.lowerBound else { return nil }
    let count = try reports((month - available).firstDay, month.firstDay)
    return (Double(count) / Double(available) * Double(windowDays) / days, available, false)
  }

  /// What `count` reports in the window say against a mean; `nil`: nothing out of the ordinary.
  package func burst(
    count: Int, expected: (mean: Double, monthCount: Int, isSameMonth: Bool)
  ) -> Alert.Figures? {
    guard count >= leastCount, expected.mean >= leastMean - 1e-12 else { return nil }
    let probability = Poisson.probability(ofAtLeast: count, mean: expected.mean)
    guard probability < significance else { return nil }
    return Alert.Figures(
      count: count, threshold: leastCount, windowDays: windowDays,
      expectedMillionths: Int((expected.mean * 1e6).rounded()),
      probabilityBillionths: Int((probability * 1e9).rounded()), monthCount: expected.monthCount,
      isSameMonth: expected.isSameMonth)
  }

  package func isLabour(_ category: String) -> Bool {
    labourWords.contains { word in Self.contains(category, word) }
  }

  private static func contains(_ text: String, _ word: String) -> Bool {
    text.indices.contains { text[$0...].hasPrefix(word) }
  }

  /// The first day of the season of wage arrears that `day` lies in; `nil`: it is another season.
  package func wageSeasonStart(_ day: CivilDate) -> CivilDate? {
    let (first, last) = wageSeasonMonths
    if day.month >= first { return CivilDate(year: day.year, month: first, day: 1) }
    return day.month <= last ? CivilDate(year: day.year - 1, month: first, day: 1) : nil
  }
}

/// A month of the calendar, counted from the year 0.
package struct Month: Hashable, Comparable, Sendable {
  package let number: Int

  package init(number: Int) { self.number = number }

  package init(_ day: CivilDate) { number = day.year * 12 + day.month - 1 }

  package var firstDay: CivilDate {
    CivilDate(year: number / 12, month: number % 12 + 1, day: 1) ?? CivilDate(dayNumber: 0)
  }

  package var dayCount: Int { (self + 1).firstDay - firstDay }

  package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
  package static func + (month: Self, count: Int) -> Self { Self(number: month.number + count) }
  package static func - (month: Self, count: Int) -> Self { Self(number: month.number - count) }
}

/// Events that come one by one, at a mean rate.
package enum Poisson {
  /// P(X ≥ `count` | `mean`).
  package static func probability(ofAtLeast count: Int, mean: Double) -> Double {
    guard count > 0 else { return 1 }
    guard mean > 0 else { return 0 }
    // Above the mean the terms fall: from `count` on they are added, and no two nearly equal numbers are subtracted.
    guard Double(count) > mean else { return 1 - (0..<count).reduce(0) { $0 + term($1, mean) } }
    var (sum, part, number) = (0.0, term(count, mean), count)
    while part > sum * 1e-17 {
      sum += part
      number += 1
      part *= mean / Double(number)
    }
    return sum
  }

  /// e^−mean · mean^count / count!, each factor in its turn, so that none gets out of range.
  private static func term(_ count: Int, _ mean: Double) -> Double {
    let steps = max(count, Int(mean / 500) + 1)
    let share = exponential(-mean / Double(steps))
    return (1...max(1, steps)).reduce(1.0) { product, step in
      product * share * (step <= count ? mean / Double(step) : 1)
    }
  }

  /// e^x for −500 ≤ x ≤ 0: a series for a small part of it, squared again and again.
  private static func exponential(_ x: Double) -> Double {
    var (halvings, small) = (0, x)
    while small < -0.5 {
      small /= 2
      halvings += 1
    }
    var (sum, part) = (1.0, 1.0)
    for step in 1...24 {
      part *= small / Double(step)
      sum += part
    }
    for _ in 0..<halvings { sum *= sum }
    return sum
  }
}
