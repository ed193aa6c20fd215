import DispatchContract
import DispatchDomain
import Kernel
import WireTypes

extension DispatchV1.DeterminationFinding {
  init(_ finding: DeterminationFinding) {
    self.init(
      availability: finding.isAvailable ? .available : .unavailable, determinationID: finding.determinationID,
      verdict: .init(finding.verdict), itemCode: finding.itemCode, itemTitle: finding.itemTitle,
      listVersion: finding.listVersion, mainLevel: .init(finding.mainLevel), mainOrgID: finding.mainOrgID,
      assistOrgIDs: finding.assistOrgIDs, agencyTypes: finding.agencyTypes, townshipDuty: finding.townshipDuty,
      manualOffice: finding.manualOffice, manualPhone: finding.manualPhone, bases: finding.bases,
      directoryNote: finding.directoryNote)
  }

  var domain: DeterminationFinding {
    var finding = DeterminationFinding(isAvailable: availability == .available)
    finding.determinationID = determinationID
    finding.verdict = verdict.named()
    finding.itemCode = itemCode
    finding.itemTitle = itemTitle
    finding.listVersion = listVersion
    finding.mainLevel = mainLevel.named()
    finding.mainOrgID = mainOrgID
    finding.assistOrgIDs = assistOrgIDs
    finding.agencyTypes = agencyTypes
    finding.townshipDuty = townshipDuty
    finding.manualOffice = manualOffice
    finding.manualPhone = manualPhone
    finding.bases = bases
    finding.directoryNote = directoryNote
    return finding
  }
}

extension DispatchV1.Admission {
  init(_ admission: Admission) {
    self.init(
      submissionRound: Int32(admission.round), decision: .init(admission.decision),
      machineDecision: .init(admission.machineDecision), rules: admission.rules.map(DispatchV1.RuleResult.init),
      judgeTime: .init(admission.judgeTime), review: admission.review.map(DispatchV1.Review.init),
      reviewCauses: admission.causes.map(\.rawValue))
  }

  /// `nil`: not what was written.
  var domain: Admission? {
    guard let decision = decision.named(Admission.Decision.self),
      let machine = machineDecision.named(Admission.Decision.self), let time = judgeTime?.kernel
    else { return nil }
    return Admission(
      round: Int(submissionRound), decision: decision, machineDecision: machine, rules: rules.compactMap(\.domain),
      causes: reviewCauses.compactMap(ReviewCause.init(rawValue:)), judgeTime: time, review: review?.domain)
  }
}

extension DispatchV1.RuleResult {
  init(_ rule: RuleResult) {
    self.init(
      ruleCode: rule.rule.rawValue, result: .init(rule.result), inputs: rule.inputs, basis: rule.basis,
      ruleVersion: rule.ruleVersion, adviceZh: rule.advice?.chinese ?? "", adviceEn: rule.advice?.english ?? "")
  }

  var domain: RuleResult? {
    guard let rule = Rule(rawValue: ruleCode), let result = result.named(RuleResult.Result.self) else { return nil }
    return RuleResult(
      rule: rule, result: result, inputs: inputs, basis: basis, ruleVersion: ruleVersion,
      advice: adviceZh.isEmpty ? nil : Advice(zh: adviceZh, en: adviceEn))
  }
}

extension DispatchV1.Review {
  init(_ review: Review) {
    self.init(
      reviewerID: review.reviewerID, reviewerOrgID: review.reviewerOrgID, admitted: review.isAdmitted,
      reviewReason: review.reason, ruleCode: review.rule?.rawValue ?? "", basis: review.basis,
      reviewTime: .init(review.reviewTime))
  }

  var domain: Review? {
    guard let time = reviewTime?.kernel else { return nil }
    return Review(
      reviewerID: reviewerID, reviewerOrgID: reviewerOrgID, isAdmitted: admitted, reason: reviewReason,
      rule: Rule(rawValue: ruleCode), basis: basis, reviewTime: time)
  }
}
