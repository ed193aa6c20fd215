/// Scorecards in their order of merit by one ratio (D§2.5.2, small samples).
package struct League: Hashable, Sendable {
  /// One line of the table.
  package struct Line: Hashable, Sendable {
    /// Equal bounds share a rank: 1, 2, 2, 4. `nil`: not ranked.
    package let rank: Int?
    /// Its interval overlaps that of the line above.
    package let isIndistinguishableFromPrevious: Bool
    package let scorecard: Scorecard
  }

  package let lines: [Line]

  /// Best first; those with too few cases last, in the order of their ids.
  package init(_ scorecards: [Scorecard], by indicator: Indicator) {
    let bounds = scorecards.map { (bound: $0.value(of: indicator)?.rankingBound, card: $0) }
    let ranked = bounds.compactMap { entry in entry.bound.map { (bound: $0, card: entry.card) } }
      .sorted { ($1.bound, $0.card.subject.id) < ($0.bound, $1.card.subject.id) }
    let others = bounds.filter { $0.bound == nil }.map(\.card).sorted { $0.subject.id < $1.subject.id }
    var lines: [Line] = []
    for (index, entry) in ranked.enumerated() {
      let isTied = index > 0 && ranked[index - 1].bound == entry.bound
      let previous = index > 0 ? ranked[index - 1].card.value(of: indicator)?.wilson : nil
      let own = entry.card.value(of: indicator)?.wilson
      lines.append(
        Line(
          rank: isTied ? lines[index - 1].rank : index + 1,
          isIndistinguishableFromPrevious: Self.overlap(previous, own), scorecard: entry.card))
    }
    self.lines =
      lines + others.map { Line(rank: nil, isIndistinguishableFromPrevious: false, scorecard: $0) }
  }

  private static func overlap(_ one: Wilson?, _ other: Wilson?) -> Bool {
    guard let one, let other else { return false }
    return one.lower <= other.upper && other.lower <= one.upper
  }
}
