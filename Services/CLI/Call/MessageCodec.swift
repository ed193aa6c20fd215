import RPC
import Wire
import WireTypes

/// JSON to messages and back, with one set of types. What stands in a `google.protobuf.Any` may be of a type that nothing else
/// needs: such types are asked for when they come up.
actor MessageCodec {
  private let source: any SchemaSource
  private var schema: Schema
  private var asked: Set<String> = []
  private let printsDefaults: Bool
  private let usesProtoNames: Bool
  private let maximumBytes: Int

  init(
    _ source: any SchemaSource, _ schema: Schema, printsDefaults: Bool = false, usesProtoNames: Bool = false,
    maximumBytes: Int = WireLimits.maximumMessageBytes
  ) {
    self.source = source
    self.schema = schema
    self.printsDefaults = printsDefaults
    self.usesProtoNames = usesProtoNames
    self.maximumBytes = maximumBytes
  }

  private var json: ProtoJSON {
    var json = ProtoJSON(pool: schema.pool)
    json.printsDefaults = printsDefaults
    json.usesProtoNames = usesProtoNames
    json.showsUnknownAny = true
    return json
  }

  /// The bytes of the message that a JSON value says.
  func encode(_ value: JSONSequence.Value, as type: MessageType) async throws -> [UInt8] {
    do {
      let parsed: JSONValue
      do throws(JSONError) { parsed = try JSONValue(parsing: value.bytes) } catch {
        throw Complaint(Technical.said("not JSON: \(error)"))
      }
      await learn(Self.types(in: parsed))
      do throws(ProtoJSONError) { return try json.message(parsed, as: type).encoded() } catch {
        throw Complaint(Technical.said(error))
      }
    } catch let complaint as Complaint {
      throw Complaint(
        "-d，第 \(value.line) 行的值：\(complaint.text)", "-d, the value in line \(value.line): \(complaint.text)")
    }
  }

  /// The JSON of a message that has come.
  func decode(_ bytes: [UInt8], as type: MessageType) async throws -> JSONValue {
    let message: DynamicMessage
    do throws(WireError) { message = try DynamicMessage(decoding: bytes, as: type, limit: maximumBytes) } catch {
      let why = StatusText.line(error.reasons[0])
      throw Complaint(
        "应答不是 \(type.fullName)：\(why)", "the answer is no \(type.fullName): \(why)", exitCode: 64 + 13)
    }
    await learn(types(in: message))
    return try json.json(message)
  }

  /// A message to fill in.
  func template(of type: MessageType) -> JSONValue { json.template(of: type) }

  /// A status as a value, and as lines.
  func report(_ status: Status) async -> (value: JSONValue, lines: [String]) {
    if let details = status.details.flatMap({ try? GoogleRPC.Status(decoding: $0) }) {
      await learn(Set(details.details.map { Self.name($0.typeURL) }))
    }
    return (StatusReport.json(status, json), StatusReport.lines(status, json))
  }

  // MARK: - Types inside Any

  private func learn(_ names: Set<String>) async {
    for name in names.sorted() where schema.pool.message(named: name) == nil && asked.insert(name).inserted {
      if let more = try? await source.schema(declaring: name), let wider = try? schema.adding(more) { schema = wider }
    }
  }

  private static func name(_ url: String) -> String { url.split(separator: "/").last.map(String.init) ?? "" }

  private static func types(in value: JSONValue) -> Set<String> {
    switch value {
    case .array(let elements): elements.reduce(into: []) { $0.formUnion(types(in: $1)) }
    case .object(let members):
      members.reduce(into: []) { names, member in
        if member.name == "@type", let url = member.value.text { names.insert(name(url)) }
        names.formUnion(types(in: member.value))
      }
    default: []
    }
  }

  private func types(in message: DynamicMessage) -> Set<String> {
    if message.type.fullName == "google.protobuf.Any", case .string(let url)? = message["type_url"] {
      let name = Self.name(url)
      guard case .bytes(let bytes)? = message["value"], let type = schema.pool.message(named: name),
        let inner = try? DynamicMessage(decoding: bytes, as: type, limit: maximumBytes)
      else { return [name] }
      return types(in: inner)
    }
    return message.fields.values.reduce(into: []) { $0.formUnion(types(in: $1)) }
  }

  private func types(in value: DynamicValue) -> Set<String> {
    switch value {
    case .message(let message): types(in: message)
    case .list(let values): values.reduce(into: []) { $0.formUnion(types(in: $1)) }
    case .map(let map): map.values.reduce(into: []) { $0.formUnion(types(in: $1)) }
    default: []
    }
  }
}
