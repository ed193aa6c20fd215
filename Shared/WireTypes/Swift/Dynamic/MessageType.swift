import CProtobufC
package import Wire

/// A message type that is known from its descriptor only. Made by a `DescriptorPool` and never changed afterwards.
package final class MessageType: @unchecked Sendable {
  /// `huying.dispute.v1.Case`
  package let fullName: String
  /// In the order of the proto.
  package internal(set) var fields: [FieldType] = []
  /// Whether it is the entry of a map field.
  package let isMapEntry: Bool
  /// protobuf-c's description, in memory that lives as long as the process.
  package internal(set) var layout: MessageLayout!

  /// Filled by the pool before anybody else sees it: that, and nothing else, makes the class sendable.
  var byNumber: [Int32: Int] = [:]
  var byName: [String: Int] = [:]

  init(fullName: String, isMapEntry: Bool) {
    self.fullName = fullName
    self.isMapEntry = isMapEntry
  }

  /// The field of that number.
  package func field(number: Int32) -> FieldType? { byNumber[number].map { fields[$0] } }

  /// The field of that name, as the proto or as JSON spells it.
  package func field(named name: String) -> FieldType? { byName[name].map { fields[$0] } }
}

extension MessageType: Hashable {
  package static func == (left: MessageType, right: MessageType) -> Bool { left.fullName == right.fullName }
  package func hash(into hasher: inout Hasher) { hasher.combine(fullName) }
}

/// A field that is known from its descriptor only.
package struct FieldType: Sendable {
  /// What one value of it is.
  package enum Kind: Sendable {
    case double, float, int64, uint64, int32, fixed64, fixed32, bool, string, bytes, uint32
    case sfixed32, sfixed64, sint32, sint64
    case message(MessageType)
    case enumeration(EnumType)
  }

  /// As the proto spells it: `case_id`.
  package let name: String
  /// As JSON spells it: `caseId`.
  package let jsonName: String
  /// The field's number on the wire.
  package let number: Int32
  /// What it holds.
  package let kind: Kind
  /// Whether it holds many.
  package let isRepeated: Bool
  /// Whether absence differs from the default value.
  package let hasPresence: Bool
  /// The oneof that it belongs to, if it is a real one.
  package let oneof: String?
  /// Whether repeated numbers stand together on the wire.
  let isPacked: Bool
  /// Where its value, and its presence or count, are in the C struct.
  var offset = 0
  var quantifierOffset = 0

  /// The entry type, if the field is a map.
  package var mapEntry: MessageType? {
    if isRepeated, case .message(let type) = kind, type.isMapEntry { type } else { nil }
  }
}

/// An enum type that is known from its descriptor only.
package final class EnumType: Sendable {
  /// `huying.dispute.v1.Case.State`
  package let fullName: String
  /// In the order of the proto.
  package let values: [(name: String, number: Int32)]

  init(fullName: String, values: [(name: String, number: Int32)]) {
    self.fullName = fullName
    self.values = values
  }

  /// The number of the value of that name.
  package func number(named name: String) -> Int32? { values.first { $0.name == name }?.number }

  /// The name of the value of that number.
  package func name(of number: Int32) -> String? { values.first { $0.number == number }?.name }
}

/// A service that is known from its descriptor only.
package struct ServiceType: Sendable {
  /// `huying.dispute.v1.CaseService`
  package let fullName: String
  /// In the order of the contract.
  package let methods: [MethodType]
}

/// An RPC that is known from its descriptor only.
package struct MethodType: Sendable {
  /// `ReportCase`
  package let name: String
  /// `/huying.dispute.v1.CaseService/ReportCase`
  package let path: String
  /// What is sent.
  package let request: MessageType
  /// What comes back.
  package let response: MessageType
  /// Whether the caller sends many.
  package let clientStreaming: Bool
  /// Whether many come back.
  package let serverStreaming: Bool
  /// `(google.api.http)`, if it is there.
  package let http: GoogleAPI.HttpRule?
}
