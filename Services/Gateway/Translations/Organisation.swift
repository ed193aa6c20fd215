import Wire
import DispatchContract
import DisputeContract
import GridRegistryContract
import PerformanceEvaluationContract
import ResponsibilityListContract

// When grid-registry says `org.changed`, every other service hears OrganisationHeard, each in its own words.

extension Translation where Message == DisputeV1.Message {
  /// dispute: who may act at which level.
  static let organisation = Translation(of: "org.changed") { event throws(WireError) in
    guard let org = try GridRegistryV1.OrganisationEvent(event).changedOrganisation else { return nil }
    return .organisation(
      .init(
        orgID: org.orgID, name: org.name, orgType: org.orgType.word, businessParentOrgID: org.businessParentID,
        dailyParentOrgID: org.dailyParentID, areaCodes: org.areaCodes, townshipCode: org.townshipCode,
        closed: org.state == .closed))
  }
}

extension Translation where Message == ResponsibilityListV1.Message {
  /// responsibility-list: which agencies a township has.
  static let organisation = Translation(of: "org.changed") { event throws(WireError) in
    guard let org = try GridRegistryV1.OrganisationEvent(event).changedOrganisation else { return nil }
    return .organisationHeard(
      .init(
        orgID: org.orgID, name: org.name, organisationKind: org.orgType.word, townshipCode: org.townshipCode,
        agencyType: org.agencyType, departmentOrgID: org.departmentID, closed: org.state == .closed))
  }
}

extension Translation where Message == DispatchV1.Message {
  /// dispatch: who calls, who is called, which agency could have helped.
  static let organisation = Translation(of: "org.changed") { event throws(WireError) in
    guard let org = try GridRegistryV1.OrganisationEvent(event).changedOrganisation else { return nil }
    return .organisation(
      .init(
        orgID: org.orgID, name: org.name, orgType: org.orgType.word, agencyType: org.agencyType,
        businessParentID: org.businessParentID, dailyParentID: org.dailyParentID, areaCodes: org.areaCodes,
        ended: org.state == .closed))
  }
}

extension Translation where Message == PerformanceEvaluationV1.Message {
  /// performance-evaluation: what a score's subject is called.
  static let organisation = Translation(of: "org.changed") { event throws(WireError) in
    guard let org = try GridRegistryV1.OrganisationEvent(event).changedOrganisation else { return nil }
    return .organisation(
      .init(
        orgID: org.orgID, name: org.name, orgType: org.orgType.word, townshipCode: org.townshipCode,
        closed: org.state == .closed))
  }
}

extension GridRegistryV1.OrganisationEvent {
  fileprivate var changedOrganisation: GridRegistryV1.Organisation? {
    if case .changed(let changed) = event { changed.organisation } else { nil }
  }
}

extension GridRegistryV1.Organisation.TypeEnum {
  /// The domain's word: `COUNTY_DEPT`, not `TYPE_COUNTY_DEPT`.
  fileprivate var word: String { String(protoName.dropFirst("TYPE_".count)) }
}
