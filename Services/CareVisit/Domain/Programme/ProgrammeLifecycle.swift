import Access
package import Kernel
package import Lifecycle

extension Programme {
  /// What a guard looks at.
  package struct Move: Sendable {
    package let facts: Facts
    package let proposerID: String
    package let actorID: String
    package let enrolmentsRemain: Bool

    package init(facts: Facts, proposerID: String, actorID: String, enrolmentsRemain: Bool = false) {
      self.facts = facts
      self.proposerID = proposerID
      self.actorID = actorID
      self.enrolmentsRemain = enrolmentsRemain
    }
  }

  // swift-format-ignore
  /// From, action, to, who, guards.
  package static let lifecycle = Lifecycle<State, Action, Part, Move>([
    //    from        action     to          who          guards
    .row(nil,        .propose,  .proposed,  .controller, .hasName, .hasGround, .hasLegalBasis, .hasPurpose, .hasFields, .hasInterval, .hasRetention, .hasImpactAssessment, .hasNeedCodes, .textsAreShort),
    .row(.proposed,  .approve,  .active,    .officer,    .decidesAsAnother),
    .row(.proposed,  .reject,   .rejected,  .officer,    .decidesAsAnother),
    .row(.active,    .close,    .closed,    anyOf: [.officer, .controller], .nobodyRemains),
  ])
}

extension Guard<Programme.Move> {
  fileprivate static let hasName = Guard(.programmeNameMissing) { !$0.facts.name.isBlank }
  fileprivate static let hasGround = Guard(.groundMissing) { $0.facts.ground != nil }
  fileprivate static let hasLegalBasis = Guard(.legalBasisMissing) { !$0.facts.legalBasis.isBlank }
  fileprivate static let hasPurpose = Guard(.purposeMissing) { !$0.facts.purpose.isBlank }
  fileprivate static let hasFields = Guard(.fieldsMissing) { move in
    let fields = move.facts.allowedFields
    return !fields.isEmpty && !fields.contains(nil) && Set(fields).count == fields.count
  }
  fileprivate static let hasInterval = Guard(.intervalInvalid) {
    (1...CareVisitPolicy.longestInterval).contains($0.facts.intervalDays)
  }
  fileprivate static let hasRetention = Guard(.retentionMissing) { move, missing in
    if move.facts.retentionMonths < 1 { return missing }
    return move.facts.retentionMonths > CareVisitPolicy.longestRetention ? .retentionTooLong : nil
  }
  fileprivate static let hasImpactAssessment = Guard(.impactAssessmentMissing) { !$0.facts.impactAssessment.isBlank }
  fileprivate static let hasNeedCodes = Guard(.needCodesInvalid) { move in
    let codes = move.facts.needCodes.map(\.code)
    return !codes.isEmpty && Set(codes).count == codes.count
      && move.facts.needCodes.allSatisfy { !$0.code.isBlank && !$0.name.isBlank }
  }
  fileprivate static let textsAreShort = Guard(.textTooLong.at("programme")) { move in
    let facts = move.facts
    let codes = facts.needCodes.flatMap { [$0.code, $0.name] }
    return codes.count <= 200
      && ([facts.name, facts.legalBasis, facts.purpose, facts.impactAssessment] + codes).allSatisfy { !$0.isTooLong }
  }
  fileprivate static let decidesAsAnother = Guard(.proposerDecides) { $0.actorID != $0.proposerID }
  fileprivate static let nobodyRemains = Guard(.enrolmentsRemain) { !$0.enrolmentsRemain }
}

extension Reason {
  /// There is no such programme.
  package static let programmeNotFound = Reason(
    "PROGRAMME_NOT_FOUND", zh: "没有此关爱项目。", en: "There is no such programme.", field: "programme_id")
  static let programmeNameMissing = Reason(
    "PROGRAMME_NAME_MISSING", zh: "缺少项目名称。", en: "The programme has no name.", field: "programme.name")
  static let groundMissing = Reason(
    "GROUND_MISSING", zh: "请说明是依法还是经本人同意。", en: "Say whether people are enrolled by law or by consent.",
    field: "programme.ground")
  static let legalBasisMissing = Reason(
    "LEGAL_BASIS_MISSING", zh: "缺少法律依据（法律条款或同意书文本）。",
    en: "The legal basis is missing: the law and article, or the consent form.", field: "programme.legal_basis_ref")
  static let purposeMissing = Reason(
    "PURPOSE_MISSING", zh: "缺少回访目的。", en: "Say what the visits are for.", field: "programme.purpose")
  static let fieldsMissing = Reason(
    "FIELDS_MISSING", zh: "请列明可以登记的个人信息项，每项一次。",
    en: "List which fields may be known of a person, each once.", field: "programme.allowed_fields")
  static let intervalInvalid = Reason(
    "INTERVAL_INVALID", zh: "回访间隔为1至366天。", en: "The interval of visits is 1 to 366 days.",
    field: "programme.visit_interval_days")
  static let retentionMissing = Reason(
    "RETENTION_MISSING", zh: "缺少保存期限。", en: "Say for how many months after the end an identity is kept.",
    field: "programme.retention_months")
  static let retentionTooLong = Reason(
    "RETENTION_TOO_LONG", zh: "保存期限最长为结束后12个月。", en: "An identity is kept for at most 12 months after the end.",
    field: "programme.retention_months")
  static let impactAssessmentMissing = Reason(
    "IMPACT_ASSESSMENT_MISSING", zh: "缺少个人信息保护影响评估。", en: "The impact assessment is missing.",
    field: "programme.impact_assessment_ref")
  static let needCodesInvalid = Reason(
    "NEED_CODES_INVALID", zh: "请列明需求代码，代码不重复，代码和名称均不为空。",
    en: "List the needs that a visit may find; each code once, with a name.", field: "programme.need_codes")
  /// Who decides is somebody else.
  static let proposerDecides = Reason(
    "SAME_PERSON", zh: "提出人不能自行决定，须由他人决定。", en: "Who proposed it may not decide it.")
  static let enrolmentsRemain = Reason(
    "ENROLMENTS_REMAIN", zh: "项目中仍有未结束的回访对象。", en: "People are still enrolled: end their enrolments first.")
}
