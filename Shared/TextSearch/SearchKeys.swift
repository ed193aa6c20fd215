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

  private func text(of token: Token) -> String {
    var result = ""
    result.unicodeScalars.append(contentsOf: scalars[token.range].compactMap { Unicode.Scalar($0) })
    return result
  }
}
