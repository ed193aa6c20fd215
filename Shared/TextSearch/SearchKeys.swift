extension NormalizedText {
  /// What may be stored to find a sealed text again: each distinct token as `keyed` hashes it, sorted, no clear text.
  ///
  /// The closure holds the key (HMAC over the token's UTF-8); whoever has the table but not the key learns no word.
  package func searchKeys(keyed: ([UInt8]) throws -> [UInt8]) rethrows -> [[UInt8]] {
    var seen = Set<UInt64>()
    var result = [[UInt8]]()
    for token in tokens where seen.insert(token.key).inserted {
      result.append(try keyed(Array(String(text(of: token)).utf8)))
    }
    return result.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Every ideograph as a token of its own, so that a query of one character finds it inside a pair, too.
  package var ideographs: [Token] {
    scalars.indices.filter { ScalarKind(scalars[$0]) == .ideograph }
      .map { Token(key: UInt64(scalars[$0]), start: $0, count: 1) }
  }

  /// What stands at `token`, normalised.
  package func text(of token: Token) -> String {
    var result = ""
    result.unicodeScalars.append(contentsOf: scalars[token.range].compactMap { Unicode.Scalar($0) })
    return result
  }

  /// Whether `other`, which has at least one scalar, stands somewhere in this text without a gap.
  package func contains(_ other: NormalizedText) -> Bool {
    guard let first = other.scalars.first, other.scalars.count <= scalars.count else { return false }
    for start in 0...scalars.count - other.scalars.count where scalars[start] == first {
      if scalars[start..<start + other.scalars.count].elementsEqual(other.scalars) { return true }
    }
    return false
  }
}
