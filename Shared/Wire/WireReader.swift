/// Walks over the fields of an encoded message without knowing its contract. Ends at the first thing it cannot read.
package struct WireReader {
  /// What a field carries.
  package enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case bytes(UnsafeRawBufferPointer)
    /// A group of proto2; its fields are looked at no further.
    case group
    case fixed32(UInt32)
  }

  private let bytes: UnsafeRawBufferPointer
  /// Bytes read.
  private(set) var position = 0
  private var start = 0
  /// Whether it ended at groups that lie in each other too deep.
  private(set) var isTooDeep = false
  /// Whether everything has been read and was well formed.
  package var isAtEnd: Bool { position == bytes.count }
  /// The field that was read last, tag and all.
  var last: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[start..<position]) }

  package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The next field; `nil` at the end or at something malformed (`isAtEnd` tells which).
  package mutating func next() -> (number: UInt32, value: Value)? {
    start = position
    guard !isAtEnd, let tag = tag(), let value = value(tag) else {
      position = start
      return nil
    }
    return (tag.number, value)
  }

  /// A field's number, which is not 0, and what kind of value follows.
  mutating func tag() -> (number: UInt32, wireType: UInt32)? {
    guard let tag = varint(), tag <= UInt64(UInt32.max), tag >> 3 != 0 else { return nil }
    return (UInt32(tag >> 3), UInt32(tag & 7))
  }

  private mutating func value(_ tag: (number: UInt32, wireType: UInt32)) -> Value? {
    switch tag.wireType {
    case 0: return varint().map(Value.varint)
    case 1: return fixed(UInt64.self).map(Value.fixed64)
    case 2:
      guard let count = varint(), count <= UInt64(bytes.count - position) else { return nil }
      defer { position += Int(count) }
      return .bytes(UnsafeRawBufferPointer(rebasing: bytes[position..<(position + Int(count))]))
    case 3: return skipGroup(tag.number) ? .group : nil
    case 5: return fixed(UInt32.self).map(Value.fixed32)
    default: return nil
    }
  }

  /// Steps behind the end of a group whose start has been read.
  private mutating func skipGroup(_ number: UInt32) -> Bool {
    var open = [number]
    while let tag = tag() {
      switch tag.wireType {
      case 3:
        isTooDeep = open.count == WireLimits.maximumNesting
        if isTooDeep { return false }
        open.append(tag.number)
      case 4:
        guard open.removeLast() == tag.number else { return false }
        if open.isEmpty { return true }
      default:
        guard value(tag) != nil else { return false }
      }
    }
    return false
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
