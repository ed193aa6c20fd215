/// Puts messages together from the bytes of a stream, however they were cut: a flag, four bytes of length, the message.
///
/// ```
/// ── prefix (0…4 bytes seen) ──5th byte──▶ body (n bytes missing) ──last byte──▶ deliver ──▶ prefix
///        │ flag above 1: refused                 │ length over the limit: refused before any allocation
/// ```
/// A message with flag 1 is unpacked when it is whole, within the same limit.
package struct MessageAssembler {
  /// The most bytes that a message may have, on the wire and unpacked.
  package let limit: Int
  /// How messages with flag 1 are packed.
  package var encoding = MessageEncoding.identity
  private var prefix: InlineArray<5, UInt8> = [0, 0, 0, 0, 0]
  private var prefixCount = 0
  private var body: [UInt8] = []
  private var missing = 0

  /// For messages of at most `limit` bytes.
  package init(limit: Int) { self.limit = limit }

  /// Whether the bytes so far end between two messages.
  package var isBetweenMessages: Bool { prefixCount == 0 }

  /// Takes bytes, and gives every message that they complete to `deliver`, with whether it came compressed.
  package mutating func append(
    _ bytes: UnsafeRawBufferPointer, _ deliver: (_ message: [UInt8], _ isCompressed: Bool) -> Void
  ) throws(Status) {
    var rest = bytes[...]
    while !rest.isEmpty {
      if prefixCount < 5 {
        prefix[prefixCount] = rest.removeFirst()
        prefixCount += 1
        guard prefixCount == 5 else { continue }
        try begin()
        if missing == 0 { try finish(deliver) }
        continue
      }
      let count = min(missing, rest.count)
      let part = UnsafeRawBufferPointer(rebasing: rest.prefix(count))
      // A length is only a promise: room is made for what has come, so that a promise alone costs nothing.
      if body.isEmpty, count == missing { body = [UInt8](part) } else { body.append(contentsOf: part) }
      rest = rest.dropFirst(count)
      missing -= count
      if missing == 0 { try finish(deliver) }
    }
  }

  private mutating func begin() throws(Status) {
    if prefix[0] != 0 { try checkFlag() }
    missing = Int(prefix[1]) << 24 | Int(prefix[2]) << 16 | Int(prefix[3]) << 8 | Int(prefix[4])
    guard missing <= limit else {
      throw Status(.resourceExhausted, "a message of \(missing) bytes, where at most \(limit) are taken")
    }
  }

  private func checkFlag() throws(Status) {
    guard prefix[0] == 1 else {
      throw Status(.internal, "a message flag of \(prefix[0]), which gRPC does not know")
    }
    switch encoding {
    case .known: break
    case .identity: throw Status(.internal, "a compressed message on a stream that named no compression")
    case .unknown(let name): throw Status(.internal, "a message compressed with \(name), which nobody offered to take")
    }
  }

  private mutating func finish(_ deliver: (_ message: [UInt8], _ isCompressed: Bool) -> Void) throws(Status) {
    prefixCount = 0
    let message = body
    body = []
    guard prefix[0] == 1, let compression = encoding.compression else { return deliver(message, false) }
    deliver(try MessageCodec.unpack(message, compression, limit: limit), true)
  }
}

/// The five bytes in front of a message.
@usableFromInline
enum MessagePrefix {
  /// Bytes in front of every message.
  @usableFromInline static let length = 5

  /// Writes the prefix into the five bytes that `framed` begins with.
  static func fill(_ framed: inout [UInt8], isCompressed: Bool = false) {
    let count = UInt32(framed.count - length)
    framed.withUnsafeMutableBufferPointer { bytes in
      bytes[0] = isCompressed ? 1 : 0
      bytes[1] = UInt8(truncatingIfNeeded: count >> 24)
      bytes[2] = UInt8(truncatingIfNeeded: count >> 16)
      bytes[3] = UInt8(truncatingIfNeeded: count >> 8)
      bytes[4] = UInt8(truncatingIfNeeded: count)
    }
  }

  /// The prefix alone, for a message of `count` bytes.
  static func bytes(_ count: Int) -> [UInt8] {
    var prefix: [UInt8] = [0, 0, 0, 0, 0]
    for index in 1...4 { prefix[index] = UInt8(truncatingIfNeeded: count >> (8 * (4 - index))) }
    return prefix
  }
}
