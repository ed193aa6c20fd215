/// The Swift of one field: its property, and how it is read from and written to the C struct.
struct FieldOutput {
  let field: ProtoField
  let message: ProtoMessage
  let types: TypeTable

  /// `caseID`
  var name: String { SwiftNames.lowerCamel(field.name) }
  /// `caseID`, in backticks where Swift needs them.
  var escapedName: String { SwiftNames.escaped(name) }
  var isBoxed: Bool { types.isBoxed(field, in: message) }
  /// The member of the C struct.
  var member: String { CNames.field(field.name) }

  /// The Swift type of one value.
  var elementType: String { Self.swiftType(field.type, types) }

  /// The Swift type of the property.
  var propertyType: String {
    if let entry = types.mapEntry(field) {
      return "[\(Self.swiftType(entry.fields[0].type, types)): \(Self.swiftType(entry.fields[1].type, types))]"
    }
    switch field.presence {
    case .implicit, .oneof: return elementType
    case .pointer, .syntheticOneof, .flag: return elementType + "?"
    case .repeated: return "[\(elementType)]"
    }
  }

  /// What the property is when nobody sets it.
  var defaultValue: String {
    if types.mapEntry(field) != nil { return "[:]" }
    switch field.presence {
    case .pointer, .syntheticOneof, .flag, .oneof: return "nil"
    case .repeated: return "[]"
    case .implicit: return Self.zero(field.type)
    }
  }

  private static func zero(_ type: ProtoType) -> String {
    switch type {
    case .bool: "false"
    case .string: "\"\""
    case .bytes: "[]"
    case .message, .enumeration: ".init()"
    default: "0"
    }
  }

  static func swiftType(_ type: ProtoType, _ types: TypeTable) -> String {
    switch type {
    case .double: "Swift.Double"
    case .float: "Swift.Float"
    case .int64, .sint64, .sfixed64: "Swift.Int64"
    case .uint64, .fixed64: "Swift.UInt64"
    case .int32, .sint32, .sfixed32: "Swift.Int32"
    case .uint32, .fixed32: "Swift.UInt32"
    case .bool: "Swift.Bool"
    case .string: "Swift.String"
    case .bytes: "[Swift.UInt8]"
    case .message(let name), .enumeration(let name): types.swiftName(name)
    }
  }
}

// MARK: - Reading

extension FieldOutput {
  /// Statements that set the property from `c.pointee`.
  func writeReading(to printer: inout Printer) {
    switch field.presence {
    case .implicit: printer.line("self.\(name) = \(read("c.pointee.\(member)"))")
    case .pointer where isBoxed:
      printer.line("self.boxed_\(name) = \(readPointer("c.pointee.\(member)")).map { .value($0) }")
    case .pointer: printer.line("self.\(name) = \(readPointer("c.pointee.\(member)"))")
    case .flag: printer.line("self.\(name) = c.pointee.has_\(member) == 0 ? nil : \(read("c.pointee.\(member)"))")
    case .syntheticOneof(let oneof):
      let condition = "c.pointee.\(CNames.oneofCase(oneof)).rawValue == \(field.number)"
      printer.line("self.\(name) = \(condition) ? \(read("c.pointee.\(member)")) : nil")
    case .repeated: writeRepeatedReading(to: &printer)
    case .oneof: break
    }
  }

  /// The Swift value of a C value.
  func read(_ value: String) -> String { Self.read(value, field, types) }

  static func read(_ value: String, _ field: ProtoField, _ types: TypeTable) -> String {
    switch field.type {
    case .string: "try Wire.StructReader.text(\(value), \"\(field.name)\")"
    case .bytes: "Wire.StructReader.bytes(\(value))"
    case .bool: "\(value) != 0"
    case .double: "Swift.Double(bitPattern: \(value))"
    case .float: "Swift.Float(bitPattern: \(value))"
    case .enumeration(let name): "\(types.swiftName(name))(rawValue: \(value))"
    case .message(let name):
      "try Wire.StructReader.presentMessage(\(value), \"\(field.name)\", \(types.swiftName(name)).self)"
    default: value
    }
  }

  private func readPointer(_ value: String) -> String {
    "try Wire.StructReader.message(\(value), \"\(field.name)\", \(elementType).self)"
  }

  private func writeRepeatedReading(to printer: inout Printer) {
    let arguments = "c.pointee.n_\(member), c.pointee.\(member)"
    if let entry = types.mapEntry(field) { return writeMapReading(entry, arguments, to: &printer) }
    let call =
      switch field.type {
      case .string: "try Wire.StructReader.texts(\(arguments), \"\(field.name)\")"
      case .bytes: "Wire.StructReader.byteArrays(\(arguments))"
      case .bool: "Wire.StructReader.flags(\(arguments))"
      case .enumeration: "Wire.StructReader.enumerations(\(arguments), \(elementType).self)"
      case .message: "try Wire.StructReader.messages(\(arguments), \"\(field.name)\", \(elementType).self)"
      default: "Wire.StructReader.numbers(\(arguments))"
      }
    printer.line("self.\(name) = \(call)")
  }

  private func writeMapReading(_ entry: ProtoMessage, _ arguments: String, to printer: inout Printer) {
    let key = Self.swiftType(entry.fields[0].type, types)
    let value = Self.swiftType(entry.fields[1].type, types)
    let cType = CNames.type(entry.fullName)
    printer.line("self.\(name) = try Wire.StructReader.map(\(arguments), \"\(field.name)\") {")
    printer.indented { printer in
      printer.line("(e: Swift.UnsafeMutablePointer<\(cType)>) throws(Wire.WireError) -> (\(key), \(value)) in")
      printer.line("let key: \(key) = \(Self.read("e.pointee.key", entry.fields[0], types))")
      printer.line("let value: \(value) = \(Self.read("e.pointee.value", entry.fields[1], types))")
      printer.line("return (key, value)")
    }
    printer.line("}")
  }
}

// MARK: - Writing

extension FieldOutput {
  /// Statements that set the member of `c.pointee` from the property.
  func writeWriting(to printer: inout Printer) {
    switch field.presence {
    case .implicit: printer.line("c.pointee.\(member) = \(write("self.\(name)"))")
    case .pointer:
      printer.line("if let value = self.\(name) { c.pointee.\(member) = \(write("value")) }")
    case .flag:
      printer.block("if let value = self.\(name)") { printer in
        printer.line("c.pointee.has_\(member) = 1")
        printer.line("c.pointee.\(member) = \(write("value"))")
      }
    case .syntheticOneof(let oneof):
      printer.block("if let value = self.\(name)") { printer in
        printer.line("c.pointee.\(CNames.oneofCase(oneof)) = .init(rawValue: \(field.number))")
        printer.line("c.pointee.\(member) = \(write("value"))")
      }
    case .repeated: writeRepeatedWriting(to: &printer)
    case .oneof: break
    }
  }

  /// The C value of a Swift value.
  func write(_ value: String) -> String { Self.write(value, field.type) }

  static func write(_ value: String, _ type: ProtoType) -> String {
    switch type {
    case .string: "Wire.StructWriter.text(\(value), arena)"
    case .bytes: "Wire.StructWriter.bytes(\(value), arena)"
    case .bool: "\(value) ? 1 : 0"
    case .double, .float: "\(value).bitPattern"
    case .enumeration: "\(value).rawValue"
    case .message(let name): "Wire.StructWriter.message(\(value), arena, \(CNames.type(name)).self)"
    default: value
    }
  }

  private func writeRepeatedWriting(to printer: inout Printer) {
    printer.line("c.pointee.n_\(member) = self.\(name).count")
    if let entry = types.mapEntry(field) { return writeMapWriting(entry, to: &printer) }
    let call =
      switch field.type {
      case .string: "texts(self.\(name), arena)"
      case .bytes: "byteArrays(self.\(name), arena)"
      case .bool: "flags(self.\(name), arena)"
      case .enumeration: "enumerations(self.\(name), arena)"
      case .message(let type): "messages(self.\(name), arena, \(CNames.type(type)).self)"
      default: "numbers(self.\(name), arena)"
      }
    printer.line("c.pointee.\(member) = Wire.StructWriter.\(call)")
  }

  private func writeMapWriting(_ entry: ProtoMessage, to printer: inout Printer) {
    let key = Self.swiftType(entry.fields[0].type, types)
    let value = Self.swiftType(entry.fields[1].type, types)
    printer.line("c.pointee.\(member) = Wire.StructWriter.map(self.\(name), arena) {")
    printer.indented { printer in
      printer.line("(e: Swift.UnsafeMutablePointer<\(CNames.type(entry.fullName))>, key: \(key), value: \(value)) in")
      printer.line("\(CNames.function(entry.fullName))__init(e)")
      for field in entry.fields {
        printer.line("e.pointee.\(CNames.oneofCase("_" + field.name)) = .init(rawValue: \(field.number))")
      }
      printer.line("e.pointee.key = \(Self.write("key", entry.fields[0].type))")
      printer.line("e.pointee.value = \(Self.write("value", entry.fields[1].type))")
    }
    printer.line("}")
  }
}
