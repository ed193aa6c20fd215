import Wire
import DisputeContract
import GridRegistryContract

// When grid-registry says `handover.ordered`, dispute hears HandoverHeard: it gives the first person's open cases to the second.

extension Translation where Message == DisputeV1.Message {
  /// dispute: who takes a member's open cases over.
  static let handover = Translation(of: "handover.ordered") { event throws(WireError) in
    guard let ordered = try GridRegistryV1.MemberEvent(event).handover else { return nil }
    return .handover(.init(fromPersonID: ordered.fromPersonID, toPersonID: ordered.toPersonID))
  }
}
