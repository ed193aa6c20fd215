import TextSearch

/// The words of one list's items, prepared once: what each word says for each item, ready to be added up.
///
/// Immutable. What a match is worth does not depend on the question (BM25F with fixed parameters), so it is computed here and a
/// question costs one look-up per pair of characters.
package struct ListIndex: Sendable {
  /// What a feature says for one item, field by field; the lanes are those of `ItemField.allCases`.
  struct Posting: Sendable {
    let item: Int
    let impact: SIMD8<Double>
    /// The field that most of the impact comes from.
    let strongestField: ItemField
  }

  package let items: [ListItem]
  package let policy: ScoringPolicy

  let finder: TermFinder
  /// The feature of a pair of ideographs or a Latin word.
  let featureOfToken: [UInt64: Int]
  /// The feature of a dictionary term; -1 where the term only takes part in compounds or excludes.
  let featureOfTerm: [Int]
  /// What each feature says; sorted by item.
  let postings: [[Posting]]
  /// Compounds that a term takes part in.
  let compoundsOfTerm: [[Int]]
  let compounds: [Compound]
  /// Items that a term speaks against.
  let excludedByTerm: [[Int]]
  /// Which single characters each item's fields contain, for questions of one character.
  let characters: [[ItemField: Set<UInt32>]]

  /// Terms that count only together in one sentence: `工厂|作坊+河`, one of the first two and the third.
  struct Compound: Sendable {
    /// Each group has to be met by one of its terms.
    let groups: [[Int]]
    let feature: Int
  }

  /// Prepares `items` for questions under `policy`.
  package init(_ items: [ListItem], policy: ScoringPolicy = .standard) {
    var builder = ListIndexBuilder(items: items, policy: policy)
    builder.collectTerms()
    builder.countFeatures()
    self.items = items
    self.policy = policy
    finder = builder.finder
    featureOfToken = builder.featureOfToken
    featureOfTerm = builder.featureOfTerm
    postings = builder.postings()
    compounds = builder.compounds
    compoundsOfTerm = builder.compoundsOfTerm()
    excludedByTerm = builder.excludedByTerm
    characters = builder.characters
  }
}

extension ItemField {
  /// The lane of an impact that stands for this field.
  var lane: Int {
    switch self {
    case .title: 0
    case .alias: 1
    case .keyword: 2
    case .scene: 3
    case .duty: 4
    case .manual: 5
    case .exclusion: 6
    }
  }
}
