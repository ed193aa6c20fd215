import DispatchDomain
import Kernel

/// Several texts in one column: one per line, with `%` and line ends escaped. Written and read here only.
enum TextColumn {
  static func encode(_ texts: [String]) -> String {
    texts.map { "=" + escaped($0) }.joined(separator: "\n")
  }

  static func decode(_ column: String) -> [String] {
    column.isEmpty
      ? [] : column.split(separator: "\n", omittingEmptySubsequences: false).map { unescaped($0.dropFirst()) }
  }

  /// Names and values in turn, by name.
  static func encode(_ pairs: [String: String]) -> String {
    encode(pairs.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
  }

  static func pairs(_ column: String) -> [String: String] {
    let texts = decode(column)
    return Dictionary(
      stride(from: 0, to: texts.count - 1, by: 2).map { (texts[$0], texts[$0 + 1]) }
    ) { first, _ in first }
  }

  /// A sealed text's place and digest.
  static func encode(_ text: SealedText) -> String { "\(text.id) \(text.digest.hexadecimal)" }

  /// `nil`: not what `encode` wrote.
  static func sealed(_ column: String) -> SealedText? {
    let parts = column.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, let digest = [UInt8](hexadecimal: parts[1]) else { return nil }
    return SealedText(id: String(parts[0]), digest: digest)
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\n": result += "%0A"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func unescaped(_ text: Substring) -> String {
    let parts = text.split(separator: "%", omittingEmptySubsequences: false)
    return parts.dropFirst().reduce(String(parts.first ?? "")) { result, part in
      result + (part.hasPrefix("0A") ? "\n" : "%") + part.dropFirst(2)
    }
  }
}
