/// Strings of bytes that others send: looked at once, strictly, then copied without a second look.
enum Text {
  /// What bytes turn out to be.
  enum Finding {
    case ascii, unicode
    /// U+0000 is UTF-8 and still not text that we take.
    case containsNUL
    case notUTF8
  }

  /// Looks whether `count` bytes are UTF-8. Written for Chinese: ASCII goes by eight bytes, and characters
  /// of three bytes by two.
  static func check(_ start: UnsafePointer<UInt8>, _ count: Int) -> Finding {
    var finding = Finding.ascii
    var place = UnsafeRawPointer(start)
    let end = place + count
    while place < end {
      if end - place >= 8 {
        let eight = UInt64(littleEndian: place.loadUnaligned(as: UInt64.self))
        if isTwoOfThree(eight) {
          finding = .unicode
          place += 6
          continue
        }
        if eight & 0x8080_8080_8080_8080 == 0 {
          if (eight &- 0x0101_0101_0101_0101) & 0x8080_8080_8080_8080 != 0 { return .containsNUL }
          place += 8
          continue
        }
      }
      let first = place.load(as: UInt8.self)
      if first == 0 { return .containsNUL }
      let length = first < 0x80 ? 1 : characterLength(place.assumingMemoryBound(to: UInt8.self), end - place)
      if length == 0 { return .notUTF8 }
      if length > 1 { finding = .unicode }
      place += length
    }
    return finding
  }

  /// Whether the lower six bytes are two characters of three bytes, neither of which begins with E0 or ED: after the others any two
  /// bytes of the form 10…… may follow.
  @inline(__always) private static func isTwoOfThree(_ eight: UInt64) -> Bool {
    guard eight & 0xc0c0_f0c0_c0f0 == 0x8080_e080_80e0 else { return false }
    let low = eight & 0x0000_0f00_000f
    let notE0 = low &+ 0x0000_0f00_000f
    let notED = (low ^ 0x0000_0d00_000d) &+ 0x0000_0f00_000f
    return notE0 & notED & 0x0000_1000_0010 == 0x0000_1000_0010
  }

  /// The bytes of the character of two to four bytes at `start`; 0 if it is none: cut off, overlong, a surrogate, too large.
  private static func characterLength(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int {
    let length: Int
    let second: ClosedRange<UInt8>
    switch start[0] {
    case 0xc2...0xdf: (length, second) = (2, 0x80...0xbf)
    case 0xe0: (length, second) = (3, 0xa0...0xbf)
    case 0xed: (length, second) = (3, 0x80...0x9f)
    case 0xe1...0xef: (length, second) = (3, 0x80...0xbf)
    case 0xf0: (length, second) = (4, 0x90...0xbf)
    case 0xf1...0xf3: (length, second) = (4, 0x80...0xbf)
    case 0xf4: (length, second) = (4, 0x80...0x8f)
    default: return 0
    }
    guard length <= count, second.contains(start[1]) else { return 0 }
    for index in 2..<max(length, 2) where start[index] & 0xc0 != 0x80 { return 0 }
    return length
  }

  /// A string of bytes that have been looked at.
  static func string(_ start: UnsafePointer<UInt8>, _ count: Int, isASCII: Bool) -> String {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    return String(copying: UTF8Span(unchecked: bytes.span, isKnownASCII: isASCII))
  }
}
