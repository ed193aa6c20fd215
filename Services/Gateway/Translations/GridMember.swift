import DisputeContract
import GridRegistryContract
import Wire

// When grid-registry says that a member of a grid team was appointed, assigned, suspended or is gone, dispute hears GridMemberHeard: the
// grids that this person answers for now.

extension Translation where Message == DisputeV1.Message {
  /// dispute: whose grid it is.
  static let gridMember = Translation(
    of: "member.imported", "member.appointed", "member.assigned", "member.assignment_ended", "member.suspended",
    "member.resumed", "member.moved_out", "member.left", "member.released", "member.reinstated"
  ) { event throws(WireError) in
    guard let member = try GridRegistryV1.MemberEvent(event).member else { return nil }
    let answers =
      switch member.state {
      case .active, .coaching, .moveOutProposed: true
      default: false
      }
    return .gridMember(
      .init(
        memberID: member.memberID, personID: member.personID,
        gridIDs: answers ? member.assignments.filter { $0.toDate.isEmpty }.map(\.gridID) : []))
  }
}
