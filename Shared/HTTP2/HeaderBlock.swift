#if canImport(Glibc)
  import Glibc
#endif

/// A header block in one piece of memory: fields in order, names in lower case, bytes as they travel.
///
/// A value: what others hold too is copied before it is changed. One allocation instead of an array of strings, because a block is
/// built, handed to nghttp2 and read at most a few times per call. `@unchecked`: storage that is shared is never changed.
package struct HeaderBlock: @unchecked Sendable {
  // What reads it is inlinable: a head is looked through from another module.
  @usableFromInline var storage: HeaderStorage?

  /// An empty block.
  package init() {}

  /// A block of these fields.
  package init(_ fields: KeyValuePairs<StaticString, String>) {
    for (name, value) in fields { append(name, value) }
  }

  /// How many fields there are.
  @inlinable
  package var count: Int { storage?.header.count ?? 0 }
  /// Whether there are none.
  package var isEmpty: Bool { count == 0 }

  /// The size that HTTP/2 counts against a peer's limit: names, values and 32 per field (RFC 9113 §6.5.2).
  package var listSize: Int {
    guard let storage else { return 0 }
    return storage.header.byteCount + 32 * storage.header.count
  }

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
    // Asked before it has a second name, which would count.
    let isOurs = isKnownUniquelyReferenced(&storage)
    if !isOurs || !storage.unsafelyUnwrapped.hasRoom(name.count + value.count) { makeRoom(name.count + value.count) }
    storage.unsafelyUnwrapped.append(name: name, value: value)
  }

  /// Makes the storage ours alone, with room for one more field of so many bytes.
  @inline(never)
  private mutating func makeRoom(_ byteCount: Int) {
    storage =
      storage?.copy(room: byteCount) ?? .make(capacity: max(HeaderStorage.usualCapacity, byteCount + 32))
  }

  /// Adds all fields of another block, in its order.
  package mutating func append(_ other: HeaderBlock) {
    guard storage != nil else {
      self = other
      return
    }
    other.forEach { _, name, value in append(name: name, value: value) }
  }

  /// Goes over all fields in their order: index, name, value.
  @inlinable
  package func forEach<Failure: Error>(
    _ body: (Int, UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    guard let storage else { return }
    defer { withExtendedLifetime(storage) {} }
    let (bytes, fields) = (storage.bytes, storage.fields)
    for index in 0..<storage.header.count {
      let field = fields[-1 - index]
      let (start, nameLength) = (Int(field.start), Int(field.nameLength))
      try body(
        index, UnsafeRawBufferPointer(start: bytes + start, count: nameLength),
        UnsafeRawBufferPointer(start: bytes + start + nameLength, count: Int(field.valueLength)))
    }
  }

  /// The name of the field at `index`.
  package func name(_ index: Int) -> String { withName(index) { String(decoding: $0, as: UTF8.self) } }

  /// The value of the field at `index`; bytes that are not UTF-8 are replaced.
  package func value(_ index: Int) -> String { withValue(index) { String(decoding: $0, as: UTF8.self) } }

  /// The bytes of the name at `index`.
  @inlinable
  package func withName<R>(_ index: Int, _ body: (UnsafeRawBufferPointer) -> R) -> R {
    let (storage, field) = located(index)
    return withExtendedLifetime(storage) {
      body(UnsafeRawBufferPointer(start: storage.bytes + Int(field.start), count: Int(field.nameLength)))
    }
  }

  /// The bytes of the value at `index`.
  @inlinable
  package func withValue<R>(_ index: Int, _ body: (UnsafeRawBufferPointer) -> R) -> R {
    let (storage, field) = located(index)
    return withExtendedLifetime(storage) {
      let start = Int(field.start) + Int(field.nameLength)
      return body(UnsafeRawBufferPointer(start: storage.bytes + start, count: Int(field.valueLength)))
    }
  }

  @usableFromInline
  func located(_ index: Int) -> (HeaderStorage, HeaderStorage.Field) {
    guard let storage, index >= 0, index < storage.header.count else {
      preconditionFailure("there is no field \(index)")
    }
    return (storage, storage.fields[-1 - index])
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
    guard count > 0 else { return false }
    return withName(index) { bytes in
      guard bytes.count == count else { return false }
      return name.utf8.withContiguousStorageIfAvailable { memcmp($0.baseAddress!, bytes.baseAddress!, count) == 0 }
        ?? name.utf8.elementsEqual(bytes)
    }
  }

  /// The position of the first field called `name`.
  package func firstIndex(_ name: StaticString) -> Int? { (0..<count).first { isNamed($0, name) } }

  /// The value of the first field called `name`.
  package subscript(_ name: StaticString) -> String? { firstIndex(name).map { value($0) } }

  /// The block without the fields at which `isOut` says so.
  package func dropping(_ isOut: (HeaderBlock, Int) -> Bool) -> HeaderBlock {
    var kept = HeaderBlock()
    forEach { index, name, value in
      if !isOut(self, index) { kept.append(name: name, value: value) }
    }
    return kept
  }
}

extension HeaderBlock: Equatable {
  package static func == (left: Self, right: Self) -> Bool {
    guard left.storage !== right.storage else { return true }
    guard left.count == right.count else { return false }
    return (0..<left.count).allSatisfy { index in
      left.withName(index) { name in right.withName(index) { $0.elementsEqual(name) } }
        && left.withValue(index) { value in right.withValue(index) { $0.elementsEqual(value) } }
    }
  }
}
