import Access
package import Kernel
package import Lifecycle
package import WorkClock

/// What a person asks about the own entry: to see it, to have it put right, to have it deleted, to complain.
package struct RightRequest: Hashable, Sendable {
  package typealias ID = Kernel.ID<RightRequest>

  /// What is asked for.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case access = "ACCESS"
    case correction = "CORRECTION"
    case deletion = "DELETION"
    case complaint = "COMPLAINT"
  }

  /// What has become of it.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case open = "OPEN"
    case granted = "GRANTED"
    case denied = "DENIED"
  }

  /// What is done with it.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case file, grant, deny
    /// The clock has run out; nothing else changes.
    case remind = "run_over"

    /// The event's name in the journal.
    package var eventType: String {
      switch self {
      case .file: "right.filed"
      case .grant: "right.granted"
      case .deny: "right.denied"
      case .remind: "right.overdue"
      }
    }
  }

  /// What happened: the request as it is afterwards.
  package struct Event: Hashable, Sendable {
    package let action: Action
    package let right: RightRequest
  }

  /// What a guard looks at. Texts are judged here and kept sealed elsewhere.
  package struct Move: Sendable {
    package var right: RightRequest?
    package var kind: Kind?
    package var text: String
    package var actorID: String
    /// The person has asked for the same and has no answer yet.
    package var isOpenAlready: Bool
    package var now: Timestamp
    package var calendar: WorkCalendar

    package init(
      right: RightRequest?, kind: Kind?, text: String, actorID: String, isOpenAlready: Bool = false, now: Timestamp,
      calendar: WorkCalendar
    ) {
      self.right = right
      self.kind = kind
      self.text = text
      self.actorID = actorID
      self.isOpenAlready = isOpenAlready
      self.now = now
      self.calendar = calendar
    }
  }

  package let id: ID
  package let enrolmentID: Enrolment.ID
  package let kind: Kind
  package var state: State
  package let filerID: String
  package var clock: Clock
  package var deciderID: String
  /// When its lateness was reported, once.
  package var overdueTime: Timestamp?
  package var version: Int

  package init(
    id: ID, enrolmentID: Enrolment.ID, kind: Kind, state: State, filerID: String, clock: Clock, deciderID: String = "",
    overdueTime: Timestamp? = nil, version: Int
  ) {
    self.id = id
    self.enrolmentID = enrolmentID
    self.kind = kind
    self.state = state
    self.filerID = filerID
    self.clock = clock
    self.deciderID = deciderID
    self.overdueTime = overdueTime
    self.version = version
  }

  // swift-format-ignore
  /// From, action, to, who, guards.
  package static let lifecycle = Lifecycle<State, Action, Enrolment.Part, Move>([
    //    from     action   to        who                        guards
    .row(nil,     .file,   .open,    anyOf: [.lead, .officer],  .hasKind, .hasDocument, .isNotOpenYet),
    .row(.open,   .grant,  .granted, .officer,                  .hasDecisionReason),
    .row(.open,   .deny,   .denied,  .officer,                  .hasDecisionReason, .deniesAsAnother),
    .row(.open,   .remind, .open,    .system,                   .isOverdue),
  ])

  /// What filing means.
  package static func file(
    _ id: ID, of enrolment: Enrolment, _ move: Move, as parts: Set<Enrolment.Part>
  ) throws(Refused) -> Event {
    try permit(.file, move, from: nil, as: parts)
    guard enrolment.state != .erased else { throw Refused(.failedPrecondition, .identityErased) }
    guard let kind = move.kind else { throw Refused(.failedPrecondition, .rightKindMissing) }
    let clock = Clock(
      kind: "RIGHT", policyCode: CareVisitPolicy.code, policyVersion: CareVisitPolicy.version,
      budget: .workingDays(CareVisitPolicy.answerDays), startTime: move.now)
    return Event(
      action: .file,
      right: RightRequest(
        id: id, enrolmentID: enrolment.id, kind: kind, state: .open, filerID: move.actorID, clock: clock, version: 1))
  }

  /// What answering or running over means.
  package func decide(
    _ action: Action, _ move: Move, as parts: Set<Enrolment.Part>
  ) throws(Refused) -> Event {
    var after = self
    after.state = try Self.permit(action, move, from: state, as: parts)
    after.version += 1
    switch action {
    case .file: break
    case .grant, .deny:
      after.deciderID = move.actorID
      try after.clock.stop(at: max(move.now, clock.startTime))
    case .remind: after.overdueTime = move.now
    }
    return Event(action: action, right: after)
  }

  /// Folds one event in.
  package mutating func apply(_ event: Event) { self = event.right }

  @discardableResult
  private static func permit(
    _ action: Action, _ move: Move, from state: State?, as parts: Set<Enrolment.Part>
  ) throws(Refused) -> State {
    guard !parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    do {
      return try lifecycle.transition(action, from: state, as: parts, on: move).to
    } catch {
      throw error.refusal(action: action.rawValue, state: state?.rawValue ?? "∅")
    }
  }
}

extension Guard<RightRequest.Move> {
  fileprivate static let hasKind = Guard(.rightKindMissing) { $0.kind != nil }
  fileprivate static let hasDocument = Guard(.documentRefMissing) { move, missing in
    move.text.isBlank ? missing : move.text.isTooLong ? .textTooLong.at("document_ref") : nil
  }
  fileprivate static let isNotOpenYet = Guard(.rightAlreadyOpen) { !$0.isOpenAlready }
  fileprivate static let hasDecisionReason = Guard(.decisionReasonMissing) { move, missing in
    move.text.isBlank ? missing : move.text.isTooLong ? .textTooLong.at("decision_reason") : nil
  }
  /// What is granted is in the person's favour; what is denied needs a second pair of eyes.
  fileprivate static let deniesAsAnother = Guard(.filerDenies) { $0.actorID != $0.right?.filerID }
  fileprivate static let isOverdue = Guard(.rightNotOverdue) { move in
    guard let right = move.right else { return false }
    return right.overdueTime == nil && right.clock.isOverdue(at: move.now, in: move.calendar)
  }
}

extension Reason {
  /// There is no such request.
  package static let rightNotFound = Reason(
    "RIGHT_NOT_FOUND", zh: "没有这项申请。", en: "There is no such request.", field: "right_request_id")
  /// Access was not asked for, or not granted.
  package static let accessNotGranted = Reason(
    "ACCESS_NOT_GRANTED", zh: "这不是一项已同意的查阅申请。", en: "It is no request for access that was granted.",
    field: "right_request_id")
  static let rightKindMissing = Reason(
    "RIGHT_KIND_MISSING", zh: "请选择查阅、更正、删除或投诉。",
    en: "Say whether it is access, correction, deletion or a complaint.", field: "kind")
  static let documentRefMissing = Reason(
    "DOCUMENT_REF_MISSING", zh: "请注明本人的申请书。", en: "Name the person's letter or form.", field: "document_ref")
  static let rightAlreadyOpen = Reason(
    "RIGHT_ALREADY_OPEN", zh: "该对象已有同类申请在办。", en: "The person's request of this kind is open already.")
  static let filerDenies = Reason(
    "SAME_PERSON", zh: "受理人不能自行驳回，须由他人决定。", en: "Who wrote the request down may not deny it.")
  static let rightNotOverdue = Reason(
    "RIGHT_NOT_OVERDUE", zh: "该申请尚未逾期，或已提醒过。", en: "The request is not overdue, or was reported already.")
}
