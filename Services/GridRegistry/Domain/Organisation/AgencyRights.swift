package import Kernel

/// What a township may do with a dispatched agency that works in it (A02), `[from, to)`.
package struct AgencyRights: Hashable, Sendable {
  package let agencyID: Organisation.ID
  /// What the daily line may direct.
  package var directiveScopes: [String]
  /// The weight of the township's evaluation in the department's appraisal, in percent.
  package var evaluationWeight: Int
  /// What about its people the township may suggest.
  package var personnelScopes: [String]
  /// The document that they rest on.
  package var policyRef: String
  package var from: CivilDate
  package var to: CivilDate?
  package var version: Int

  package init(
    agencyID: Organisation.ID, directiveScopes: [String], evaluationWeight: Int, personnelScopes: [String],
    policyRef: String, from: CivilDate, to: CivilDate? = nil, version: Int
  ) {
    self.agencyID = agencyID
    self.directiveScopes = directiveScopes
    self.evaluationWeight = evaluationWeight
    self.personnelScopes = personnelScopes
    self.policyRef = policyRef
    self.from = from
    self.to = to
    self.version = version
  }

  /// What setting `rights` after `current` means: the rights as they are set; `current` ends the day they begin.
  package static func decide(
    setting rights: AgencyRights, from text: String, agency: Organisation?, after current: AgencyRights?,
    today: CivilDate
  ) throws(Refused) -> AgencyRights {
    var reasons: [Reason] = []
    if agency?.kind != .dispatchedAgency || agency?.isActive != true {
      reasons.append(.agencyNotFound.at("rights.agency_id"))
    }
    if !rights.directiveScopes.contains(where: { !$0.isEmpty }) {
      reasons.append(.directiveScopeMissing.at("rights.directive_scopes"))
    }
    if !(0...100).contains(rights.evaluationWeight) {
      reasons.append(.evaluationWeightInvalid.at("rights.evaluation_weight_percent"))
    }
    if rights.policyRef.isEmpty { reasons.append(.policyRefMissing.at("rights.policy_ref")) }
    let from = text.isEmpty ? today : CivilDate(text)
    if from.map({ $0 < current?.from ?? $0 }) ?? true { reasons.append(.dateInvalid.at("rights.valid_from_date")) }
    guard reasons.isEmpty else { throw Refused(.failedPrecondition, reasons) }
    var after = rights
    after.from = from ?? today
    after.to = nil
    after.version = (current?.version ?? 0) + 1
    return after
  }
}

extension Reason {
  /// No active dispatched agency under this id.
  package static let agencyNotFound = Reason(
    "AGENCY_NOT_FOUND", zh: "没有此派驻机构，或其已撤销。", en: "There is no such active dispatched agency.")
  /// Rights to direct nothing.
  package static let directiveScopeMissing = Reason(
    "DIRECTIVE_SCOPE_MISSING", zh: "须列明可指挥协调的事项。", en: "Say what the township may direct.")
  /// 0 to 100.
  package static let evaluationWeightInvalid = Reason(
    "EVALUATION_WEIGHT_INVALID", zh: "评价权重应为0至100。", en: "The evaluation's weight is 0 to 100 percent.")
  /// Rights rest on a document.
  package static let policyRefMissing = Reason(
    "POLICY_REF_MISSING", zh: "须注明依据文件。", en: "Name the document that the rights rest on.")
  /// Nobody set any for that day.
  package static let agencyRightsNotSet = Reason(
    "AGENCY_RIGHTS_NOT_SET", zh: "该派驻机构在该日没有设定统筹管理权限。", en: "No rights are set for the agency on that day.")
}
