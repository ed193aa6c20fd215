import GridRegistryContract
import GridRegistryDomain
import Kernel
import Wire

extension GridRegistryV1.Organisation {
  init(_ organisation: Organisation) {
    let facts = organisation.facts
    self.init(
      orgID: organisation.id.text, name: facts.name, orgType: .init(facts.kind, prefix: "TYPE_"),
      businessParentID: facts.businessParentID?.text ?? "", dailyParentID: facts.dailyParentID?.text ?? "",
      areaCodes: facts.areaCodes, townshipCode: organisation.townshipCode?.text ?? "", agencyType: facts.agencyType,
      departmentID: organisation.departmentID?.text ?? "",
      industryKind: .init(facts.industryKind, prefix: "INDUSTRY_KIND_"), phones: facts.phones,
      externalIDs: facts.externalIDs, state: .init(organisation.state, prefix: "STATE_"),
      version: UInt64(organisation.version))
  }
}

extension Organisation.Facts {
  init(_ message: GridRegistryV1.Organisation) {
    self.init(
      name: message.name, kind: message.orgType.word(prefix: "TYPE_"),
      businessParentID: .init(nonEmpty: message.businessParentID),
      dailyParentID: .init(nonEmpty: message.dailyParentID),
      areaCodes: message.areaCodes, agencyType: message.agencyType,
      industryKind: message.industryKind.word(prefix: "INDUSTRY_KIND_"), phones: message.phones,
      externalIDs: message.externalIDs)
  }
}

extension Organisation {
  /// `nil` if the message is not one that this service wrote.
  init?(_ message: GridRegistryV1.Organisation) {
    guard let state = message.state.word(prefix: "STATE_", as: State.self) else { return nil }
    self.init(
      id: ID(message.orgID), facts: Facts(message), townshipCode: AreaCode(message.townshipCode),
      departmentID: ID(nonEmpty: message.departmentID), state: state, version: Int(message.version))
  }
}
