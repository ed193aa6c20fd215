/// A JSON text as a value. Numbers keep their digits, objects their order: nothing is lost that a contract may need.
package indirect enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  /// The number as it is written.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// One name and value of an object.
  package struct Member: Sendable, Equatable {
    /// The key.
    package var name: String
    /// What stands under it.
    package var value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// The value of that name, in an object that has it.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The text of a string.
  package var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The elements of an array.
  package var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }
}

/// Where a JSON text is not JSON.
package struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Bytes before the mistake.
  package let offset: Int
  /// What is wrong.
  package let text: String

  package init(offset: Int, _ text: String) {
    self.offset = offset
    self.text = text
  }

  package var description: String { "\(text) at byte \(offset)" }
}
