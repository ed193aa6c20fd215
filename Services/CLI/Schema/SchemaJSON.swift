import Wire
import WireTypes

/// Declarations as JSON, for programs: `describe -o json`.
struct SchemaJSON {
  private let index: SymbolIndex

  init(_ index: SymbolIndex) { self.index = index }

  /// What is declared at `symbol`; an RPC with its request and answer.
  func json(_ symbol: SymbolIndex.Symbol) -> JSONValue {
    let comments = SourceComments(symbol.file)
    var members = [JSONValue.Member("kind", .string(kind(symbol))), .init("name", .string(symbol.name))]
    switch symbol.element {
    case .service(let service):
      members.append(
        .init(
          "methods",
          .array(
            service.method.enumerated().map { number, method in
              .object(self.members(method, symbol.name, comments.text(symbol.path + [2, Int32(number)])))
            })))
    case .method(let method):
      let service = String(symbol.name.dropLast((method.name ?? "").count + 1))
      members = [members[0]] + self.members(method, service, "")
      for (name, type) in [("requestMessage", method.inputType), ("responseMessage", method.outputType)] {
        if let message = index[ProtoText.plain(type)] { members.append(.init(name, json(message))) }
      }
    case .message(let message): members += self.members(message, symbol, comments)
    case .enumeration(let type):
      let values: [JSONValue] = type.value.enumerated().map { number, value in
        .object(
          [.init("name", .string(value.name ?? "")), .init("number", .number("\(value.number ?? 0)"))]
            + comment(comments.text(symbol.path + [2, Int32(number)])))
      }
      members.append(.init("values", .array(values)))
    case .field(let field): members += self.members(field, [], oneof: nil)
    case .value(let value): members.append(.init("number", .number("\(value.number ?? 0)")))
    }
    return .object(members + [.init("file", .string(symbol.file.name))] + comment(comments.text(symbol.path)))
  }

  private func kind(_ symbol: SymbolIndex.Symbol) -> String {
    switch symbol.element {
    case .service: "service"
    case .method: "method"
    case .message: "message"
    case .enumeration: "enum"
    case .field: "field"
    case .value: "enum_value"
    }
  }

  private func members(
    _ method: GoogleProtobuf.MethodDescriptorProto, _ service: String, _ text: String
  ) -> [JSONValue.Member] {
    let name = method.name ?? ""
    return [
      .init("name", .string(name)), .init("path", .string("/\(service)/\(name)")),
      .init("request", .string(ProtoText.plain(method.inputType))),
      .init("response", .string(ProtoText.plain(method.outputType))),
      .init("clientStreaming", .bool(method.clientStreaming ?? false)),
      .init("serverStreaming", .bool(method.serverStreaming ?? false)),
    ] + comment(text)
  }

  private func members(
    _ message: GoogleProtobuf.DescriptorProto, _ symbol: SymbolIndex.Symbol, _ comments: SourceComments
  ) -> [JSONValue.Member] {
    let fields: [JSONValue] = message.field.enumerated().map { number, field in
      let oneof = field.proto3Optional == true ? nil : field.oneofIndex.map { message.oneofDecl[Int($0)].name ?? "" }
      return .object(
        [.init("name", .string(field.name ?? ""))] + members(field, message.nestedType, oneof: oneof)
          + comment(comments.text(symbol.path + [2, Int32(number)])))
    }
    return [.init("fields", .array(fields))]
  }

  private func members(
    _ field: GoogleProtobuf.FieldDescriptorProto, _ nested: [GoogleProtobuf.DescriptorProto], oneof: String?
  ) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("jsonName", .string(field.jsonName ?? ProtoText.lowerCamel(field.name ?? ""))),
      .init("number", .number("\(field.number ?? 0)")),
    ]
    if let entry = ProtoText.entry(field, nested) {
      members.append(.init("type", .string("map")))
      members.append(.init("keyType", .string(ProtoText.type(entry.field[0]))))
      members.append(.init("valueType", .string(ProtoText.type(entry.field[1]))))
    } else {
      let kind = field.type.map { String($0.protoName.dropFirst("TYPE_".count)).lowercased() } ?? "message"
      members.append(.init("type", .string(kind)))
      if field.typeName != nil { members.append(.init("typeName", .string(ProtoText.plain(field.typeName)))) }
      if field.label == .repeated { members.append(.init("repeated", .bool(true))) }
    }
    if field.label == .required { members.append(.init("required", .bool(true))) }
    if field.proto3Optional == true { members.append(.init("optional", .bool(true))) }
    if let oneof { members.append(.init("oneof", .string(oneof))) }
    if let value = field.defaultValue { members.append(.init("default", .string(value))) }
    if field.options?.deprecated == true { members.append(.init("deprecated", .bool(true))) }
    return members
  }

  private func comment(_ text: String) -> [JSONValue.Member] {
    text.isEmpty ? [] : [.init("comment", .string(text))]
  }
}
