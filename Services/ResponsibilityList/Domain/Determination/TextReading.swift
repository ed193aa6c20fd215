package import TextSearch

/// A text as one list's index reads it: sentence by sentence, which of the list's words stand where.
package struct TextReading: Sendable {
  struct Occurrence: Sendable {
    let feature: Int
    let range: Range<Int>
  }

  struct Sentence: Sendable {
    var occurrences: [Occurrence] = []
    /// Items that a term of this sentence speaks against, once per term.
    var excluded: [Int] = []
  }

  package let text: NormalizedText
  let sentences: [Sentence]
}

extension ListIndex {
  /// How much of a long sentence is taken as one.
  private static let sentenceLimit = 80

  /// Finds this list's words in `text`; scores and matches are taken from what it finds.
  package func read(_ text: NormalizedText) -> TextReading {
    TextReading(text: text, sentences: text.sentences(limit: Self.sentenceLimit).map { read(text, $0) })
  }

  /// Pairs and words, then terms, then compounds.
  private func read(_ text: NormalizedText, _ range: Range<Int>) -> TextReading.Sentence {
    var sentence = TextReading.Sentence()
    for token in text.tokens(in: range) {
      if let feature = featureOfToken[token.key] {
        sentence.occurrences.append(.init(feature: feature, range: token.range))
      }
    }
    var firstHits = [(term: Int, range: Range<Int>)]()
    for hit in finder.hits(in: text, range: range) {
      if featureOfTerm[hit.term] >= 0 {
        sentence.occurrences.append(.init(feature: featureOfTerm[hit.term], range: hit.range))
      }
      if !firstHits.contains(where: { $0.term == hit.term }) { firstHits.append((hit.term, hit.range)) }
    }
    sentence.excluded = firstHits.flatMap { excludedByTerm[$0.term] }
    appendCompounds(of: firstHits, to: &sentence)
    return sentence
  }

  /// Compounds whose parts all stand in the sentence.
  private func appendCompounds(of hits: [(term: Int, range: Range<Int>)], to sentence: inout TextReading.Sentence) {
    guard hits.count > 1 else { return }
    for index in Set(hits.flatMap { compoundsOfTerm[$0.term] }).sorted() {
      let ranges = compounds[index].groups.compactMap { group in hits.first { group.contains($0.term) }?.range }
      guard ranges.count == compounds[index].groups.count else { continue }
      for range in ranges { sentence.occurrences.append(.init(feature: compounds[index].feature, range: range)) }
    }
  }
}
