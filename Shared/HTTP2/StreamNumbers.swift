/// The numbers of the peer's streams: they rise, and those left out on the way cannot be used any more (RFC 9113 §5.1.1).
struct StreamNumbers {
  /// Gaps that are remembered. Clients number their streams one after the other; of one that does not, the first gaps do.
  private static let remembered = 16

  private var highest: Int32 = -1
  private var gaps: [ClosedRange<Int32>] = []

  /// The peer has opened stream `id`.
  mutating func began(_ id: Int32) {
    if id > highest + 2, gaps.count < Self.remembered { gaps.append((highest + 1)...(id - 1)) }
    highest = max(highest, id)
  }

  /// Whether stream `id` lies in a gap.
  func isLeftOut(_ id: Int32) -> Bool { !gaps.isEmpty && id & 1 == 1 && gaps.contains { $0.contains(id) } }
}
