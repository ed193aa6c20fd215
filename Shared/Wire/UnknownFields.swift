import CProtobufC

/// Fields of a message that our contract does not know, as they came.
package struct UnknownFields: Sendable, Equatable {
  /// One field as it stood on the wire.
  package struct Field: Sendable, Equatable {
    /// The field number.
    package let number: UInt32
    /// 0 varint, 1 fixed 64, 2 length-delimited, 5 fixed 32.
    package let wireType: UInt8
    /// Everything after the tag; a length-delimited field begins with its length.
    package let bytes: [UInt8]

    package init(number: UInt32, wireType: UInt8, bytes: [UInt8]) {
      self.number = number
      self.wireType = wireType
      self.bytes = bytes
    }

    /// The content of a length-delimited field, without its length.
    package var content: [UInt8]? {
      guard wireType == 2, let end = bytes.firstIndex(where: { $0 < 0x80 }) else { return nil }
      return Array(bytes[(end + 1)...])
    }
  }

  /// In the order in which they came.
  package var fields: [Field]

  package init(_ fields: [Field] = []) { self.fields = fields }

  package var isEmpty: Bool { fields.isEmpty }

  /// Copies what protobuf-c set aside in `base`.
  @inlinable package init(cBase base: UnsafeRawPointer) {
    self.fields = Self.hasAny(base) ? Self.copied(base) : []
  }

  @usableFromInline package static func hasAny(_ base: UnsafeRawPointer) -> Bool {
    base.assumingMemoryBound(to: ProtobufCMessage.self).pointee.n_unknown_fields > 0
  }

  @usableFromInline package static func copied(_ base: UnsafeRawPointer) -> [Field] {
    let message = base.assumingMemoryBound(to: ProtobufCMessage.self).pointee
    return UnsafeBufferPointer(start: message.unknown_fields, count: Int(message.n_unknown_fields)).map { field in
      Field(
        number: field.tag, wireType: UInt8(field.wire_type.rawValue),
        bytes: Array(UnsafeBufferPointer(start: field.data, count: field.len)))
    }
  }

  /// Hangs the fields onto the C struct whose base is at `base`.
  package func fill(cBase base: UnsafeMutableRawPointer, in arena: Arena) {
    guard !fields.isEmpty else { return }
    let array = arena.allocate(fields.count, of: ProtobufCMessageUnknownField.self)
    for (index, field) in fields.enumerated() {
      let data = arena.allocate(field.bytes.count, of: UInt8.self)
      data.update(from: field.bytes, count: field.bytes.count)
      array[index] = ProtobufCMessageUnknownField(
        tag: field.number, wire_type: ProtobufCWireType(rawValue: UInt32(field.wireType)), len: field.bytes.count,
        data: data)
    }
    let message = base.assumingMemoryBound(to: ProtobufCMessage.self)
    message.pointee.n_unknown_fields = UInt32(fields.count)
    message.pointee.unknown_fields = array
  }
}
