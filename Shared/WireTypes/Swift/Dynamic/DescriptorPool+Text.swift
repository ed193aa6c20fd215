extension DescriptorPool {
  /// What a service, an RPC (`package.Service/Method` or with a dot), a message or an enum looks like, in the proto's own
  /// language; `nil` if there is nothing of that name. An RPC comes with its request and response.
  package func text(describing name: String) -> String? {
    let name = name.hasPrefix("/") || name.hasPrefix(".") ? String(name.dropFirst()) : name
    if let service = service(named: name) { return service.protoText }
    if let message = message(named: name) { return message.protoText }
    if let enumeration = enumeration(named: name) { return enumeration.protoText }
    let methods = services.flatMap(\.methods)
    let path = "/" + name
    guard let method = methods.first(where: { $0.path == path || $0.path.dotted == path }) else { return nil }
    let types = method.request == method.response ? [method.request] : [method.request, method.response]
    return ([method.protoText] + types.map(\.protoText)).joined(separator: "\n\n")
  }
}

extension String {
  /// `/package.Service.Method` of `/package.Service/Method`.
  fileprivate var dotted: String { "/" + dropFirst().map { $0 == "/" ? "." : String($0) }.joined() }
}

extension ServiceType {
  /// The service in the proto's own language.
  package var protoText: String {
    let lines = methods.map { "  \($0.protoText)" }
    return (["service \(fullName) {"] + lines + ["}"]).joined(separator: "\n")
  }
}

extension MethodType {
  /// The RPC in the proto's own language.
  package var protoText: String {
    let request = (clientStreaming ? "stream " : "") + self.request.fullName
    let response = (serverStreaming ? "stream " : "") + self.response.fullName
    return "rpc \(name)(\(request)) returns (\(response));"
  }
}

extension EnumType {
  /// The enum in the proto's own language.
  package var protoText: String {
    let lines = values.map { "  \($0.name) = \($0.number);" }
    return (["enum \(fullName) {"] + lines + ["}"]).joined(separator: "\n")
  }
}

extension MessageType {
  /// The message in the proto's own language, without the types inside it.
  package var protoText: String {
    var lines: [String] = []
    var openOneof: String?
    for field in fields {
      if openOneof != nil, field.oneof != openOneof { lines.append("  }") }
      if let oneof = field.oneof, oneof != openOneof { lines.append("  oneof \(oneof) {") }
      openOneof = field.oneof
      lines.append((field.oneof == nil ? "  " : "    ") + field.protoText)
    }
    if openOneof != nil { lines.append("  }") }
    return lines.isEmpty
      ? "message \(fullName) {}" : (["message \(fullName) {"] + lines + ["}"]).joined(separator: "\n")
  }
}

extension FieldType {
  /// The field in the proto's own language.
  package var protoText: String {
    if let entry = mapEntry {
      return "map<\(entry.fields[0].kind.name), \(entry.fields[1].kind.name)> \(name) = \(number);"
    }
    return "\(label)\(kind.name) \(name) = \(number);"
  }

  private var label: String {
    if isRepeated { return "repeated " }
    if case .message = kind { return "" }
    return hasPresence && oneof == nil ? "optional " : ""
  }
}

extension FieldType.Kind {
  /// The type in the proto's own language.
  package var name: String {
    switch self {
    case .message(let type): type.fullName
    case .enumeration(let type): type.fullName
    case .double: "double"
    case .float: "float"
    case .int64: "int64"
    case .uint64: "uint64"
    case .int32: "int32"
    case .fixed64: "fixed64"
    case .fixed32: "fixed32"
    case .bool: "bool"
    case .string: "string"
    case .bytes: "bytes"
    case .uint32: "uint32"
    case .sfixed32: "sfixed32"
    case .sfixed64: "sfixed64"
    case .sint32: "sint32"
    case .sint64: "sint64"
    }
  }
}
