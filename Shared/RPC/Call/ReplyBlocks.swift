import HTTP2
import Wire

/// Header blocks that are always the same, made once.
enum ReplyBlocks {
  /// The head of every gRPC answer.
  static let head = HeaderBlock([":status": "200", "content-type": "application/grpc"])
  /// The trailers of success.
  static let success = HeaderBlock(["grpc-status": "0"])

  static func head(_ initial: Metadata) -> HeaderBlock {
    guard !initial.isEmpty else { return head }
    var block = head
    block.append(initial.shown)
    return block
  }

  /// Trailers for `status`, or for success, small enough for every client.
  static func trailers(_ status: Status?, _ trailing: Metadata, isChinese: Bool) -> HeaderBlock {
    guard var status else {
      guard !trailing.isEmpty else { return success }
      var block = success
      block.append(trailing.shown)
      return block
    }
    status.message = clipped(status.message)
    var block = HeaderBlock()
    block.append("grpc-status", String(status.code.rawValue))
    if !status.message.isEmpty { block.append("grpc-message", PercentEncoding.encode(status.message)) }
    var rest = status.metadata.block
    rest.append(trailing.shown)
    let room = maximumTrailerBytes - block.listSize - rest.listSize
    if let details = StatusDetails.encode(status, isChinese: isChinese, maximumBytes: (room - 64) * 3 / 4) {
      block.append("grpc-status-details-bin", Base64.encode(details, padded: false))
    }
    if block.listSize + rest.listSize <= maximumTrailerBytes { block.append(rest) }
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
  /// The most bytes of a message; in the worst case each becomes three.
  static let maximumMessageBytes = 1 << 10

  private static func clipped(_ message: String) -> String {
    guard message.utf8.count > maximumMessageBytes else { return message }
    var text = ""
    var count = 0
    for character in message {
      count += character.utf8.count
      guard count <= maximumMessageBytes - 3 else { break }
      text.append(character)
    }
    return text + "…"
  }
}
