package import Access
import Kernel
package import Lifecycle

/// What a guard of the call's table looks at. Without a command (what may I do?) only the call itself is judged.
package struct CallAttempt: Sendable {
  package let call: Call?
  package let command: CallCommand?
  package let actor: Actor

  package init(call: Call?, command: CallCommand?, actor: Actor) {
    self.call = call
    self.command = command
    self.actor = actor
  }

  /// What the call will say after the command.
  fileprivate var newContent: CallContent? {
    switch command {
    case .draft(_, let content), .amend(let content): content
    default: call?.content
    }
  }

  fileprivate var result: SealedText? {
    switch command {
    case .reportDone(let result), .completeAssist(_, let result): result
    default: nil
    }
  }

  fileprivate var side: CancelRequest.Side { actor.role == .callOffice ? .callOffice : .township }
}

extension Guard<CallAttempt> {
  /// A demand on what the command says; where nobody says anything yet, it holds.
  private static func said(
    _ code: String, zh: String, en: String, field: String, _ holds: @escaping @Sendable (CallCommand) -> Bool
  ) -> Self {
    Guard(Reason(code, zh: zh, en: en, field: field)) { $0.command.map(holds) ?? true }
  }

  // MARK: - Draft, amend, submit

  /// The operator enters only what came by telephone.
  package static let isOffline = Guard(
    Reason("NOT_OFFLINE", zh: "12345 话务员只能办理线下呼叫。", en: "The 12345 operator enters OFFLINE calls only.")
  ) { $0.newContent?.channel == .offline }

  /// An amendment brings something new.
  package static let somethingChanged = Guard(
    Reason("NOTHING_CHANGED", zh: "呼叫内容没有变化，请补充新的情况。", en: "Nothing has changed; bring new facts.", field: "draft")
  ) { attempt in
    guard case .amend(let content) = attempt.command, let call = attempt.call else { return true }
    return !content.saysTheSame(as: call.content)
  }

  /// Nobody signs a study for another; a signature under another text is given anew.
  package static let signatureIsOwn = Guard(
    Reason(
      "SIGNATURE_NOT_OWN", zh: "研究论证须由乡镇负责人本人签字。", en: "The study is signed by the township's leader in person.",
      field: "draft.study.signed_by")
  ) { attempt in
    guard attempt.command != nil, let content = attempt.newContent, content.channel == .online,
      !content.study.signedBy.isEmpty
    else { return true }
    if let before = attempt.call?.content.study, before.saysTheSame(as: content.study) { return true }
    return attempt.actor.role == .townshipLeader && attempt.actor.personID == content.study.signedBy
  }

  /// Something is said about the matter.
  package static let narrativeIsGiven = Guard(
    Reason("NARRATIVE_MISSING", zh: "请填写呼叫事项内容。", en: "Say what the matter is.", field: "draft.narrative")
  ) { $0.call?.content.narrative != nil }

  /// An emergency has a place.
  package static let placeIsGiven = Guard(
    Reason("PLACE_MISSING", zh: "突发事件请填写地点。", en: "Say where the emergency is.", field: "draft.place")
  ) { $0.call.map { $0.content.kind != .emergency || $0.content.place != nil } ?? true }

  /// A call by telephone has a caller record (C02).
  package static let callerIsRecorded = Guard(
    Reason(
      "CALLER_RECORD_MISSING", zh: "线下呼叫须登记来电人、电话、纸质单号和来电时间。",
      en: "An OFFLINE call needs its caller record.", field: "draft.caller")
  ) { $0.call.map { $0.content.channel != .offline || $0.content.caller?.callTime != nil } ?? true }

  // MARK: - Review, dispatch

  /// To admit takes a reason.
  package static let reviewReasonIsGiven = said(
    "REVIEW_REASON_MISSING", zh: "请填写准入理由。", en: "Say why it is admitted.", field: "review_reason"
  ) { if case .review(_, let reason, _, _) = $0 { !reason.isEmpty } else { true } }

  /// To refuse takes a rule.
  package static let refusalCitesRule = said(
    "REVIEW_RULE_MISSING", zh: "不予准入须引用规则（Y1、N1 或 N2）。", en: "A refusal cites its rule: Y1, N1 or N2.",
    field: "rule_code"
  ) { if case .review(_, _, let rule, _) = $0 { rule != nil && rule != .emergency } else { true } }

  /// To refuse takes a basis.
  package static let refusalCitesBasis = said(
    "REVIEW_BASIS_MISSING", zh: "不予准入须写明依据。", en: "A refusal cites its basis.", field: "basis"
  ) { if case .review(_, _, _, let basis) = $0 { !basis.isEmpty } else { true } }

  /// The finding names a department.
  package static let mainIsKnown = Guard(
    Reason("MAIN_MISSING", zh: "尚不知牵头部门。", en: "The main department is not known.", field: "main_org_id")
  ) { $0.call?.finding?.defaultMain != nil }

  /// There is one main department.
  package static let mainIsNamed = said(
    "MAIN_MISSING", zh: "请指定牵头部门。", en: "Name the main department.", field: "main_org_id"
  ) { if case .dispatch(let to) = $0 { !to.main.isEmpty } else { true } }

  /// Every organisation named is a department that the directory knows.
  package static let departmentsAreFit = Guard(
    Reason(
      "MAIN_NOT_A_DEPARTMENT", zh: "所派单位不在机构名录中，或不是县级部门。", en: "Not a department that the directory knows.",
      field: "main_org_id"),
    explaining: { attempt, reason in
      guard case .dispatch(let to) = attempt.command, !to.unfit.isEmpty else { return nil }
      return reason.with("org_ids", to.unfit.joined(separator: ","))
    })

  /// Nobody assists itself, nobody twice.
  package static let assistsAreOthers = said(
    "ASSIST_IS_MAIN", zh: "配合部门不得与牵头部门相同，也不得重复。", en: "The assists differ from the main and from each other.",
    field: "assist_org_ids"
  ) {
    if case .dispatch(let to) = $0 { Set(to.assists + [to.main]).count == to.assists.count + 1 } else { true }
  }

  /// Responsible office and telephone are known.
  package static let officeIsKnown = said(
    "OFFICE_MISSING", zh: "请填写责任科室和电话（说明书中没有）。",
    en: "Name the responsible office and its telephone; the manual has none.",
    field: "office"
  ) { if case .dispatch(let to) = $0 { !to.office.isEmpty && !to.phone.isEmpty } else { true } }

  // MARK: - The department's work

  /// The township was contacted.
  package static let contactIsRecorded = said(
    "CONTACT_RECORD_MISSING", zh: "请填写与乡镇的联系记录。", en: "Record the contact with the township.", field: "contact_record"
  ) { if case .respond(let contact, _, _) = $0 { contact != nil } else { true } }

  /// There is a plan.
  package static let planIsGiven = said(
    "PLAN_MISSING", zh: "请填写办理计划。", en: "Say what will be done.", field: "plan"
  ) { if case .respond(_, let plan, _) = $0 { plan != nil } else { true } }

  /// The plan has a date.
  package static let planDateIsGiven = said(
    "PLAN_DATE_MISSING", zh: "请填写计划完成日期。", en: "Say until when.", field: "plan_date"
  ) { if case .respond(_, _, let date) = $0 { date != nil } else { true } }

  /// A result is reported.
  package static let resultIsGiven = Guard(
    Reason("RESULT_MISSING", zh: "请填写办理结果。", en: "Say what was achieved.", field: "result")
  ) { $0.command == nil || $0.result != nil }

  /// No assisting department is open.
  package static let assistsAreFinished = Guard(
    Reason("ASSIST_OPEN", zh: "配合部门尚未办结或解除。", en: "An assisting department is still open."),
    explaining: { attempt, reason in
      guard let open = attempt.call?.openAssists, !open.isEmpty else { return nil }
      return reason.with("org_ids", open.map(\.orgID).joined(separator: ","))
    })

  /// The department named assists and is not finished.
  package static let assistIsOpen = Guard(
    Reason(
      "ASSIST_NOT_OPEN", zh: "该单位不是本呼叫的在办配合部门。", en: "Not an open assisting department of this call.", field: "org_id")
  ) { attempt in
    guard let open = attempt.call?.openAssists else { return true }
    return switch attempt.command {
    case .completeAssist(let orgID, _), .releaseAssist(let orgID, _): open.contains { $0.orgID == orgID }
    default: !open.isEmpty
    }
  }

  /// To release takes a reason.
  package static let releaseReasonIsGiven = said(
    "RELEASE_REASON_MISSING", zh: "请填写解除配合的理由。", en: "Say why it is released.", field: "release_reason"
  ) { if case .releaseAssist(_, let reason) = $0 { !reason.isEmpty } else { true } }

  // MARK: - Verification, end

  /// A solved call is rated.
  package static let ratingIsGiven = said(
    "RATING_MISSING", zh: "请评价部门的速度、态度和结果。", en: "Rate speed, attitude and result.", field: "rating"
  ) { if case .verify(_, _, let rating) = $0 { rating != nil } else { true } }

  /// Marks are 1 to 5.
  package static let ratingIsInRange = said(
    "RATING_OUT_OF_RANGE", zh: "评分须在 1 至 5 之间。", en: "Marks lie between 1 and 5.", field: "rating"
  ) { if case .verify(_, _, let rating) = $0 { rating?.isInRange ?? true } else { true } }

  /// What is not solved is said point by point.
  package static let pointsAreGiven = said(
    "POINTS_MISSING", zh: "请逐条说明未解决的问题。", en: "Say point by point what is not solved.", field: "points"
  ) { if case .verify(_, let points, _) = $0 { !points.isEmpty } else { true } }

  /// Unsolved rests on consent or law.
  package static let closingBasisIsGiven = said(
    "CLOSING_BASIS_MISSING", zh: "须有乡镇同意或法律上不能办理的依据。",
    en: "It takes the township's consent or a legal impossibility, with its basis.", field: "closing_basis"
  ) {
    if case .closeUnsolved(let agrees, let impossible, let basis) = $0 {
      (agrees || impossible) && !basis.isEmpty
    } else {
      true
    }
  }

  /// To give up takes a reason.
  package static let cancelReasonIsGiven = said(
    "CANCEL_REASON_MISSING", zh: "请填写撤销理由。", en: "Say why it is given up.", field: "cancel_reason"
  ) { if case .cancel(let reason) = $0 { !reason.isEmpty } else { true } }

  /// This side has not asked yet.
  package static let cancelNotAsked = Guard(
    Reason("ALREADY_ASKED", zh: "已提出撤销，等待另一方同意。", en: "This side has asked; the other has to agree.")
  ) { attempt in attempt.call?.cancelRequest == nil }

  /// The other side has asked.
  package static let otherSideAsked = Guard(
    Reason("OTHER_SIDE_NOT_ASKED", zh: "另一方尚未提出撤销。", en: "The other side has not asked yet.")
  ) { attempt in attempt.call?.cancelRequest.map { $0.side != attempt.side } ?? false }

  /// Two acts by two persons.
  package static let otherPersonAsked = Guard(
    Reason("SAME_PERSON", zh: "撤销须由乡镇和呼应办两人分别确认。", en: "Two persons have to agree.")
  ) { attempt in attempt.call?.cancelRequest.map { $0.personID != attempt.actor.personID } ?? true }
}
