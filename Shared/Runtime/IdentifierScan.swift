import CProtobufC
package import Kernel
package import Wire

/// Looks for identifiers in a request that are longer than any that exist: they would be kept with what they are written about.
package enum IdentifierScan {
  /// Ours have 36 letters, those of other systems fewer than a hundred.
  package static let longest = 128

  /// A reason for every field called `…_id` or `…_ids` that is longer, as the contract writes it: `draft.org_id`.
  static func faults(in message: [UInt8], _ layout: MessageLayout) -> [Reason] {
    faults(in: message, layout, ["_id", "_ids"])
  }

  /// The same for one row of an import, which is refused by itself: what it is called at its source is an id, too.
  package static func faults<Row: Message>(ofRow row: Row) -> [Reason] {
    faults(in: row.encoded(), Row.layout, ["_id", "_ids", "external_ref"])
  }

  /// Whether nothing that exists is called longer than this.
  package static func isShort(_ id: String) -> Bool { id.utf8.count <= longest }

  /// What is refused of a batch whose rows come from somewhere with a longer name.
  package static let longSource = [Reason.idTooLong.at("source").with("limit", String(longest))]

  private static func faults(in message: [UInt8], _ layout: MessageLayout, _ endings: [String]) -> [Reason] {
    guard message.count > longest else { return [] }
    var fields: [String] = []
    message.withUnsafeBytes { look(through: $0, layout.descriptor, "", endings, &fields) }
    return fields.map { Reason.idTooLong.at($0).with("limit", String(longest)) }
  }

  private static func look(
    through bytes: UnsafeRawBufferPointer, _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, _ path: String,
    _ endings: [String], _ fields: inout [String]
  ) {
    var reader = WireReader(bytes)
    while let (number, value) = reader.next() {
      guard case .bytes(let content) = value, content.count > longest,
        let field = protobuf_c_message_descriptor_get_field(descriptor, number)
      else { continue }
      let name = path + String(cString: field.pointee.name)
      switch field.pointee.type {
      // Our strings are bytes to protobuf-c: they travel with their length.
      case PROTOBUF_C_TYPE_STRING, PROTOBUF_C_TYPE_BYTES:
        if endings.contains(where: name.hasSuffix), !fields.contains(name) { fields.append(name) }
      case PROTOBUF_C_TYPE_MESSAGE:
        guard let inner = field.pointee.descriptor else { continue }
        look(
          through: content, inner.assumingMemoryBound(to: ProtobufCMessageDescriptor.self), name + ".", endings, &fields
        )
      default: continue
      }
    }
  }
}

extension Reason {
  /// A request names something by more letters than any name has.
  static let idTooLong = Reason("ID_TOO_LONG", zh: "编号最长128个字符。", en: "An id has at most 128 characters.")
}
