/// Changes inputs: bytes, runs of bytes, numbers at their edges, words that mean something to the surface, parts of other inputs.
struct Mutator {
  let words: [[UInt8]]
  let longest: Int

  private static let edges: [UInt8] = [0, 1, 2, 7, 8, 0x0f, 0x10, 0x1f, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0xfe, 0xff]

  /// `input` after one to a few changes.
  func mutate(_ input: [UInt8], with other: [UInt8], _ random: inout Random) -> [UInt8] {
    var bytes = input
    for _ in 0...random.below(4) { change(&bytes, other, &random) }
    if bytes.count > longest { bytes.removeLast(bytes.count - longest) }
    return bytes
  }

  private func change(_ bytes: inout [UInt8], _ other: [UInt8], _ random: inout Random) {
    let place = random.below(bytes.count + 1)
    let run = min(1 + random.below(16), bytes.count - place)
    switch random.below(10) {
    case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(random.below(8))
    case 1 where place < bytes.count: bytes[place] = Self.edges[random.below(Self.edges.count)]
    case 2 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: random.next())
    case 3 where place < bytes.count: bytes[place] &+= random.once(in: 2) ? 1 : 255
    case 4: bytes.removeSubrange(place..<(place + run))
    case 5: bytes.insert(contentsOf: Array(bytes[place..<(place + run)]), at: random.below(bytes.count + 1))
    case 6, 7:
      if let word = words.randomElement(using: &random) { bytes.insert(contentsOf: word, at: place) }
    case 8:
      let start = random.below(other.count)
      let part = other[start..<min(start + 1 + random.below(64), other.count)]
      bytes.replaceSubrange(place..<(place + run), with: part)
    default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
    }
  }
}
