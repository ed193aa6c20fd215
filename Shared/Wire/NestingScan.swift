import CProtobufC

/// What is to be known of a message before protobuf-c, which recurses without a limit, is let at it.
enum NestingScan {
  /// What was found.
  enum Finding: Int {
    case plain
    /// A message that there can be one of comes twice. protobuf merges the two; protobuf-c loses numbers of the first.
    case repeats
    case tooDeep
  }

  /// Looks through `bytes`. Malformed ones are plain: protobuf-c refuses them itself.
  static func look(_ bytes: UnsafeRawBufferPointer, _ layout: MessageLayout) -> Finding {
    look(bytes, layout.descriptor, WireLimits.maximumNesting)
  }

  private static func look(
    _ bytes: UnsafeRawBufferPointer, _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, _ levels: Int
  ) -> Finding {
    guard levels > 0 else { return .tooDeep }
    var finding = Finding.plain
    // A bit for each field; from the 64th on they share them, and a false alarm costs time only.
    var seen: UInt64 = 0
    var reader = WireReader(bytes)
    while let field = reader.next() {
      guard case .bytes(let content) = field.value,
        let known = protobuf_c_message_descriptor_get_field(descriptor, field.number),
        let inner = known.pointee.messageDescriptor
      else { continue }
      if known.pointee.label != PROTOBUF_C_LABEL_REPEATED {
        let bit = UInt64(1) << UInt64((known - descriptor.pointee.fields) & 63)
        if seen & bit != 0 { finding = .repeats }
        seen |= bit
      }
      switch look(content, inner, levels - 1) {
      case .tooDeep: return .tooDeep
      case .repeats: finding = .repeats
      case .plain: break
      }
    }
    return reader.isTooDeep ? .tooDeep : finding
  }
}
