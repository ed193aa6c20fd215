/// The numbers of the engine: policy, not code (D§2.3.3). They are part of the engine's version, so an answer names them.
package struct ScoringPolicy: Hashable, Sendable {
  /// What a match in each field counts.
  package var weights: [ItemField: Double]
  /// BM25's saturation: how soon more of the same stops counting.
  package var k1: Double
  /// BM25's length normalisation, 0 for none.
  package var b: Double
  /// What a pair of neighbouring characters counts beside a whole dictionary term.
  package var pairShare: Double
  /// What is taken off for each excluding term in the same sentence.
  package var exclusionPenalty: Double
  /// How much each further sentence adds to the best one.
  package var sentenceDecay: Double
  /// The least score that puts a text on the list (θ).
  package var threshold: Double
  /// What the least score grows by, each time a text doubles in sentences: more words, more chance matches.
  package var thresholdGrowth: Double
  /// The best two are ambiguous within this share of the best if their main subjects differ …
  package var ambiguityShare: Double
  /// … and within this one whosever they are: then the text does not say which item, hence not which duty.
  package var tieShare: Double

  package init(
    weights: [ItemField: Double] = [
      .title: 4, .alias: 4, .keyword: 3, .scene: 2, .duty: 1, .manual: 0.5,
    ], k1: Double = 1.2, b: Double = 0.3, pairShare: Double = 0.4, exclusionPenalty: Double = 2.5,
    sentenceDecay: Double = 0.5, threshold: Double = 2.4, thresholdGrowth: Double = 0.25,
    ambiguityShare: Double = 0.1, tieShare: Double = 0.05
  ) {
    self.weights = weights
    self.k1 = k1
    self.b = b
    self.pairShare = pairShare
    self.exclusionPenalty = exclusionPenalty
    self.sentenceDecay = sentenceDecay
    self.threshold = threshold
    self.thresholdGrowth = thresholdGrowth
    self.ambiguityShare = ambiguityShare
    self.tieShare = tieShare
  }

  /// Version 1, compiled in.
  package static let standard = ScoringPolicy()

  /// What the answers cite: the engine and a fingerprint (FNV-1a) of its numbers. Another number, another version.
  package var engineVersion: String {
    let numbers =
      ItemField.scored.map { weights[$0] ?? 0 } + [
        k1, b, pairShare, exclusionPenalty, sentenceDecay, threshold, thresholdGrowth, ambiguityShare, tieShare,
      ]
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for number in numbers { hash = (hash ^ number.bitPattern) &* 0x100_0000_01b3 }
    return "bm25f-1-" + String(hash, radix: 16)
  }
}

/// A part of an item that text is compared with.
package enum ItemField: String, Hashable, Sendable, CaseIterable {
  case title
  case alias
  case keyword
  case scene
  case duty
  case manual
  /// Counts against the item.
  case exclusion

  /// The fields that count for an item.
  package static let scored: [ItemField] = [.title, .alias, .keyword, .scene, .duty, .manual]
}
