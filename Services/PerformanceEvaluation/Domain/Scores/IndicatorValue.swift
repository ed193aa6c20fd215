package import Kernel

/// One indicator of one subject, from integer counts: the same facts give the same bits.
package struct IndicatorValue: Hashable, Sendable {
  package let indicator: Indicator
  /// n: below the line, or the durations measured.
  package let count: Int
  /// Above the line.
  package let numerator: Int
  /// Nearest rank; `nil` unless durations were measured.
  package let median: Interval?
  package let p90: Interval?

  /// Counts what all records contributed.
  package init(_ indicator: Indicator, counting contributions: some Sequence<Contribution>) {
    self.indicator = indicator
    var (count, numerator) = (0, 0)
    var durations: [Interval] = []
    for contribution in contributions {
      count += 1
      if contribution.isInNumerator { numerator += 1 }
      if let duration = contribution.duration { durations.append(duration) }
    }
    (self.count, self.numerator) = (count, numerator)
    durations.sort()
    median = durations.nearestRank(percent: 50)
    p90 = durations.nearestRank(percent: 90)
  }

  /// The ratio; `nil` where nothing stands below the line, and for durations.
  package var ratio: Double? {
    indicator.definition.measure == .ratio && count > 0 ? Double(numerator) / Double(count) : nil
  }

  /// The ratio's 95 % interval after Wilson; `nil` where there is no ratio.
  package var wilson: Wilson? { ratio == nil ? nil : Wilson(numerator, of: count) }

  /// Whether there is enough to compare it with others.
  package var isRankable: Bool {
    indicator.definition.measure == .ratio && count >= Indicator.minimumCount
  }

  /// What is ranked, higher is better: the lower bound; of the complement where lower is better.
  package var rankingBound: Double? {
    guard isRankable else { return nil }
    return (indicator.definition.isLowerBetter ? Wilson(count - numerator, of: count) : wilson)?.lower
  }
}

/// Wilson's score interval with z = 1.96, clipped to [0, 1].
package struct Wilson: Hashable, Sendable {
  package let lower: Double
  package let upper: Double

  /// `nil` at n = 0.
  package init?(_ successes: Int, of count: Int) {
    guard count > 0 else { return nil }
    let z = 1.96
    let n = Double(count)
    let p = Double(successes) / n
    let centre = p + z * z / (2 * n)
    let spread = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    lower = max(0, min(1, (centre - spread) / scale))
    upper = max(0, min(1, (centre + spread) / scale))
  }
}

extension [Interval] {
  /// The ⌈p·n⌉-th smallest of ascending values; `nil` if there are none.
  package func nearestRank(percent: Int) -> Interval? {
    isEmpty ? nil : self[Swift.max(1, (percent * count + 99) / 100) - 1]
  }
}
