package import Kernel
import Wire

/// Why a call failed. There is no status "OK": a call that succeeded has an answer instead.
///
/// What survives the wire: `code`, `message`, every reason (code, both sentences where the caller's language allows, field,
/// metadata), `retryDelay`, and `metadata` as trailers. What is lost: the Swift error it was made of. A status that came off the wire keeps its
/// `details` as they were, so passing it on changes nothing.
package struct Status: Error, Sendable, Equatable {
  /// What kind of failure.
  package var code: Code
  /// One English sentence for the developer.
  package var message: String
  /// Every reason, for programs and for clerks.
  package var reasons: [Reason]
  /// Trailing metadata that travels with it.
  package var metadata: Metadata
  /// When the same call may do, for a refusal that passes: travels as `RetryInfo` and as `grpc-retry-pushback-ms`.
  package var retryDelay: Duration?
  /// A serialized `google.rpc.Status` as it was received; `nil` for a status made here, whose details are made of `reasons`.
  package var details: [UInt8]?
  /// For the log alone: what went wrong inside. Never sent.
  package var cause = ""

  /// A status made here.
  package init(
    _ code: Code, _ message: String, reasons: [Reason] = [], metadata: Metadata = Metadata(),
    retryDelay: Duration? = nil
  ) {
    self.code = code
    self.message = message
    self.reasons = reasons
    self.metadata = metadata
    self.retryDelay = retryDelay
    self.details = nil
  }

  /// The one place where a Swift error becomes a status. Unknown errors keep their text out of the reply.
  package init(_ error: any Error) {
    switch error {
    case let status as Status: self = status
    case let error as WireError:
      // gRPC's own codes say INTERNAL where a request cannot be parsed; what can be and is wrong is INVALID_ARGUMENT.
      self.init(error.isOfParsing ? .internal : Code(error.kind), error.message, reasons: error.reasons)
    case let refusal as any Refusal:
      self.init(
        Code(refusal.kind), refusal.message, reasons: refusal.reasons,
        retryDelay: refusal.kind.isPassing ? Self.usualRetryDelay : nil)
    case is CancellationError: self.init(.cancelled, "the caller went away")
    default:
      self.init(.internal, "internal error")
      cause = (error as? any LoggableError)?.description ?? "\(type(of: error))"
    }
  }

  /// When to try again what was refused for now: a queue has moved on by then, a process has come back.
  private static let usualRetryDelay: Duration = .seconds(1)
}

extension Refusal {
  fileprivate var message: String { reasons.map(\.english).joined(separator: "; ") }
}

extension WireError {
  /// Whether the bytes are no message at all, as protobuf has it.
  fileprivate var isOfParsing: Bool {
    switch self {
    case .malformed, .textNotUTF8, .tooDeep: true
    case .textContainsNUL, .tooLarge: false
    }
  }
}

extension RefusalKind {
  /// Whether the same call may do a little later.
  fileprivate var isPassing: Bool { self == .resourceExhausted || self == .unavailable }
}

extension Status: CustomStringConvertible {
  /// `NOT_FOUND: there is no such case`
  package var description: String { message.isEmpty ? code.name : "\(code.name): \(message)" }
}
