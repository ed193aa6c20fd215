/// Why something was refused, for a program (`code`) and for a person (`chinese`, `english`).
///
/// `code` is stable, UPPER_SNAKE and listed in `docs/contracts.md`; the sentences name no path, no SQL, no type.
package struct Reason: Hashable, Sendable {
  /// Stable, for programs: `NO_FAILED_ATTEMPT_AT_LEVEL`.
  package let code: String
  /// What a clerk reads, in Chinese.
  package let chinese: String
  /// The same sentence in English.
  package let english: String
  /// The request field that is wrong (`case_id`, `parties[2].name`); empty where no single field is.
  package var field: String
  /// What a program may want to know besides, by name; no personal data.
  package var metadata: [String: String]

  package init(
    _ code: String, zh chinese: String, en english: String, field: String = "", metadata: [String: String] = [:]
  ) {
    self.code = code
    self.chinese = chinese
    self.english = english
    self.field = field
    self.metadata = metadata
  }

  /// The same reason about one field.
  package func at(_ field: String) -> Self {
    var copy = self
    copy.field = field
    return copy
  }

  /// The same reason with a fact for programs.
  package func with(_ key: String, _ value: String) -> Self {
    var copy = self
    copy.metadata[key] = value
    return copy
  }
}

/// What kind of refusal it is; each kind is one gRPC status code.
package enum RefusalKind: Hashable, Sendable {
  /// The request is wrong whatever the state of the system (INVALID_ARGUMENT).
  case invalidArgument
  /// Nobody said who is asking (UNAUTHENTICATED).
  case unauthenticated
  /// The caller may not do this here (PERMISSION_DENIED).
  case permissionDenied
  /// There is no such thing (NOT_FOUND).
  case notFound
  /// It is there already, with other content (ALREADY_EXISTS).
  case alreadyExists
  /// The system's state does not allow it; reading and deciding anew may help (FAILED_PRECONDITION).
  case failedPrecondition
  /// Somebody else changed it meanwhile: read again, then try again (ABORTED).
  case aborted
  /// Too much at once or no room left; later may do (RESOURCE_EXHAUSTED).
  case resourceExhausted
  /// Not now, the same call again may do (UNAVAILABLE).
  case unavailable
}

/// An error that is part of the product: it says what was refused and gives every reason at once.
package protocol Refusal: Error, Sendable {
  var kind: RefusalKind { get }
  /// All reasons, never only the first; never empty.
  var reasons: [Reason] { get }
}

/// The plain refusal: a kind and its reasons.
package struct Refused: Refusal, Equatable {
  /// Which status it travels as.
  package let kind: RefusalKind
  /// All reasons; never empty.
  package let reasons: [Reason]

  /// Refuses with all these reasons.
  package init(_ kind: RefusalKind, _ reasons: [Reason]) {
    precondition(!reasons.isEmpty, "a refusal gives at least one reason")
    self.kind = kind
    self.reasons = reasons
  }

  /// Refuses with one reason.
  package init(_ kind: RefusalKind, _ reason: Reason) { self.init(kind, [reason]) }
}

extension Refused: CustomStringConvertible {
  /// For logs: what was refused, and the reasons' codes.
  package var description: String { reasons.map { "\($0.english) [\($0.code)]" }.joined(separator: "; ") }
}

/// An error that is a fault of ours, and whose description may stand in a log: it names no person and quotes no content.
package protocol LoggableError: Error, CustomStringConvertible {}
