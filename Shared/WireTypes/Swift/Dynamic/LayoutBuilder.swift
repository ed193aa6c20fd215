import CProtobufC
import Wire

/// Makes protobuf-c's descriptors of message types at run time, as protoc-c makes them beforehand: offsets in a struct that
/// nobody has declared, and tables that protobuf-c looks fields up in.
enum LayoutBuilder {
  private static let magic: UInt32 = 0x28aa_eef9
  private static let word = 8
  /// Room for any single value: bytes are a length and a pointer.
  private static let slot = 16

  /// Gives every type its descriptor. They may refer to each other, so all are allocated first. Never freed.
  static func build(_ types: [MessageType]) {
    var descriptors: [UnsafeMutablePointer<ProtobufCMessageDescriptor>] = []
    for type in types {
      let descriptor = UnsafeMutablePointer<ProtobufCMessageDescriptor>.allocate(capacity: 1)
      type.layout = MessageLayout(UnsafePointer(descriptor))
      descriptors.append(descriptor)
    }
    for (type, descriptor) in zip(types, descriptors) { describe(type, at: descriptor) }
  }

  private static func describe(_ type: MessageType, at place: UnsafeMutablePointer<ProtobufCMessageDescriptor>) {
    let size = layOut(type)
    let sorted = type.fields.sorted { $0.number < $1.number }
    let fields = UnsafeMutablePointer<ProtobufCFieldDescriptor>.allocate(capacity: max(sorted.count, 1))
    for (index, field) in sorted.enumerated() { (fields + index).initialize(to: descriptor(of: field)) }
    let ranges = ranges(of: sorted.map(\.number))
    let name = cString(type.fullName)
    place.initialize(
      to: ProtobufCMessageDescriptor(
        magic: magic, name: name, short_name: name, c_name: name, package_name: name, sizeof_message: size,
        n_fields: UInt32(sorted.count), fields: sorted.isEmpty ? nil : fields, fields_sorted_by_name: nil,
        n_field_ranges: UInt32(ranges.count - 1), field_ranges: ranges.baseAddress, message_init: nil, reserved1: nil,
        reserved2: nil, reserved3: nil))
  }

  /// Gives every field its place; the members of a oneof share theirs. Returns the bytes of the struct.
  private static func layOut(_ type: MessageType) -> Int {
    var size = MemoryLayout<ProtobufCMessage>.stride
    var oneofs: [String: Int] = [:]
    for index in type.fields.indices {
      if let oneof = type.fields[index].oneof {
        if oneofs[oneof] == nil {
          oneofs[oneof] = size
          size += word + slot
        }
        type.fields[index].quantifierOffset = oneofs[oneof]!
        type.fields[index].offset = oneofs[oneof]! + word
      } else {
        type.fields[index].quantifierOffset = size
        type.fields[index].offset = size + word
        size += word + slot
      }
    }
    return size
  }

  private static func descriptor(of field: FieldType) -> ProtobufCFieldDescriptor {
    var inner: UnsafeRawPointer?
    if case .message(let type) = field.kind { inner = UnsafeRawPointer(type.layout.descriptor) }
    var flags = field.isPacked ? PROTOBUF_C_FIELD_FLAG_PACKED.rawValue : 0
    if field.oneof != nil { flags |= PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue }
    return ProtobufCFieldDescriptor(
      name: cString(field.name), id: UInt32(field.number), label: label(of: field), type: field.kind.cType,
      quantifier_offset: UInt32(field.quantifierOffset), offset: UInt32(field.offset), descriptor: inner,
      default_value: nil, flags: flags, reserved_flags: 0, reserved2: nil, reserved3: nil)
  }

  private static func label(of field: FieldType) -> ProtobufCLabel {
    if field.isRepeated { return PROTOBUF_C_LABEL_REPEATED }
    return field.hasPresence ? PROTOBUF_C_LABEL_OPTIONAL : PROTOBUF_C_LABEL_NONE
  }

  /// Runs of consecutive numbers, and one more entry that says where the last run ends.
  private static func ranges(of numbers: [Int32]) -> UnsafeBufferPointer<ProtobufCIntRange> {
    var ranges: [ProtobufCIntRange] = []
    for (index, number) in numbers.enumerated() where index == 0 || numbers[index - 1] != number - 1 {
      ranges.append(ProtobufCIntRange(start_value: number, orig_index: UInt32(index)))
    }
    ranges.append(ProtobufCIntRange(start_value: 0, orig_index: UInt32(numbers.count)))
    let room = UnsafeMutableBufferPointer<ProtobufCIntRange>.allocate(capacity: ranges.count)
    _ = room.initialize(from: ranges)
    return UnsafeBufferPointer(room)
  }

  private static func cString(_ text: String) -> UnsafePointer<CChar> {
    let bytes = Array(text.utf8CString)
    let room = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    room.initialize(from: bytes, count: bytes.count)
    return UnsafePointer(room)
  }
}

extension FieldType.Kind {
  /// As in generated C: a string is bytes, an enum is a number, a floating-point number its bits.
  fileprivate var cType: ProtobufCType {
    switch self {
    case .int64: PROTOBUF_C_TYPE_INT64
    case .uint64, .bool: PROTOBUF_C_TYPE_UINT64
    case .int32, .enumeration: PROTOBUF_C_TYPE_INT32
    case .fixed64, .double: PROTOBUF_C_TYPE_FIXED64
    case .fixed32, .float: PROTOBUF_C_TYPE_FIXED32
    case .string, .bytes: PROTOBUF_C_TYPE_BYTES
    case .uint32: PROTOBUF_C_TYPE_UINT32
    case .sfixed32: PROTOBUF_C_TYPE_SFIXED32
    case .sfixed64: PROTOBUF_C_TYPE_SFIXED64
    case .sint32: PROTOBUF_C_TYPE_SINT32
    case .sint64: PROTOBUF_C_TYPE_SINT64
    case .message: PROTOBUF_C_TYPE_MESSAGE
    }
  }
}
