import CProtobufC
import CWireTypes

/// Turns a descriptor set into the one that protoc-c understands and that makes safe C of it: the same bytes on the wire.
///
/// `string` becomes `bytes` (protobuf-c cuts `char *` at NUL and checks no UTF-8), a single `double` or `float` its bits as
/// `fixed64` or `fixed32` (protobuf-c takes -0.0 for nothing and leaves it out), a `bool` `uint64`
/// (protobuf-c makes one of anything), an enum `int32` (open, as in Swift), proto3 `optional` a plain oneof, a map its repeated entry. Services, options and comments are left out.
enum TransformedSet {
  static func transform(_ file: UnsafeMutablePointer<CFile>) {
    let isProto3 = text(file.pointee.syntax) == "proto3"
    for message in pointers(file.pointee.n_message_type, file.pointee.message_type) { transform(message, isProto3) }
    file.pointee.n_enum_type = 0
    file.pointee.n_service = 0
    file.pointee.n_extension = 0
    file.pointee.options = nil
    file.pointee.source_code_info = nil
  }

  private static func transform(_ message: UnsafeMutablePointer<CMessage>, _ isProto3: Bool) {
    for nested in pointers(message.pointee.n_nested_type, message.pointee.nested_type) { transform(nested, isProto3) }
    for field in pointers(message.pointee.n_field, message.pointee.field) { transform(field, isProto3) }
    if let options = message.pointee.options, options.pointee.map_entry != 0 { givePresence(message) }
    message.pointee.n_enum_type = 0
    message.pointee.n_extension = 0
    message.pointee.options = nil
  }

  /// A map's entry is written with its key and its value, also where they are zero: each becomes a oneof of its own.
  private static func givePresence(_ entry: UnsafeMutablePointer<CMessage>) {
    typealias CDeclaration = Google__Protobuf__OneofDescriptorProto
    let fields = pointers(entry.pointee.n_field, entry.pointee.field)
    let declarations = UnsafeMutablePointer<UnsafeMutablePointer<CDeclaration>?>.allocate(capacity: fields.count)
    for (index, field) in fields.enumerated() {
      let declaration = UnsafeMutablePointer<CDeclaration>.allocate(capacity: 1)
      google__protobuf__oneof_descriptor_proto__init(declaration)
      declaration.pointee.has_name = 1
      declaration.pointee.name = literal("_" + text(field.pointee.name))
      declarations[index] = declaration
      field.pointee.has_oneof_index = 1
      field.pointee.oneof_index = Int32(index)
    }
    entry.pointee.n_oneof_decl = fields.count
    entry.pointee.oneof_decl = declarations
  }

  private static func transform(_ field: UnsafeMutablePointer<CField>, _ isProto3: Bool) {
    let isPacked = isPacked(field.pointee, isProto3)
    switch field.pointee.type {
    case 1 where field.pointee.label != 3: field.pointee.type = 6
    case 2 where field.pointee.label != 3: field.pointee.type = 7
    case 8: field.pointee.type = 4
    case 9: field.pointee.type = 12
    case 14:
      field.pointee.type = 5
      field.pointee.has_type_name = 0
    default: break
    }
    field.pointee.has_default_value = 0
    field.pointee.has_proto3_optional = 0
    field.pointee.options = isPacked.map(options)
    if text(field.pointee.name) == "base" { field.pointee.name = literal("base_") }
  }

  /// Whether numbers stand one after another without their tags; `nil` for fields that are not repeated numbers.
  private static func isPacked(_ field: CField, _ isProto3: Bool) -> Bool? {
    guard field.label == 3, ![9, 10, 11, 12].contains(field.type) else { return nil }
    guard let options = field.options, options.pointee.has_packed != 0 else { return isProto3 }
    return options.pointee.packed != 0
  }

  /// Kept until the process ends, like everything else that is written into the set.
  private static func options(isPacked: Bool) -> UnsafeMutablePointer<Google__Protobuf__FieldOptions> {
    let options = UnsafeMutablePointer<Google__Protobuf__FieldOptions>.allocate(capacity: 1)
    google__protobuf__field_options__init(options)
    options.pointee.has_packed = 1
    options.pointee.packed = isPacked ? 1 : 0
    return options
  }

  private static func literal(_ text: String) -> ProtobufCBinaryData {
    let room = UnsafeMutablePointer<UInt8>.allocate(capacity: text.utf8.count)
    room.initialize(from: Array(text.utf8), count: text.utf8.count)
    return ProtobufCBinaryData(len: text.utf8.count, data: room)
  }

  private static func pointers<Element>(
    _ count: Int, _ array: UnsafeMutablePointer<UnsafeMutablePointer<Element>?>?
  ) -> [UnsafeMutablePointer<Element>] {
    UnsafeBufferPointer(start: array, count: count).map { $0! }
  }
}
