#if canImport(Glibc)
  import Glibc
#endif

/// A header block in one piece of memory: fields in order, names in lower case, bytes as they travel.
///
/// One buffer instead of an array of strings, because a block is built, handed to nghttp2 and read at most a few times per call.
package struct HeaderBlock: Sendable, Equatable {
  /// Where a field lies in `bytes`: its name, and its value right behind.
  @usableFromInline
  struct Field: Sendable, Equatable {
    @usableFromInline var start: Int32
    @usableFromInline var nameLength: Int32
    @usableFromInline var valueLength: Int32

    init(start: Int32, nameLength: Int32, valueLength: Int32) {
      self.start = start
      self.nameLength = nameLength
      self.valueLength = valueLength
    }
  }

  // What reads them is inlinable: a head is looked through a dozen times per call, from another module.
  @usableFromInline var bytes: [UInt8] = []
  @usableFromInline var fields: [Field] = []

  /// An empty block.
  package init() {}

  /// An empty block with room for a usual request, so that it need not grow a header at a time.
  static func withRoom() -> HeaderBlock {
    var block = HeaderBlock()
    block.bytes.reserveCapacity(384)
    block.fields.reserveCapacity(16)
    return block
  }

  /// A block of these fields.
  package init(_ fields: KeyValuePairs<StaticString, String>) {
    for (name, value) in fields { append(name, value) }
  }

  /// How many fields there are.
  package var count: Int { fields.count }
  /// Whether there are none.
  package var isEmpty: Bool { fields.isEmpty }

  /// The size that HTTP/2 counts against a peer's limit: names, values and 32 per field (RFC 9113 §6.5.2).
  package var listSize: Int { bytes.count + 32 * fields.count }

  /// Adds a field at the end.
  package mutating func append(_ name: StaticString, _ value: String) {
    name.withUTF8Buffer { name in
      var value = value
      value.withUTF8 { append(name: UnsafeRawBufferPointer(name), value: UnsafeRawBufferPointer($0)) }
    }
  }

  /// Adds a field at the end. `name` is in lower case.
  package mutating func append(_ name: String, _ value: String) {
    var name = name
    var value = value
    name.withUTF8 { name in
      value.withUTF8 { append(name: UnsafeRawBufferPointer(name), value: UnsafeRawBufferPointer($0)) }
    }
  }

  /// Adds a field at the end from bytes as they travel.
  package mutating func append(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
    fields.append(
      Field(start: Int32(bytes.count), nameLength: Int32(name.count), valueLength: Int32(value.count)))
    bytes.append(contentsOf: name)
    bytes.append(contentsOf: value)
  }

  /// Adds all fields of another block, in its order.
  package mutating func append(_ other: HeaderBlock) {
    let base = Int32(bytes.count)
    bytes.append(contentsOf: other.bytes)
    fields.reserveCapacity(fields.count + other.fields.count)
    for var field in other.fields {
      field.start += base
      fields.append(field)
    }
  }

  /// Goes over all fields in their order: index, name, value.
  @inlinable
  package func forEach<Failure: Error>(
    _ body: (Int, UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(Failure) in
      let all = UnsafeRawBufferPointer(buffer)
      for index in fields.indices {
        let field = fields[index]
        try body(
          index, slice(all, field.start, field.nameLength),
          slice(all, field.start + field.nameLength, field.valueLength))
      }
    }
  }

  /// The name of the field at `index`.
  package func name(_ index: Int) -> String { withName(index) { String(decoding: $0, as: UTF8.self) } }

  /// The value of the field at `index`; bytes that are not UTF-8 are replaced.
  package func value(_ index: Int) -> String { withValue(index) { String(decoding: $0, as: UTF8.self) } }

  /// The bytes of the name at `index`.
  @inlinable
  package func withName<R>(_ index: Int, _ body: (UnsafeRawBufferPointer) -> R) -> R {
    let field = fields[index]
    return bytes.withUnsafeBytes { body(slice($0, field.start, field.nameLength)) }
  }

  /// The bytes of the value at `index`.
  @inlinable
  package func withValue<R>(_ index: Int, _ body: (UnsafeRawBufferPointer) -> R) -> R {
    let field = fields[index]
    return bytes.withUnsafeBytes { body(slice($0, field.start + field.nameLength, field.valueLength)) }
  }

  /// Whether the field at `index` is called `name`.
  @inlinable
  package func isNamed(_ index: Int, _ name: StaticString) -> Bool {
    withName(index) { $0.count == name.utf8CodeUnitCount && memcmp($0.baseAddress!, name.utf8Start, $0.count) == 0 }
  }

  /// Whether the field at `index` is called `name`.
  @inlinable
  package func isNamed(_ index: Int, _ name: String) -> Bool {
    let count = name.utf8.count
    guard count > 0, Int(fields[index].nameLength) == count else { return false }
    return withName(index) { bytes in
      name.utf8.withContiguousStorageIfAvailable { memcmp($0.baseAddress!, bytes.baseAddress!, count) == 0 }
        ?? name.utf8.elementsEqual(bytes)
    }
  }

  /// The position of the first field called `name`.
  package func firstIndex(_ name: StaticString) -> Int? { fields.indices.first { isNamed($0, name) } }

  /// The value of the first field called `name`.
  package subscript(_ name: StaticString) -> String? { firstIndex(name).map { value($0) } }

  /// The block without the fields at which `isOut` says so.
  package func dropping(_ isOut: (HeaderBlock, Int) -> Bool) -> HeaderBlock {
    var kept = HeaderBlock()
    kept.bytes.reserveCapacity(bytes.count)
    kept.fields.reserveCapacity(fields.count)
    for index in fields.indices where !isOut(self, index) { kept.append(self, index) }
    return kept
  }

  /// Adds the field at `index` of another block.
  package mutating func append(_ other: HeaderBlock, _ index: Int) {
    var field = other.fields[index]
    let range = Int(field.start)..<Int(field.start + field.nameLength + field.valueLength)
    field.start = Int32(bytes.count)
    bytes.append(contentsOf: other.bytes[range])
    fields.append(field)
  }

  @usableFromInline @inline(__always)
  func slice(_ all: UnsafeRawBufferPointer, _ start: Int32, _ length: Int32) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: all[Int(start)..<Int(start + length)])
  }
}
