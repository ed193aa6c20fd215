import Access
import CommonContract
import DisputeContract
import DisputeDomain
import DisputeStore
import Kernel
import Persistence
import RPC
import Runtime
import Wire
import WireTypes
import WorkClock

/// How much time each duty has, and when it warns.
struct ClockPolicyHandlers: DisputeV1.ClockPolicyService {
  let dispute: DisputeShell

  func putClockPolicy(
    _ request: DisputeV1.PutClockPolicyRequest, context: ServerContext
  ) async throws -> DisputeV1.PutClockPolicyResponse {
    try await dispute.shell.perform(request, requestID: request.requestID, context) { transaction in
      let policies = try dispute.policies.policies(in: transaction.tx)
      let newest = try dispute.policyStore.newest(in: transaction.tx)
      try Expected.version(request.expectedVersion, of: newest, else: .policyVersionConflict)
      let policy = try policies.adding(request.draft, at: transaction.now)
      let put = PutPolicy(
        policy: policy, basis: request.basis, person: transaction.actor.personID, putTime: transaction.now)
      try dispute.policyStore.save(put, in: transaction.tx)
      let wire = DisputeV1.ClockPolicy(put)
      try transaction.record(
        eventType: "clock_policy.put", aggregateType: "clock_policy", aggregateID: policy.code,
        version: Int64(policy.version), correlationID: policy.code,
        payload: DisputeV1.ClockPolicyEvent(policy: wire).encoded())
      return .init(policy: wire)
    }
  }

  func getClockPolicy(
    _ request: DisputeV1.GetClockPolicyRequest, context: ServerContext
  ) async throws -> DisputeV1.GetClockPolicyResponse {
    let all = try await versions()
    let asOf = request.asOfTime?.kernel ?? dispute.shell.time.now()
    let found =
      request.version == 0
      ? all.last { ($0.effectiveTime?.kernel ?? asOf) <= asOf } : all.first { $0.version == request.version }
    guard let found else { throw Refused(.notFound, .policyVersionUnknown) }
    return .init(policy: found)
  }

  func listClockPolicies(
    _ request: DisputeV1.ListClockPoliciesRequest, context: ServerContext
  ) async throws -> DisputeV1.ListClockPoliciesResponse {
    .init(policies: try await versions())
  }

  private func versions() async throws -> [DisputeV1.ClockPolicy] {
    let put = try await dispute.shell.read { try dispute.policyStore.list(in: $0) }
    return [DisputeV1.ClockPolicy(.first)] + put.map { DisputeV1.ClockPolicy($0) }
  }
}

// MARK: - In our words

extension DisputeV1.PutClockPolicyRequest {
  fileprivate var draft: ClockPolicyDraft {
    ClockPolicyDraft(
      lines: budgets.map { line in
        ClockPolicyDraft.Line(
          clockKind: line.clockKind, level: Case.Level(wire: line.level), isEmergency: line.emergency,
          amount: Int(line.budget?.amount ?? 0), unit: line.budget.flatMap { Budget.Unit(wire: $0.unit) })
      },
      warnings: warnings?.draft, emergencyWarnings: emergencyWarnings?.draft, followUpDays: Int(followUpDayCount),
      groupReporters: Int(groupReporterCount), windows: windows?.draft ?? .asBefore,
      effectiveTime: effectiveTime?.kernel, appliesToOpen: appliesToOpen, basis: basis)
  }
}

extension DisputeV1.RightWindows {
  fileprivate var draft: RightWindows {
    RightWindows(
      reopening: Int(reopenDayCount), unmerging: Int(unmergeDayCount), objection: Int(objectionDayCount),
      confirmation: Int(confirmationDayCount))
  }

  init(_ windows: RightWindows) {
    self.init(
      reopenDayCount: Int32(clamping: windows.reopening), unmergeDayCount: Int32(clamping: windows.unmerging),
      objectionDayCount: Int32(clamping: windows.objection),
      confirmationDayCount: Int32(clamping: windows.confirmation))
  }
}

extension DisputeV1.WarningRule {
  fileprivate var draft: ClockPolicyDraft.Warnings {
    .init(
      yellowPercent: Int(yellowPercent), marginAmount: Int(redMargin?.amount ?? 0),
      marginUnit: redMargin.flatMap { Budget.Unit(wire: $0.unit) })
  }

  init(_ rungs: RungPolicy) {
    self.init(yellowPercent: Int32(clamping: rungs.yellowPercent), redMargin: CommonV1.TimeBudget(rungs.redMargin))
  }
}

extension DisputeV1.ClockPolicy {
  init(_ policy: ClockPolicy) {
    var budgets = CaseClock.allCases.compactMap { kind in
      policy.budgets[kind].map {
        DisputeV1.ClockBudget(clockKind: kind.rawValue, budget: CommonV1.TimeBudget($0))
      }
    }
    budgets += Case.Level.allCases.compactMap { level in
      policy.mediation[level].map {
        DisputeV1.ClockBudget(
          clockKind: CaseClock.mediation.rawValue, level: level.wire(), budget: CommonV1.TimeBudget($0))
      }
    }
    budgets.append(
      .init(
        clockKind: CaseClock.receipt.rawValue, emergency: true, budget: CommonV1.TimeBudget(policy.emergencyReceipt)))
    self.init(
      policyCode: policy.code, version: Int32(clamping: policy.version), budgets: budgets,
      warnings: .init(policy.rungs), emergencyWarnings: .init(policy.emergencyRungs),
      followUpDayCount: Int32(clamping: policy.followUpDays), appliesToOpen: policy.appliesToOpen,
      windows: .init(policy.windows), groupReporterCount: Int32(clamping: policy.groupReporters))
  }

  init(_ put: PutPolicy) {
    self.init(put.policy)
    effectiveTime = GoogleProtobuf.Timestamp(put.policy.effectiveTime)
    (basis, putPersonID, putTime) = (put.basis, put.person, GoogleProtobuf.Timestamp(put.putTime))
  }
}

extension Reason {
  static let policyVersionConflict = Reason(
    "VERSION_CONFLICT", zh: "时限规定已有新版本，请重新读取。", en: "The policy has a newer version; read it again.",
    field: "expected_version")
  static let policyVersionUnknown = Reason(
    "POLICY_VERSION_UNKNOWN", zh: "没有这个版本的时限规定。", en: "There is no such version of the policy.",
    field: "version")
}
