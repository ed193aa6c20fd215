package import GridRegistryContract
package import GridRegistryDomain
import Kernel

extension GridRegistryV1.LineOfWork {
  init(_ line: LineOfWork) { self.init(lineCode: line.code, name: line.name, version: UInt64(line.version)) }
}

extension GridRegistryV1.Liaison {
  init(_ liaison: Liaison) {
    self.init(
      liaisonID: liaison.id.text, lineCode: liaison.lineCode, personID: liaison.personID.text,
      townshipCode: liaison.townshipCode?.text ?? "", fromDate: liaison.from.description,
      toDate: liaison.to?.description ?? "", version: UInt64(liaison.version))
    switch liaison.place {
    case .grid(let id): gridID = id.text
    case .organisation(let id): orgID = id.text
    }
  }
}

extension Liaison {
  /// `nil` if the message is not one that this service wrote.
  package init?(_ message: GridRegistryV1.Liaison) {
    guard let from = CivilDate(message.fromDate) else { return nil }
    self.init(
      id: ID(message.liaisonID), lineCode: message.lineCode,
      place: message.gridID.isEmpty ? .organisation(.init(message.orgID)) : .grid(.init(message.gridID)),
      townshipCode: AreaCode(message.townshipCode), personID: .init(message.personID), from: from,
      to: CivilDate(message.toDate), version: Int(message.version))
  }
}

extension GridRegistryV1.CapabilityRow {
  init(_ row: CapabilityRow) {
    self.init(
      gridID: row.grid.id.text, gridCode: row.grid.facts.code, gridName: row.grid.facts.name,
      cells: row.cells.map {
        .init(
          lineCode: $0.lineCode, liaisonPersonID: $0.liaison?.text ?? "",
          certifiedMemberIDs: $0.certified.map(\.text), gap: $0.gap)
      })
  }
}

extension GridRegistryV1.AgencyRights {
  init(_ rights: AgencyRights) {
    self.init(
      agencyID: rights.agencyID.text, directiveScopes: rights.directiveScopes,
      evaluationWeightPercent: Int32(clamping: rights.evaluationWeight), personnelScopes: rights.personnelScopes,
      policyRef: rights.policyRef, validFromDate: rights.from.description, validToDate: rights.to?.description ?? "",
      version: UInt64(rights.version))
  }
}

extension AgencyRights {
  /// What somebody enters, or what this service wrote; a date that cannot be read is judged by `decide`.
  package init(_ message: GridRegistryV1.AgencyRights) {
    self.init(
      agencyID: .init(message.agencyID), directiveScopes: message.directiveScopes,
      evaluationWeight: Int(message.evaluationWeightPercent), personnelScopes: message.personnelScopes,
      policyRef: message.policyRef, from: CivilDate(message.validFromDate) ?? CivilDate(dayNumber: 0),
      to: CivilDate(message.validToDate), version: Int(clamping: message.version))
  }
}
