package import Wire

extension ProtoJSON {
  /// The JSON of `message`.
  package func json(_ message: DynamicMessage) throws(ProtoJSONError) -> JSONValue {
    if let special = WellKnownType(message.type.fullName) { return try json(message, special) }
    return .object(try members(message))
  }

  func members(_ message: DynamicMessage) throws(ProtoJSONError) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    for field in message.type.fields {
      guard let value = message.fields[field.number] ?? shownDefault(field) else { continue }
      let name = usesProtoNames ? field.name : field.jsonName
      do throws(ProtoJSONError) { members.append(.init(name, try json(value, field.kind, field))) } catch {
        throw error.inside(name)
      }
    }
    return members
  }

  private func shownDefault(_ field: FieldType) -> DynamicValue? {
    guard printsDefaults, !field.hasPresence else { return nil }
    if field.mapEntry != nil { return .map([:]) }
    return field.isRepeated ? .list([]) : field.kind.zero
  }

  private func json(
    _ value: DynamicValue, _ kind: FieldType.Kind, _ field: FieldType
  ) throws(ProtoJSONError) -> JSONValue {
    switch value {
    case .list(let values):
      var elements: [JSONValue] = []
      for value in values { elements.append(try json(value, kind, field)) }
      return .array(elements)
    case .map(let map):
      guard let entry = field.mapEntry else { return .null }
      var members: [JSONValue.Member] = []
      for key in map.keys.sorted() {
        members.append(.init(Self.text(key), try json(map[key]!, entry.fields[1].kind, entry.fields[1])))
      }
      return .object(members)
    case .message(let message): return try json(message)
    default: return Self.scalar(value, kind)
    }
  }

  private static func scalar(_ value: DynamicValue, _ kind: FieldType.Kind) -> JSONValue {
    switch value {
    case .double(let value): number(value, "\(value)")
    case .float(let value): number(Double(value), "\(value)")
    case .int64(let value): .string(String(value))
    case .uint64(let value): .string(String(value))
    case .int32(let value): .number(String(value))
    case .uint32(let value): .number(String(value))
    case .bool(let value): .bool(value)
    case .string(let value): .string(value)
    case .bytes(let value): .string(Base64.encode(value, padded: true))
    case .enumeration(let number): enumeration(number, kind)
    case .message, .list, .map: .null
    }
  }

  static func number(_ value: Double, _ digits: String) -> JSONValue {
    if value.isNaN { return .string("NaN") }
    if value.isInfinite { return .string(value < 0 ? "-Infinity" : "Infinity") }
    return .number(digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits)
  }

  private static func enumeration(_ number: Int32, _ kind: FieldType.Kind) -> JSONValue {
    guard case .enumeration(let type) = kind else { return .number(String(number)) }
    if type.fullName == "google.protobuf.NullValue" { return .null }
    return type.name(of: number).map { .string($0) } ?? .number(String(number))
  }

  private static func text(_ key: DynamicValue.MapKey) -> String {
    switch key {
    case .bool(let value): String(value)
    case .int64(let value): String(value)
    case .uint64(let value): String(value)
    case .string(let value): value
    }
  }
}
