import Wire
import DispatchContract
import DisputeContract
import FeedContract

// When dispute says that a case waits for a call or an agency, or waits no more, dispatch hears CaseLinked.

extension Translation where Message == DispatchV1.Message {
  /// dispatch: which cases wait, so that a township sees what it has still to call or ask for.
  static let caseLinked = Translation(
    of: "case.analysed", "case.agency_awaited", "case.call_awaited", "case.call_solved", "case.agency_done",
    "case.settled", "case.call_came_back", "case.agency_failed", "case.closed", "case.withdrawn", "case.terminated",
    "case.joint_started", "case.reanalysed", "case.returned_down", "case.routed_industry"
  ) { event throws(WireError) in
    let change = try DisputeV1.CaseEvent(event)
    guard let facts = change.facts else { return nil }
    let awaits: DispatchV1.CaseLinked.Awaits =
      switch facts.state {
      case .awaitingCall: .call
      case .awaitingAgency: .agency
      default: .nothing
      }
    return .caseLinked(
      .init(
        caseID: facts.caseID, number: facts.number, awaits: awaits, townshipOrgID: facts.townshipOrgID,
        townshipCode: facts.townshipCode, itemCode: facts.determination?.itemCode ?? "",
        determinationID: facts.determination?.determinationID ?? "", awaitTime: event.occurTime))
  }
}
