package import CProtobufC

/// protobuf-c's description of one message type. It is constant data of the program (or of a `DescriptorPool`).
package struct MessageLayout: @unchecked Sendable {
  package let descriptor: UnsafePointer<ProtobufCMessageDescriptor>

  @inlinable package init(_ descriptor: UnsafePointer<ProtobufCMessageDescriptor>) { self.descriptor = descriptor }

  /// The bytes of the C struct.
  package var structBytes: Int { descriptor.pointee.sizeof_message }
}

extension MessageLayout {
  /// Has protobuf-c unpack `bytes` into an arena and `read` the struct, which is gone afterwards. Not generic: what is made of the
  /// struct leaves through `read`, so that no metadata is looked up per message.
  package func unpacking(
    _ bytes: UnsafeRawBufferPointer, name: @autoclosure () -> String, limit: Int, hasMessages: Bool,
    _ read: (UnsafeRawPointer) throws(WireError) -> Void
  ) throws(WireError) {
    guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
    let finding = hasMessages ? NestingScan.look(bytes, self) : .plain
    if finding == .tooDeep { throw .tooDeep(limit: WireLimits.maximumNesting) }
    do throws(WireError) {
      if finding == .plain { return try unpack(bytes, read) }
      throw .malformed(message: "")
    } catch {
      guard case .malformed = error else { throw error }
      var failure: WireError? = .malformed(message: name())
      if let rewritten = try Escape.rewriting(bytes, self) {
        rewritten.withUnsafeBytes { bytes in
          do throws(WireError) {
            try unpack(bytes, read)
            failure = nil
          } catch {
            if case .malformed = error { return }
            failure = error
          }
        }
      }
      if let failure { throw failure }
    }
  }

  private func unpack(
    _ bytes: UnsafeRawBufferPointer, _ read: (UnsafeRawPointer) throws(WireError) -> Void
  ) throws(WireError) {
    let failure = Arena.withArena(limit: WireLimits.maximumArenaBytes) { arena -> WireError? in
      arena.withAllocator { allocator -> WireError? in
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        guard let message = protobuf_c_message_unpack(descriptor, allocator, bytes.count, start) else {
          return arena.isExhausted ? .tooLarge(limit: WireLimits.maximumArenaBytes) : .malformed(message: "")
        }
        do throws(WireError) { try read(UnsafeRawPointer(message)) } catch { return error }
        return nil
      }
    }
    if let failure { throw failure }
  }

  /// Has `fill` make the struct in an arena and protobuf-c pack it, after `prefix` zero bytes.
  package func packing(prefix: Int, _ fill: (UnsafeMutableRawPointer, Arena) -> Void) -> [UInt8] {
    withPacking(fill) { size, pack in
      var bytes = [UInt8](repeating: 0, count: prefix + size)
      if size > 0 { bytes.withUnsafeMutableBytes { pack($0.baseAddress! + prefix) } }
      return bytes
    }
  }

  /// The bytes that one byte of C structs, arrays and texts can become at most: four of a number are ten and a tag.
  private static let growth = 4
  /// Messages up to this size are packed beside their struct and copied, which costs less than to find out their size first.
  private static let packedAside = 32 << 10

  func withPacking<Result>(
    _ fill: (UnsafeMutableRawPointer, Arena) -> Void,
    _ body: (_ size: Int, _ pack: (UnsafeMutableRawPointer) -> Void) -> Result
  ) -> Result {
    Arena.withArena { arena in
      let room = arena.allocate(bytes: structBytes)
      fill(room, arena)
      let message = room.assumingMemoryBound(to: ProtobufCMessage.self)
      let bound = arena.taken * Self.growth
      if bound <= Self.packedAside {
        let packed = arena.allocate(bytes: bound)
        let size = protobuf_c_message_pack(message, packed.assumingMemoryBound(to: UInt8.self))
        return body(size) { target in target.copyMemory(from: packed, byteCount: size) }
      }
      let size = protobuf_c_message_get_packed_size(message)
      return body(size) { target in
        _ = protobuf_c_message_pack(message, target.assumingMemoryBound(to: UInt8.self))
      }
    }
  }
}

extension Message {
  /// Decodes `bytes`, or says what is wrong with them.
  @inlinable
  package init(decoding bytes: [UInt8], limit: Int = WireLimits.maximumMessageBytes) throws(WireError) {
    self.init()
    var failure: WireError?
    bytes.withUnsafeBytes { bytes in
      do throws(WireError) { try self.decode(bytes, limit) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Decodes `bytes`, or says what is wrong with them. Nothing of the buffer is kept.
  @inlinable
  package init(decoding bytes: UnsafeRawBufferPointer, limit: Int = WireLimits.maximumMessageBytes) throws(WireError) {
    self.init()
    try decode(bytes, limit)
  }

  @inlinable
  mutating func decode(_ bytes: UnsafeRawBufferPointer, _ limit: Int) throws(WireError) {
    try Self.layout.unpacking(bytes, name: Self.fullName, limit: limit, hasMessages: Self.hasMessages) {
      (pointer: UnsafeRawPointer) throws(WireError) in self = try Self(cStruct: pointer)
    }
  }

  /// The message as bytes, after `prefix` zero bytes that the caller fills in (gRPC's frame header has five).
  @inlinable
  package func encoded(prefix: Int = 0) -> [UInt8] {
    Self.layout.packing(prefix: prefix) { room, arena in fill(cStruct: room, in: arena) }
  }

  /// The message as bytes.
  package func encoded() -> [UInt8] { encoded(prefix: 0) }

  /// Tells `body` how many bytes the message has, and lets it have them packed where it wants them.
  package func withEncoding<Result>(
    _ body: (_ size: Int, _ pack: (UnsafeMutableRawPointer) -> Void) -> Result
  ) -> Result {
    Self.layout.withPacking({ room, arena in fill(cStruct: room, in: arena) }, body)
  }
}
