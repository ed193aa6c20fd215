/// Decides, message by message, whether one side of a call packs what it sends.
struct MessagePacker {
  /// How, if at all; the head has said so.
  let compression: Compression
  /// Whether packing pays on this call, unless somebody wants it: once it did not, it will not the next time either.
  private var isWorthwhile: Bool

  init(_ compression: Compression, isWorthwhile: Bool = true) {
    self.compression = compression
    self.isWorthwhile = isWorthwhile
  }

  /// The message packed and framed; `nil`: it goes as it is. `isWanted`: what somebody said about this message; `nil`: if it pays.
  mutating func pack(_ message: UnsafeRawBufferPointer, isWanted: Bool?) -> [UInt8]? {
    if isWanted == nil, !isWorthwhile || message.count < Compression.threshold { return nil }
    guard isWanted != false, let packed = MessageCodec.pack(message, compression) else { return nil }
    guard isWanted == nil, packed.count >= message.count + MessagePrefix.length else { return packed }
    isWorthwhile = false
    return nil
  }
}
