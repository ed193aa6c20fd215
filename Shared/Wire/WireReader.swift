/// Walks over the fields of an encoded message without knowing its contract. Ends at the first thing it cannot read.
package struct WireReader {
  /// What a field carries.
  package enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case bytes(UnsafeRawBufferPointer)
    case fixed32(UInt32)
  }

  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  /// Whether everything has been read and was well formed.
  package var isAtEnd: Bool { position == bytes.count }

  package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The next field; `nil` at the end or at something malformed (`isAtEnd` tells which).
  package mutating func next() -> (number: UInt32, value: Value)? {
    let start = position
    guard position < bytes.count, let tag = varint(), tag >> 3 <= UInt64(UInt32.max >> 3), let value = value(tag & 7)
    else {
      position = min(start, bytes.count)
      return nil
    }
    return (UInt32(tag >> 3), value)
  }

  private mutating func value(_ wireType: UInt64) -> Value? {
    switch wireType {
    case 0: return varint().map(Value.varint)
    case 1: return fixed(UInt64.self).map(Value.fixed64)
    case 2:
      guard let count = varint(), count <= UInt64(bytes.count - position) else { return nil }
      defer { position += Int(count) }
      return .bytes(UnsafeRawBufferPointer(rebasing: bytes[position..<(position + Int(count))]))
    case 5: return fixed(UInt32.self).map(Value.fixed32)
    default: return nil
    }
  }

  private mutating func varint() -> UInt64? {
    var result: UInt64 = 0
    for shift in stride(from: 0, to: 70, by: 7) {
      guard position < bytes.count else { return nil }
      let byte = bytes[position]
      position += 1
      if shift < 64 { result |= UInt64(byte & 0x7f) << UInt64(shift) }
      if byte < 0x80 { return result }
    }
    return nil
  }

  private mutating func fixed<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
    let size = MemoryLayout<Number>.size
    guard bytes.count - position >= size else { return nil }
    defer { position += size }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: type))
  }
}
