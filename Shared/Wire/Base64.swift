/// Bytes as text: in JSON, and in the values of `-bin` metadata.
package enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The text of `bytes` in the standard alphabet; `padded` to a multiple of four characters, as JSON has it, or not, as metadata.
  package static func encode(_ bytes: [UInt8], padded: Bool) -> String {
    let count = padded ? (bytes.count + 2) / 3 * 4 : (bytes.count * 4 + 2) / 3
    return String(unsafeUninitializedCapacity: count) { text in
      var written = 0
      var collected: UInt32 = 0
      var bits: UInt32 = 0
      for byte in bytes {
        collected = collected << 8 | UInt32(byte)
        bits += 8
        while bits >= 6 {
          bits -= 6
          text[written] = alphabet[Int(collected >> bits & 63)]
          written += 1
        }
      }
      if bits > 0 {
        text[written] = alphabet[Int(collected << (6 - bits) & 63)]
        written += 1
      }
      for index in written..<count { text[index] = UInt8(ascii: "=") }
      return count
    }
  }

  /// The bytes of `text`, with all of its padding or with none; `nil` if it is not base64. JSON takes the `orURL` alphabet too.
  package static func decode(_ text: some StringProtocol, orURL: Bool = false) -> [UInt8]? {
    let characters = text.utf8
    let padding =
      characters.count % 4 == 0 ? characters.reversed().prefix(2).prefix { $0 == UInt8(ascii: "=") }.count : 0
    let digits = characters.dropLast(padding)
    guard digits.count % 4 != 1 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count * 3 / 4)
    var collected: UInt32 = 0
    var bits: UInt32 = 0
    for digit in digits {
      guard let value = value(digit, orURL) else { return nil }
      collected = collected << 6 | value
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: collected >> bits))
      }
    }
    return bytes
  }

  private static func value(_ digit: UInt8, _ orURL: Bool) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit) - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit) + 4
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    case UInt8(ascii: "-") where orURL: 62
    case UInt8(ascii: "_") where orURL: 63
    default: nil
    }
  }
}
