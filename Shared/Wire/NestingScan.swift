import CProtobufC

/// Looks how deep a message nests before protobuf-c, which recurses without a limit, is let at it.
enum NestingScan {
  /// Whether no message of `bytes` lies deeper than the limit. Malformed bytes pass: protobuf-c refuses them itself.
  static func isShallow(_ bytes: UnsafeRawBufferPointer, _ layout: MessageLayout) -> Bool {
    isShallow(bytes, layout.descriptor, WireLimits.maximumNesting)
  }

  private static func isShallow(
    _ bytes: UnsafeRawBufferPointer, _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, _ levels: Int
  ) -> Bool {
    guard levels > 0 else { return false }
    var reader = WireReader(bytes)
    while let field = reader.next() {
      guard case .bytes(let content) = field.value,
        let known = protobuf_c_message_descriptor_get_field(descriptor, field.number),
        known.pointee.type == PROTOBUF_C_TYPE_MESSAGE, let inner = known.pointee.descriptor
      else { continue }
      let innerDescriptor = inner.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
      if !isShallow(content, innerDescriptor, levels - 1) { return false }
    }
    return true
  }
}
