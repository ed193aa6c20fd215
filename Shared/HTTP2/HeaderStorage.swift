/// The memory of a header block, in one piece: the bytes of names and values from the front, where each field lies from the back.
@usableFromInline
final class HeaderStorage: ManagedBuffer<HeaderStorage.Extent, UInt8> {
  @usableFromInline
  struct Extent {
    @usableFromInline var count = 0
    @usableFromInline var byteCount = 0
    /// A multiple of four, so that the fields at the end lie straight.
    @usableFromInline var capacity: Int

    init(capacity: Int) { self.capacity = capacity }
  }

  /// Where a field lies: its name, and its value right behind.
  @usableFromInline
  struct Field {
    @usableFromInline var start: Int32
    @usableFromInline var nameLength: Int32
    @usableFromInline var valueLength: Int32

    init(start: Int32, nameLength: Int32, valueLength: Int32) {
      self.start = start
      self.nameLength = nameLength
      self.valueLength = valueLength
    }
  }

  /// Room for a usual request, so that it need not grow a header at a time.
  static let usualCapacity = 512

  static func make(capacity: Int) -> HeaderStorage {
    let capacity = (capacity + 3) & ~3
    let made = create(minimumCapacity: capacity) { _ in Extent(capacity: capacity) }
    return unsafeDowncast(made, to: HeaderStorage.self)
  }

  /// A copy with room for one more field of so many bytes; twice as large where that needs more room than there is.
  func copy(room: Int) -> HeaderStorage {
    let (count, byteCount) = (header.count, header.byteCount)
    let wanted = byteCount + room + (count + 1) * MemoryLayout<Field>.stride
    let copy = Self.make(capacity: wanted <= header.capacity ? header.capacity : max(wanted, header.capacity * 2))
    copy.header.count = count
    copy.header.byteCount = byteCount
    copy.bytes.copyMemory(from: bytes, byteCount: byteCount)
    for index in 0..<count { copy.fields[-1 - index] = fields[-1 - index] }
    return copy
  }

  @inline(__always)
  func append(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
    let start = header.byteCount
    if let base = name.baseAddress { bytes.advanced(by: start).copyMemory(from: base, byteCount: name.count) }
    if let base = value.baseAddress {
      bytes.advanced(by: start + name.count).copyMemory(from: base, byteCount: value.count)
    }
    fields[-1 - header.count] = Field(
      start: Int32(start), nameLength: Int32(name.count), valueLength: Int32(value.count))
    header.count += 1
    header.byteCount = start + name.count + value.count
  }

  /// Whether a field with so many bytes fits.
  @inline(__always)
  func hasRoom(_ byteCount: Int) -> Bool {
    header.byteCount + byteCount + (header.count + 1) * MemoryLayout<Field>.stride <= header.capacity
  }

  @inlinable
  var bytes: UnsafeMutableRawPointer { withUnsafeMutablePointerToElements { UnsafeMutableRawPointer($0) } }

  /// Behind the last field's end: field `index` is at `-1 - index`.
  @inlinable
  var fields: UnsafeMutablePointer<Field> { (bytes + header.capacity).assumingMemoryBound(to: Field.self) }
}
