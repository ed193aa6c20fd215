package import Wire

extension ProtoJSON {
  /// The message of `type` that `value` says.
  package func message(_ value: JSONValue, as type: MessageType) throws(ProtoJSONError) -> DynamicMessage {
    if let special = WellKnownType(type.fullName) { return try message(value, as: type, special) }
    guard case .object(let members) = value else { throw ProtoJSONError("an object is expected") }
    return try message(members, as: type)
  }

  func message(_ members: [JSONValue.Member], as type: MessageType) throws(ProtoJSONError) -> DynamicMessage {
    var message = DynamicMessage(type)
    var oneofs: Set<String> = []
    var seen: Set<Int32> = []
    for member in members {
      guard let field = type.field(named: member.name) else {
        if ignoresUnknownNames { continue }
        throw ProtoJSONError("\(type.fullName) has no such field", at: member.name)
      }
      do throws(ProtoJSONError) {
        guard seen.insert(field.number).inserted else { throw ProtoJSONError("is there twice") }
        guard let value = try fieldValue(member.value, field) else { continue }
        if let oneof = field.oneof, !oneofs.insert(oneof).inserted {
          throw ProtoJSONError("only one of `\(oneof)` may be set")
        }
        if field.hasPresence || !value.isDefault(of: field.kind) { message.fields[field.number] = value }
      } catch {
        throw error.inside(member.name)
      }
    }
    return message
  }

  /// The value of a field; `nil` where JSON's null means that it is not set.
  private func fieldValue(_ value: JSONValue, _ field: FieldType) throws(ProtoJSONError) -> DynamicValue? {
    if value == .null, field.isRepeated || !Self.acceptsNull(field.kind) { return nil }
    if let entry = field.mapEntry { return .map(try map(value, entry)) }
    guard field.isRepeated else { return try single(value, field.kind) }
    guard case .array(let elements) = value else { throw ProtoJSONError("an array is expected") }
    var values: [DynamicValue] = []
    for (index, element) in elements.enumerated() {
      do throws(ProtoJSONError) {
        if let value = try single(element, field.kind) { values.append(value) }
      } catch {
        throw error.inside("[\(index)]")
      }
    }
    return .list(values)
  }

  private static func acceptsNull(_ kind: FieldType.Kind) -> Bool {
    switch kind {
    case .message(let type): type.fullName == "google.protobuf.Value"
    case .enumeration(let type): type.fullName == "google.protobuf.NullValue"
    default: false
    }
  }

  private func map(
    _ value: JSONValue, _ entry: MessageType
  ) throws(ProtoJSONError) -> [DynamicValue.MapKey: DynamicValue] {
    guard case .object(let members) = value else { throw ProtoJSONError("an object is expected") }
    var map: [DynamicValue.MapKey: DynamicValue] = [:]
    for member in members {
      do throws(ProtoJSONError) {
        let key = try key(member.name, entry.fields[0].kind)
        guard let value = try single(member.value, entry.fields[1].kind) else { continue }
        guard map.updateValue(value, forKey: key) == nil else { throw ProtoJSONError("is there twice") }
      } catch {
        throw error.inside("[\"\(member.name)\"]")
      }
    }
    return map
  }

  private func key(_ name: String, _ kind: FieldType.Kind) throws(ProtoJSONError) -> DynamicValue.MapKey {
    switch kind {
    case .bool:
      guard name == "true" || name == "false" else { throw ProtoJSONError("true or false is expected") }
      return .bool(name == "true")
    default:
      guard let key = try single(.string(name), kind) else { throw ProtoJSONError("no key") }
      return key.mapKey
    }
  }

  /// One value; `nil` for the name of an enum's value that nobody knows, where unknown names are passed over.
  private func single(_ value: JSONValue, _ kind: FieldType.Kind) throws(ProtoJSONError) -> DynamicValue? {
    switch kind {
    case .double: return .double(try Self.double(value))
    case .float: return .float(try Self.float(value))
    case .int64, .sfixed64, .sint64: return .int64(try Self.integer(value))
    case .uint64, .fixed64: return .uint64(try Self.integer(value))
    case .int32, .sfixed32, .sint32: return .int32(try Self.integer(value))
    case .uint32, .fixed32: return .uint32(try Self.integer(value))
    case .bool:
      guard case .bool(let value) = value else { throw ProtoJSONError("true or false is expected") }
      return .bool(value)
    case .string: return .string(try Self.string(value))
    case .bytes:
      guard let bytes = Base64.decode(try Self.string(value), orURL: true) else { throw ProtoJSONError("not base64") }
      return .bytes(bytes)
    case .enumeration(let type):
      if ignoresUnknownNames, case .string(let name) = value, type.number(named: name) == nil { return nil }
      return .enumeration(try Self.enumeration(value, type))
    case .message(let type): return .message(try message(value, as: type))
    }
  }

  static func string(_ value: JSONValue) throws(ProtoJSONError) -> String {
    guard case .string(let text) = value else { throw ProtoJSONError("a string is expected") }
    guard !text.utf8.contains(0) else { throw ProtoJSONError("the text contains U+0000") }
    return text
  }

  static func double(_ value: JSONValue) throws(ProtoJSONError) -> Double {
    switch value {
    case .string("NaN"): return .nan
    case .string("Infinity"): return .infinity
    case .string("-Infinity"): return -.infinity
    case .number(let digits), .string(let digits):
      let isPlain = digits.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
      guard isPlain, let number = Double(digits), number.isFinite else { throw ProtoJSONError("a number is expected") }
      return number
    default: throw ProtoJSONError("a number is expected")
    }
  }

  private static func float(_ value: JSONValue) throws(ProtoJSONError) -> Float {
    let number = try double(value)
    let rounded = Float(number)
    guard rounded.isFinite || !number.isFinite else { throw ProtoJSONError("too large for a float") }
    return rounded
  }

  static func integer<Number: FixedWidthInteger>(_ value: JSONValue) throws(ProtoJSONError) -> Number {
    switch value {
    case .number(let digits), .string(let digits):
      if let number = Number(digits), !digits.hasPrefix("+") { return number }
      guard digits.contains(where: { ".eE".contains($0) }), let number = Number(exactly: try double(value)) else {
        throw ProtoJSONError("a whole number from \(Number.min) to \(Number.max) is expected")
      }
      return number
    default: throw ProtoJSONError("a whole number is expected")
    }
  }

  private static func enumeration(_ value: JSONValue, _ type: EnumType) throws(ProtoJSONError) -> Int32 {
    switch value {
    case .null where type.fullName == "google.protobuf.NullValue": return 0
    case .string(let name):
      guard let number = type.number(named: name) else {
        throw ProtoJSONError("one of \(type.values.map(\.name).joined(separator: ", ")) is expected")
      }
      return number
    case .number: return try integer(value)
    default: throw ProtoJSONError("the name of a value is expected")
    }
  }
}

extension DynamicValue {
  /// Whether a field without presence would not be sent for this value.
  func isDefault(of kind: FieldType.Kind) -> Bool {
    switch self {
    case .list(let values): values.isEmpty
    case .map(let map): map.isEmpty
    case .enumeration(let number): number == 0
    case .double(let number): number.bitPattern == 0
    case .float(let number): number.bitPattern == 0
    default: self == kind.zero
    }
  }
}
