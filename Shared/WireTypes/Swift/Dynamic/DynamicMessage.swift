import CProtobufC
package import Wire

/// A message whose type is known from its descriptor only; encoded and decoded by the same protobuf-c as generated ones.
package struct DynamicMessage: Sendable, Equatable {
  /// What it is a message of.
  package let type: MessageType
  /// The fields that are set, by number. A field without presence that has its default value is not set.
  package var fields: [Int32: DynamicValue] = [:]
  /// Fields that its descriptor does not know.
  package var unknownFields = UnknownFields()

  /// A message with nothing set.
  package init(_ type: MessageType) { self.type = type }

  /// The value of the field of that name, as the proto or as JSON spells it; `nil` if it is not set.
  package subscript(name: String) -> DynamicValue? {
    get { type.field(named: name).flatMap { fields[$0.number] } }
    set { if let field = type.field(named: name) { fields[field.number] = newValue } }
  }
}

/// What a field of a dynamic message holds.
package indirect enum DynamicValue: Sendable, Equatable {
  case double(Double)
  case float(Float)
  case int64(Int64)
  case uint64(UInt64)
  case int32(Int32)
  case uint32(UInt32)
  case bool(Bool)
  case string(String)
  case bytes([UInt8])
  case enumeration(Int32)
  case message(DynamicMessage)
  case list([DynamicValue])
  /// Key and value by key, which is a number, a truth value or a string.
  case map([MapKey: DynamicValue])

  /// The key of a map's entry, in the order of encoding.
  package enum MapKey: Hashable, Comparable, Sendable {
    case bool(Bool)
    case int64(Int64)
    case uint64(UInt64)
    case string(String)

    package static func < (left: Self, right: Self) -> Bool {
      switch (left, right) {
      case (.bool(let left), .bool(let right)): !left && right
      case (.int64(let left), .int64(let right)): left < right
      case (.uint64(let left), .uint64(let right)): left < right
      case (.string(let left), .string(let right)): left < right
      default: false
      }
    }
  }
}

extension DynamicMessage {
  /// Decodes `bytes`, or says what is wrong with them.
  package init(
    decoding bytes: [UInt8], as type: MessageType, limit: Int = WireLimits.maximumMessageBytes
  ) throws(WireError) {
    var result: Result<Self, WireError> = .failure(.malformed(message: type.fullName))
    bytes.withUnsafeBytes { bytes in
      do throws(WireError) {
        try type.layout.unpacking(bytes, name: type.fullName, limit: limit, hasMessages: true) {
          (pointer: UnsafeRawPointer) throws(WireError) in result = .success(try StructAccess.read(pointer, type))
        }
      } catch {
        result = .failure(error)
      }
    }
    self = try result.get()
  }

  /// The message as bytes, after `prefix` zero bytes.
  package func encoded(prefix: Int = 0) -> [UInt8] {
    type.layout.packing(prefix: prefix) { room, arena in StructAccess.fill(room, self, arena) }
  }
}
