import HTTP2
import Kernel

/// The answers to calls for which there is no room, made once for each time after which to come again: in a flood most answers are
/// these, and making one costs as much as all the rest of refusing. Lives on its event loop.
struct OverloadReply {
  private struct Key: Hashable {
    let steps: Int
    let isChinese: Bool
  }

  /// Hints come in steps of this.
  private static let step: Duration = .milliseconds(50)
  /// How many are kept.
  private static let maximum = 256

  private var blocks: [Key: HeaderBlock] = [:]

  /// The hint that is given for `delay`.
  static func hint(_ delay: Duration) -> Duration { step * Int((delay / step).rounded(.up)) }

  /// The trailers for `status`, whose hint is one of `hint`'s.
  mutating func trailers(_ status: Status, isChinese: Bool) -> HeaderBlock {
    let key = Key(steps: Int(((status.retryDelay ?? .zero) / Self.step).rounded()), isChinese: isChinese)
    if let block = blocks[key] { return block }
    if blocks.count >= Self.maximum { blocks = [:] }
    let block = ReplyBlocks.trailers(status, Metadata(), isChinese: isChinese)
    blocks[key] = block
    return block
  }
}
