/// Finds the terms of a dictionary in normalised text: all of them, overlapping ones too, in one walk along a trie.
package struct TermFinder: Sendable {
  /// A term found.
  package struct Hit: Hashable, Sendable {
    /// The number that the term was added under.
    package let term: Int
    /// Where, in scalars of the text.
    package let range: Range<Int>
  }

  /// From (node, scalar) to the next node.
  private var edges: [UInt64: UInt32] = [:]
  /// The term that ends at a node, or -1.
  private var ends: [Int32] = [-1]
  private var roots: Set<UInt32> = []

  package private(set) var count = 0

  package init() {}

  /// The number of `term`, which is added if it is new. `nil` for a term without any letter.
  @discardableResult
  package mutating func add(_ term: some StringProtocol) -> Int? {
    let scalars = NormalizedText(term).scalars
    guard let first = scalars.first else { return nil }
    roots.insert(first)
    var node: UInt32 = 0
    for scalar in scalars {
      let edge = UInt64(node) << 32 | UInt64(scalar)
      if let next = edges[edge] {
        node = next
      } else {
        node = UInt32(ends.count)
        ends.append(-1)
        edges[edge] = node
      }
    }
    if ends[Int(node)] < 0 {
      ends[Int(node)] = Int32(count)
      count += 1
    }
    return Int(ends[Int(node)])
  }

  /// Every occurrence of every term in `range`, by where it begins, the shorter first. Latin words match only whole.
  package func hits(in text: NormalizedText, range: Range<Int>) -> [Hit] {
    var result = [Hit]()
    for start in range where roots.contains(text.scalars[start]) {
      var node: UInt32 = 0
      var position = start
      while position < range.upperBound, let next = edges[UInt64(node) << 32 | UInt64(text.scalars[position])] {
        node = next
        position += 1
        let term = ends[Int(node)]
        if term >= 0, text.isWhole(start..<position) { result.append(Hit(term: Int(term), range: start..<position)) }
      }
    }
    return result
  }
}

extension NormalizedText {
  /// Whether `range` begins and ends where a Latin word may be cut.
  fileprivate func isWhole(_ range: Range<Int>) -> Bool {
    let before = range.lowerBound
    let after = range.upperBound
    let cutsBefore = before > 0 && isLetter(before) && isLetter(before - 1)
    let cutsAfter = after < scalars.count && isLetter(after - 1) && isLetter(after)
    return !cutsBefore && !cutsAfter
  }

  private func isLetter(_ position: Int) -> Bool { ScalarKind(scalars[position]) == .letter }
}
