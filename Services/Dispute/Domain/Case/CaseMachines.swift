package import Lifecycle

// The smaller machines inside a case (D§2.2.3). Who may is the case's own table: these say only what follows what.

extension Case.Escalation {
  /// What may happen to a case on its way up.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case submit = "submit"
    case receive = "receive"
    case giveBack = "return"
    case retract = "retract"
  }

  // swift-format-ignore
  package static let lifecycle = Lifecycle<State, Action, Case.Part, Void>([
    .row(nil,        .submit,   .submitted, .levelOrganisation),
    .row(.submitted, .receive,  .received,  .nextLevel),
    .row(.submitted, .giveBack, .returned,  .nextLevel),
    .row(.submitted, .retract,  .retracted, .levelOrganisation),
  ])
}

extension Case.Measure {
  /// What may happen to a measure.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case plan = "plan"
    case done = "done"
    case drop = "drop"
  }

  // swift-format-ignore
  package static let lifecycle = Lifecycle<State, Action, Case.Part, Void>([
    .row(nil,   .plan, .open,    .lead),
    .row(.open, .done, .done,    .lead),
    .row(.open, .drop, .dropped, .lead),
  ])
}

extension Case.Invitation {
  /// What may happen to an invitation.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case invite = "invite"
    case accept = "accept"
    case refuse = "refuse"
  }

  // swift-format-ignore
  package static let lifecycle = Lifecycle<State, Action, Case.Part, Void>([
    .row(nil,   .invite, .sent,     .lead),
    .row(.sent, .accept, .accepted, .invitee),
    .row(.sent, .refuse, .refused,  .invitee),
  ])
}

extension Lifecycle {
  /// Whether nothing can happen to it any more.
  package func isEnd(_ state: State) -> Bool { !rows.contains { $0.from == state } }

  /// Whether some action leads from `state` to `other`.
  package func leads(from state: State, to other: State) -> Bool {
    rows.contains { $0.from == state && $0.to == other }
  }
}
