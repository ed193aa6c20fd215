/// A text in the one form in which it is searched, with the way back to where each scalar stood in the original.
///
/// Width and letter case folded, compatibility ideographs and traditional characters replaced, every run of punctuation and space
/// made one space (one line feed where a sentence ends), thousands separators dropped. Two texts that a reader would call the same
/// have the same `text`.
package struct NormalizedText: Sendable, Equatable {
  /// The folded scalars.
  package let scalars: [UInt32]
  /// For each of them the position of its original, in scalars.
  package let origins: [Int32]

  /// Normalises `original`.
  package init(_ original: some StringProtocol) {
    var builder = Builder()
    builder.reserve(original.utf8.count / 3)
    var position: Int32 = 0
    for scalar in original.unicodeScalars {
      builder.append(Folding.fold(scalar.value), from: position)
      position += 1
    }
    (scalars, origins) = builder.finish()
  }

  /// The normalised form as text.
  package var text: String {
    var result = ""
    result.unicodeScalars.append(contentsOf: scalars.compactMap { Unicode.Scalar($0) })
    return result
  }

  /// Where the stretch `range` of the normalised scalars stood in the original.
  package func originalRange(_ range: Range<Int>) -> Range<Int> {
    guard !range.isEmpty else { return 0..<0 }
    return Int(origins[range.lowerBound])..<Int(origins[range.upperBound - 1]) + 1
  }
}

/// Collects folded scalars and remembers the separators between them until the next word shows that they matter.
private struct Builder {
  private var scalars: [UInt32] = []
  private var origins: [Int32] = []
  /// A separator not yet written, and where it stood.
  private var pending: (scalar: UInt32, origin: Int32)?

  private static let space: UInt32 = 0x20
  private static let lineFeed: UInt32 = 0x0a

  mutating func reserve(_ count: Int) {
    scalars.reserveCapacity(count)
    origins.reserveCapacity(count)
  }

  mutating func append(_ scalar: UInt32, from origin: Int32) {
    switch ScalarKind(scalar) {
    case .ideograph, .letter: appendWord(scalar, origin)
    case .sentenceEnd: pending = (Self.lineFeed, pending?.origin ?? origin)
    case .separator where scalar == 0x2e || scalar == 0x2c:
      pending =
        pending == nil
        ? (scalar, origin) : pending.map { ($0.scalar == Self.lineFeed ? Self.lineFeed : Self.space, $0.origin) }
    case .separator:
      pending = (pending?.scalar == Self.lineFeed ? Self.lineFeed : Self.space, pending?.origin ?? origin)
    }
  }

  private mutating func appendWord(_ scalar: UInt32, _ origin: Int32) {
    if let separator = pending {
      let betweenDigits = scalars.last.map(isDigit) == true && isDigit(scalar)
      switch separator.scalar {
      case 0x2c where betweenDigits: break
      case 0x2e where betweenDigits: write(separator.scalar, separator.origin)
      default:
        if !scalars.isEmpty { write(separator.scalar == Self.lineFeed ? Self.lineFeed : Self.space, separator.origin) }
      }
      pending = nil
    }
    write(scalar, origin)
  }

  private mutating func write(_ scalar: UInt32, _ origin: Int32) {
    scalars.append(scalar)
    origins.append(origin)
  }

  private func isDigit(_ scalar: UInt32) -> Bool { (48...57).contains(scalar) }

  func finish() -> ([UInt32], [Int32]) { (scalars, origins) }
}
