package import Kernel

/// A state machine written down as its table: from, action, to, who, guards (docs/architecture.md, "The rulebook is a table").
///
/// One table answers four questions: may I (all unmet guards at once), what may I, what does the diagram look like, what must be tested.
/// `Role` is the part somebody plays towards this subject (own-level organisation, township, system), not the role in the token.
package struct Lifecycle<
  State: Hashable & Sendable, Action: Hashable & Sendable, Role: Hashable & Sendable, Subject: Sendable
>: Sendable {
  /// One line of the table.
  package struct Row: Sendable {
    /// `nil`: the subject does not exist yet.
    package let from: State?
    /// What somebody does.
    package let action: Action
    /// The state afterwards; equal to `from` for a command without a transition.
    package let to: State
    /// Who may: any of these parts.
    package let roles: Set<Role>
    /// What must hold; all that do not are named.
    package let guards: [Guard<Subject>]

    /// A transition that one role takes.
    package static func row(
      _ from: State?, _ action: Action, _ to: State, _ role: Role, _ guards: Guard<Subject>...
    ) -> Self { Self(from: from, action: action, to: to, roles: [role], guards: guards) }

    /// A transition that any of several roles takes.
    package static func row(
      _ from: State?, _ action: Action, _ to: State, anyOf roles: Set<Role>, _ guards: Guard<Subject>...
    ) -> Self { Self(from: from, action: action, to: to, roles: roles, guards: guards) }

    /// The same, for tables that make several rows of one line.
    package static func row(
      _ from: State?, _ action: Action, _ to: State, anyOf roles: Set<Role>, _ guards: [Guard<Subject>]
    ) -> Self { Self(from: from, action: action, to: to, roles: roles, guards: guards) }
  }

  /// The table, line by line.
  package let rows: [Row]

  package init(_ rows: [Row]) { self.rows = rows }

  /// The row that `action` takes from `state`, or every reason why it may not be taken.
  ///
  /// Several rows may share from and action (two ways to submit): the first whose role fits decides.
  package func transition(
    _ action: Action, from state: State?, as roles: Set<Role>, on subject: Subject
  ) throws(TransitionRefusal) -> Row {
    let candidates = rows.filter { $0.from == state && $0.action == action }
    guard !candidates.isEmpty else { throw TransitionRefusal(cause: .noSuchTransition) }
    let mine = candidates.filter { !$0.roles.isDisjoint(with: roles) }
    guard let first = mine.first else { throw TransitionRefusal(cause: .notYourRole) }
    let unmet = first.guards.flatMap { $0.unmet(subject) }
    if unmet.isEmpty { return first }
    if let other = mine.dropFirst().first(where: { row in row.guards.allSatisfy { $0.unmet(subject).isEmpty } }) {
      return other
    }
    throw TransitionRefusal(cause: .unmet(unmet))
  }

  /// What somebody in `roles` could do now, each action with what still stands in its way.
  package func actions(
    from state: State?, as roles: Set<Role>, on subject: Subject
  ) -> [(action: Action, unmet: [Reason])] {
    rows.filter { $0.from == state && !$0.roles.isDisjoint(with: roles) }
      .map { row in (row.action, row.guards.flatMap { $0.unmet(subject) }) }
  }
}

/// Why a transition was not taken.
package struct TransitionRefusal: Error, Equatable {
  /// The three ways not to get through the table.
  package enum Cause: Equatable, Sendable {
    /// The table has no such row: from this state nobody takes this action.
    case noSuchTransition
    /// There is a row, for somebody else.
    case notYourRole
    /// The row's guards that do not hold, all of them.
    case unmet([Reason])
  }

  /// Which of the three.
  package let cause: Cause

  package init(cause: Cause) { self.cause = cause }

  /// The refusal as the caller hears it; `action` and `state` are the domain's words for the sentence.
  package func refusal(action: String, state: String) -> Refused {
    switch cause {
    case .noSuchTransition:
      Refused(
        .failedPrecondition,
        Reason(
          "ILLEGAL_TRANSITION", zh: "当前状态（\(state)）下不能进行此操作（\(action)）。",
          en: "\(action) is not possible in state \(state).", metadata: ["action": action, "state": state]))
    case .notYourRole:
      Refused(
        .permissionDenied,
        Reason(
          "NOT_YOUR_ROLE", zh: "此操作（\(action)）不由您办理。", en: "\(action) is not yours to do here.",
          metadata: ["action": action]))
    case .unmet(let reasons): Refused(.failedPrecondition, reasons)
    }
  }
}
