package import Access
package import Kernel
package import Lifecycle

extension ListVersion {
  /// What happens to a version; the words of the lifecycle table.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case open = "OPEN"
    case putItem = "PUT_ITEM"
    case submit = "SUBMIT"
    case object = "OBJECT"
    case approve = "APPROVE"
    case publish = "PUBLISH"
    case cancel = "CANCEL"
    case discard = "DISCARD"
    case endOn = "END_ON"
    case supersede = "SUPERSEDE"
  }

  /// The part somebody plays towards a list.
  package enum Part: String, Hashable, Sendable, CaseIterable {
    /// 编办, and whoever sets the county up or feeds its data in.
    case keeper
    case leadership
    /// A department, a township or the legal office.
    case consulted
    case system

    /// The parts that a role plays.
    package static func parts(of role: Role) -> Set<Part> {
      switch role {
      case .bianban, .countyAdmin, .integration: [.keeper]
      case .countyLeadership: [.leadership]
      case .departmentClerk, .departmentLeader, .townshipLeader, .legalOffice: [.consulted]
      case .system: [.system]
      default: []
      }
    }
  }

  /// A command on the way through the table: the list as it is and what the guards ask about.
  package struct Step: Sendable {
    /// `nil` while the list is only about to be opened.
    package let list: ListVersion?
    package let command: Command
    package let actorID: String
    package let today: CivilDate
    /// The county's other lists.
    package let others: [ListVersion]
  }

  // swift-format-ignore
  package static let lifecycle = Lifecycle<State, Action, Part, Step>([
    //   from         action      to           who           guards
    .row(nil,         .open,      .draft,      .keeper,      .isOnlyDraft, .numberIsNew),
    .row(.draft,      .putItem,   .draft,      .keeper),
    .row(.draft,      .submit,    .inReview,   .keeper),
    .row(.inReview,   .object,    .draft,      .consulted,   .opinionIsWritten),
    .row(.inReview,   .approve,   .approved,   .leadership,  .approverIsNotSubmitter, .approvalHasNumber),
    .row(.approved,   .publish,   .published,  .keeper,      .takesEffectInTime, .followsThePublished),
    .row(.approved,   .cancel,    .draft,      .keeper),
    .row(.draft,      .discard,   .discarded,  .keeper,      .discardHasReason),
    .row(.published,  .endOn,     .published,  .keeper),
    .row(.published,  .supersede, .superseded, .system,      .successorIsInForce),
  ])
}

extension Guard<ListVersion.Step> {
  static let isOnlyDraft = Guard(.anotherDraftOpen) { step in !step.others.contains { $0.state == .draft } }

  static let numberIsNew = Guard(.listNumberTaken) { step in
    guard case .open(let number, _, _, _) = step.command else { return true }
    return !step.others.contains { $0.number == number }
  }

  static let opinionIsWritten = Guard(.opinionMissing) { step in
    if case .object(let opinion, _) = step.command { !opinion.allSatisfy(\.isWhitespace) } else { true }
  }

  static let approverIsNotSubmitter = Guard(.approverIsSubmitter) { $0.list?.submitterID != $0.actorID }

  static let approvalHasNumber = Guard(.approvalNumberMissing) { step in
    if case .approve(let number) = step.command { !number.allSatisfy(\.isWhitespace) } else { true }
  }

  static let takesEffectInTime = Guard(.effectiveDatePast) { step in
    guard case .publish(let date, _) = step.command else { return true }
    return date >= step.today || step.list?.isLegacy == true
  }

  static let followsThePublished = Guard(.effectiveDateOverlaps) { step in
    guard case .publish(let date, _) = step.command else { return true }
    return step.others.allSatisfy { other in other.effectiveDate.map { $0 < date } ?? true }
  }

  static let discardHasReason = Guard(.reasonMissing) { step in
    if case .discard(let reason) = step.command { !reason.allSatisfy(\.isWhitespace) } else { true }
  }

  static let successorIsInForce = Guard(.successorNotInForce) { step in
    step.list?.supersedeDate.map { $0 <= step.today } ?? false
  }
}

extension Reason {
  static let anotherDraftOpen = Reason(
    "ANOTHER_DRAFT_OPEN", zh: "已有一份清单草案，请先提交或作废。", en: "Another draft is open; submit or discard it first.")
  static let listNumberTaken = Reason(
    "LIST_NUMBER_TAKEN", zh: "清单版本号已被使用。", en: "Another list has this number.", field: "number")
  static let opinionMissing = Reason(
    "OPINION_MISSING", zh: "请书面说明意见。", en: "The opinion has to be given in writing.", field: "opinion")
  static let approverIsSubmitter = Reason(
    "APPROVER_IS_SUBMITTER", zh: "提交人不能审批自己提交的清单。", en: "Nobody approves what he submitted.")
  static let approvalNumberMissing = Reason(
    "APPROVAL_NUMBER_MISSING", zh: "缺少批准文号。", en: "The number of the approving document is missing.",
    field: "approval_number")
  static let effectiveDatePast = Reason(
    "EFFECTIVE_DATE_PAST", zh: "生效日期不能早于今天。", en: "The list cannot take effect in the past.", field: "effective_date")
  static let effectiveDateOverlaps = Reason(
    "EFFECTIVE_DATE_OVERLAPS", zh: "生效日期与已公布的清单重叠。", en: "A published list takes effect on or after this day.",
    field: "effective_date")
  static let reasonMissing = Reason(
    "REASON_MISSING", zh: "请说明理由。", en: "A reason is needed.", field: "discard_reason")
  static let successorNotInForce = Reason(
    "SUCCESSOR_NOT_IN_FORCE", zh: "后一版清单尚未生效。", en: "No later list is in force yet.")
}
