/// An HTTP/2 frame as bytes: so that tests say what no library would.
package struct Frame: Sendable, Equatable, CustomStringConvertible {
  package static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
  package static let endStream: UInt8 = 1
  package static let acknowledgement: UInt8 = 1
  package static let endHeaders: UInt8 = 4
  package static let padded: UInt8 = 8
  package static let hasPriority: UInt8 = 32

  package var type: UInt8
  package var flags: UInt8
  package var stream: UInt32
  package var payload: [UInt8]
  /// What the header says of the length, if it lies.
  package var claimedLength: Int?

  package init(_ type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = [], claiming: Int? = nil) {
    self.type = type
    self.flags = flags
    self.stream = stream
    self.payload = payload
    self.claimedLength = claiming
  }

  package var bytes: [UInt8] {
    let length = claimedLength ?? payload.count
    return [UInt8(length >> 16), UInt8(length >> 8 & 255), UInt8(length & 255), type, flags] + Self.word(stream)
      + payload
  }

  package var description: String { "type \(type) flags \(flags) stream \(stream) \(payload.prefix(24))" }

  /// The error code of a GOAWAY or RST_STREAM.
  package var code: UInt32? {
    switch type {
    case 3 where payload.count == 4: Self.number(payload[...])
    case 7 where payload.count >= 8: Self.number(payload[4..<8])
    default: nil
    }
  }

  /// What a GOAWAY says.
  package var text: String { type == 7 ? String(decoding: payload.dropFirst(8), as: UTF8.self) : "" }

  /// The whole frames that `bytes` begins with, taken off it.
  package static func take(from bytes: inout [UInt8]) -> [Frame] {
    var frames: [Frame] = []
    var start = 0
    while bytes.count - start >= 9 {
      let length = Int(bytes[start]) << 16 | Int(bytes[start + 1]) << 8 | Int(bytes[start + 2])
      guard bytes.count - start >= 9 + length else { break }
      frames.append(
        Frame(
          bytes[start + 3], flags: bytes[start + 4], stream: number(bytes[start + 5..<start + 9]),
          Array(bytes[start + 9..<start + 9 + length])))
      start += 9 + length
    }
    bytes.removeFirst(start)
    return frames
  }

  /// Four bytes, the highest first.
  package static func word(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }
}

// MARK: - Each type

extension Frame {
  package static func data(_ stream: UInt32, _ bytes: [UInt8] = [], end: Bool = false) -> Self {
    Self(0, flags: end ? endStream : 0, stream: stream, bytes)
  }
  package static func headers(_ stream: UInt32, _ block: [UInt8], end: Bool = true, isWhole: Bool = true) -> Self {
    Self(1, flags: (end ? endStream : 0) | (isWhole ? endHeaders : 0), stream: stream, block)
  }
  package static func priority(_ stream: UInt32, on other: UInt32 = 0) -> Self {
    Self(2, stream: stream, word(other) + [15])
  }
  package static func reset(_ stream: UInt32, _ code: UInt32 = 8) -> Self { Self(3, stream: stream, word(code)) }
  package static func settings(_ values: KeyValuePairs<UInt16, UInt32> = [:]) -> Self {
    Self(4, values.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] + word($1) })
  }
  package static let settingsAcknowledged = Self(4, flags: acknowledgement)
  package static func ping(_ payload: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]) -> Self { Self(6, payload) }
  package static func goAway(_ last: UInt32 = 0, _ code: UInt32 = 0) -> Self { Self(7, word(last) + word(code)) }
  package static func windowUpdate(_ stream: UInt32, _ increment: UInt32) -> Self {
    Self(8, stream: stream, word(increment))
  }
  package static func continuation(_ stream: UInt32, _ block: [UInt8], isWhole: Bool = true) -> Self {
    Self(9, flags: isWhole ? endHeaders : 0, stream: stream, block)
  }
}

// MARK: - Header blocks

/// Header blocks as HPACK has them at its simplest: literals that are not remembered, without Huffman codes.
package enum HPACK {
  package static func block(_ fields: [(String, String)]) -> [UInt8] { fields.flatMap(literal) }

  package static func literal(_ name: String, _ value: String) -> [UInt8] { [0] + text(name) + text(value) }

  package static func text(_ text: String) -> [UInt8] { length(text.utf8.count) + Array(text.utf8) }

  /// A length in seven bits, or more as it takes.
  private static func length(_ number: Int) -> [UInt8] {
    guard number >= 127 else { return [UInt8(number)] }
    var bytes: [UInt8] = [127]
    var rest = number - 127
    while rest >= 128 {
      bytes.append(UInt8(rest & 127 | 128))
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  /// The head of a gRPC request.
  package static func request(_ path: String = "/test.Echo/Echo", _ more: [(String, String)] = []) -> [UInt8] {
    block(
      [
        (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "here"),
        ("content-type", "application/grpc"), ("te", "trailers"),
      ] + more)
  }
}
