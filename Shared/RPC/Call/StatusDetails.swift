import Kernel
import Wire
import WireTypes

/// The `grpc-status-details-bin` of a status, a serialized `google.rpc.Status`: `ErrorInfo` of the first reason, `BadRequest` or
/// `PreconditionFailure` of all, `RetryInfo` where the same call may do later, and `LocalizedMessage` with one line per reason for the
/// person who reads it.
enum StatusDetails {
  /// The `domain` of our error reasons.
  static let domain = "huying"

  /// `nil`: there is nothing to say beyond code and message. What does not fit goes in this order: the localized sentences, then
  /// the last reasons, with a count in their place, then what the first reason says to programs besides its code.
  static func encode(_ status: Status, isChinese: Bool, maximumBytes: Int) -> [UInt8]? {
    if let details = status.details { return details.count <= maximumBytes ? details : nil }
    guard !status.reasons.isEmpty || status.retryDelay != nil else { return nil }
    // A thousand reasons are not put together to be thrown away: no more than could fit if they were nothing but text.
    var room = maximumBytes
    var shown = status.reasons.prefix {
      room -= $0.code.utf8.count + $0.field.utf8.count + $0.english.utf8.count + Self.violationBytes
      return room >= 0
    }
    if shown.count == status.reasons.count {
      let whole = encode(status, shown, isChinese: isChinese)
      if whole.count <= maximumBytes { return whole }
    }
    while true {
      let bytes = encode(status, shown, isChinese: nil)
      if bytes.count <= maximumBytes { return bytes }
      if shown.popLast() == nil { break }
    }
    var least = status
    if !least.reasons.isEmpty { least.reasons[0].metadata = [:] }
    let bytes = encode(least, [], isChinese: nil)
    return bytes.count <= maximumBytes ? bytes : nil
  }

  /// What a violation has at least beside its texts: its own tag and length, and those of two of them.
  private static let violationBytes = 6

  /// What received details tell of: their reasons, and when to try again. Nothing where they are somebody else's or cannot be read.
  static func read(_ details: [UInt8]) -> (reasons: [Reason], retryDelay: Duration?) {
    guard let status = try? GoogleRPC.Status(decoding: details) else { return ([], nil) }
    let retry = status.details.lazy.compactMap { unpack($0) as GoogleRPC.RetryInfo? }.first
    return (reasons(status), retry?.retryDelay?.swift)
  }

  private static func reasons(_ status: GoogleRPC.Status) -> [Reason] {
    var reasons: [Reason] = []
    var localized: [Substring] = []
    var information: GoogleRPC.ErrorInfo?
    for detail in status.details {
      if let bad: GoogleRPC.BadRequest = unpack(detail) {
        reasons += bad.fieldViolations.map { Reason($0.reason, zh: "", en: $0.description, field: $0.field) }
      } else if let failure: GoogleRPC.PreconditionFailure = unpack(detail) {
        reasons += failure.violations.map { Reason($0.type, zh: "", en: $0.description, field: $0.subject) }
      } else if let message: GoogleRPC.LocalizedMessage = unpack(detail), message.locale.hasPrefix("zh") {
        localized = message.message.split(separator: "\n", omittingEmptySubsequences: false)
      } else {
        information = information ?? unpack(detail)
      }
    }
    if let information {
      if reasons.isEmpty { reasons = [Reason(information.reason, zh: "", en: status.message)] }
      if reasons[0].code == information.reason { reasons[0].metadata = information.metadata }
    }
    guard localized.count == reasons.count else { return reasons }
    return zip(reasons, localized).map {
      Reason($0.code, zh: String($1), en: $0.english, field: $0.field, metadata: $0.metadata)
    }
  }

  /// `isChinese`: the language of the localized sentences; `nil`: without them.
  private static func encode(_ status: Status, _ shown: ArraySlice<Reason>, isChinese: Bool?) -> [UInt8] {
    var details: [GoogleProtobuf.AnyMessage] = []
    if let first = status.reasons.first {
      let metadata = first.metadata.mapValues(shortened)
      details.append(.init(packing: GoogleRPC.ErrorInfo(reason: first.code, domain: domain, metadata: metadata)))
      details.append(violations(status, shown))
    }
    if let delay = status.retryDelay {
      details.append(.init(packing: GoogleRPC.RetryInfo(retryDelay: .init(delay))))
    }
    if let isChinese, !shown.isEmpty {
      let lines = shown.map { isChinese ? $0.chinese : $0.english }.joined(separator: "\n")
      details.append(.init(packing: GoogleRPC.LocalizedMessage(locale: isChinese ? "zh-CN" : "en", message: lines)))
    }
    return GoogleRPC.Status(code: Int32(status.code.rawValue), message: status.message, details: details).encoded()
  }

  /// What programs are told beside a reason may be what the caller sent: its beginning does, or the sentences would have no room.
  private static func shortened(_ value: String) -> String {
    value.utf8.count <= maximumValueBytes ? value : value.prefix(maximumValueBytes / 4) + "…"
  }

  /// More than any code, id or name of ours.
  private static let maximumValueBytes = 256

  private static func violations(_ status: Status, _ shown: ArraySlice<Reason>) -> GoogleProtobuf.AnyMessage {
    let hidden = status.reasons.count - shown.count
    let more = hidden > 0 ? [Reason("MORE_REASONS", zh: "", en: "\(hidden) more reasons are not shown.")] : []
    if status.code == .invalidArgument || status.code == .outOfRange {
      return .init(
        packing: GoogleRPC.BadRequest(
          fieldViolations: (shown + more).map { .init(field: $0.field, description: $0.english, reason: $0.code) }))
    }
    return .init(
      packing: GoogleRPC.PreconditionFailure(
        violations: (shown + more).map { .init(type: $0.code, subject: $0.field, description: $0.english) }))
  }

  private static func unpack<Detail: Message>(_ detail: GoogleProtobuf.AnyMessage) -> Detail? {
    try? detail.unpacked(as: Detail.self)
  }
}

extension GoogleProtobuf.Duration {
  fileprivate init(_ duration: Swift.Duration) {
    let (seconds, attoseconds) = duration.components
    self.init(seconds: seconds, nanos: Int32(attoseconds / 1_000_000_000))
  }

  fileprivate var swift: Swift.Duration { .seconds(seconds) + .nanoseconds(nanos) }
}
