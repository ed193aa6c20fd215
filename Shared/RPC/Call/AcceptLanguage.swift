/// The `accept-language` metadata (RFC 9110 §12.5.4), as far as we need it: there are sentences in Chinese and in English.
enum AcceptLanguage {
  /// Whether the caller would rather read Chinese. It is the county's own language, so it is also for those who do not say, who
  /// say something else, and who do not care.
  static func prefersChinese(_ values: [String]) -> Bool {
    var chinese: Int?
    var english: Int?
    var other: Int?
    for range in values.flatMap({ $0.split(separator: ",") }) {
      let parts = range.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
      guard let tag = parts.first else { continue }
      let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { thousandths($0.dropFirst(2)) } ?? 1_000
      switch tag.prefix(while: { $0 != "-" }) {
      case "zh": chinese = max(chinese ?? 0, weight)
      case "en": english = max(english ?? 0, weight)
      case "*": other = max(other ?? 0, weight)
      default: break
      }
    }
    return (chinese ?? other ?? (english == nil ? 1 : 0)) >= (english ?? other ?? 0)
  }

  /// `0.8` is 800; what is no weight is none.
  private static func thousandths(_ text: Substring) -> Int {
    Double(text).map { (0...1).contains($0) ? Int($0 * 1_000) : 0 } ?? 0
  }
}
