/// A proto enum as a Swift enum: open, so that a newer sender's value is kept.
package protocol Enumeration: Hashable, Sendable {
  /// The value with that number; `.unrecognized` for one that our contract does not know.
  init(rawValue: Int32)

  /// The number on the wire.
  var rawValue: Int32 { get }

  /// The value's name in the proto: `STATE_REPORTED`; the number in digits for an unrecognised one.
  var protoName: String { get }

  /// Every value that our contract knows, in the proto's order.
  static var allCases: [Self] { get }
}

extension Enumeration {
  /// The value of that proto name, if our contract knows it.
  package init?(protoName: String) {
    guard let value = Self.allCases.first(where: { $0.protoName == protoName }) else { return nil }
    self = value
  }

  /// The contract's value for a domain's word: the same word behind the enum's prefix; the zero value for none.
  package init<Word: RawRepresentable<String>>(_ word: Word?, prefix: String) {
    let name = word.map { prefix + $0.rawValue }
    self = Self.allCases.first { $0.protoName == name } ?? Self(rawValue: 0)
  }

  /// The domain's word for a contract's value; `nil` for unspecified and unknown ones.
  package func word<Word: RawRepresentable<String>>(prefix: String, as type: Word.Type = Word.self) -> Word? {
    protoName.hasPrefix(prefix) ? Word(rawValue: String(protoName.dropFirst(prefix.count))) : nil
  }
}

/// Storage for a message inside itself: a Swift struct cannot contain itself directly.
package indirect enum Boxed<Value: Message>: Sendable, Equatable {
  case value(Value)

  /// What is inside.
  package var value: Value {
    switch self {
    case .value(let value): value
    }
  }
}
