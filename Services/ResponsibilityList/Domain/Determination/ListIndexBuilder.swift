import TextSearch

/// Counts words while a `ListIndex` is made.
struct ListIndexBuilder {
  let items: [ListItem]
  let policy: ScoringPolicy

  private(set) var finder = TermFinder()
  private(set) var featureOfToken: [UInt64: Int] = [:]
  private(set) var featureOfTerm: [Int] = []
  private(set) var compounds: [ListIndex.Compound] = []
  private(set) var excludedByTerm: [[Int]] = []
  private(set) var characters: [[ItemField: Set<UInt32>]] = []

  /// Per feature: item → occurrences per field.
  private var counts: [[Int: SIMD8<Double>]] = []
  /// Per feature: the share with which it counts (pairs less than terms).
  private var shares: [Double] = []
  /// Per item and field: how many tokens.
  private var lengths: [SIMD8<Double>] = []
  private let commonPairs: Set<UInt64>
  private let commonCharacters: Set<UInt32>

  init(items: [ListItem], policy: ScoringPolicy) {
    self.items = items
    self.policy = policy
    commonPairs = Set(NormalizedText(CommonWords.words).tokens.map(\.key))
    commonCharacters = Set(CommonWords.characters.unicodeScalars.map(\.value))
  }

  /// Enters titles, aliases, keywords, compounds and exclusions into the dictionary.
  mutating func collectTerms() {
    for (index, item) in items.enumerated() {
      for term in [item.title] + item.aliases + item.keywords where !term.contains(compoundMark) { addTerm(term) }
      for term in item.aliases + item.keywords where term.contains(compoundMark) { addCompound(term, item: index) }
      for term in item.exclusions {
        guard let number = number(of: term) else { continue }
        excludedByTerm[number].append(index)
      }
    }
  }

  /// Counts every token and dictionary term in every field of every item.
  mutating func countFeatures() {
    for (index, item) in items.enumerated() {
      lengths.append(.zero)
      characters.append([:])
      for field in ItemField.scored {
        for text in item.texts(of: field) where !text.contains(compoundMark) { count(text, field, item: index) }
      }
    }
  }

  /// What each feature says for each item: BM25F over the fields, split by where it comes from.
  func postings() -> [[ListIndex.Posting]] {
    let total = lengths.reduce(.zero, +)
    let average = total / Double(max(1, items.count))
    return counts.indices.map { feature in
      let frequency = Double(counts[feature].count)
      let rarity = naturalLogarithm(1 + (Double(items.count) - frequency + 0.5) / (frequency + 0.5))
      return counts[feature].sorted { $0.key < $1.key }.map { item, occurrences in
        let weighted = weigh(occurrences, length: lengths[item], average: average)
        let sum = weighted.sum()
        let strongest = ItemField.scored.max { weighted[$0.lane] < weighted[$1.lane] } ?? .title
        return .init(
          item: item, impact: weighted * (shares[feature] * rarity / (policy.k1 + sum)), strongestField: strongest)
      }
    }
  }

  /// The compounds each term takes part in.
  func compoundsOfTerm() -> [[Int]] {
    var result = [[Int]](repeating: [], count: featureOfTerm.count)
    for (index, compound) in compounds.enumerated() {
      for term in Set(compound.groups.joined()) { result[term].append(index) }
    }
    return result
  }

  // MARK: - Steps

  private var compoundMark: Character { "+" }
  private var alternativeMark: Character { "|" }

  private mutating func number(of term: some StringProtocol) -> Int? {
    guard let number = finder.add(term) else { return nil }
    if number == featureOfTerm.count {
      featureOfTerm.append(-1)
      excludedByTerm.append([])
    }
    return number
  }

  private mutating func addTerm(_ term: String) {
    guard let number = number(of: term) else { return }
    if featureOfTerm[number] < 0 { featureOfTerm[number] = newFeature(share: 1) }
  }

  private mutating func addCompound(_ text: String, item: Int) {
    let groups = text.split(separator: compoundMark).map { group in
      group.split(separator: alternativeMark).compactMap { number(of: $0) }
    }
    guard groups.count > 1, groups.allSatisfy({ !$0.isEmpty }) else { return }
    let field: ItemField = items[item].aliases.contains(text) ? .alias : .keyword
    let known = compounds.first { $0.groups == groups }
    let feature = known?.feature ?? newFeature(share: 1)
    if known == nil { compounds.append(.init(groups: groups, feature: feature)) }
    counts[feature][item, default: .zero][field.lane] += 1
  }

  private mutating func newFeature(share: Double) -> Int {
    counts.append([:])
    shares.append(share)
    return counts.count - 1
  }

  private mutating func count(_ text: String, _ field: ItemField, item: Int) {
    let normalized = NormalizedText(text)
    characters[item][field, default: []].formUnion(normalized.scalars.lazy.filter { $0 > 0x20 })
    let tokens = normalized.tokens
    lengths[item][field.lane] += Double(tokens.count)
    for token in tokens where !isCommon(token, in: normalized) {
      let feature = featureOfToken[token.key] ?? newFeature(share: policy.pairShare)
      featureOfToken[token.key] = feature
      counts[feature][item, default: .zero][field.lane] += 1
    }
    for hit in finder.hits(in: normalized, range: 0..<normalized.scalars.count) where featureOfTerm[hit.term] >= 0 {
      counts[featureOfTerm[hit.term]][item, default: .zero][field.lane] += 1
    }
  }

  /// Whether a token says nothing: a word of every message, a pair with a particle in it, a character that stands alone.
  private func isCommon(_ token: Token, in text: NormalizedText) -> Bool {
    commonPairs.contains(token.key) || (token.count == 1 && token.key >> 63 == 0)
      || text.scalars[token.range].contains(where: commonCharacters.contains)
  }

  private func weigh(_ occurrences: SIMD8<Double>, length: SIMD8<Double>, average: SIMD8<Double>) -> SIMD8<Double> {
    var result = SIMD8<Double>.zero
    for field in ItemField.scored where occurrences[field.lane] > 0 {
      let relative = average[field.lane] > 0 ? length[field.lane] / average[field.lane] : 1
      let weight = policy.weights[field] ?? 0
      result[field.lane] = weight * occurrences[field.lane] / (1 - policy.b + policy.b * relative)
    }
    return result
  }
}

extension ListItem {
  /// The texts of one field.
  fileprivate func texts(of field: ItemField) -> [String] {
    switch field {
    case .title: [title]
    case .alias: aliases
    case .keyword: keywords
    case .scene: scenes + [definition]
    case .duty: duties.map(\.text)
    case .manual: [manual.dutyStatement, manual.procedure] + manual.evidence
    case .exclusion: exclusions
    }
  }
}

/// ln x for x > 0, from arithmetic alone, so that every machine gives the same digits.
func naturalLogarithm(_ value: Double) -> Double {
  let ln2 = 0.693_147_180_559_945_3
  let ratio = (value.significand - 1) / (value.significand + 1)
  let square = ratio * ratio
  var term = ratio
  var sum = 0.0
  var divisor = 1.0
  for _ in 0..<24 {
    sum += term / divisor
    term *= square
    divisor += 2
  }
  return Double(value.exponent) * ln2 + 2 * sum
}
