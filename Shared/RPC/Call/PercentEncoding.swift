/// The encoding of `grpc-message`: any Unicode in printable ASCII.
enum PercentEncoding {
  static func encode(_ text: String) -> String {
    guard text.utf8.contains(where: mustEscape) else { return text }
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes = [UInt8]()
    bytes.reserveCapacity(text.utf8.count * 2)
    for byte in text.utf8 {
      if mustEscape(byte) {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What cannot be decoded stays as it is.
  static func decode(_ text: String) -> String {
    let source = Array(text.utf8)
    guard source.contains(UInt8(ascii: "%")) else { return text }
    var bytes = [UInt8]()
    bytes.reserveCapacity(source.count)
    var index = 0
    while index < source.count {
      if source[index] == UInt8(ascii: "%"), index + 2 < source.count, let high = digit(source[index + 1]),
        let low = digit(source[index + 2])
      {
        bytes.append(high << 4 | low)
        index += 3
      } else {
        bytes.append(source[index])
        index += 1
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func mustEscape(_ byte: UInt8) -> Bool { !(0x20...0x7e).contains(byte) || byte == UInt8(ascii: "%") }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
  }
}
