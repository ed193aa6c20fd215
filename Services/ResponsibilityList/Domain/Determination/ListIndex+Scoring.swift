import TextSearch

/// What a text scores for one item.
package struct ItemScore: Hashable, Sendable {
  /// Position in the index's items.
  package let item: Int
  /// The whole score, rounded to thousandths.
  package let score: Double
  /// The parts it is made of, by field, each rounded to thousandths.
  package let fields: [ItemField: Double]
}

/// Where a word of the text was found in an item.
package struct Match: Hashable, Sendable {
  /// In scalars of the original text.
  package let range: Range<Int>
  package let field: ItemField
}

extension ListIndex {
  /// Stretches shown per candidate: enough to see why, not the whole text again.
  private static let matchLimit = 24

  /// All items that the text says anything for, the best first; `isEligible` leaves items out.
  package func scores(of reading: TextReading, where isEligible: (ListItem) -> Bool = { _ in true }) -> [ItemScore] {
    if reading.text.scalars.count == 1 { return characterScores(reading.text.scalars[0], isEligible) }
    var perItem = [[SIMD8<Double>]](repeating: [], count: items.count)
    for sentence in reading.sentences {
      for (item, impact) in impacts(of: sentence) where impact.sum() > 0 { perItem[item].append(impact) }
    }
    return ranked(perItem.map(total), isEligible)
  }

  /// The least score that puts a text of this length on the list.
  package func threshold(for reading: TextReading) -> Double {
    let doublings = naturalLogarithm(Double(max(1, reading.sentences.count))) / naturalLogarithm(2)
    return policy.threshold * (1 + policy.thresholdGrowth * doublings)
  }

  /// For each of `chosen` the stretches of the text that speak for it, in the order of the text, overlapping ones joined.
  package func matches(of reading: TextReading, for chosen: [Int]) -> [[Match]] {
    var slots = [Int](repeating: -1, count: items.count)
    for (slot, item) in chosen.enumerated() { slots[item] = slot }
    var found = [[(range: Range<Int>, field: ItemField)]](repeating: [], count: chosen.count)
    for occurrence in reading.sentences.lazy.flatMap(\.occurrences) {
      for posting in postings[occurrence.feature] where slots[posting.item] >= 0 {
        found[slots[posting.item]].append((occurrence.range, posting.strongestField))
      }
    }
    return found.map { joined($0).prefix(Self.matchLimit) }
      .map { $0.map { Match(range: reading.text.originalRange($0.range), field: $0.field) } }
  }

  // MARK: - Steps

  /// What one sentence says for each item it touches. Each word counts once, however often it is said.
  private func impacts(of sentence: TextReading.Sentence) -> [(item: Int, impact: SIMD8<Double>)] {
    guard !sentence.occurrences.isEmpty else { return [] }
    var sums = [SIMD8<Double>](repeating: .zero, count: items.count)
    var seen = Set<Int>()
    for occurrence in sentence.occurrences where seen.insert(occurrence.feature).inserted {
      for posting in postings[occurrence.feature] { sums[posting.item] += posting.impact }
    }
    for item in sentence.excluded { sums[item][ItemField.exclusion.lane] -= policy.exclusionPenalty }
    return sums.enumerated().filter { $0.element != .zero }.map { ($0.offset, $0.element) }
  }

  /// The best sentence in full, each further one for less.
  private func total(_ impacts: [SIMD8<Double>]) -> SIMD8<Double> {
    var share = 1.0
    var result = SIMD8<Double>.zero
    for impact in impacts.sorted(by: { $0.sum() > $1.sum() }) {
      result += impact * share
      share *= policy.sentenceDecay
    }
    return result
  }

  private func ranked(_ totals: [SIMD8<Double>], _ isEligible: (ListItem) -> Bool) -> [ItemScore] {
    totals.enumerated().compactMap { item, lanes in
      let score = thousandths(lanes.sum())
      guard score > 0, isEligible(items[item]) else { return nil }
      var fields = [ItemField: Double]()
      for field in ItemField.allCases where lanes[field.lane] != 0 { fields[field] = thousandths(lanes[field.lane]) }
      return ItemScore(item: item, score: score, fields: fields)
    }
    .sorted { ($1.score, items[$0.item].code) < ($0.score, items[$1.item].code) }
  }

  /// A question of one character: no pair to look up, so the fields themselves are searched for it.
  private func characterScores(_ scalar: UInt32, _ isEligible: (ListItem) -> Bool) -> [ItemScore] {
    let containing = characters.count { fields in fields.values.contains { $0.contains(scalar) } }
    guard containing > 0 else { return [] }
    let rarity = naturalLogarithm(1 + (Double(items.count - containing) + 0.5) / (Double(containing) + 0.5))
    let totals = characters.map { fields in
      var lanes = SIMD8<Double>.zero
      for field in ItemField.scored where fields[field]?.contains(scalar) == true {
        lanes[field.lane] = policy.weights[field] ?? 0
      }
      return lanes * (rarity / (policy.k1 + lanes.sum()))
    }
    return ranked(totals, isEligible)
  }

  /// Joins stretches that overlap; the longest one's field names them.
  private func joined(
    _ found: [(range: Range<Int>, field: ItemField)]
  ) -> [(range: Range<Int>, field: ItemField)] {
    var result = [(range: Range<Int>, field: ItemField)]()
    var longest = 0
    for next in found.sorted(by: { ($0.range.lowerBound, -$0.range.count) < ($1.range.lowerBound, -$1.range.count) }) {
      guard let last = result.last, next.range.lowerBound < last.range.upperBound else {
        result.append(next)
        longest = next.range.count
        continue
      }
      let range = last.range.lowerBound..<max(last.range.upperBound, next.range.upperBound)
      result[result.count - 1] = (range, next.range.count > longest ? next.field : last.field)
      longest = max(longest, next.range.count)
    }
    return result
  }

  private func thousandths(_ value: Double) -> Double {
    Double(Int64(value * 1000 + (value < 0 ? -0.5 : 0.5))) / 1000
  }
}
