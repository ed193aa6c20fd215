import CProtobufC
import CWireTypes
import Wire

typealias CFile = Google__Protobuf__FileDescriptorProto
typealias CMessage = Google__Protobuf__DescriptorProto
typealias CField = Google__Protobuf__FieldDescriptorProto
typealias CEnum = Google__Protobuf__EnumDescriptorProto
typealias CService = Google__Protobuf__ServiceDescriptorProto
typealias CMethod = Google__Protobuf__MethodDescriptorProto

/// Makes a `ProtoFile` of protobuf-c's FileDescriptorProto.
struct SchemaReader {
  private let comments: Comments
  private let package: String
  private let isProto2: Bool

  static func read(_ file: UnsafeMutablePointer<CFile>) -> ProtoFile {
    let descriptor = file.pointee
    let package = text(descriptor.package)
    let isProto2 = text(descriptor.syntax) != "proto3"
    let reader = SchemaReader(comments: Comments(of: descriptor), package: package, isProto2: isProto2)
    return ProtoFile(
      name: text(descriptor.name), package: package,
      imports: StructReader.byteArrays(descriptor.n_dependency, descriptor.dependency).map {
        String(decoding: $0, as: UTF8.self)
      },
      isProto2: isProto2,
      messages: all(descriptor.n_message_type, descriptor.message_type).enumerated().map { index, message in
        reader.message(message, in: package, [4, Int32(index)])
      },
      enums: all(descriptor.n_enum_type, descriptor.enum_type).enumerated().map { index, enumeration in
        reader.enumeration(enumeration, in: package, [5, Int32(index)])
      },
      services: all(descriptor.n_service, descriptor.service).enumerated().map { index, service in
        reader.service(service, [6, Int32(index)])
      },
      descriptor: withoutComments(file))
  }

  private static func withoutComments(_ file: UnsafeMutablePointer<CFile>) -> [UInt8] {
    let comments = file.pointee.source_code_info
    file.pointee.source_code_info = nil
    defer { file.pointee.source_code_info = comments }
    return packed(UnsafeMutableRawPointer(file))
  }

  private func message(_ message: CMessage, in scope: String, _ path: [Int32]) -> ProtoMessage {
    let name = text(message.name)
    let fullName = "\(scope).\(name)"
    let synthetic = Set(
      all(message.n_field, message.field).filter { $0.proto3_optional != 0 }.map { Int($0.oneof_index) })
    let oneofNames = all(message.n_oneof_decl, message.oneof_decl).map { text($0.name) }
    return ProtoMessage(
      name: name, fullName: fullName, package: package, comment: comments[path],
      fields: all(message.n_field, message.field).enumerated().map { index, field in
        self.field(field, oneofNames, path + [2, Int32(index)])
      },
      oneofs: oneofNames.enumerated().filter { !synthetic.contains($0.offset) }.map { index, name in
        ProtoOneof(name: name, comment: comments[path + [8, Int32(index)]], index: index)
      },
      messages: all(message.n_nested_type, message.nested_type).enumerated().map { index, nested in
        self.message(nested, in: fullName, path + [3, Int32(index)])
      },
      enums: all(message.n_enum_type, message.enum_type).enumerated().map { index, enumeration in
        self.enumeration(enumeration, in: fullName, path + [4, Int32(index)])
      },
      isMapEntry: message.options.map { $0.pointee.map_entry != 0 } ?? false)
  }

  private func field(_ field: CField, _ oneofNames: [String], _ path: [Int32]) -> ProtoField {
    let typeName = String(text(field.type_name).dropFirst())
    return ProtoField(
      name: text(field.name), number: field.number, type: ProtoType(number: field.type, name: typeName),
      presence: presence(field, oneofNames), comment: comments[path])
  }

  private func presence(_ field: CField, _ oneofNames: [String]) -> ProtoField.Presence {
    if field.label == 3 { return .repeated }
    if field.proto3_optional != 0 { return .syntheticOneof(oneofNames[Int(field.oneof_index)]) }
    if field.has_oneof_index != 0 { return .oneof(Int(field.oneof_index)) }
    if field.type == 11 { return .pointer }
    return isProto2 && field.label == 1 ? .flag : .implicit
  }

  private func enumeration(_ enumeration: CEnum, in scope: String, _ path: [Int32]) -> ProtoEnum {
    ProtoEnum(
      name: text(enumeration.name), fullName: "\(scope).\(text(enumeration.name))", package: package,
      comment: comments[path],
      values: all(enumeration.n_value, enumeration.value).enumerated().map { index, value in
        ProtoEnumValue(
          name: text(value.name), number: value.number, comment: comments[path + [2, Int32(index)]])
      })
  }

  private func service(_ service: CService, _ path: [Int32]) -> ProtoService {
    ProtoService(
      name: text(service.name), fullName: "\(package).\(text(service.name))", comment: comments[path],
      methods: all(service.n_method, service.method).enumerated().map { index, method in
        self.method(method, path + [2, Int32(index)])
      })
  }

  private func method(_ method: CMethod, _ path: [Int32]) -> ProtoMethod {
    ProtoMethod(
      name: text(method.name), request: String(text(method.input_type).dropFirst()),
      response: String(text(method.output_type).dropFirst()), clientStreaming: method.client_streaming != 0,
      serverStreaming: method.server_streaming != 0, comment: comments[path],
      access: method.options.flatMap { ProtoAccess(inOptions: UnsafeRawPointer($0)) })
  }
}

/// Proto comments by source path.
struct Comments {
  private var byPath: [[Int32]: String] = [:]

  init(of file: CFile) {
    guard let info = file.source_code_info else { return }
    for location in all(info.pointee.n_location, info.pointee.location) {
      let path = Array(UnsafeBufferPointer(start: location.path, count: location.n_path))
      let parts = [text(location.leading_comments), text(location.trailing_comments)].filter { !$0.isEmpty }
      if !parts.isEmpty { byPath[path] = parts.joined(separator: "\n") }
    }
  }

  /// The comment, its lines without the space that follows the slashes.
  subscript(path: [Int32]) -> String {
    guard let comment = byPath[path] else { return "" }
    var lines = comment.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.first == " " ? String(line.dropFirst()) : String(line)
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.joined(separator: "\n")
  }
}

extension ProtoAccess {
  /// The number of `huying.common.v1.access` among the extensions of MethodOptions.
  static let extensionNumber: UInt32 = 79922

  /// Finds the rule among the options that protobuf-c does not know; `nil` if it is not there.
  init?(inOptions options: UnsafeRawPointer) {
    let contents = (try? UnknownFields(cBase: options))?.contents(of: Self.extensionNumber) ?? []
    guard !contents.isEmpty else { return nil }
    self.init()
    for content in contents { content.withUnsafeBytes { bytes in read(bytes) } }
  }

  private mutating func read(_ bytes: UnsafeRawBufferPointer) {
    var reader = WireReader(bytes)
    while let field = reader.next() {
      switch (field.number, field.value) {
      case (1, .bytes(let name)): roles.append(String(decoding: name, as: UTF8.self))
      case (2, .varint(let value)): everyRole = value != 0
      case (3, .varint(let value)): open = value != 0
      default: break
      }
    }
  }
}

extension ProtoType {
  /// The type of `google.protobuf.FieldDescriptorProto.Type` number.
  init(number: Int32, name: String) {
    let scalars: [Int32: ProtoType] = [
      1: .double, 2: .float, 3: .int64, 4: .uint64, 5: .int32, 6: .fixed64, 7: .fixed32, 8: .bool, 9: .string,
      12: .bytes, 13: .uint32, 15: .sfixed32, 16: .sfixed64, 17: .sint32, 18: .sint64,
    ]
    switch number {
    case 11: self = .message(name)
    case 14: self = .enumeration(name)
    default: self = scalars[number]!
    }
  }
}

/// protobuf-c's array of pointers as Swift values.
func all<Element>(_ count: Int, _ pointers: UnsafeMutablePointer<UnsafeMutablePointer<Element>?>?) -> [Element] {
  UnsafeBufferPointer(start: pointers, count: count).map { $0!.pointee }
}

/// A string of a descriptor; protoc has checked it.
func text(_ data: ProtobufCBinaryData) -> String {
  String(decoding: UnsafeBufferPointer(start: data.data, count: data.len), as: UTF8.self)
}

/// The bytes of a C message.
func packed(_ message: UnsafeMutableRawPointer) -> [UInt8] {
  let base = message.assumingMemoryBound(to: ProtobufCMessage.self)
  let size = protobuf_c_message_get_packed_size(base)
  return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    count = protobuf_c_message_pack(base, buffer.baseAddress!)
  }
}
