import CZlib

/// Packs messages with one zlib state, used again and again.
struct Deflater: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>

  /// `nil` where memory is short.
  init?(_ compression: Compression) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // The fastest level: it is a network that is to be spared, and a message is done in one piece on its event loop.
    guard
      deflateInit2_(
        stream, Z_BEST_SPEED, Z_DEFLATED, compression.windowBits, MAX_MEM_LEVEL - 1, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else {
      stream.deallocate()
      return nil
    }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// The message packed, with the five bytes in front of it; `nil` where zlib fails.
  mutating func pack(_ message: UnsafeRawBufferPointer) -> [UInt8]? {
    guard deflateReset(stream) == Z_OK else { return nil }
    let room = Int(deflateBound(stream, uLong(message.count)))
    var state = Z_OK
    var framed = [UInt8](unsafeUninitializedCapacity: MessagePrefix.length + room) { output, count in
      output.initialize(repeating: 0)
      stream.pointee.next_in = UnsafeMutablePointer(
        mutating: message.baseAddress?.assumingMemoryBound(to: UInt8.self))
      stream.pointee.avail_in = uInt(message.count)
      stream.pointee.next_out = output.baseAddress! + MessagePrefix.length
      stream.pointee.avail_out = uInt(room)
      state = deflate(stream, Z_FINISH)
      count = MessagePrefix.length + room - Int(stream.pointee.avail_out)
    }
    guard state == Z_STREAM_END else { return nil }
    MessagePrefix.fill(&framed, isCompressed: true)
    return framed
  }
}

extension Compression {
  /// How zlib is told the format.
  var windowBits: Int32 { self == .gzip ? MAX_WBITS + 16 : MAX_WBITS }
}
