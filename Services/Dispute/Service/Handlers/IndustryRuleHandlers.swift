import DisputeContract
import DisputeDomain
import DisputeStore
import Kernel
import Persistence
import RPC
import Runtime
import Wire
import WireTypes

/// Which categories an industry's mediation room tries first.
struct IndustryRuleHandlers: DisputeV1.IndustryRuleService {
  let dispute: DisputeShell

  func putIndustryRules(
    _ request: DisputeV1.PutIndustryRulesRequest, context: ServerContext
  ) async throws -> DisputeV1.PutIndustryRulesResponse {
    try await dispute.shell.perform(request, requestID: request.requestID, context) { transaction in
      try check(request.rules, in: transaction.tx)
      let version = (try dispute.industryRules.version(in: transaction.tx)?.number ?? 0) + 1
      let rules = Dictionary(request.rules.map { ($0.category, $0.roomOrgID.given(Organisation.self)) }) { first, _ in
        first
      }
      try dispute.industryRules.put(rules, version: version, at: transaction.now, in: transaction.tx)
      try transaction.record(
        eventType: "industry_rules.put", aggregateType: "industry_rules", aggregateID: dispute.county.text,
        version: Int64(version), correlationID: dispute.county.text,
        payload: DisputeV1.IndustryRulesPut(
          rules: request.rules.map { .init(category: $0.category, roomOrgID: $0.roomOrgID) },
          policyVersion: Int32(clamping: version)
        ).encoded())
      return .init(rules: request.rules, policyVersion: Int32(clamping: version))
    }
  }

  func listIndustryRules(
    _ request: DisputeV1.ListIndustryRulesRequest, context: ServerContext
  ) async throws -> DisputeV1.ListIndustryRulesResponse {
    try dispute.shell.readInline { reading in
      let rules = try dispute.industryRules.rules(in: reading).sorted { $0.key < $1.key }
      let version = try dispute.industryRules.version(in: reading)
      return .init(
        rules: rules.map { .init(category: $0.key, roomOrgID: $0.value?.text ?? "") },
        policyVersion: Int32(clamping: version?.number ?? 0), putTime: (version?.putTime).wire)
    }
  }

  private func check(_ rules: [DisputeV1.IndustryRule], in reading: some Reading) throws {
    var reasons: [Reason] = []
    var seen: Set<String> = []
    for (index, rule) in rules.enumerated() {
      if rule.category.allSatisfy(\.isWhitespace) { reasons.append(.categoryMissing.at("rules[\(index)].category")) }
      if !seen.insert(rule.category).inserted { reasons.append(.ruleTwice.at("rules[\(index)].category")) }
      guard let room: ID<Organisation> = rule.roomOrgID.given() else { continue }
      if try dispute.directory.organisation(room, in: reading)?.kind != .industryRoom {
        reasons.append(.notAnIndustryRoom.at("rules[\(index)].room_org_id"))
      }
    }
    if !reasons.isEmpty { throw Refused(.failedPrecondition, reasons) }
  }
}

extension Reason {
  static let categoryMissing = Reason(
    "CATEGORY_MISSING", zh: "请填写类别。", en: "The rule names no category.")
  static let ruleTwice = Reason("RULE_TWICE", zh: "同一类别只能有一条规则。", en: "A category has one rule at most.")
}
