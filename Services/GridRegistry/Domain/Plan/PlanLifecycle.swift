package import Access
package import Kernel
package import Lifecycle

extension DivisionPlan {
  /// What happens to a plan; the words of the lifecycle table.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case draft = "draft"
    case edit = "edit"
    case check = "check"
    case submit = "submit"
    case reject = "reject"
    case approve = "approve"
    case effect = "effect"
    case block = "block"
    case rework = "rework"
    case withdraw = "withdraw"
  }

  /// The part somebody plays towards a plan.
  package enum Part: String, Hashable, Sendable, CaseIterable {
    /// The clerk of the township's centre, the township's leader, the county's grid centre.
    case editor
    /// The editor who drafted it.
    case author
    case townshipLeader
    case gridCentre
    case system

    /// The parts that `actor` of `organisation` plays towards a plan of `township`; none outside one's own township.
    package static func parts(
      of actor: Actor, in organisation: Organisation?, township: AreaCode?, author: String?
    ) -> Set<Part> {
      var parts: Set<Part> = []
      let isOwn = township != nil && organisation?.townshipCode == township
      switch actor.role {
      case .system: return [.system]
      case .gridCentre: parts = [.editor, .gridCentre]
      case .levelClerk where isOwn && organisation?.kind == .townshipCenter: parts = [.editor]
      case .townshipLeader where isOwn: parts = [.editor, .townshipLeader]
      default: return []
      }
      if author == actor.personID { parts.insert(.author) }
      return parts
    }
  }

  /// A command on the way through the table: the plan as it would be, and what the registry says around it.
  package struct Step: Sendable {
    /// `nil` while the plan is only about to be drafted.
    package var plan: DivisionPlan?
    package var content: Content
    package var township: AreaCode?
    /// The township is entered and active.
    package var townshipIsKnown: Bool
    package var actorID: String
    package var reason: String
    package var today: CivilDate
    /// What a check of `content` found just now; `nil` where nothing is checked.
    package var check: Check?
    /// Codes of planned grids that other grids have.
    package var takenCodes: [String]

    package init(
      plan: DivisionPlan?, content: Content, township: AreaCode?, townshipIsKnown: Bool = true, actorID: String,
      reason: String = "", today: CivilDate, check: Check? = nil, takenCodes: [String] = []
    ) {
      self.plan = plan
      self.content = content
      self.township = township
      self.townshipIsKnown = townshipIsKnown
      self.actorID = actorID
      self.reason = reason
      self.today = today
      self.check = check
      self.takenCodes = takenCodes
    }
  }

  // swift-format-ignore
  /// From, action, to, who, guards.
  package static let lifecycle = Lifecycle<State, Action, Part, Step>([
    //    from        action     to          who              guards
    .row(nil,         .draft,    .draft,     .editor,         .hasTitle, .townshipIsKnown, .dateIsReadable, .isWrittenAsPlansAre),
    .row(.draft,      .edit,     .draft,     .editor,         .hasTitle, .dateIsReadable, .isWrittenAsPlansAre),
    .row(.draft,      .check,    .draft,     .editor),
    .row(.draft,      .submit,   .submitted, .townshipLeader, .hasChanges, .hasEffectiveDate, .dateIsNotPast, .isWrittenAsPlansAre, .fitsTheRegistry, .sizesAreRightOrExcused, .leavesNoGap, .leavesNoOverlap),
    .row(.submitted,  .reject,   .draft,     .gridCentre,     .reasonIsGiven),
    .row(.submitted,  .approve,  .approved,  .gridCentre,     .approverIsNotAuthor, .approverIsNotSubmitter, .dateIsNotPast, .codesAreFree),
    .row(.approved,   .effect,   .effective, .system,         .dateIsReached, .fitsTheRegistry, .sizesAreRightOrExcused, .leavesNoGap, .leavesNoOverlap),
    .row(.approved,   .block,    .blocked,   .system,         .dateIsReached, .baseHasChanged),
    .row(.blocked,    .rework,   .draft,     .author),
    .row(.draft,      .withdraw, .withdrawn, .author),
    .row(.submitted,  .withdraw, .withdrawn, .author),
    .row(.approved,   .withdraw, .withdrawn, .gridCentre,     .reasonIsGiven),
  ])
}

extension Guard<DivisionPlan.Step> {
  static let hasTitle = Guard(.planTitleMissing.at("plan.title")) { !$0.content.title.allSatisfy(\.isWhitespace) }
  static let townshipIsKnown = Guard(.townshipNotFound.at("plan.township_code")) { $0.townshipIsKnown }
  static let dateIsReadable = Guard(.dateInvalid.at("plan.effective_date")) {
    $0.content.effectiveDate.isEmpty || $0.content.effectiveDay != nil
  }
  static let isWrittenAsPlansAre = Guard(.planChangeInvalid, allOf: { $0.content.faults })
  static let hasChanges = Guard(.planEmpty) { !$0.content.changes.isEmpty }
  static let hasEffectiveDate = Guard(.effectiveDateMissing) { $0.content.effectiveDay != nil }
  static let dateIsNotPast = Guard(.effectiveDatePassed) { step in
    step.content.effectiveDay.map { $0 >= step.today } ?? true
  }
  static let dateIsReached = Guard(.effectiveDateAhead) { step in
    step.content.effectiveDay.map { $0 <= step.today } ?? false
  }
  static let fitsTheRegistry = Guard(.planDoesNotFit, allOf: { $0.check?.faults.map(\.reason) ?? [] })
  /// G04, G05, I3.
  static let sizesAreRightOrExcused = Guard(
    .householdsOutOfRange, allOf: { $0.check?.sizeBreaches.filter { !$0.isExcused }.map(\.reason) ?? [] })
  /// G09, I2.
  static let leavesNoGap = Guard(.unitInNoGrid, allOf: { $0.check?.gaps.map(\.reason) ?? [] })
  /// G10, I2.
  static let leavesNoOverlap = Guard(.unitInTwoGrids, allOf: { $0.check?.overlaps.map(\.reason) ?? [] })
  static let reasonIsGiven = Guard(.decisionReasonMissing.at("reason")) { !$0.reason.allSatisfy(\.isWhitespace) }
  static let approverIsNotAuthor = Guard(.approverIsAuthor) { $0.plan?.authorID != $0.actorID }
  static let approverIsNotSubmitter = Guard(.approverIsSubmitter) { $0.plan?.submitterID != $0.actorID }
  static let codesAreFree = Guard(
    .gridCodeTaken,
    allOf: { step in
      step.takenCodes.map { Reason.gridCodeTaken.with("grid_code", $0) }
    })
  static let baseHasChanged = Guard(.planStillFits) { $0.check?.passes == false }
}
