package import Kernel

/// A named condition that a transition may demand. Its reason's code is what goes over the wire.
package struct Guard<Subject: Sendable>: Sendable {
  /// What is said when the condition does not hold.
  package let reason: Reason
  /// Nothing if the condition holds, else the reasons, with the facts of this case (missing fields, the right organisation).
  package let unmet: @Sendable (Subject) -> [Reason]

  /// A condition that holds or does not.
  package init(_ reason: Reason, _ holds: @escaping @Sendable (Subject) -> Bool) {
    self.reason = reason
    self.unmet = { holds($0) ? [] : [reason] }
  }

  /// A condition whose reason names facts of the case.
  package init(_ reason: Reason, explaining unmet: @escaping @Sendable (Subject, Reason) -> Reason?) {
    self.reason = reason
    self.unmet = { unmet($0, reason).map { [$0] } ?? [] }
  }

  /// A condition that may be broken in several places, each with a reason of its own; `reason` stands for them in tables.
  package init(_ reason: Reason, allOf unmet: @escaping @Sendable (Subject) -> [Reason]) {
    self.reason = reason
    self.unmet = unmet
  }
}
