/// The identifier of one `Subject`: text made by the program (UUIDv7) or given by the domain (a 12-digit code).
/// The type parameter keeps a grid's id out of an organisation's place.
package struct ID<Subject>: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The id as it is written and sent.
  package let text: String

  package init(_ text: String) { self.text = text }

  package var description: String { text }

  package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

extension ID: ExpressibleByStringLiteral, ExpressibleByUnicodeScalarLiteral,
  ExpressibleByExtendedGraphemeClusterLiteral
{
  package init(stringLiteral text: String) { self.init(text) }
}

/// RFC 9562 UUID, version 7: 48 bits of milliseconds, then random. Text of 36 lower-case characters, ordered by time.
package enum UUIDv7 {
  /// A new identifier for `instant`, with randomness from `generator` (tests pass a seeded one).
  package static func make(at instant: Timestamp, using generator: inout some RandomNumberGenerator) -> String {
    let milliseconds = UInt64(max(0, instant.microseconds / 1000)) & 0xffff_ffff_ffff
    let high = milliseconds << 16 | 0x7000 | UInt64.random(in: 0...0xfff, using: &generator)
    let low = UInt64.random(in: 0...(1 << 62 - 1), using: &generator) | 1 << 63
    return text(high, low)
  }

  /// A new identifier for `instant` from the system's random numbers.
  package static func make(at instant: Timestamp) -> String {
    var generator = SystemRandomNumberGenerator()
    return make(at: instant, using: &generator)
  }

  /// An identifier made of the first 16 bytes of a digest (RFC 9562 version 8): the same input, the same id.
  package static func named(digest: some Sequence<UInt8>) -> String {
    var high: UInt64 = 0
    var low: UInt64 = 0
    for (index, byte) in digest.prefix(16).enumerated() {
      if index < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
    }
    return text(high & ~0xf000 | 0x8000, low & (1 << 62 - 1) | 1 << 63)
  }

  private static func text(_ high: UInt64, _ low: UInt64) -> String {
    var result = [UInt8]()
    result.reserveCapacity(36)
    for index in 0..<32 {
      if index == 8 || index == 12 || index == 16 || index == 20 { result.append(45) }
      let word = index < 16 ? high : low
      let nibble = UInt8(word >> UInt64(60 - index % 16 * 4) & 15)
      result.append(nibble < 10 ? nibble + 48 : nibble + 87)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
