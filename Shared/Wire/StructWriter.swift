package import CProtobufC

/// How generated code fills the members of a C struct that protobuf-c is to pack.
package enum StructWriter {
  /// A string as bytes in the arena.
  package static func text(_ value: String, _ arena: Arena) -> ProtobufCBinaryData {
    if let text = value.utf8.withContiguousStorageIfAvailable({ copy($0, arena) }) { return text }
    return copy(ContiguousArray(value.utf8), arena)
  }

  /// Bytes in the arena.
  package static func bytes(_ value: [UInt8], _ arena: Arena) -> ProtobufCBinaryData {
    value.withUnsafeBufferPointer { copy($0, arena) }
  }

  private static func copy(_ bytes: ContiguousArray<UInt8>, _ arena: Arena) -> ProtobufCBinaryData {
    bytes.withUnsafeBufferPointer { copy($0, arena) }
  }

  private static func copy(_ source: UnsafeBufferPointer<UInt8>, _ arena: Arena) -> ProtobufCBinaryData {
    guard !source.isEmpty else { return ProtobufCBinaryData(len: 0, data: nil) }
    let room = arena.allocate(source.count, of: UInt8.self)
    room.initialize(from: source.baseAddress!, count: source.count)
    return ProtobufCBinaryData(len: source.count, data: room)
  }

  /// A message's C struct in the arena.
  @inlinable package static func message<CStruct, Value: Message>(
    _ value: Value, _ arena: Arena, _ type: CStruct.Type
  ) -> UnsafeMutablePointer<CStruct> {
    let room = arena.allocate(1, of: CStruct.self)
    value.fill(cStruct: UnsafeMutableRawPointer(room), in: arena)
    return room
  }

  /// The C structs of repeated messages.
  @inlinable package static func messages<CStruct, Value: Message>(
    _ values: [Value], _ arena: Arena, _ type: CStruct.Type
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<CStruct>?>? {
    guard !values.isEmpty else { return nil }
    let pointers = arena.allocate(values.count, of: UnsafeMutablePointer<CStruct>?.self)
    for index in values.indices { pointers[index] = message(values[index], arena, type) }
    return pointers
  }

  /// The entries of a map in the order of their keys: the same value always gives the same bytes.
  @inlinable package static func map<CStruct, Key: Comparable & Hashable, Value>(
    _ values: [Key: Value], _ arena: Arena, _ fill: (UnsafeMutablePointer<CStruct>, Key, Value) -> Void
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<CStruct>?>? {
    guard !values.isEmpty else { return nil }
    let pointers = arena.allocate(values.count, of: UnsafeMutablePointer<CStruct>?.self)
    for (index, key) in values.keys.sorted().enumerated() {
      let room = arena.allocate(1, of: CStruct.self)
      fill(room, key, values[key]!)
      pointers[index] = room
    }
    return pointers
  }

  /// The entries of a map whose keys are truth values.
  @inlinable package static func map<CStruct, Value>(
    _ values: [Bool: Value], _ arena: Arena, _ fill: (UnsafeMutablePointer<CStruct>, Bool, Value) -> Void
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<CStruct>?>? {
    var byNumber: [Int: Value] = [:]
    for (key, value) in values { byNumber[key ? 1 : 0] = value }
    return map(byNumber, arena) { (room: UnsafeMutablePointer<CStruct>, key: Int, value: Value) in
      fill(room, key == 1, value)
    }
  }

  /// Repeated strings.
  package static func texts(_ values: [String], _ arena: Arena) -> UnsafeMutablePointer<ProtobufCBinaryData>? {
    array(values, arena) { text($0, arena) }
  }

  /// Repeated bytes.
  package static func byteArrays(_ values: [[UInt8]], _ arena: Arena) -> UnsafeMutablePointer<ProtobufCBinaryData>? {
    array(values, arena) { bytes($0, arena) }
  }

  /// Repeated numbers.
  @inlinable package static func numbers<Number>(_ values: [Number], _ arena: Arena) -> UnsafeMutablePointer<Number>? {
    array(values, arena) { $0 }
  }

  /// Repeated truth values.
  package static func flags(_ values: [Bool], _ arena: Arena) -> UnsafeMutablePointer<UInt64>? {
    array(values, arena) { $0 ? 1 : 0 }
  }

  /// Repeated enum values.
  @inlinable package static func enumerations<Value: Enumeration>(
    _ values: [Value], _ arena: Arena
  ) -> UnsafeMutablePointer<Int32>? {
    array(values, arena) { $0.rawValue }
  }

  /// `values` converted into an array in the arena; `nil` if there are none.
  @inlinable package static func array<Source, Element>(
    _ values: [Source], _ arena: Arena, _ convert: (Source) -> Element
  ) -> UnsafeMutablePointer<Element>? {
    guard !values.isEmpty else { return nil }
    let room = arena.allocate(values.count, of: Element.self)
    for index in values.indices { (room + index).initialize(to: convert(values[index])) }
    return room
  }
}
