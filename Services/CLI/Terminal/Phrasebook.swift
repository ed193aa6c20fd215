/// English sentences and what they are in Chinese. `{}` stands for what differs from time to time; it is looked up, too.
struct Phrasebook {
  /// Where two fit, the first is taken.
  let sentences: [(english: String, chinese: String)]

  /// The sentence in Chinese; what is not in the book stays as it is.
  func chinese(_ english: String) -> String {
    for (pattern, chinese) in sentences {
      guard let parts = Self.parts(of: english, in: pattern) else { continue }
      let pieces = chinese.split(separator: "{}", omittingEmptySubsequences: false)
      return zip(pieces, parts.map(self.chinese) + [""]).map { "\($0)\($1)" }.joined()
    }
    return english
  }

  /// What stands in the places of the pattern; `nil` if the text is another sentence.
  private static func parts(of text: String, in pattern: String) -> [String]? {
    var fixed = pattern.split(separator: "{}", omittingEmptySubsequences: false)[...]
    guard fixed.count > 1 else { return pattern == text ? [] : nil }
    guard let first = fixed.popFirst(), let last = fixed.popLast(), text.hasPrefix(first) else { return nil }
    var rest = text.dropFirst(first.count)
    var found: [String] = []
    for piece in fixed {
      guard let place = rest.firstRange(of: piece) else { return nil }
      found.append(String(rest[..<place.lowerBound]))
      rest = rest[place.upperBound...]
    }
    guard rest.hasSuffix(last) else { return nil }
    return found + [String(rest.dropLast(last.count))]
  }
}
