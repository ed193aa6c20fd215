package import Kernel
import Wire

/// Messages as JSON, by the rules of proto3: for the CLI and for the gateway's REST face.
package struct ProtoJSON: Sendable {
  /// Where the types inside `google.protobuf.Any` are looked up.
  package let pool: DescriptorPool
  /// Whether names are printed as the proto spells them (`case_id`), not in lowerCamel.
  package var usesProtoNames = false
  /// Whether fields without presence are printed when they have their default value.
  package var printsDefaults = false
  /// Whether a `google.protobuf.Any` of a type that the pool does not have is printed with its bytes in base64, not refused.
  package var showsUnknownAny = false
  /// Whether a name that the type does not have is passed over, not refused.
  package var ignoresUnknownNames = false

  package init(pool: DescriptorPool) { self.pool = pool }

  /// The JSON text of `message`: on one line, or for people.
  package func text(_ message: DynamicMessage, pretty: Bool = false) throws(ProtoJSONError) -> String {
    let value = try json(message)
    return pretty ? value.pretty : value.compact
  }

  /// The message of `type` that the JSON `text` says.
  package func message(_ text: some Sequence<UInt8>, as type: MessageType) throws(ProtoJSONError) -> DynamicMessage {
    let value: JSONValue
    do throws(JSONError) { value = try JSONValue(parsing: text) } catch { throw ProtoJSONError("not JSON: \(error)") }
    return try message(value, as: type)
  }
}

/// Why a JSON text is not a message, or a message has no JSON.
package struct ProtoJSONError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Where: `parties[2].name`; empty for the whole.
  package private(set) var path: String
  /// What is wrong.
  package let text: String

  init(_ text: String, at path: String = "") {
    self.path = path
    self.text = text
  }

  /// The same error seen from the enclosing value.
  func inside(_ step: String) -> Self {
    ProtoJSONError(text, at: path.isEmpty || path.hasPrefix("[") ? step + path : step + "." + path)
  }

  package var description: String { path.isEmpty ? text : "\(path): \(text)" }
}

extension ProtoJSONError: Refusal {
  package var kind: RefusalKind { .invalidArgument }

  package var reasons: [Reason] {
    [Reason("JSON_INVALID", zh: "JSON 内容与接口不符。", en: "The JSON does not fit the message: \(text).", field: path)]
  }
}
