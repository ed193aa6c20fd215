import Wire

/// The messages that JSON writes in another way than as objects of their fields.
enum WellKnownType {
  case timestamp, duration, fieldMask, any, structure, value, list, wrapper

  init?(_ fullName: String) {
    guard fullName.hasPrefix("google.protobuf.") else { return nil }
    switch fullName.dropFirst("google.protobuf.".count) {
    case "Timestamp": self = .timestamp
    case "Duration": self = .duration
    case "FieldMask": self = .fieldMask
    case "Any": self = .any
    case "Struct": self = .structure
    case "Value": self = .value
    case "ListValue": self = .list
    case "DoubleValue", "FloatValue", "Int64Value", "UInt64Value", "Int32Value", "UInt32Value", "BoolValue",
      "StringValue", "BytesValue":
      self = .wrapper
    default: return nil
    }
  }
}

// MARK: - Printing

extension ProtoJSON {
  func json(_ message: DynamicMessage, _ type: WellKnownType) throws(ProtoJSONError) -> JSONValue {
    switch type {
    case .timestamp: return .string(try TimeText.timestamp(message.seconds, message.nanos))
    case .duration: return .string(try TimeText.duration(message.seconds, message.nanos))
    case .fieldMask: return .string(try maskText(message))
    case .any: return try anyJSON(message)
    case .structure, .list, .wrapper:
      let members = try ProtoJSON(pool: pool, printsDefaults: true).members(message)
      return members.first?.value ?? .null
    case .value: return try valueJSON(message)
    }
  }

  private func valueJSON(_ message: DynamicMessage) throws(ProtoJSONError) -> JSONValue {
    guard let member = try members(message).first else { throw ProtoJSONError("a Value without a kind has no JSON") }
    if case .double(let number)? = message.fields[2], !number.isFinite {
      throw ProtoJSONError("a Value cannot be \(number) in JSON")
    }
    return member.value
  }

  private func maskText(_ message: DynamicMessage) throws(ProtoJSONError) -> String {
    guard case .list(let paths)? = message["paths"] else { return "" }
    var texts: [String] = []
    for case .string(let path) in paths {
      let text = FieldMaskText.lowerCamel(path)
      guard FieldMaskText.snake(text) == path else { throw ProtoJSONError("the path \(path) has no JSON") }
      texts.append(text)
    }
    return texts.joined(separator: ",")
  }

  private func anyJSON(_ message: DynamicMessage) throws(ProtoJSONError) -> JSONValue {
    guard case .string(let url)? = message["type_url"] else { return .object([]) }
    var bytes: [UInt8] = []
    if case .bytes(let value)? = message["value"] { bytes = value }
    if showsUnknownAny, (try? type(url)) == nil {
      return .object([.init("@type", .string(url)), .init("value", .string(Base64.encode(bytes, padded: true)))])
    }
    let type = try type(url)
    let content: DynamicMessage
    do throws(WireError) { content = try DynamicMessage(decoding: bytes, as: type) } catch {
      throw ProtoJSONError("the bytes are not a \(type.fullName)", at: "value")
    }
    let name = JSONValue.Member("@type", .string(url))
    if WellKnownType(type.fullName) != nil { return .object([name, .init("value", try json(content))]) }
    return .object([name] + (try members(content)))
  }

  private func type(_ url: String) throws(ProtoJSONError) -> MessageType {
    let name = url.split(separator: "/").last.map(String.init) ?? ""
    guard url.contains("/"), let type = pool.message(named: name) else {
      throw ProtoJSONError("there is no type \(url)", at: "@type")
    }
    return type
  }
}

// MARK: - Parsing

extension ProtoJSON {
  func message(
    _ value: JSONValue, as type: MessageType, _ special: WellKnownType
  ) throws(ProtoJSONError) -> DynamicMessage {
    var message = DynamicMessage(type)
    switch special {
    case .timestamp: message.setTime(try TimeText.parseTimestamp(try Self.string(value)))
    case .duration: message.setTime(try TimeText.parseDuration(try Self.string(value)))
    case .fieldMask: message.setPaths(try paths(try Self.string(value)))
    case .any: return try any(value, type)
    case .structure: return try self.message([.init("fields", try expectObject(value))], as: type)
    case .list:
      guard case .array = value else { throw ProtoJSONError("an array is expected") }
      return try self.message([.init("values", value)], as: type)
    case .wrapper:
      guard value != .null else { throw ProtoJSONError("null is no value here") }
      return try self.message([.init("value", value)], as: type)
    case .value: return try self.message([.init(Self.kindName(value), value)], as: type)
    }
    return message
  }

  private func expectObject(_ value: JSONValue) throws(ProtoJSONError) -> JSONValue {
    guard case .object = value else { throw ProtoJSONError("an object is expected") }
    return value
  }

  private static func kindName(_ value: JSONValue) -> String {
    switch value {
    case .null: "null_value"
    case .bool: "bool_value"
    case .number: "number_value"
    case .string: "string_value"
    case .array: "list_value"
    case .object: "struct_value"
    }
  }

  private func paths(_ text: String) throws(ProtoJSONError) -> [String] {
    var paths: [String] = []
    for part in text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false) {
      guard !part.contains("_") else { throw ProtoJSONError("the paths of a mask are written in lowerCamel") }
      paths.append(FieldMaskText.snake(String(part)))
    }
    return paths
  }

  private func any(_ value: JSONValue, _ type: MessageType) throws(ProtoJSONError) -> DynamicMessage {
    guard case .object(let members) = value else { throw ProtoJSONError("an object is expected") }
    var message = DynamicMessage(type)
    if members.isEmpty { return message }
    guard case .string(let url)? = value["@type"] else { throw ProtoJSONError("is missing", at: "@type") }
    let inner = try self.type(url)
    let rest = members.filter { $0.name != "@type" }
    let content: DynamicMessage
    if WellKnownType(inner.fullName) != nil {
      if !ignoresUnknownNames, let stranger = rest.first(where: { $0.name != "value" }) {
        throw ProtoJSONError("\(inner.fullName) in an Any has no such field", at: stranger.name)
      }
      guard let value = value["value"] else { throw ProtoJSONError("is missing", at: "value") }
      content = try self.message(value, as: inner)
    } else {
      content = try self.message(rest, as: inner)
    }
    message["type_url"] = .string(url)
    let bytes = content.encoded()
    if !bytes.isEmpty { message["value"] = .bytes(bytes) }
    return message
  }
}

extension ProtoJSON {
  fileprivate init(pool: DescriptorPool, printsDefaults: Bool) {
    self.init(pool: pool)
    self.printsDefaults = printsDefaults
  }
}

extension DynamicMessage {
  fileprivate var seconds: Int64 { if case .int64(let value)? = fields[1] { value } else { 0 } }
  fileprivate var nanos: Int32 { if case .int32(let value)? = fields[2] { value } else { 0 } }

  fileprivate mutating func setTime(_ time: (seconds: Int64, nanos: Int32)) {
    if time.seconds != 0 { fields[1] = .int64(time.seconds) }
    if time.nanos != 0 { fields[2] = .int32(time.nanos) }
  }

  fileprivate mutating func setPaths(_ paths: [String]) {
    if !paths.isEmpty { fields[1] = .list(paths.map { .string($0) }) }
  }
}

/// The two spellings of a path.
private enum FieldMaskText {
  static func lowerCamel(_ path: String) -> String {
    var text = ""
    var nextIsUpper = false
    for character in path {
      if character == "_" {
        nextIsUpper = true
      } else {
        text += nextIsUpper ? character.uppercased() : String(character)
        nextIsUpper = false
      }
    }
    return text
  }

  static func snake(_ text: String) -> String {
    text.reduce(into: "") { path, character in
      path += character.isUppercase ? "_" + character.lowercased() : String(character)
    }
  }
}
