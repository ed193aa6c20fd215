/// The Swift of one message: a value type that reads and fills its C struct.
struct MessageOutput {
  let message: ProtoMessage
  let types: TypeTable

  private var cType: String { CNames.type(message.fullName) }

  func write(to printer: inout Printer) {
    printer.documentation(message.comment)
    printer.block("package struct \(SwiftNames.type(message.name, isEnum: false)): Wire.Message") { printer in
      for property in properties { writeProperty(property, to: &printer) }
      printer.line("package var unknownFields: Wire.UnknownFields = .init()")
      printer.line()
      writeInitialisers(to: &printer)
      writeIdentity(to: &printer)
      writeReading(to: &printer)
      printer.line()
      writeWriting(to: &printer)
      writeNested(to: &printer)
    }
  }

  private func writeNested(to printer: inout Printer) {
    for oneof in oneofs {
      printer.line()
      oneof.writeType(to: &printer)
    }
    for enumeration in message.enums {
      printer.line()
      EnumOutput(enumeration: enumeration).write(to: &printer)
    }
    for nested in message.messages where !nested.isMapEntry {
      printer.line()
      MessageOutput(message: nested, types: types).write(to: &printer)
    }
  }
}

// MARK: - Properties

extension MessageOutput {
  /// A property: a field, or a oneof at the place of its first member.
  fileprivate enum Property {
    case field(FieldOutput)
    case oneof(OneofOutput)

    var name: String {
      switch self {
      case .field(let field): field.name
      case .oneof(let oneof): oneof.name
      }
    }

    var type: String {
      switch self {
      case .field(let field): field.propertyType
      case .oneof(let oneof): oneof.typeName + "?"
      }
    }

    var defaultValue: String {
      switch self {
      case .field(let field): field.defaultValue
      case .oneof: "nil"
      }
    }

    var comment: String {
      switch self {
      case .field(let field): field.field.comment
      case .oneof(let oneof): oneof.oneof.comment
      }
    }
  }

  fileprivate var fields: [FieldOutput] {
    message.fields.map { FieldOutput(field: $0, message: message, types: types) }
  }

  fileprivate var oneofs: [OneofOutput] {
    message.oneofs.map { oneof in
      OneofOutput(oneof: oneof, message: message, members: fields.filter { $0.field.presence == .oneof(oneof.index) })
    }
  }

  fileprivate var properties: [Property] {
    var seen: Set<Int> = []
    return fields.compactMap { field in
      guard case .oneof(let index) = field.field.presence else { return .field(field) }
      guard seen.insert(index).inserted else { return nil }
      return oneofs.first { $0.oneof.index == index }.map(Property.oneof)
    }
  }

  private func writeProperty(_ property: Property, to printer: inout Printer) {
    printer.documentation(property.comment)
    let name = SwiftNames.escaped(property.name)
    if case .field(let field) = property, field.isBoxed {
      printer.block("package var \(name): \(property.type)") { printer in
        printer.line("get { self.boxed_\(field.name)?.value }")
        printer.line("set { self.boxed_\(field.name) = newValue.map { .value($0) } }")
      }
      printer.line("private var boxed_\(field.name): Wire.Boxed<\(field.elementType)>? = nil")
    } else {
      printer.line("package var \(name): \(property.type) = \(property.defaultValue)")
    }
  }

  fileprivate func writeInitialisers(to printer: inout Printer) {
    printer.line("package init() {}")
    printer.line()
    guard !properties.isEmpty else { return }
    printer.line("package init(")
    printer.indented { printer in
      for (index, property) in properties.enumerated() {
        let comma = index + 1 < properties.count ? "," : ""
        printer.line("\(SwiftNames.escaped(property.name)): \(property.type) = \(property.defaultValue)\(comma)")
      }
    }
    printer.block(")") { printer in
      for property in properties { printer.line("self.\(property.name) = \(SwiftNames.escaped(property.name))") }
    }
    printer.line()
  }
}

// MARK: - The C struct

extension MessageOutput {
  fileprivate func writeIdentity(to printer: inout Printer) {
    printer.line("package static var fullName: Swift.String { \"\(message.fullName)\" }")
    let hasMessages = message.fields.contains { if case .message = $0.type { true } else { false } }
    printer.line("package static var hasMessages: Swift.Bool { \(hasMessages) }")
    printer.block("package static var layout: Wire.MessageLayout") { printer in
      printer.line("var c = \(cType)()")
      printer.line("\(CNames.function(message.fullName))__init(&c)")
      printer.line("return Wire.MessageLayout(c.base.descriptor)")
    }
    printer.line()
  }

  fileprivate func writeReading(to printer: inout Printer) {
    printer.block("package init(cStruct pointer: Swift.UnsafeRawPointer) throws(Wire.WireError)") { printer in
      if !message.fields.isEmpty { printer.line("let c = pointer.assumingMemoryBound(to: \(cType).self)") }
      for property in properties {
        switch property {
        case .field(let field): field.writeReading(to: &printer)
        case .oneof(let oneof): oneof.writeReading(to: &printer)
        }
      }
      printer.line("self.unknownFields = try Wire.UnknownFields(cBase: pointer)")
    }
  }

  fileprivate func writeWriting(to printer: inout Printer) {
    let head = "package func fill(cStruct pointer: Swift.UnsafeMutableRawPointer, in arena: Wire.Arena)"
    printer.block(head) { printer in
      printer.line("let c = pointer.assumingMemoryBound(to: \(cType).self)")
      printer.line("\(CNames.function(message.fullName))__init(c)")
      for property in properties {
        switch property {
        case .field(let field): field.writeWriting(to: &printer)
        case .oneof(let oneof): oneof.writeWriting(to: &printer)
        }
      }
      printer.line("self.unknownFields.fill(cBase: pointer, in: arena)")
    }
  }
}
