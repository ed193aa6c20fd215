package import Access
package import Kernel
package import Lifecycle
import WorkClock

extension Alert {
  /// The actions of the table.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case raise = "raise"
    case absorb = "absorb"
    case acknowledge = "acknowledge"
    case act = "act"
    case dismiss = "dismiss"
  }

  /// The part somebody plays towards an alert.
  package enum Part: String, Hashable, Sendable, CaseIterable {
    /// Clerk or leader of an organisation of the township, or the county's grid centre.
    case keeper
    case system
  }

  /// What somebody wants to happen.
  package enum Command: Hashable, Sendable {
    /// A further hit of the same rule, at the same place and of the same category.
    case absorb([ID<Case>], Figures)
    case acknowledge
    case act(ref: String)
    case dismiss(reason: Case.SealedText?)
  }

  /// What the table's guards look at.
  package struct Move: Sendable {
    package let command: Command?

    package init(command: Command?) { self.command = command }
  }

  /// From, action, to, who, guards.
  package static let lifecycle = Lifecycle<State, Action, Part, Move>([
    .row(nil, .raise, .open, .system),
    .row(.open, .absorb, .open, .system),
    .row(.acknowledged, .absorb, .acknowledged, .system),
    .row(.open, .acknowledge, .acknowledged, .keeper),
    .row(.acknowledged, .act, .acted, .keeper, .actionIsNamed),
    .row(.acknowledged, .dismiss, .dismissed, .keeper, .dismissalHasReason),
  ])

  /// What `actor` is towards this alert; `organisation` is the actor's, as far as heard of.
  package func parts(of actor: Actor, _ organisation: Organisation?) -> Set<Part> {
    switch actor.role {
    case .system: [.system]
    case .gridCentre: [.keeper]
    case .levelClerk, .levelLeader, .townshipLeader: organisation?.township == township ? [.keeper] : []
    default: []
    }
  }

  /// The alert after `command`, or every reason why not.
  package func taking(
    _ command: Command, by actor: Actor, as parts: Set<Part>, at now: Timestamp
  ) throws(Refused) -> Alert {
    guard !parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    let action: Action =
      switch command {
      case .absorb: .absorb
      case .acknowledge: .acknowledge
      case .act: .act
      case .dismiss: .dismiss
      }
    var changed = self
    do {
      changed.state = try Self.lifecycle.transition(action, from: state, as: parts, on: Move(command: command)).to
    } catch {
      throw error.refusal(action: action.rawValue, state: state.rawValue)
    }
    changed.version += 1
    switch command {
    case .absorb(let cases, let figures):
      changed.cases += cases.filter { !self.cases.contains($0) }
      changed.figures = figures
    case .acknowledge:
      changed.acknowledger = ID(actor.personID)
      changed.acknowledgeTime = max(now, raiseTime)
      try? changed.clock.stop(at: max(now, raiseTime))
    case .act(let ref):
      changed.actionRef = ref
      changed.endTime = max(now, acknowledgeTime ?? now)
    case .dismiss(let reason):
      changed.dismissReason = reason
      changed.endTime = max(now, acknowledgeTime ?? now)
    }
    return changed
  }
}

extension Guard<Alert.Move> {
  fileprivate static let actionIsNamed = Guard(.actionMissing) { move in
    guard case .act(let ref) = move.command else { return true }
    return ref.contains { !$0.isWhitespace }
  }
  fileprivate static let dismissalHasReason = Guard(.reasonMissing) { move in
    guard case .dismiss(let reason) = move.command else { return true }
    return reason != nil
  }
}

extension Reason {
  static let actionMissing = Reason(
    "ACTION_MISSING", zh: "请写明采取的措施（排查、案件或会议编号）。",
    en: "Say what was begun: the id of a round, a case, a meeting.", field: "action_ref")
}
