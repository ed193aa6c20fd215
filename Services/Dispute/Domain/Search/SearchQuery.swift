package import Kernel
package import TextSearch

/// Words to look for: all of them have to stand in a title or a narrative, each without a gap.
package struct SearchQuery: Sendable {
  /// The words, normalised as the texts are: traditional characters, width and letter case do not matter.
  package let words: [NormalizedText]

  /// The longest text that is searched for.
  package static let longestText = 64

  /// Refuses a text without a letter, and one that is no query any more.
  package init(_ text: String) throws(Refused) {
    guard text.unicodeScalars.count <= Self.longestText else { throw Refused(.invalidArgument, .searchTextTooLong) }
    let words = text.split { $0.isWhitespace || $0 == "　" }.map { NormalizedText($0) }.filter { !$0.tokens.isEmpty }
    guard !words.isEmpty else { throw Refused(.invalidArgument, .searchTextMissing) }
    self.words = words
  }

  /// The keyed hashes that a text must have to be looked at: of every word its pairs, or what stands alone in it.
  package func keys(keyed: (NormalizedText, Token) -> UInt32) -> [UInt32] {
    var found = Set<UInt32>()
    for word in words { for token in word.tokens { found.insert(keyed(word, token)) } }
    return found.sorted()
  }

  /// Whether every word stands in `title` or in `narrative`, and where.
  package func match(title: NormalizedText, narrative: NormalizedText) -> (inTitle: Bool, inNarrative: Bool)? {
    var (inTitle, inNarrative) = (false, false)
    for word in words {
      let (first, second) = (title.contains(word), narrative.contains(word))
      guard first || second else { return nil }
      inTitle = inTitle || first
      inNarrative = inNarrative || second
    }
    return (inTitle, inNarrative)
  }
}

extension Reason {
  static let searchTextMissing = Reason(
    "SEARCH_TEXT_MISSING", zh: "请输入要查找的字词。", en: "Say what to look for: at least one character.", field: "text")
  static let searchTextTooLong = Reason(
    "SEARCH_TEXT_TOO_LONG", zh: "查找内容最多 64 个字符。", en: "A search has at most 64 characters.", field: "text")
}
