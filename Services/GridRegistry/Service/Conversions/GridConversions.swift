import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Wire
import WireTypes

extension GridRegistryV1.Grid {
  init(_ grid: Grid) {
    let facts = grid.facts
    self.init(
      gridID: grid.id.text, gridCode: facts.code, name: facts.name, gridType: .init(facts.kind, prefix: "TYPE_"),
      orgID: facts.organisationID.text, areaCode: facts.areaCode, townshipCode: grid.townshipCode.text,
      householdCount: Int32(clamping: facts.households), populationCount: Int32(clamping: facts.population),
      naturalVillages: facts.naturalVillages, subjectType: .init(facts.subjectType, prefix: "SUBJECT_TYPE_"),
      hostOrgID: facts.hostID?.text ?? "", partyOrgID: facts.partyOrganisationID?.text ?? "",
      units: facts.units.map { .init($0) }, state: .init(grid.state, prefix: "STATE_"),
      effectiveFromDate: facts.effectiveFrom, effectiveToDate: grid.effectiveTo,
      predecessorIDs: grid.predecessors.map(\.text), successorIDs: grid.successors.map(\.text),
      sizeExceptionReason: facts.sizeExceptionReason,
      findings: grid.findings.map { .init($0) }, mediationPath: .init(grid.path), version: UInt64(grid.version),
      planID: grid.planID?.text ?? "")
  }
}

extension GridRegistryV1.CoverageUnit {
  init(_ unit: Grid.Unit) {
    self.init(
      unitID: unit.id, kind: .init(unit.kind, prefix: "KIND_"), name: unit.name, areaCode: unit.areaCode,
      householdCount: Int32(clamping: unit.households))
  }
}

extension GridRegistryV1.Finding {
  init(_ finding: Grid.Finding) {
    self.init(
      findingCode: finding.code, textZh: finding.chinese, textEn: finding.english,
      openTime: .init(finding.openTime), metadata: finding.metadata)
  }
}

extension GridRegistryV1.GridCount {
  init(_ count: GridStore.Count) {
    self.init(
      townshipCode: count.townshipCode.text, gridType: .init(count.kind, prefix: "TYPE_"),
      gridCount: Int64(count.grids), householdCount: Int64(count.households))
  }
}

extension Grid.Facts {
  init(_ message: GridRegistryV1.Grid) {
    self.init(
      code: message.gridCode, name: message.name, kind: message.gridType.word(prefix: "TYPE_"),
      organisationID: .init(message.orgID), areaCode: message.areaCode, households: Int(message.householdCount),
      population: Int(message.populationCount), naturalVillages: message.naturalVillages,
      subjectType: message.subjectType.word(prefix: "SUBJECT_TYPE_"), hostID: .init(nonEmpty: message.hostOrgID),
      partyOrganisationID: .init(nonEmpty: message.partyOrgID),
      units: message.units.map { Grid.Unit($0, areaCode: message.areaCode) },
      effectiveFrom: message.effectiveFromDate, sizeExceptionReason: message.sizeExceptionReason)
  }
}

extension Grid.Unit {
  /// A unit without a place of its own lies in the grid's.
  fileprivate init(_ message: GridRegistryV1.CoverageUnit, areaCode: String) {
    self.init(
      id: message.unitID, kind: message.kind.word(prefix: "KIND_"), name: message.name,
      areaCode: message.areaCode.isEmpty ? areaCode : message.areaCode, households: Int(message.householdCount))
  }
}

extension Grid {
  /// `nil` if the message is not one that this service wrote.
  init?(_ message: GridRegistryV1.Grid) {
    guard let township = AreaCode(message.townshipCode), let path = message.mediationPath.flatMap(MediationPath.init),
      let state = message.state.word(prefix: "STATE_", as: State.self)
    else { return nil }
    self.init(
      id: ID(message.gridID), facts: Facts(message), townshipCode: township, state: state,
      findings: message.findings.map { finding in
        Finding(
          code: finding.findingCode, chinese: finding.textZh, english: finding.textEn,
          openTime: finding.openTime?.kernel ?? Timestamp(microseconds: 0), metadata: finding.metadata)
      }, path: path, effectiveTo: message.effectiveToDate, planID: .init(nonEmpty: message.planID),
      predecessors: message.predecessorIDs.map { ID($0) }, successors: message.successorIDs.map { ID($0) },
      version: Int(message.version))
  }
}
