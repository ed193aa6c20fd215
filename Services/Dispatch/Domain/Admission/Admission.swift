package import Kernel

/// A judgement by 两呼两不呼: every rule with what it read, what it found and why (C06).
package struct Admission: Hashable, Sendable {
  /// What became of the submission.
  package enum Decision: String, Hashable, Sendable, CaseIterable {
    case admitted = "ADMITTED"
    case notAdmitted = "NOT_ADMITTED"
    case manualReview = "MANUAL_REVIEW"
    /// From before this system: the machine's decision stands beside it and counts nowhere.
    case importedNotJudged = "IMPORTED_NOT_JUDGED"
  }

  package var round: Int
  package var decision: Decision
  package let machineDecision: Decision
  package let rules: [RuleResult]
  package let causes: [ReviewCause]
  package let judgeTime: Timestamp
  package var review: Review?

  package init(
    round: Int, decision: Decision, machineDecision: Decision, rules: [RuleResult], causes: [ReviewCause],
    judgeTime: Timestamp, review: Review? = nil
  ) {
    self.round = round
    self.decision = decision
    self.machineDecision = machineDecision
    self.rules = rules
    self.causes = causes
    self.judgeTime = judgeTime
    self.review = review
  }

  /// Rules for which the township was sent back; none where it was not.
  package var refusedRules: [Rule] {
    guard decision == .notAdmitted else { return [] }
    if let review { return review.rule.map { [$0] } ?? [] }
    return rules.filter { $0.result == .fail }.map(\.rule)
  }
}

/// The four rules: two to call by, two not to.
package enum Rule: String, Hashable, Sendable, CaseIterable {
  /// 研究论证后确定无法独立解决的，可以呼叫.
  case studied = "Y1"
  /// 遇到突发事件，可以呼叫.
  case emergency = "Y2"
  /// 权限内可以自行解决的，不应呼叫.
  case ownAuthority = "N1"
  /// 协调部门派驻机构可以解决的，不应呼叫.
  case agencyCould = "N2"
}

/// One rule's answer.
package struct RuleResult: Hashable, Sendable {
  /// Whether the call keeps the rule.
  package enum Result: String, Hashable, Sendable, CaseIterable {
    case pass = "PASS"
    case fail = "FAIL"
    case unknown = "UNKNOWN"
    case notApplicable = "NOT_APPLICABLE"
  }

  package let rule: Rule
  package let result: Result
  /// Everything the rule read; the four together replay the judgement.
  package let inputs: [String: String]
  /// What is cited, in Chinese.
  package let basis: String
  package let ruleVersion: String
  package let advice: Advice?

  package init(
    rule: Rule, result: Result, inputs: [String: String], basis: String,
    ruleVersion: String = AdmissionFacts.ruleVersion,
    advice: Advice? = nil
  ) {
    self.rule = rule
    self.result = result
    self.inputs = inputs
    self.basis = basis
    self.ruleVersion = ruleVersion
    self.advice = advice
  }
}

/// What to do next.
package struct Advice: Hashable, Sendable {
  package let chinese: String
  package let english: String

  package init(zh chinese: String, en english: String) {
    self.chinese = chinese
    self.english = english
  }
}

/// What the call office decided where the rules alone could not.
package struct Review: Hashable, Sendable {
  package let reviewerID: String
  package let reviewerOrgID: String
  package let isAdmitted: Bool
  package let reason: String
  /// Cited for a refusal.
  package let rule: Rule?
  package let basis: String
  package let reviewTime: Timestamp

  package init(
    reviewerID: String, reviewerOrgID: String, isAdmitted: Bool, reason: String, rule: Rule?, basis: String,
    reviewTime: Timestamp
  ) {
    self.reviewerID = reviewerID
    self.reviewerOrgID = reviewerOrgID
    self.isAdmitted = isAdmitted
    self.reason = reason
    self.rule = rule
    self.basis = basis
    self.reviewTime = reviewTime
  }
}
