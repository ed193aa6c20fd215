package import Access
package import Kernel
package import Lifecycle
package import WorkClock

/// What a party asks about the own data in a case: to see it, to have it put right, to have it deleted.
package struct PartyRight: Hashable, Sendable {
  /// What is asked for.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case access = "ACCESS"
    case correction = "CORRECTION"
    case deletion = "DELETION"
  }

  /// What has become of it.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case open = "OPEN"
    case granted = "GRANTED"
    case refused = "REFUSED"
    case withdrawn = "WITHDRAWN"
  }

  package let rightID: ID<PartyRight>
  package var version: Int
  package let kind: Kind
  package var state: State
  package let caseID: ID<Case>
  package let partyID: String
  package let township: AreaCode
  package let requestText: Case.SealedText?
  package let identityCheck: String
  package let receiver: ID<Person>
  package let requestTime: Timestamp
  /// How much time there is to decide; 15 working days unless the policy says otherwise.
  package var clock: Clock
  package var decider: ID<Person>?
  package var answerTime: Timestamp?
  package var refusalReason: Case.SealedText?
  package let correctedName: Case.SealedText?
  package let correctedPhone: Case.SealedText?

  package init(
    rightID: ID<PartyRight>, version: Int = 1, kind: Kind, state: State = .open, caseID: ID<Case>, partyID: String,
    township: AreaCode, requestText: Case.SealedText?, identityCheck: String, receiver: ID<Person>,
    requestTime: Timestamp, clock: Clock, decider: ID<Person>? = nil, answerTime: Timestamp? = nil,
    refusalReason: Case.SealedText? = nil, correctedName: Case.SealedText? = nil, correctedPhone: Case.SealedText? = nil
  ) {
    self.rightID = rightID
    self.version = version
    self.kind = kind
    self.state = state
    self.caseID = caseID
    self.partyID = partyID
    self.township = township
    self.requestText = requestText
    self.identityCheck = identityCheck
    self.receiver = receiver
    self.requestTime = requestTime
    self.clock = clock
    self.decider = decider
    self.answerTime = answerTime
    self.refusalReason = refusalReason
    self.correctedName = correctedName
    self.correctedPhone = correctedPhone
  }
}

extension PartyRight {
  /// The actions of the table.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case request = "request"
    case grant = "grant"
    case refuse = "refuse"
    case withdraw = "withdraw"
  }

  /// The part somebody plays towards a request.
  package enum Part: String, Hashable, Sendable, CaseIterable {
    /// Clerk of the township, hotline operator, data protection officer: speaks with the party.
    case receiver
    /// Leader in the township, data protection officer: decides.
    case decider
  }

  /// What somebody wants to happen.
  package enum Command: Hashable, Sendable {
    case grant
    case refuse(reason: Case.SealedText?)
    case withdraw
  }

  /// What the table's guards look at.
  package struct Move: Sendable {
    package let right: PartyRight
    package let command: Command
    package let actor: ID<Person>
    package let caseHasEnded: Bool
  }

  /// From, action, to, who, guards.
  package static let lifecycle = Lifecycle<State, Action, Part, Move>([
    .row(nil, .request, .open, .receiver),
    .row(.open, .grant, .granted, .decider, .decidedBySomebodyElse, .nothingIsDeletedOfWhatIsHandled),
    .row(.open, .refuse, .refused, .decider, .decidedBySomebodyElse, .refusalHasReason),
    .row(.open, .withdraw, .withdrawn, .receiver),
  ])

  /// What `actor` is towards requests of `township`.
  package static func parts(of actor: Actor, _ organisation: Organisation?, in township: AreaCode) -> Set<Part> {
    switch actor.role {
    case .dataProtectionOfficer: [.receiver, .decider]
    case .hotlineOperator: [.receiver]
    case .levelClerk: organisation?.township == township ? [.receiver] : []
    case .levelLeader, .townshipLeader: organisation?.township == township ? [.decider] : []
    default: []
    }
  }

  /// The request after `command`, or every reason why not.
  package func taking(
    _ command: Command, by actor: Actor, as parts: Set<Part>, caseHasEnded: Bool, at now: Timestamp
  ) throws(Refused) -> PartyRight {
    guard !parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    let action: Action =
      switch command {
      case .grant: .grant
      case .refuse: .refuse
      case .withdraw: .withdraw
      }
    let move = Move(right: self, command: command, actor: ID(actor.personID), caseHasEnded: caseHasEnded)
    var changed = self
    do {
      changed.state = try Self.lifecycle.transition(action, from: state, as: parts, on: move).to
    } catch {
      throw error.refusal(action: action.rawValue, state: state.rawValue)
    }
    changed.version += 1
    changed.answerTime = max(now, requestTime)
    try? changed.clock.stop(at: max(now, requestTime))
    changed.decider = ID(actor.personID)
    if case .refuse(let reason) = command { changed.refusalReason = reason }
    return changed
  }
}

extension Guard<PartyRight.Move> {
  fileprivate static let decidedBySomebodyElse = Guard(.receiverDecides) { $0.actor != $0.right.receiver }
  fileprivate static let nothingIsDeletedOfWhatIsHandled = Guard(.caseNotEnded) {
    $0.right.kind != .deletion || $0.caseHasEnded
  }
  fileprivate static let refusalHasReason = Guard(.reasonMissing) { move in
    guard case .refuse(let reason) = move.command else { return true }
    return reason != nil
  }
}

extension Reason {
  static let receiverDecides = Reason(
    "SAME_PERSON", zh: "受理人不能自行决定，须由他人决定。", en: "Who entered the request may not decide it.")
  static let caseNotEnded = Reason(
    "CASE_NOT_ENDED", zh: "案件尚在办理，办结后方可删除当事人信息。",
    en: "The case is still handled; a party's data is deleted only after it has ended.")
}

/// How long parties' data is kept after a case has ended.
package enum Retention {
  /// The hashes that duplicates are found by.
  package static func keysDueTime(after end: Timestamp) -> Timestamp { end + .days(90) }

  /// Names and telephones: three years to the day.
  package static func identityDueTime(after end: Timestamp) -> Timestamp {
    let day = CivilDate(end)
    let later =
      CivilDate(year: day.year + 3, month: day.month, day: day.day) ?? CivilDate(year: day.year + 3, month: 3, day: 1)
    return (later ?? day + 1_096).instant() + (end - day.instant())
  }
}
