import CProtobufC

/// Fields of a message that our contract does not know, as they came.
package struct UnknownFields: Sendable, Equatable {
  /// One after another as on the wire, tags and all.
  package private(set) var bytes: [UInt8] = []

  /// None.
  package init() {}

  package var isEmpty: Bool { bytes.isEmpty }

  /// What the length-delimited fields of that number hold, in their order.
  package func contents(of number: UInt32) -> [[UInt8]] {
    bytes.withUnsafeBytes { bytes in
      var reader = WireReader(bytes)
      var contents: [[UInt8]] = []
      while let field = reader.next() {
        if field.number == number, case .bytes(let content) = field.value { contents.append([UInt8](content)) }
      }
      return contents
    }
  }

  /// Copies what protobuf-c set aside in the message whose base is at `base`.
  @inlinable package init(cBase base: UnsafeRawPointer) throws(WireError) {
    self.init()
    if Self.hasAny(base) { try copy(base) }
  }

  @usableFromInline package static func hasAny(_ base: UnsafeRawPointer) -> Bool {
    base.assumingMemoryBound(to: ProtobufCMessage.self).pointee.n_unknown_fields > 0
  }

  @usableFromInline package mutating func copy(_ base: UnsafeRawPointer) throws(WireError) {
    let message = base.assumingMemoryBound(to: ProtobufCMessage.self).pointee
    for field in UnsafeBufferPointer(start: message.unknown_fields, count: Int(message.n_unknown_fields)) {
      let content = UnsafeRawBufferPointer(start: field.data, count: field.len)
      if field.tag == 0 {
        guard let original = Escape.original(of: content) else { throw .malformed(message: "") }
        bytes.append(contentsOf: original)
      } else {
        bytes.append(varint: UInt64(field.tag) << 3 | UInt64(field.wire_type.rawValue))
        bytes.append(contentsOf: content)
      }
    }
  }

  /// Hangs the fields onto the C struct whose base is at `base`: for protobuf-c all of them are one, which has the first one's
  /// tag and after it the rest.
  @inlinable package func fill(cBase base: UnsafeMutableRawPointer, in arena: Arena) {
    if !isEmpty { hang(onto: base, arena) }
  }

  @usableFromInline package func hang(onto base: UnsafeMutableRawPointer, _ arena: Arena) {
    let field = arena.allocate(1, of: ProtobufCMessageUnknownField.self)
    let copy = StructWriter.bytes(bytes, arena)
    var reader = WireReader(UnsafeRawBufferPointer(start: copy.data, count: copy.len))
    guard let tag = reader.tag(), let start = copy.data else { return }
    field.initialize(
      to: ProtobufCMessageUnknownField(
        tag: tag.number, wire_type: ProtobufCWireType(rawValue: tag.wireType), len: copy.len - reader.position,
        data: start + reader.position))
    let message = base.assumingMemoryBound(to: ProtobufCMessage.self)
    message.pointee.n_unknown_fields = 1
    message.pointee.unknown_fields = field
  }
}

extension [UInt8] {
  /// Adds a number as the wire has it, seven bits a byte.
  package mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }
}
