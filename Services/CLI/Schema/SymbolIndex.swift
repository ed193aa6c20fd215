import WireTypes

/// Every name that a schema declares, and where.
struct SymbolIndex: Sendable {
  /// What a name stands for.
  enum Element: Sendable {
    case service(GoogleProtobuf.ServiceDescriptorProto)
    case method(GoogleProtobuf.MethodDescriptorProto)
    case message(GoogleProtobuf.DescriptorProto)
    case enumeration(GoogleProtobuf.EnumDescriptorProto)
    case field(GoogleProtobuf.FieldDescriptorProto)
    case value(GoogleProtobuf.EnumValueDescriptorProto)
  }

  /// One declaration: what, in which file, and its path in the file's source information.
  struct Symbol: Sendable {
    let name: String
    let element: Element
    let file: SchemaFile
    let path: [Int32]
  }

  private var symbols: [String: Symbol] = [:]
  /// Full names of what one asks about: services, methods, messages and enums; those of the given files only.
  private(set) var names: [String] = []
  /// Fields and values of enums, likewise.
  private(set) var members: [String] = []

  init(_ schema: Schema) {
    for file in schema.files {
      let isOwn = schema.isOwn(file.name)
      var walk = Walk(file: file)
      walk.run()
      for symbol in walk.found {
        symbols[symbol.name] = symbol
        guard isOwn else { continue }
        switch symbol.element {
        case .field, .value: members.append(symbol.name)
        default: names.append(symbol.name)
        }
      }
    }
  }

  subscript(_ name: String) -> Symbol? { symbols[name] }
}

/// Goes through a file. The numbers are those of descriptor.proto's fields: that is how source information names places.
private struct Walk {
  let file: SchemaFile
  var found: [SymbolIndex.Symbol] = []

  init(file: SchemaFile) { self.file = file }

  mutating func run() {
    let package = file.descriptor.package ?? ""
    for (index, message) in file.descriptor.messageType.enumerated() { add(message, package, [4, Int32(index)]) }
    for (index, enumeration) in file.descriptor.enumType.enumerated() { add(enumeration, package, [5, Int32(index)]) }
    for (index, field) in file.descriptor.`extension`.enumerated() {
      add(joined(package, field.name), .field(field), [7, Int32(index)])
    }
    for (index, service) in file.descriptor.service.enumerated() {
      let name = joined(package, service.name)
      add(name, .service(service), [6, Int32(index)])
      for (number, method) in service.method.enumerated() {
        add(joined(name, method.name), .method(method), [6, Int32(index), 2, Int32(number)])
      }
    }
  }

  private mutating func add(_ message: GoogleProtobuf.DescriptorProto, _ scope: String, _ path: [Int32]) {
    let name = joined(scope, message.name)
    // Nobody writes the entry of a map.
    if message.options?.mapEntry != true { add(name, .message(message), path) }
    for (index, field) in message.field.enumerated() {
      add(joined(name, field.name), .field(field), path + [2, Int32(index)])
    }
    for (index, nested) in message.nestedType.enumerated() { add(nested, name, path + [3, Int32(index)]) }
    for (index, enumeration) in message.enumType.enumerated() { add(enumeration, name, path + [4, Int32(index)]) }
  }

  private mutating func add(_ enumeration: GoogleProtobuf.EnumDescriptorProto, _ scope: String, _ path: [Int32]) {
    let name = joined(scope, enumeration.name)
    add(name, .enumeration(enumeration), path)
    for (index, value) in enumeration.value.enumerated() {
      add(joined(name, value.name), .value(value), path + [2, Int32(index)])
    }
  }

  private mutating func add(_ name: String, _ element: SymbolIndex.Element, _ path: [Int32]) {
    found.append(SymbolIndex.Symbol(name: name, element: element, file: file, path: path))
  }

  private func joined(_ scope: String, _ name: String?) -> String {
    scope.isEmpty ? name ?? "" : "\(scope).\(name ?? "")"
  }
}
