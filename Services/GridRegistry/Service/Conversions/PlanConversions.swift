package import GridRegistryContract
package import GridRegistryDomain
import Kernel
import Wire
import WireTypes

extension GridRegistryV1.DivisionPlan {
  init(_ plan: DivisionPlan) {
    self.init(
      planID: plan.id.text, title: plan.content.title, townshipCode: plan.townshipCode.text,
      effectiveDate: plan.content.effectiveDate, changes: plan.content.changes.map { .init($0) },
      exceptions: plan.content.exceptions.map { .init($0) }, state: .init(plan.state, prefix: "STATE_"),
      authorPersonID: plan.authorID, authorOrgID: plan.authorOrganisationID, submitterPersonID: plan.submitterID,
      deciderPersonID: plan.deciderID, decisionReason: plan.decisionReason, check: plan.check.map { .init($0) },
      createTime: .init(plan.createTime), submitTime: plan.submitTime.map { .init($0) },
      decideTime: plan.decideTime.map { .init($0) }, effectTime: plan.effectTime.map { .init($0) },
      version: UInt64(plan.version), countyWide: plan.isCountyWide)
  }
}

extension GridRegistryV1.PlanChange {
  init(_ change: DivisionPlan.Change) {
    self.init(
      kind: .init(change.kind, prefix: "KIND_"), gridIDs: change.grids,
      plannedGrids: change.plannedGrids.map { .init($0) },
      moves: change.moves.map { .init(unitID: $0.unitID, fromGridID: $0.from, toGridID: $0.to) })
  }
}

extension GridRegistryV1.PlannedGrid {
  init(_ grid: DivisionPlan.PlannedGrid) {
    self.init(
      gridID: grid.id.text, gridCode: grid.code, name: grid.name, gridType: .init(grid.kind, prefix: "TYPE_"),
      orgID: grid.organisationID.text, areaCode: grid.areaCode, populationCount: Int32(clamping: grid.population),
      naturalVillages: grid.naturalVillages, subjectType: .init(grid.subjectType, prefix: "SUBJECT_TYPE_"),
      hostOrgID: grid.hostID?.text ?? "", partyOrgID: grid.partyOrganisationID?.text ?? "", unitIDs: grid.unitIDs)
  }
}

extension GridRegistryV1.PlanException {
  init(_ exception: DivisionPlan.Exception) {
    self.init(
      rule: exception.rule, gridCode: exception.gridCode, reason: exception.reason,
      approverPersonID: exception.approverID)
  }
}

extension GridRegistryV1.PlanCheck {
  init(_ check: DivisionPlan.Check) {
    self.init(
      checkTime: .init(check.time), passes: check.passes, gaps: check.gaps.map { .init($0) },
      overlaps: check.overlaps.map { .init($0) }, sizeBreaches: check.sizeBreaches.map { .init($0) },
      orphanMembers: check.orphanMembers.map { .init($0) }, faults: check.faults.map { .init($0) })
  }
}

extension GridRegistryV1.PlanFinding {
  init(_ finding: DivisionPlan.Check.Finding) {
    self.init(
      findingCode: finding.reason.code, textZh: finding.reason.chinese, textEn: finding.reason.english,
      metadata: finding.reason.metadata, excused: finding.isExcused)
  }
}

extension DivisionPlan.Content {
  /// What a person writes: who approved an exception is nobody's to write.
  init(_ message: GridRegistryV1.DivisionPlan) {
    self.init(
      title: message.title, effectiveDate: message.effectiveDate, changes: message.changes.map { .init($0) },
      exceptions: message.exceptions.map { .init($0) })
    for index in exceptions.indices { exceptions[index].approverID = "" }
  }

  /// As this service wrote it.
  fileprivate init(stored message: GridRegistryV1.DivisionPlan) {
    self.init(
      title: message.title, effectiveDate: message.effectiveDate, changes: message.changes.map { .init($0) },
      exceptions: message.exceptions.map { .init($0) })
  }
}

extension DivisionPlan.Change {
  fileprivate init(_ message: GridRegistryV1.PlanChange) {
    self.init(
      kind: message.kind.word(prefix: "KIND_"), grids: message.gridIDs,
      plannedGrids: message.plannedGrids.map { .init($0) },
      moves: message.moves.map { .init(unitID: $0.unitID, from: $0.fromGridID, to: $0.toGridID) })
  }
}

extension DivisionPlan.PlannedGrid {
  fileprivate init(_ message: GridRegistryV1.PlannedGrid) {
    self.init(
      id: .init(message.gridID), code: message.gridCode, name: message.name,
      kind: message.gridType.word(prefix: "TYPE_"), organisationID: .init(message.orgID), areaCode: message.areaCode,
      population: max(0, Int(message.populationCount)), naturalVillages: message.naturalVillages,
      subjectType: message.subjectType.word(prefix: "SUBJECT_TYPE_"), hostID: .init(nonEmpty: message.hostOrgID),
      partyOrganisationID: .init(nonEmpty: message.partyOrgID), unitIDs: message.unitIDs)
  }
}

extension DivisionPlan.Exception {
  init(_ message: GridRegistryV1.PlanException) {
    self.init(
      rule: message.rule, gridCode: message.gridCode, reason: message.reason, approverID: message.approverPersonID)
  }
}

extension DivisionPlan.Check {
  fileprivate init(_ message: GridRegistryV1.PlanCheck) {
    self.init(
      time: message.checkTime?.kernel ?? Timestamp(microseconds: 0), gaps: message.gaps.map { .init($0) },
      overlaps: message.overlaps.map { .init($0) }, sizeBreaches: message.sizeBreaches.map { .init($0) },
      orphanMembers: message.orphanMembers.map { .init($0) }, faults: message.faults.map { .init($0) })
  }
}

extension DivisionPlan.Check.Finding {
  fileprivate init(_ message: GridRegistryV1.PlanFinding) {
    self.init(
      Reason(message.findingCode, zh: message.textZh, en: message.textEn, metadata: message.metadata),
      isExcused: message.excused)
  }
}

extension DivisionPlan {
  /// `nil` if the message is not one that this service wrote.
  init?(_ message: GridRegistryV1.DivisionPlan) {
    guard let township = AreaCode(message.townshipCode),
      let state = message.state.word(prefix: "STATE_", as: State.self)
    else { return nil }
    self.init(
      id: ID(message.planID), content: Content(stored: message), townshipCode: township,
      isCountyWide: message.countyWide, state: state, authorID: message.authorPersonID,
      authorOrganisationID: message.authorOrgID, submitterID: message.submitterPersonID,
      deciderID: message.deciderPersonID, decisionReason: message.decisionReason,
      check: message.check.map { Check($0) }, createTime: message.createTime?.kernel ?? Timestamp(microseconds: 0),
      submitTime: message.submitTime?.kernel, decideTime: message.decideTime?.kernel,
      effectTime: message.effectTime?.kernel, version: Int(message.version))
  }
}

extension GridRegistryV1.PlanEvent {
  init(_ event: DivisionPlan.Event) {
    self.init(
      plan: .init(event.plan),
      event: {
        switch event.happening {
        case .drafted: .drafted(.init())
        case .edited: .edited(.init())
        case .checked: .checked(.init())
        case .submitted: .submitted(.init())
        case .rejected(let reason): .rejected(.init(reason: reason))
        case .approved: .approved(.init())
        case .tookEffect: .tookEffect(.init())
        case .blocked(let codes): .blocked(.init(findingCodes: codes))
        case .reworked: .reworked(.init())
        case .withdrawn(let reason): .withdrawn(.init(reason: reason))
        }
      }())
  }
}

extension DivisionPlan.Event {
  package init?(_ message: GridRegistryV1.PlanEvent) {
    guard let plan = message.plan.flatMap(DivisionPlan.init) else { return nil }
    let happening: DivisionPlan.Happening
    switch message.event {
    case .drafted: happening = .drafted
    case .edited: happening = .edited
    case .checked: happening = .checked
    case .submitted: happening = .submitted
    case .rejected(let rejected): happening = .rejected(reason: rejected.reason)
    case .approved: happening = .approved
    case .tookEffect: happening = .tookEffect
    case .blocked(let blocked): happening = .blocked(codes: blocked.findingCodes)
    case .reworked: happening = .reworked
    case .withdrawn(let withdrawn): happening = .withdrawn(reason: withdrawn.reason)
    case nil: return nil
    }
    self.init(happening, plan)
  }
}
