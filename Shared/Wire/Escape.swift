import CProtobufC

/// Messages written anew where protobuf-c does not read them as protobuf wants.
///
/// A message that comes in several pieces is put together, because protobuf-c loses numbers when it merges. Groups, and fields that arrive
/// as another kind of value than the contract says, are unknown fields, but protobuf-c refuses them: they become a field 0, which nobody may
/// send, holding a key that nobody outside knows and then the field as it came.
enum Escape {
  /// Field 0, length-delimited, in one byte more than it needs: protobuf-c looks for 0 in the first byte only.
  private static let tag: [UInt8] = [0x82, 0x00]
  private static let key: [UInt8] = withUnsafeBytes(of: UInt64.random(in: .min ... .max)) { [UInt8]($0) }

  /// The message written anew; `nil` if it is malformed in other ways.
  static func rewriting(_ bytes: UnsafeRawBufferPointer, _ layout: MessageLayout) throws(WireError) -> [UInt8]? {
    try Writer.rewriting(bytes, layout.descriptor, WireLimits.maximumNesting)
  }

  /// The field inside a field 0 of ours, which begins with its length; `nil` for somebody else's.
  static func original(of field: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer.SubSequence? {
    let content = field.drop { $0 >= 0x80 }.dropFirst()
    return content.starts(with: key) ? content.dropFirst(key.count) : nil
  }

  private enum Writer {
    static func rewriting(
      _ bytes: UnsafeRawBufferPointer, _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, _ levels: Int
    ) throws(WireError) -> [UInt8]? {
      let tooDeep = WireError.tooDeep(limit: WireLimits.maximumNesting)
      guard levels > 0 else { throw tooDeep }
      var output: [UInt8] = []
      var messages = Messages()
      var reader = WireReader(bytes)
      while let (number, value) = reader.next() {
        let field = protobuf_c_message_descriptor_get_field(descriptor, number)
        guard isTaken(value, field) else {
          output += Escape.tag
          output.append(varint: UInt64(Escape.key.count + reader.last.count))
          output += Escape.key
          output.append(contentsOf: reader.last)
          continue
        }
        if let field { messages.end(otherMembersOfOneofOf: field.pointee) }
        if let field, let type = field.pointee.messageDescriptor, case .bytes(let content) = value {
          guard field.pointee.label == PROTOBUF_C_LABEL_REPEATED else {
            messages.add(content, field.pointee)
            continue
          }
          guard let inner = try rewriting(content, type, levels - 1) else { return nil }
          append(number, inner, to: &output)
        } else {
          output.append(contentsOf: reader.last)
        }
      }
      if reader.isTooDeep { throw tooDeep }
      guard reader.isAtEnd else { return nil }
      for message in messages.all {
        var inner: [UInt8]?
        var failure: WireError?
        message.content.withUnsafeBytes { bytes in
          do throws(WireError) { inner = try rewriting(bytes, message.field.messageDescriptor!, levels - 1) } catch {
            failure = error
          }
        }
        if let failure { throw failure }
        guard let inner else { return nil }
        append(message.field.id, inner, to: &output)
      }
      return output
    }

    private static func append(_ number: UInt32, _ message: [UInt8], to output: inout [UInt8]) {
      output.append(varint: UInt64(number) << 3 | 2)
      output.append(varint: UInt64(message.count))
      output += message
    }

    /// Whether protobuf-c takes `value` for `field`, or passes over it.
    private static func isTaken(_ value: WireReader.Value, _ field: UnsafePointer<ProtobufCFieldDescriptor>?) -> Bool {
      switch value {
      case .group: return false
      case _ where field == nil: return true
      case .varint: return field!.pointee.shape == .varint
      case .fixed64: return field!.pointee.shape == .fixed64
      case .fixed32: return field!.pointee.shape == .fixed32
      case .bytes: return field!.pointee.shape == .bytes || field!.pointee.label == PROTOBUF_C_LABEL_REPEATED
      }
    }
  }
}

/// The messages that there can be one of, inside a message that is rewritten. All that come for a field are put one behind the other:
/// read together they are what they are merged.
private struct Messages {
  private(set) var all: [(field: ProtobufCFieldDescriptor, content: [UInt8])] = []

  /// Takes what came for a field.
  mutating func add(_ content: UnsafeRawBufferPointer, _ field: ProtobufCFieldDescriptor) {
    if let index = all.firstIndex(where: { $0.field.id == field.id }) {
      all[index].content += content
    } else {
      all.append((field, [UInt8](content)))
    }
  }

  /// A member of a oneof ends those that came before it.
  mutating func end(otherMembersOfOneofOf field: ProtobufCFieldDescriptor) {
    guard field.isInOneof else { return }
    all.removeAll {
      $0.field.isInOneof && $0.field.quantifier_offset == field.quantifier_offset && $0.field.id != field.id
    }
  }
}

extension ProtobufCFieldDescriptor {
  fileprivate var isInOneof: Bool { flags & PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue != 0 }

  fileprivate enum Shape { case varint, fixed64, bytes, fixed32 }

  /// What kind of value the field's are on the wire.
  fileprivate var shape: Shape {
    switch type {
    case PROTOBUF_C_TYPE_BYTES, PROTOBUF_C_TYPE_STRING, PROTOBUF_C_TYPE_MESSAGE: .bytes
    case PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_SFIXED32, PROTOBUF_C_TYPE_FLOAT: .fixed32
    case PROTOBUF_C_TYPE_FIXED64, PROTOBUF_C_TYPE_SFIXED64, PROTOBUF_C_TYPE_DOUBLE: .fixed64
    default: .varint
    }
  }

  /// What the field's messages are, if it holds messages.
  var messageDescriptor: UnsafePointer<ProtobufCMessageDescriptor>? {
    type == PROTOBUF_C_TYPE_MESSAGE ? descriptor?.assumingMemoryBound(to: ProtobufCMessageDescriptor.self) : nil
  }
}
