import Foundation
import WireTypes

/// Declarations in the proto's own language, with their comments where the file brings them.
struct ProtoText {
  private typealias Field = GoogleProtobuf.FieldDescriptorProto

  private let file: SchemaFile
  private let comments: SourceComments
  private let isProto3: Bool

  init(_ file: SchemaFile) {
    self.file = file
    comments = SourceComments(file)
    isProto3 = file.descriptor.syntax == "proto3"
  }

  /// What is declared at `symbol`.
  func text(_ symbol: SymbolIndex.Symbol) -> String {
    var lines = comments.lines(symbol.path)
    switch symbol.element {
    case .service(let service): lines += self.lines(service, symbol.name, symbol.path)
    case .method(let method): lines.append(line(method))
    case .message(let message): lines += self.lines(message, symbol.name, symbol.path)
    case .enumeration(let enumeration): lines += self.lines(enumeration, symbol.name, symbol.path)
    case .field(let field): lines.append(line(field, [], isInOneof: false))
    case .value(let value): lines.append(line(value))
    }
    return lines.joined(separator: "\n")
  }

  // MARK: - Services

  private func lines(_ service: GoogleProtobuf.ServiceDescriptorProto, _ name: String, _ path: [Int32]) -> [String] {
    var inner: [String] = []
    for (index, method) in service.method.enumerated() {
      inner += comments.lines(path + [2, Int32(index)]) + [line(method)]
    }
    return block("service \(name)", inner)
  }

  private func line(_ method: GoogleProtobuf.MethodDescriptorProto) -> String {
    let request = (method.clientStreaming == true ? "stream " : "") + Self.plain(method.inputType)
    let response = (method.serverStreaming == true ? "stream " : "") + Self.plain(method.outputType)
    let end = method.options?.deprecated == true ? " { option deprecated = true; }" : ";"
    return "rpc \(method.name ?? "")(\(request)) returns (\(response))\(end)"
  }

  // MARK: - Messages

  private func lines(_ message: GoogleProtobuf.DescriptorProto, _ name: String, _ path: [Int32]) -> [String] {
    var inner: [String] = message.options?.deprecated == true ? ["option deprecated = true;"] : []
    var openOneof: Int32?
    var oneofLines: [String] = []
    func closeOneof() {
      guard let open = openOneof else { return }
      inner += comments.lines(path + [8, open]) + block("oneof \(message.oneofDecl[Int(open)].name ?? "")", oneofLines)
      openOneof = nil
      oneofLines = []
    }
    for (index, field) in message.field.enumerated() {
      let oneof = field.proto3Optional == true ? nil : field.oneofIndex
      if oneof != openOneof { closeOneof() }
      openOneof = oneof
      let text = comments.lines(path + [2, Int32(index)]) + [line(field, message.nestedType, isInOneof: oneof != nil)]
      if oneof == nil { inner += text } else { oneofLines += text }
    }
    closeOneof()
    inner += reserved(message)
    for (index, nested) in message.nestedType.enumerated() where nested.options?.mapEntry != true {
      let place = path + [3, Int32(index)]
      inner += [""] + comments.lines(place) + lines(nested, nested.name ?? "", place)
    }
    for (index, enumeration) in message.enumType.enumerated() {
      let place = path + [4, Int32(index)]
      inner += [""] + comments.lines(place) + lines(enumeration, enumeration.name ?? "", place)
    }
    return block("message \(name)", inner)
  }

  private func line(_ field: Field, _ nested: [GoogleProtobuf.DescriptorProto], isInOneof: Bool) -> String {
    var options: [String] = []
    if let value = field.defaultValue {
      let isText = field.type == .string || field.type == .bytes
      options.append("default = \(isText ? "\"\(value)\"" : value)")
    }
    if field.options?.deprecated == true { options.append("deprecated = true") }
    if let packed = field.options?.packed { options.append("packed = \(packed)") }
    if let name = field.jsonName, name != Self.lowerCamel(field.name ?? "") {
      options.append("json_name = \"\(name)\"")
    }
    let end = options.isEmpty ? ";" : " [\(options.joined(separator: ", "))];"
    let head = "\(field.name ?? "") = \(field.number ?? 0)\(end)"
    if let entry = Self.entry(field, nested) {
      return "map<\(Self.type(entry.field[0])), \(Self.type(entry.field[1]))> \(head)"
    }
    // A group is named after its type.
    if field.type == .group {
      let name = Self.plain(field.typeName).split(separator: ".").last.map(String.init) ?? ""
      return label(field, isInOneof) + "group \(name) = \(field.number ?? 0)\(end)"
    }
    return label(field, isInOneof) + Self.type(field) + " " + head
  }

  private func label(_ field: Field, _ isInOneof: Bool) -> String {
    switch field.label {
    case .repeated: return "repeated "
    case .required: return "required "
    default: break
    }
    return !isInOneof && (field.proto3Optional == true || !isProto3) ? "optional " : ""
  }

  private func reserved(_ message: GoogleProtobuf.DescriptorProto) -> [String] {
    func ranges(_ bounds: [(Int32?, Int32?)]) -> String {
      bounds.map { start, end in
        let (first, last) = (start ?? 0, (end ?? 1) - 1)
        return first == last ? "\(first)" : "\(first) to \(last >= 536_870_911 ? "max" : "\(last)")"
      }.joined(separator: ", ")
    }
    var lines: [String] = []
    if !message.extensionRange.isEmpty {
      lines.append("extensions \(ranges(message.extensionRange.map { ($0.start, $0.end) }));")
    }
    if !message.reservedRange.isEmpty {
      lines.append("reserved \(ranges(message.reservedRange.map { ($0.start, $0.end) }));")
    }
    if !message.reservedName.isEmpty {
      lines.append("reserved \(message.reservedName.map { "\"\($0)\"" }.joined(separator: ", "));")
    }
    return lines
  }

  // MARK: - Enums

  private func lines(_ type: GoogleProtobuf.EnumDescriptorProto, _ name: String, _ path: [Int32]) -> [String] {
    var inner: [String] = type.options?.allowAlias == true ? ["option allow_alias = true;"] : []
    for (index, value) in type.value.enumerated() { inner += comments.lines(path + [2, Int32(index)]) + [line(value)] }
    return block("enum \(name)", inner)
  }

  private func line(_ value: GoogleProtobuf.EnumValueDescriptorProto) -> String {
    "\(value.name ?? "") = \(value.number ?? 0)\(value.options?.deprecated == true ? " [deprecated = true]" : "");"
  }

  // MARK: - Words

  private func block(_ head: String, _ inner: [String]) -> [String] {
    inner.isEmpty ? ["\(head) {}"] : ["\(head) {"] + inner.map { $0.isEmpty ? "" : "  " + $0 } + ["}"]
  }

  /// The entry type of a map field.
  static func entry(
    _ field: GoogleProtobuf.FieldDescriptorProto, _ nested: [GoogleProtobuf.DescriptorProto]
  ) -> GoogleProtobuf.DescriptorProto? {
    guard field.type == .message, let name = field.typeName?.split(separator: ".").last else { return nil }
    return nested.first { $0.options?.mapEntry == true && $0.name == String(name) && $0.field.count == 2 }
  }

  /// `int64`, or the full name of a message or an enum.
  static func type(_ field: GoogleProtobuf.FieldDescriptorProto) -> String {
    switch field.type {
    case .message, .enum, .group: plain(field.typeName)
    case let type?: String(type.protoName.dropFirst("TYPE_".count)).lowercased()
    case nil: plain(field.typeName)
    }
  }

  static func plain(_ name: String?) -> String { String((name ?? "").drop { $0 == "." }) }

  /// The name that JSON has unless the proto says otherwise.
  static func lowerCamel(_ name: String) -> String {
    var text = ""
    var isUpper = false
    for character in name {
      if character == "_" {
        isUpper = true
      } else {
        text += isUpper ? character.uppercased() : String(character)
        isUpper = false
      }
    }
    return text
  }
}

/// The comments of a file, by the place of what they speak of.
struct SourceComments {
  private let locations: [[Int32]: GoogleProtobuf.SourceCodeInfo.Location]

  init(_ file: SchemaFile) {
    let all = file.descriptor.sourceCodeInfo?.location ?? []
    locations = Dictionary(all.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The comment before or behind a declaration; empty if there is none.
  func text(_ path: [Int32]) -> String {
    guard let location = locations[path] else { return "" }
    let text = location.leadingComments ?? location.trailingComments ?? ""
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix(" ") ? String($0.dropFirst()) : String($0) }.joined(separator: "\n")
      .trimmingCharacters(in: .newlines)
  }

  /// The comment as lines to stand before the declaration.
  func lines(_ path: [Int32]) -> [String] {
    let text = text(path)
    return text.isEmpty
      ? []
      : text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        line.isEmpty ? "//" : "// \(line)"
      }
  }
}
