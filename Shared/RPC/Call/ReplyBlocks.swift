import HTTP2
import Wire

/// Header blocks that are always the same, made once.
enum ReplyBlocks {
  /// The head of every gRPC answer.
  static let head = HeaderBlock([
    ":status": "200", "content-type": "application/grpc", "grpc-accept-encoding": "identity,deflate,gzip",
  ])
  /// The trailers of success.
  static let success = HeaderBlock(["grpc-status": "0"])

  /// The same two where nothing else is with them, which is nearly always.
  static let plainHead = FixedHeaders([
    ":status": "200", "content-type": "application/grpc", "grpc-accept-encoding": "identity,deflate,gzip",
  ])
  static let plainSuccess = FixedHeaders(["grpc-status": "0"])

  /// The head and the shortest trailers together.
  static let leastBytes = head.listSize + success.listSize

  static func head(_ initial: Metadata) -> HeaderBlock {
    guard !initial.isEmpty else { return head }
    var block = head
    block.append(initial.shown)
    return block
  }

  /// Trailers for `status`, in at most `room` bytes and small enough for every client: what does not fit is left out, down to the
  /// code. Trailers for success are what they are.
  static func trailers(
    _ status: Status?, _ trailing: Metadata, isChinese: Bool, room: Int = maximumTrailerBytes
  ) -> HeaderBlock {
    guard var status else {
      guard !trailing.isEmpty else { return success }
      var block = success
      block.append(trailing.shown)
      return block
    }
    let room = min(room, maximumTrailerBytes)
    // In the worst case each byte of it becomes three.
    status.message = clipped(status.message, min(maximumMessageBytes, (room - leastFailureBytes) / 3))
    var block = HeaderBlock()
    block.append("grpc-status", String(status.code.rawValue))
    if !status.message.isEmpty { block.append("grpc-message", PercentEncoding.encode(status.message)) }
    if let delay = status.retryDelay {
      let (seconds, attoseconds) = delay.components
      let milliseconds = min(seconds, 86_400) * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
      block.append("grpc-retry-pushback-ms", String(max(0, milliseconds)))
    }
    var rest = status.metadata.block
    rest.append(trailing.shown)
    let left = room - block.listSize - rest.listSize
    if let details = StatusDetails.encode(status, isChinese: isChinese, maximumBytes: (left - 64) * 3 / 4) {
      block.append("grpc-status-details-bin", Base64.encode(details, padded: false))
    }
    if block.listSize + rest.listSize <= room { block.append(rest) }
    return block
  }

  /// The whole answer for what is not gRPC.
  static func http(_ status: Int) -> HeaderBlock {
    var block = HeaderBlock()
    block.append(":status", String(status))
    return block
  }

  /// The most that trailers may have: stock clients cap header lists at 8 KiB.
  static let maximumTrailerBytes = 6 << 10
  /// What a failure has beside its message: two names, a code, and what HTTP/2 counts for two fields.
  private static let leastFailureBytes = 100
  /// The most bytes of a message.
  static let maximumMessageBytes = 1 << 10

  /// What a call becomes whose metadata the other side does not take.
  static func tooLarge(_ metadata: String, _ room: Int) -> Status {
    Status(.resourceExhausted, "the \(metadata) metadata is larger than the peer takes (\(room) bytes)")
  }

  private static func clipped(_ message: String, _ maximum: Int) -> String {
    guard message.utf8.count > maximum else { return message }
    guard maximum >= 3 else { return "" }
    var text = ""
    var count = 0
    for character in message {
      count += character.utf8.count
      guard count <= maximum - 3 else { break }
      text.append(character)
    }
    return text + "…"
  }
}
