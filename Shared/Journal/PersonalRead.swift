package import Access
package import Kernel

extension JournalDraft {
  /// The type of lines that say who looked at personal fields. They are not fed to other services.
  package static let personalReadType = "personal_fields.read"

  /// Somebody looked at personal fields unmasked, and said why. The payload is a protobuf message: `repeated string fields = 1`
  /// (names, never contents), `string reason = 2`.
  package static func personalRead(
    of fields: [String], aggregateType: String, aggregateID: String, aggregateVersion: Int64, by actor: Actor,
    reason: String, at now: Timestamp, correlationID: String
  ) -> Self {
    var payload = [UInt8]()
    for field in fields { payload.append(protobufText: field, tag: 0x0a) }
    payload.append(protobufText: reason, tag: 0x12)
    return Self(
      eventType: personalReadType, aggregateType: aggregateType, aggregateID: aggregateID,
      aggregateVersion: aggregateVersion, actor: actor, occurTime: now, correlationID: correlationID, payload: payload)
  }
}

extension [UInt8] {
  fileprivate mutating func append(protobufText text: String, tag: UInt8) {
    append(tag)
    var length = text.utf8.count
    while length > 0x7f {
      append(UInt8(length & 0x7f) | 0x80)
      length >>= 7
    }
    append(UInt8(length))
    append(contentsOf: text.utf8)
  }
}
