package import Wire

/// The types of a set of proto files. Made once, kept as long as the process lives: what it describes is never freed.
package struct DescriptorPool: Sendable {
  /// Why files do not make a pool.
  package enum Failure: Error, Sendable, Equatable {
    /// A file that is not a FileDescriptorProto.
    case unreadable(file: String)
    /// A type that no file declares.
    case missingType(name: String, neededBy: String)
    /// A field type that nobody knows.
    case unsupported(field: String)
  }

  /// Every file, imported ones first, as it came.
  package let files: [EmbeddedFile]
  private let messages: [String: MessageType]
  private let enums: [String: EnumType]
  /// Every service, in the order of the files.
  package let services: [ServiceType]
  private let methodsByPath: [String: MethodType]

  /// Reads the files that contracts embed or that reflection has sent; each must come after those that it imports.
  package init(files: [EmbeddedFile]) throws(Failure) {
    var builder = PoolBuilder()
    let files = joinedFiles([files])
    for file in files {
      guard let descriptor = try? GoogleProtobuf.FileDescriptorProto(decoding: file.bytes) else {
        throw .unreadable(file: file.name)
      }
      builder.declare(descriptor)
    }
    try builder.resolve()
    self.files = files
    self.messages = builder.messages
    self.enums = builder.enums
    self.services = builder.services
    let methods = builder.services.flatMap(\.methods)
    self.methodsByPath = Dictionary(methods.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The message type of that full name.
  package func message(named name: String) -> MessageType? { messages[name] }

  /// The enum type of that full name.
  package func enumeration(named name: String) -> EnumType? { enums[name] }

  /// The service of that full name.
  package func service(named name: String) -> ServiceType? { services.first { $0.fullName == name } }

  /// The RPC of that path: `/huying.dispute.v1.CaseService/ReportCase`.
  package func method(path: String) -> MethodType? { methodsByPath[path] }
}

/// Collects declarations first and ties them together afterwards, so that types may refer to each other in any order.
private struct PoolBuilder {
  private(set) var messages: [String: MessageType] = [:]
  private(set) var enums: [String: EnumType] = [:]
  private(set) var services: [ServiceType] = []
  private var declared: [(type: MessageType, descriptor: GoogleProtobuf.DescriptorProto, isProto3: Bool)] = []
  private var declaredServices: [(name: String, descriptor: GoogleProtobuf.ServiceDescriptorProto)] = []

  mutating func declare(_ file: GoogleProtobuf.FileDescriptorProto) {
    let package = file.package ?? ""
    let isProto3 = file.syntax == "proto3"
    for message in file.messageType { declare(message, in: package, isProto3) }
    for enumeration in file.enumType { declare(enumeration, in: package) }
    declaredServices += file.service.map { (joined(package, $0.name ?? ""), $0) }
  }

  private mutating func declare(_ message: GoogleProtobuf.DescriptorProto, in scope: String, _ isProto3: Bool) {
    let name = joined(scope, message.name ?? "")
    let type = MessageType(fullName: name, isMapEntry: message.options?.mapEntry ?? false)
    messages[name] = type
    declared.append((type, message, isProto3))
    for nested in message.nestedType { declare(nested, in: name, isProto3) }
    for enumeration in message.enumType { declare(enumeration, in: name) }
  }

  private mutating func declare(_ enumeration: GoogleProtobuf.EnumDescriptorProto, in scope: String) {
    let name = joined(scope, enumeration.name ?? "")
    enums[name] = EnumType(fullName: name, values: enumeration.value.map { ($0.name ?? "", $0.number ?? 0) })
  }

  private func joined(_ scope: String, _ name: String) -> String { scope.isEmpty ? name : "\(scope).\(name)" }

  mutating func resolve() throws(DescriptorPool.Failure) {
    for (type, descriptor, isProto3) in declared {
      var fields: [FieldType] = []
      // The fields of a group of proto2 are carried as unknown ones.
      for field in descriptor.field where field.type != .group {
        fields.append(try self.field(field, of: descriptor, type, isProto3))
      }
      type.fields = fields
      for (index, field) in fields.enumerated() {
        type.byNumber[field.number] = index
        type.byName[field.jsonName] = index
      }
      for (index, field) in fields.enumerated() { type.byName[field.name] = index }
    }
    LayoutBuilder.build(declared.map(\.type))
    for (name, descriptor) in declaredServices { services.append(try service(name, descriptor)) }
  }

  private func field(
    _ field: GoogleProtobuf.FieldDescriptorProto, of message: GoogleProtobuf.DescriptorProto, _ owner: MessageType,
    _ isProto3: Bool
  ) throws(DescriptorPool.Failure) -> FieldType {
    let name = field.name ?? ""
    let kind = try kind(field, "\(owner.fullName).\(name)")
    let isRepeated = field.label == .repeated
    let oneof = field.proto3Optional == true ? nil : field.oneofIndex.map { message.oneofDecl[Int($0)].name ?? "" }
    var isMessage = false
    var isPackable = true
    switch kind {
    case .message: (isMessage, isPackable) = (true, false)
    case .string, .bytes: isPackable = false
    default: break
    }
    return FieldType(
      name: name, jsonName: field.jsonName ?? lowerCamel(name), number: field.number ?? 0, kind: kind,
      isRepeated: isRepeated,
      hasPresence: !isRepeated
        && (owner.isMapEntry || isMessage || oneof != nil || field.proto3Optional == true || !isProto3),
      oneof: oneof, isPacked: isRepeated && isPackable && (field.options?.packed ?? isProto3))
  }

  /// The name that JSON has unless the proto says otherwise: not every server's descriptors carry it.
  private func lowerCamel(_ name: String) -> String {
    let parts = name.split(separator: "_", omittingEmptySubsequences: false)
    return parts.dropFirst().reduce(String(parts.first ?? "")) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
  }

  private func kind(
    _ field: GoogleProtobuf.FieldDescriptorProto, _ path: String
  ) throws(DescriptorPool.Failure) -> FieldType.Kind {
    let typeName = String((field.typeName ?? "").drop { $0 == "." })
    switch field.type {
    case .double: return .double
    case .float: return .float
    case .int64: return .int64
    case .uint64: return .uint64
    case .int32: return .int32
    case .fixed64: return .fixed64
    case .fixed32: return .fixed32
    case .bool: return .bool
    case .string: return .string
    case .bytes: return .bytes
    case .uint32: return .uint32
    case .sfixed32: return .sfixed32
    case .sfixed64: return .sfixed64
    case .sint32: return .sint32
    case .sint64: return .sint64
    case .message:
      guard let type = messages[typeName] else { throw .missingType(name: typeName, neededBy: path) }
      return .message(type)
    case .enum:
      guard let type = enums[typeName] else { throw .missingType(name: typeName, neededBy: path) }
      return .enumeration(type)
    case .group, .unrecognized, nil: throw .unsupported(field: path)
    }
  }

  private func service(
    _ name: String, _ descriptor: GoogleProtobuf.ServiceDescriptorProto
  ) throws(DescriptorPool.Failure) -> ServiceType {
    var methods: [MethodType] = []
    for method in descriptor.method {
      let path = "/\(name)/\(method.name ?? "")"
      methods.append(
        MethodType(
          name: method.name ?? "", path: path, request: try message(method.inputType, path),
          response: try message(method.outputType, path), clientStreaming: method.clientStreaming ?? false,
          serverStreaming: method.serverStreaming ?? false, http: method.options.flatMap(Self.httpRule)))
    }
    return ServiceType(fullName: name, methods: methods)
  }

  private func message(_ name: String?, _ path: String) throws(DescriptorPool.Failure) -> MessageType {
    let name = String((name ?? "").drop { $0 == "." })
    guard let type = messages[name] else { throw .missingType(name: name, neededBy: path) }
    return type
  }

  /// The number of `google.api.http` among the extensions of MethodOptions.
  private static let httpExtension: UInt32 = 72_295_728

  private static func httpRule(_ options: GoogleProtobuf.MethodOptions) -> GoogleAPI.HttpRule? {
    options.unknownFields.contents(of: httpExtension).first.flatMap { try? GoogleAPI.HttpRule(decoding: $0) }
  }
}
