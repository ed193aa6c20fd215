package import Kernel

/// A gRPC status code other than OK: an error always has one of these.
package enum Code: Int, Hashable, Sendable, CaseIterable {
  /// The caller gave up, or went away.
  case cancelled = 1
  /// Somebody answered with something that has no code.
  case unknown
  /// The request is wrong whatever the system's state.
  case invalidArgument
  /// Time ran out before the answer.
  case deadlineExceeded
  /// There is no such thing.
  case notFound
  /// It is there already.
  case alreadyExists
  /// The caller is known and may not do this.
  case permissionDenied
  /// A limit was reached: quota, size, concurrency.
  case resourceExhausted
  /// The system's state does not allow it; trying again without changing that state will not help.
  case failedPrecondition
  /// Lost a race: read again and try again.
  case aborted
  /// Past the valid range; like `failedPrecondition`, the state may change.
  case outOfRange
  /// There is no such method, or this one is not supported here.
  case unimplemented
  /// Something is broken that must not be.
  case `internal`
  /// Cannot be reached now; the same call again may do.
  case unavailable
  /// Data is lost or damaged.
  case dataLoss
  /// Nobody said who is asking.
  case unauthenticated

  /// The code that a kind of refusal travels as.
  package init(_ kind: RefusalKind) {
    self =
      switch kind {
      case .invalidArgument: .invalidArgument
      case .unauthenticated: .unauthenticated
      case .permissionDenied: .permissionDenied
      case .notFound: .notFound
      case .alreadyExists: .alreadyExists
      case .failedPrecondition: .failedPrecondition
      case .aborted: .aborted
      case .resourceExhausted: .resourceExhausted
      case .unavailable: .unavailable
      }
  }

  /// What a client that got an HTTP answer instead of a gRPC one takes it for (gRPC's http-grpc-status-mapping).
  package init(httpStatus: Int) {
    self =
      switch httpStatus {
      case 400: .internal
      case 401: .unauthenticated
      case 403: .permissionDenied
      case 404: .unimplemented
      case 429, 502, 503, 504: .unavailable
      default: .unknown
      }
  }

  /// `INVALID_ARGUMENT`: the name that logs and people use.
  package var name: String {
    switch self {
    case .cancelled: "CANCELLED"
    case .unknown: "UNKNOWN"
    case .invalidArgument: "INVALID_ARGUMENT"
    case .deadlineExceeded: "DEADLINE_EXCEEDED"
    case .notFound: "NOT_FOUND"
    case .alreadyExists: "ALREADY_EXISTS"
    case .permissionDenied: "PERMISSION_DENIED"
    case .resourceExhausted: "RESOURCE_EXHAUSTED"
    case .failedPrecondition: "FAILED_PRECONDITION"
    case .aborted: "ABORTED"
    case .outOfRange: "OUT_OF_RANGE"
    case .unimplemented: "UNIMPLEMENTED"
    case .internal: "INTERNAL"
    case .unavailable: "UNAVAILABLE"
    case .dataLoss: "DATA_LOSS"
    case .unauthenticated: "UNAUTHENTICATED"
    }
  }
}
