package import TextSearch

/// A text as keyed hashes of its tokens: enough to find and compare it, nothing to read.
package struct Fingerprint: Hashable, Sendable {
  /// Hashes of the distinct pairs of ideographs and whole words, sorted.
  package let pairs: [UInt32]
  /// Hashes of the distinct ideographs, sorted.
  package let singles: [UInt32]

  package init(pairs: [UInt32], singles: [UInt32]) {
    self.pairs = pairs
    self.singles = singles
  }

  /// The fingerprint of several texts together; `keyed` hashes a token under the service's key.
  package init(_ texts: [NormalizedText], keyed: (NormalizedText, Token) -> UInt32) {
    func hashes(_ tokens: (NormalizedText) -> [Token]) -> [UInt32] {
      var found = Set<UInt32>()
      for text in texts { for token in tokens(text) { found.insert(keyed(text, token)) } }
      return found.sorted()
    }
    self.init(pairs: hashes { $0.tokens }, singles: hashes { $0.ideographs })
  }

  package var isEmpty: Bool { pairs.isEmpty && singles.isEmpty }

  /// Both lists together, without doubles: what the index of this text is made of.
  package var keys: [UInt32] { Array(Set(pairs).union(singles)).sorted() }

  /// How many of the pairs are common, by how many there are in both together; 0 where there are none.
  package func similarity(to other: Fingerprint) -> Double {
    let common = commonCount(pairs, other.pairs)
    let all = pairs.count + other.pairs.count - common
    return all == 0 ? 0 : Double(common) / Double(all)
  }

  private func commonCount(_ left: [UInt32], _ right: [UInt32]) -> Int {
    var (i, j, count) = (0, 0, 0)
    while i < left.count, j < right.count {
      if left[i] == right[j] {
        count += 1
        i += 1
        j += 1
      } else if left[i] < right[j] {
        i += 1
      } else {
        j += 1
      }
    }
    return count
  }
}
