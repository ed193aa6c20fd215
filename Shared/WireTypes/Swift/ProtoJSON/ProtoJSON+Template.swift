package import Wire

extension ProtoJSON {
  /// A message of `type` to be filled in: every field with a value of its kind, of a oneof the first member.
  package func template(of type: MessageType) -> JSONValue { template(of: type, within: []) }

  private func template(of type: MessageType, within outer: Set<String>) -> JSONValue {
    if let special = WellKnownType(type.fullName) { return template(special, type) }
    var oneofs: Set<String> = []
    var members: [JSONValue.Member] = []
    for field in type.fields {
      if let oneof = field.oneof, !oneofs.insert(oneof).inserted { continue }
      members.append(
        .init(usesProtoNames ? field.name : field.jsonName, template(of: field, outer.union([type.fullName]))))
    }
    return .object(members)
  }

  private func template(of field: FieldType, _ outer: Set<String>) -> JSONValue {
    if let entry = field.mapEntry {
      let value = template(of: entry.fields[1].kind, outer)
      return .object(value == .null && !Self.mayBeNull(entry.fields[1].kind) ? [] : [.init(Self.key(entry), value)])
    }
    let value = template(of: field.kind, outer)
    return field.isRepeated ? .array(value == .null ? [] : [value]) : value
  }

  private static func key(_ entry: MessageType) -> String {
    switch entry.fields[0].kind {
    case .string: "key"
    case .bool: "false"
    default: "0"
    }
  }

  /// Whether null is a value of that kind, and not the place where a type would contain itself.
  private static func mayBeNull(_ kind: FieldType.Kind) -> Bool {
    if case .message(let type) = kind { type.fullName == "google.protobuf.Value" } else { false }
  }

  private func template(of kind: FieldType.Kind, _ outer: Set<String>) -> JSONValue {
    switch kind {
    case .message(let type): outer.contains(type.fullName) ? .null : template(of: type, within: outer)
    case .enumeration(let type): .string((type.values.first { $0.number != 0 } ?? type.values[0]).name)
    case .string, .bytes: .string("")
    case .bool: .bool(false)
    case .int64, .uint64, .fixed64, .sfixed64, .sint64: .string("0")
    default: .number("0")
    }
  }

  private func template(_ special: WellKnownType, _ type: MessageType) -> JSONValue {
    switch special {
    case .timestamp: .string("2026-01-02T03:04:05Z")
    case .duration: .string("0s")
    case .fieldMask: .string("")
    case .any:
      .object([.init("@type", .string("type.googleapis.com/google.protobuf.StringValue")), .init("value", .string(""))])
    case .structure: .object([])
    case .list: .array([])
    case .wrapper: type.field(number: 1).map { template(of: $0.kind, []) } ?? .null
    case .value: .null
    }
  }
}
