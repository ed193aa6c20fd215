import CZlib

/// Unpacks messages with one zlib state, used again and again.
struct Inflater: ~Copyable {
  /// Bytes that are unpacked at a time.
  private static let step = 32 << 10

  // zlib remembers the address.
  private let stream: UnsafeMutablePointer<z_stream>
  private let scratch: UnsafeMutablePointer<UInt8>

  /// `nil` where memory is short.
  init?() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    scratch = .allocate(capacity: Self.step)
    guard inflateInit2_(stream, MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      stream.deallocate()
      scratch.deallocate()
      return nil
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    scratch.deallocate()
  }

  /// The message that was packed, of `limit` bytes at most. Room is made for what comes out, a step at a time: a bomb costs what a
  /// message of the limit may cost, whatever it says.
  mutating func unpack(_ bytes: [UInt8], _ compression: Compression, limit: Int) throws(Status) -> [UInt8] {
    guard inflateReset2(stream, compression.windowBits) == Z_OK else { throw Self.damaged }
    return try bytes.withUnsafeBufferPointer { input throws(Status) in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.pointee.avail_in = uInt(input.count)
      var output = [UInt8]()
      while true {
        stream.pointee.next_out = scratch
        stream.pointee.avail_out = uInt(Self.step)
        let state = inflate(stream, Z_NO_FLUSH)
        let part = UnsafeBufferPointer(start: scratch, count: Self.step - Int(stream.pointee.avail_out))
        guard output.count + part.count <= limit else {
          throw Status(.resourceExhausted, "a message that unpacks to more than the \(limit) bytes that are taken")
        }
        output.append(contentsOf: part)
        if state == Z_STREAM_END, stream.pointee.avail_in == 0 { return output }
        // Z_BUF_ERROR: it ends too soon. Z_STREAM_END: it goes on when it should not.
        guard state == Z_OK else { throw Self.damaged }
      }
    }
  }

  private static let damaged = Status(.internal, "a compressed message is damaged")
}
