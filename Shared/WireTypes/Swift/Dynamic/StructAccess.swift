import CProtobufC
import Wire

/// Reads and fills C structs by the offsets of a descriptor: what generated code does by name.
enum StructAccess {
  // MARK: - Reading

  static func read(_ base: UnsafeRawPointer, _ type: MessageType) throws(WireError) -> DynamicMessage {
    var message = DynamicMessage(type)
    for field in type.fields where isSet(base, field) {
      do throws(WireError) {
        message.fields[field.number] = try field.isRepeated ? repeated(base, field) : value(base + field.offset, field)
      } catch {
        switch field.kind {
        case .message where !field.isRepeated || field.mapEntry != nil: throw error.inside(field.name)
        default: throw error
        }
      }
    }
    message.unknownFields = try UnknownFields(cBase: base)
    return message
  }

  private static func isSet(_ base: UnsafeRawPointer, _ field: FieldType) -> Bool {
    let quantifier = base + field.quantifierOffset
    if field.isRepeated { return quantifier.load(as: Int.self) > 0 }
    if field.oneof != nil { return quantifier.load(as: UInt32.self) == UInt32(field.number) }
    if case .message = field.kind { return (base + field.offset).load(as: UnsafeRawPointer?.self) != nil }
    return field.hasPresence ? quantifier.load(as: Int32.self) != 0 : !isZero(base + field.offset, field.kind)
  }

  private static func isZero(_ place: UnsafeRawPointer, _ kind: FieldType.Kind) -> Bool {
    switch kind.width {
    case 4: place.load(as: UInt32.self) == 0
    default: place.load(as: UInt64.self) == 0
    }
  }

  private static func repeated(_ base: UnsafeRawPointer, _ field: FieldType) throws(WireError) -> DynamicValue {
    let count = (base + field.quantifierOffset).load(as: Int.self)
    let start = (base + field.offset).load(as: UnsafeRawPointer.self)
    var values: [DynamicValue] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      do throws(WireError) { values.append(try value(start + index * field.kind.width, field)) } catch {
        if case .message = field.kind, field.mapEntry == nil { throw error.inside("\(field.name)[\(index)]") }
        throw error
      }
    }
    return field.mapEntry.map { .map(entries(values, $0)) } ?? .list(values)
  }

  private static func entries(_ values: [DynamicValue], _ entry: MessageType) -> [DynamicValue.MapKey: DynamicValue] {
    var map: [DynamicValue.MapKey: DynamicValue] = [:]
    for case .message(let message) in values {
      let key = (message.fields[1] ?? entry.fields[0].kind.zero).mapKey
      map[key] = message.fields[2] ?? entry.fields[1].kind.zero
    }
    return map
  }

  private static func value(_ place: UnsafeRawPointer, _ field: FieldType) throws(WireError) -> DynamicValue {
    switch field.kind {
    case .double: return .double(place.load(as: Double.self))
    case .float: return .float(place.load(as: Float.self))
    case .int64, .sfixed64, .sint64: return .int64(place.load(as: Int64.self))
    case .uint64, .fixed64: return .uint64(place.load(as: UInt64.self))
    case .int32, .sfixed32, .sint32: return .int32(place.load(as: Int32.self))
    case .uint32, .fixed32: return .uint32(place.load(as: UInt32.self))
    case .bool: return .bool(place.load(as: UInt64.self) != 0)
    case .enumeration: return .enumeration(place.load(as: Int32.self))
    case .bytes: return .bytes(StructReader.bytes(place.load(as: ProtobufCBinaryData.self)))
    case .string: return .string(try StructReader.text(place.load(as: ProtobufCBinaryData.self), in: field.name))
    case .message(let type): return .message(try read(place.load(as: UnsafeRawPointer.self), type))
    }
  }

  // MARK: - Writing

  static func fill(_ base: UnsafeMutableRawPointer, _ message: DynamicMessage, _ arena: Arena) {
    base.initializeMemory(as: UInt8.self, repeating: 0, count: message.type.layout.structBytes)
    base.assumingMemoryBound(to: ProtobufCMessage.self).pointee.descriptor = message.type.layout.descriptor
    for field in message.type.fields {
      guard let value = message.fields[field.number] else { continue }
      let place = base + field.offset
      let quantifier = base + field.quantifierOffset
      switch value {
      case .list(let values): store(values, field, place, quantifier, arena)
      case .map(let map): store(entries(map, field), field, place, quantifier, arena)
      default:
        store(value, place, arena)
        if field.oneof != nil {
          quantifier.storeBytes(of: UInt32(field.number), as: UInt32.self)
        } else {
          quantifier.storeBytes(of: 1, as: Int32.self)
        }
      }
    }
    message.unknownFields.fill(cBase: base, in: arena)
  }

  private static func entries(
    _ map: [DynamicValue.MapKey: DynamicValue], _ field: FieldType
  ) -> [DynamicValue] {
    guard let entry = field.mapEntry else { return [] }
    return map.keys.sorted().map { key in
      var message = DynamicMessage(entry)
      message.fields[1] = entry.fields[0].kind.value(of: key)
      message.fields[2] = map[key]
      return .message(message)
    }
  }

  private static func store(
    _ values: [DynamicValue], _ field: FieldType, _ place: UnsafeMutableRawPointer,
    _ quantifier: UnsafeMutableRawPointer, _ arena: Arena
  ) {
    guard !values.isEmpty else { return }
    let array = arena.allocate(bytes: values.count * field.kind.width)
    for (index, value) in values.enumerated() { store(value, array + index * field.kind.width, arena) }
    place.storeBytes(of: array, as: UnsafeMutableRawPointer.self)
    quantifier.storeBytes(of: values.count, as: Int.self)
  }

  private static func store(_ value: DynamicValue, _ place: UnsafeMutableRawPointer, _ arena: Arena) {
    switch value {
    case .double(let value): place.storeBytes(of: value, as: Double.self)
    case .float(let value): place.storeBytes(of: value, as: Float.self)
    case .int64(let value): place.storeBytes(of: value, as: Int64.self)
    case .uint64(let value): place.storeBytes(of: value, as: UInt64.self)
    case .int32(let value), .enumeration(let value): place.storeBytes(of: value, as: Int32.self)
    case .uint32(let value): place.storeBytes(of: value, as: UInt32.self)
    case .bool(let value): place.storeBytes(of: value ? 1 : 0, as: UInt64.self)
    case .string(let value): place.storeBytes(of: StructWriter.text(value, arena), as: ProtobufCBinaryData.self)
    case .bytes(let value): place.storeBytes(of: StructWriter.bytes(value, arena), as: ProtobufCBinaryData.self)
    case .message(let message):
      let inner = arena.allocate(bytes: message.type.layout.structBytes)
      fill(inner, message, arena)
      place.storeBytes(of: inner, as: UnsafeMutableRawPointer.self)
    case .list, .map: preconditionFailure("a list inside a list")
    }
  }
}

extension FieldType.Kind {
  /// Bytes of one value in the C struct.
  fileprivate var width: Int {
    switch self {
    case .double, .int64, .uint64, .fixed64, .sfixed64, .sint64, .bool, .message: 8
    case .string, .bytes: 16
    case .float, .int32, .fixed32, .uint32, .sfixed32, .sint32, .enumeration: 4
    }
  }

  /// The value of a field that is not set.
  package var zero: DynamicValue {
    switch self {
    case .double: .double(0)
    case .float: .float(0)
    case .int64, .sfixed64, .sint64: .int64(0)
    case .uint64, .fixed64: .uint64(0)
    case .int32, .sfixed32, .sint32: .int32(0)
    case .uint32, .fixed32: .uint32(0)
    case .bool: .bool(false)
    case .string: .string("")
    case .bytes: .bytes([])
    case .enumeration(let type): .enumeration(type.values.first?.number ?? 0)
    case .message(let type): .message(DynamicMessage(type))
    }
  }

  /// The key of a map whose keys are of this kind.
  fileprivate func value(of key: DynamicValue.MapKey) -> DynamicValue {
    switch (key, zero) {
    case (.bool(let value), _): .bool(value)
    case (.string(let value), _): .string(value)
    case (.int64(let value), .int32): .int32(Int32(truncatingIfNeeded: value))
    case (.int64(let value), _): .int64(value)
    case (.uint64(let value), .uint32): .uint32(UInt32(truncatingIfNeeded: value))
    case (.uint64(let value), _): .uint64(value)
    }
  }
}

extension DynamicValue {
  /// The value as the key of a map.
  package var mapKey: MapKey {
    switch self {
    case .bool(let value): .bool(value)
    case .int32(let value): .int64(Int64(value))
    case .int64(let value): .int64(value)
    case .uint32(let value): .uint64(UInt64(value))
    case .uint64(let value): .uint64(value)
    case .string(let value): .string(value)
    default: preconditionFailure("a map key is a number, a truth value or a string")
    }
  }
}
