import Kernel
import Wire
import WireTypes

/// The `grpc-status-details-bin` of a status, a serialized `google.rpc.Status`: `ErrorInfo` of the first reason, `BadRequest` or
/// `PreconditionFailure` of all, and `LocalizedMessage` with one line per reason for the person who reads it.
enum StatusDetails {
  /// The `domain` of our error reasons.
  static let domain = "huying"

  /// `nil`: there is nothing to say beyond code and message. What does not fit goes in this order: the localized sentences, then
  /// the last reasons, with a count in their place.
  static func encode(_ status: Status, isChinese: Bool, maximumBytes: Int) -> [UInt8]? {
    if let details = status.details { return details.count <= maximumBytes ? details : nil }
    guard !status.reasons.isEmpty else { return nil }
    let whole = encode(status, status.reasons[...], isChinese: isChinese, isLocalized: true)
    if whole.count <= maximumBytes { return whole }
    var shown = status.reasons[...]
    while !shown.isEmpty {
      let bytes = encode(status, shown, isChinese: isChinese, isLocalized: false)
      if bytes.count <= maximumBytes { return bytes }
      shown = shown.prefix(shown.count / 2)
    }
    return nil
  }

  /// The reasons that received details tell of; empty where they are somebody else's or nothing that can be read.
  static func reasons(_ details: [UInt8]) -> [Reason] {
    guard let status = try? GoogleRPC.Status(decoding: details) else { return [] }
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

  private static func encode(
    _ status: Status, _ shown: ArraySlice<Reason>, isChinese: Bool, isLocalized: Bool
  ) -> [UInt8] {
    let first = status.reasons[0]
    let hidden = status.reasons.count - shown.count
    let more = "\(hidden) more reasons are not shown."
    var details = [pack(GoogleRPC.ErrorInfo(reason: first.code, domain: domain, metadata: first.metadata))]
    if status.code == .invalidArgument || status.code == .outOfRange {
      var violations = shown.map {
        GoogleRPC.BadRequest.FieldViolation(field: $0.field, description: $0.english, reason: $0.code)
      }
      if hidden > 0 { violations.append(.init(description: more, reason: "MORE_REASONS")) }
      details.append(pack(GoogleRPC.BadRequest(fieldViolations: violations)))
    } else {
      var violations = shown.map {
        GoogleRPC.PreconditionFailure.Violation(type: $0.code, subject: $0.field, description: $0.english)
      }
      if hidden > 0 { violations.append(.init(type: "MORE_REASONS", description: more)) }
      details.append(pack(GoogleRPC.PreconditionFailure(violations: violations)))
    }
    if isLocalized {
      let lines = shown.map { isChinese ? $0.chinese : $0.english }.joined(separator: "\n")
      details.append(pack(GoogleRPC.LocalizedMessage(locale: isChinese ? "zh-CN" : "en", message: lines)))
    }
    return GoogleRPC.Status(code: Int32(status.code.rawValue), message: status.message, details: details).encoded()
  }

  private static func pack<Detail: Message>(_ detail: Detail) -> GoogleProtobuf.AnyMessage {
    GoogleProtobuf.AnyMessage(typeURL: "type.googleapis.com/" + Detail.fullName, value: detail.encoded())
  }

  private static func unpack<Detail: Message>(_ detail: GoogleProtobuf.AnyMessage) -> Detail? {
    guard detail.typeURL.hasSuffix("/" + Detail.fullName) else { return nil }
    return try? Detail(decoding: detail.value)
  }
}
