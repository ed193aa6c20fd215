/// One searchable unit of a normalised text: two neighbouring ideographs, or a whole word of letters and digits.
package struct Token: Hashable, Sendable {
  /// Names the token's scalars: a pair is spelled out, a word is hashed (FNV-1a, with the top bit set).
  package let key: UInt64
  /// Position in the normalised scalars.
  package let start: Int
  package let count: Int

  package var range: Range<Int> { start..<start + count }
}

extension NormalizedText {
  /// All tokens in `range`, in the order of the text. An ideograph that stands alone is a token of its own.
  package func tokens(in range: Range<Int>) -> [Token] {
    var result = [Token]()
    result.reserveCapacity(range.count)
    var position = range.lowerBound
    while position < range.upperBound {
      let end = runEnd(from: position, limit: range.upperBound)
      switch ScalarKind(scalars[position]) {
      case .ideograph: appendPairs(position..<end, to: &result)
      case .letter: result.append(Token(key: wordKey(position..<end), start: position, count: end - position))
      case .sentenceEnd, .separator: break
      }
      position = end
    }
    return result
  }

  /// All tokens of the text.
  package var tokens: [Token] { tokens(in: 0..<scalars.count) }

  /// The text cut into sentences; one that is longer than `limit` scalars is cut again at spaces, or where it must be.
  package func sentences(limit: Int) -> [Range<Int>] {
    var result = [Range<Int>]()
    var start = 0
    var lastSpace: Int?
    for position in 0..<scalars.count {
      if scalars[position] == 0x0a {
        if position > start { result.append(start..<position) }
        (start, lastSpace) = (position + 1, nil)
      } else {
        if scalars[position] == 0x20 { lastSpace = position }
        if position - start >= limit {
          let cut = lastSpace ?? position
          result.append(start..<cut)
          (start, lastSpace) = (lastSpace.map { $0 + 1 } ?? position, nil)
        }
      }
    }
    if start < scalars.count { result.append(start..<scalars.count) }
    return result
  }

  private func appendPairs(_ run: Range<Int>, to result: inout [Token]) {
    guard run.count > 1 else {
      result.append(Token(key: UInt64(scalars[run.lowerBound]), start: run.lowerBound, count: 1))
      return
    }
    for position in run.lowerBound..<run.upperBound - 1 {
      let key = UInt64(scalars[position]) << 32 | UInt64(scalars[position + 1])
      result.append(Token(key: key, start: position, count: 2))
    }
  }

  /// The end of the stretch of one kind that begins at `position`; a point between digits belongs to the number.
  private func runEnd(from position: Int, limit: Int) -> Int {
    let kind = ScalarKind(scalars[position])
    var end = position + 1
    while end < limit {
      let isPoint = kind == .letter && scalars[end] == 0x2e
      guard isPoint || ScalarKind(scalars[end]) == kind else { break }
      end += 1
    }
    return end
  }

  private func wordKey(_ range: Range<Int>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for scalar in scalars[range] { hash = (hash ^ UInt64(scalar)) &* 0x100_0000_01b3 }
    return hash | 1 << 63
  }
}
