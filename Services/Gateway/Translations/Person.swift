import Wire
import DisputeContract
import GridRegistryContract

// When grid-registry says `person.changed`, dispute hears PersonHeard: a place in the organisation, no name, no telephone.

extension Translation where Message == DisputeV1.Message {
  /// dispute: who may be responsible, and where.
  static let person = Translation(of: "person.changed") { event throws(WireError) in
    guard case .changed(let person) = try GridRegistryV1.PersonEvent(event).event else { return nil }
    return .person(
      .init(personID: person.personID, orgID: person.orgID, roles: person.roles, left: person.state == .left))
  }
}
