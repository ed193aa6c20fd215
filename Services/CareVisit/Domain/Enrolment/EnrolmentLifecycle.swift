package import Kernel
package import Lifecycle

extension Enrolment {
  /// What somebody wants to happen. Texts and identities are judged here and kept elsewhere.
  package enum Command: Sendable {
    case propose(consent: String, identity: [Programme.Field: String])
    case approve(reason: String)
    case reject(reason: String)
    case begin(visitorID: String, firstVisit: String)
    case decline
    case end(EndCause?)
    case erase
    case reassign(visitorID: String)
    case visit(VisitReport)
    case reveal(purpose: String)
    case correct(identity: [Programme.Field: String])

    package var action: Action {
      switch self {
      case .propose: .propose
      case .approve: .approve
      case .reject: .reject
      case .begin: .begin
      case .decline: .decline
      case .end: .end
      case .erase: .erase
      case .reassign: .reassign
      case .visit: .visit
      case .reveal: .reveal
      case .correct: .correct
      }
    }
  }

  /// What a visitor says of a visit.
  package struct VisitReport: Hashable, Sendable {
    /// Empty: today.
    package var date: String
    package var outcome: Visit.Outcome?
    package var needCodes: [String]
    package var referralID: String

    package init(date: String = "", outcome: Visit.Outcome?, needCodes: [String] = [], referralID: String = "") {
      self.date = date
      self.outcome = outcome
      self.needCodes = needCodes
      self.referralID = referralID
    }
  }

  /// What a guard looks at.
  package struct Move: Sendable {
    package var enrolment: Enrolment?
    package var programme: Programme?
    package var command: Command
    package var organisationID: String
    package var now: Timestamp
    /// Whom the command names as visitor.
    package var visitor: Colleague?
    /// The organisation that a visit refers to is in the directory.
    package var referralIsKnown = false
    /// The person asked for deletion, and it was granted.
    package var deletionIsGranted = false

    package init(
      enrolment: Enrolment?, programme: Programme?, command: Command, organisationID: String, now: Timestamp,
      visitor: Colleague? = nil, referralIsKnown: Bool = false, deletionIsGranted: Bool = false
    ) {
      self.enrolment = enrolment
      self.programme = programme
      self.command = command
      self.organisationID = organisationID
      self.now = now
      self.visitor = visitor
      self.referralIsKnown = referralIsKnown
      self.deletionIsGranted = deletionIsGranted
    }

    var today: CivilDate { CivilDate(now) }
  }

  // swift-format-ignore
  /// From, action, to, who, guards (D§2.1.7).
  package static let lifecycle = Lifecycle<State, Action, Part, Move>([
    //    from        action      to          who          guards
    .row(nil,        .propose,   .proposed,  .lead,       .programmeIsActive, .hasConsent, .hasIdentity, .fieldsAreAllowed, .textsAreShort),
    .row(.proposed,  .approve,   .approved,  .officer,    .hasDecisionReason),
    .row(.proposed,  .reject,    .rejected,  .officer,    .hasDecisionReason),
    .row(.approved,  .begin,     .active,    .lead,       .programmeIsActive, .visitorIsEntitled, .firstVisitIsInTime),

    .row(.proposed,  .decline,   .ended,     .lead),
    .row(.approved,  .decline,   .ended,     .lead),
    .row(.active,    .decline,   .ended,     .lead),
    .row(.proposed,  .end,       .ended,     anyOf: [.lead, .system], .hasEndCause),
    .row(.approved,  .end,       .ended,     anyOf: [.lead, .system], .hasEndCause),
    .row(.active,    .end,       .ended,     anyOf: [.lead, .system], .hasEndCause),

    .row(.ended,     .erase,     .erased,    .system,     .mayBeErased),
    .row(.rejected,  .erase,     .erased,    .system,     .mayBeErased),

    // Commands without a transition.
    .row(.active,    .reassign,  .active,    .lead,       .visitorIsEntitled, .visitorChanges),
    .row(.active,    .visit,     .active,    .visitor,    .visitDateIsRight, .hasOutcome, .needsAreKnown, .needsWereSeen, .referralIsKnown),
    .row(.proposed,  .reveal,    .proposed,  anyOf: [.lead, .officer], .hasPurpose),
    .row(.approved,  .reveal,    .approved,  anyOf: [.lead, .officer], .hasPurpose),
    .row(.active,    .reveal,    .active,    anyOf: [.visitor, .lead, .officer], .hasPurpose),
    .row(.ended,     .reveal,    .ended,     .officer,    .hasPurpose),
    .row(.rejected,  .reveal,    .rejected,  .officer,    .hasPurpose),
    .row(.proposed,  .correct,   .proposed,  .officer,    .hasIdentity, .fieldsAreAllowed, .textsAreShort),
    .row(.approved,  .correct,   .approved,  .officer,    .hasIdentity, .fieldsAreAllowed, .textsAreShort),
    .row(.active,    .correct,   .active,    .officer,    .hasIdentity, .fieldsAreAllowed, .textsAreShort),
    .row(.ended,     .correct,   .ended,     .officer,    .hasIdentity, .fieldsAreAllowed, .textsAreShort),
    .row(.rejected,  .correct,   .rejected,  .officer,    .hasIdentity, .fieldsAreAllowed, .textsAreShort),
  ])
}

extension Guard<Enrolment.Move> {
  fileprivate static let programmeIsActive = Guard(.programmeNotActive) { $0.programme?.state == .active }
  fileprivate static let hasConsent = Guard(.consentMissing) { !($0.command.consent ?? "").isBlank }
  fileprivate static let hasIdentity = Guard(.identityMissing) { move in
    (move.command.identity ?? [:]).values.contains { !$0.isBlank }
  }
  fileprivate static let fieldsAreAllowed = Guard(.fieldNotAllowed) { move in
    (move.command.identity ?? [:]).sorted { $0.key.rawValue < $1.key.rawValue }
      .filter { field, text in !text.isEmpty && move.programme?.allows(field) != true }
      .map { Reason.fieldNotAllowed.with("field", $0.key.rawValue) }
  }
  fileprivate static let textsAreShort = Guard(.textTooLong) { move in
    !(move.command.consent ?? "").isTooLong && (move.command.identity ?? [:]).values.allSatisfy { !$0.isTooLong }
  }
  fileprivate static let hasDecisionReason = Guard(.decisionReasonMissing) { move, missing in
    let reason = move.command.decisionReason ?? ""
    return reason.isBlank ? missing : reason.isTooLong ? .textTooLong.at("decision_reason") : nil
  }
  fileprivate static let visitorIsEntitled = Guard(.visitorNotEntitled) { move in
    move.visitor?.mayVisit(for: move.organisationID) == true
  }
  fileprivate static let firstVisitIsInTime = Guard(.nextVisitInvalid) { move in
    guard case .begin(_, let text) = move.command, let date = CivilDate(text), let programme = move.programme else {
      return false
    }
    return date >= move.today && date <= move.today + programme.facts.intervalDays
  }
  fileprivate static let hasEndCause = Guard(.endCauseMissing) { move in
    guard case .end(let cause) = move.command else { return true }
    return cause != nil
  }
  fileprivate static let mayBeErased = Guard(.notDueYet) { move in
    move.deletionIsGranted || move.enrolment?.eraseDueTime.map { $0 <= move.now } == true
  }
  fileprivate static let visitorChanges = Guard(.visitorUnchanged) { move in
    move.visitor?.personID != move.enrolment?.visitorID
  }
  fileprivate static let visitDateIsRight = Guard(.visitDateInvalid) { move in
    guard let date = move.visitDate, let begin = move.enrolment?.beginDate else { return false }
    return date <= move.today && date >= begin
  }
  fileprivate static let hasOutcome = Guard(.outcomeMissing) { $0.command.report?.outcome != nil }
  fileprivate static let needsAreKnown = Guard(.needCodeUnknown) { move in
    let known = Set(move.programme?.facts.needCodes.map(\.code) ?? [])
    let named = move.command.report?.needCodes ?? []
    return known.isSuperset(of: named) && Set(named).count == named.count
  }
  fileprivate static let needsWereSeen = Guard(.needWithoutVisit) { move in
    move.command.report?.needCodes.isEmpty != false || move.command.report?.outcome == .done
  }
  fileprivate static let referralIsKnown = Guard(.referralUnknown) { move in
    (move.command.report?.referralID ?? "").isEmpty || move.referralIsKnown
  }
  fileprivate static let hasPurpose = Guard(.revealPurposeMissing) { move, missing in
    guard case .reveal(let purpose) = move.command, !purpose.isBlank else { return missing }
    return purpose.isTooLong ? .textTooLong.at("reveal_purpose") : nil
  }
}

extension Enrolment.Move {
  /// The day that a visit report is about.
  var visitDate: CivilDate? {
    guard let text = command.report?.date else { return nil }
    return text.isEmpty ? today : CivilDate(text)
  }
}

extension Enrolment.Command {
  fileprivate var consent: String? { if case .propose(let consent, _) = self { consent } else { nil } }
  fileprivate var report: Enrolment.VisitReport? { if case .visit(let report) = self { report } else { nil } }
  fileprivate var identity: [Programme.Field: String]? {
    switch self {
    case .propose(_, let identity), .correct(let identity): identity
    default: nil
    }
  }
  fileprivate var decisionReason: String? {
    switch self {
    case .approve(let reason), .reject(let reason): reason
    default: nil
    }
  }
}

extension Reason {
  /// There is no such enrolment.
  package static let enrolmentNotFound = Reason(
    "ENROLMENT_NOT_FOUND", zh: "没有此回访对象。", en: "There is no such enrolment.", field: "enrolment_id")
  /// Nobody can be known from the token any more.
  package static let identityErased = Reason(
    "IDENTITY_ERASED", zh: "身份信息已销毁，无法恢复。", en: "The identity was destroyed; nobody can restore it.",
    field: "enrolment_id")
  static let programmeNotActive = Reason(
    "PROGRAMME_NOT_ACTIVE", zh: "项目尚未批准或已结束。", en: "The programme is not approved, or is closed.",
    field: "programme_id")
  static let consentMissing = Reason(
    "CONSENT_MISSING", zh: "缺少本人同意书或告知记录。", en: "The person's consent, or the notice that was given, is missing.",
    field: "consent_ref")
  static let identityMissing = Reason(
    "IDENTITY_MISSING", zh: "缺少身份信息。", en: "Say who it is.", field: "identity")
  static let fieldNotAllowed = Reason(
    "FIELD_NOT_ALLOWED", zh: "该项目不允许登记此项个人信息。", en: "The programme does not allow this field.", field: "identity")
  /// A decision without words.
  package static let decisionReasonMissing = Reason(
    "DECISION_REASON_MISSING", zh: "请说明决定的理由。", en: "Say what the decision rests on.", field: "decision_reason")
  static let visitorNotEntitled = Reason(
    "VISITOR_NOT_ENTITLED", zh: "回访人须为本单位在岗的关爱回访员。",
    en: "The visitor has to be a care visitor of the same organisation who works there now.", field: "visitor_person_id"
  )
  static let visitorUnchanged = Reason(
    "VISITOR_UNCHANGED", zh: "回访人没有变化。", en: "It is the same visitor.", field: "visitor_person_id")
  static let nextVisitInvalid = Reason(
    "NEXT_VISIT_INVALID", zh: "首次回访日期须为今天起一个回访间隔之内。",
    en: "The first visit is from today on and within one interval.", field: "next_visit_date")
  static let endCauseMissing = Reason(
    "END_CAUSE_MISSING", zh: "请说明是本人拒绝还是需求已消除。", en: "Say whether the person declined or the need is over.",
    field: "end_cause")
  static let notDueYet = Reason("NOT_DUE_YET", zh: "保存期限未满。", en: "The retention is not over yet.")
  static let visitDateInvalid = Reason(
    "VISIT_DATE_INVALID", zh: "回访日期不得晚于今天，也不得早于开始回访之日。",
    en: "A visit lies between the beginning and today.", field: "visit_date")
  static let outcomeMissing = Reason(
    "OUTCOME_MISSING", zh: "请说明回访结果。", en: "Say whether it was done, nobody was met or it was declined.",
    field: "outcome")
  static let needCodeUnknown = Reason(
    "NEED_CODE_UNKNOWN", zh: "需求代码不在项目清单内，或重复。", en: "A need is not on the programme's list, or named twice.",
    field: "need_codes")
  static let needWithoutVisit = Reason(
    "NEED_WITHOUT_VISIT", zh: "未完成的回访不得登记需求。", en: "Only a visit that was done finds a need.", field: "need_codes")
  static let referralUnknown = Reason(
    "REFERRAL_UNKNOWN", zh: "转介单位不在组织目录中。", en: "The directory has no such active organisation.",
    field: "referral_org_id")
  static let revealPurposeMissing = Reason(
    "REVEAL_PURPOSE_MISSING", zh: "查看身份信息须说明用途。", en: "Say what the identity is needed for.",
    field: "reveal_purpose")
}
