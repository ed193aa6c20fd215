import NIOPosix

/// The zlib states of one thread, made when the first compressed message needs them: some 300 KB for a thread that ever does.
///
/// `@unchecked`: each lives and dies with its thread, and no other ever sees it.
final class MessageCodec: @unchecked Sendable {
  private static let current = ThreadSpecificVariable<MessageCodec>()

  private var inflater: Inflater?
  private var gzip: Deflater?
  private var deflate: Deflater?

  private static var ofThread: MessageCodec {
    if let codec = current.currentValue { return codec }
    let codec = MessageCodec()
    current.currentValue = codec
    return codec
  }

  /// The message that was packed.
  static func unpack(_ bytes: [UInt8], _ compression: Compression, limit: Int) throws(Status) -> [UInt8] {
    let codec = ofThread
    if codec.inflater == nil { codec.inflater = Inflater() }
    guard let message = try codec.inflater?.unpack(bytes, compression, limit: limit) else {
      throw Status(.resourceExhausted, "no memory to unpack a message")
    }
    return message
  }

  /// The message packed and framed; `nil`: leave it as it is.
  static func pack(_ message: UnsafeRawBufferPointer, _ compression: Compression) -> [UInt8]? {
    let codec = ofThread
    switch compression {
    case .gzip:
      if codec.gzip == nil { codec.gzip = Deflater(.gzip) }
      return codec.gzip?.pack(message)
    case .deflate:
      if codec.deflate == nil { codec.deflate = Deflater(.deflate) }
      return codec.deflate?.pack(message)
    }
  }
}
