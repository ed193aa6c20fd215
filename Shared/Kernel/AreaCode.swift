/// A 12-digit place code (GB/T 2260 and the statistical codes below it): province 2, prefecture 2, county 2, township 3,
/// village 3 digits, zero-padded. A place, never an organisation (D§0.2).
package struct AreaCode: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// How far down a code reaches.
  package enum Level: Int, Comparable, Sendable, CaseIterable {
    case province = 2
    case prefecture = 4
    case county = 6
    case township = 9
    case village = 12

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// The twelve digits.
  package let text: String

  /// `nil` unless `text` is twelve digits whose first two are not zero.
  package init?(_ text: String) {
    let digits = text.utf8
    guard digits.count == 12, digits.allSatisfy({ (48...57).contains($0) }), !text.hasPrefix("00") else { return nil }
    self.text = text
  }

  package var description: String { text }

  /// The level that the zeros at the end leave.
  package var level: Level {
    Level.allCases.first { text.dropFirst($0.rawValue).allSatisfy { $0 == "0" } } ?? .village
  }

  /// The digits that all places below this one begin with.
  package var prefix: Substring { text.prefix(level.rawValue) }

  /// Whether this place is `other` or lies in it.
  package func isWithin(_ other: AreaCode) -> Bool { text.hasPrefix(other.prefix) }

  /// The place at `level` that this one lies in.
  package func ancestor(_ level: Level) -> AreaCode {
    AreaCode(unchecked: String(text.prefix(level.rawValue)) + String(repeating: "0", count: 12 - level.rawValue))
  }

  private init(unchecked text: String) { self.text = text }

  package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}
