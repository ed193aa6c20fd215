/// What responsibility-list said about the matter (职责判定), in our words. Filled by the gateway, never by a client.
package struct DeterminationFinding: Hashable, Sendable {
  /// Whose matter it is.
  package enum Verdict: String, Hashable, Sendable, CaseIterable {
    case own = "SELF"
    case agency = "AGENCY"
    case call = "CALL"
    case offList = "OFF_LIST"
    case ambiguous = "AMBIGUOUS"
  }

  /// Where the item's main subject sits.
  package enum MainLevel: String, Hashable, Sendable, CaseIterable {
    case township = "TOWNSHIP"
    case county = "COUNTY"
  }

  /// `false`: responsibility-list could not be asked.
  package var isAvailable: Bool
  package var determinationID = ""
  package var verdict: Verdict?
  package var itemCode = ""
  package var itemTitle = ""
  package var listVersion = ""
  package var mainLevel: MainLevel?
  package var mainOrgID = ""
  package var assistOrgIDs: [String] = []
  package var agencyTypes: [String] = []
  package var townshipDuty = ""
  package var manualOffice = ""
  package var manualPhone = ""
  package var bases: [String] = []
  package var directoryNote = ""

  package init(isAvailable: Bool) { self.isAvailable = isAvailable }

  /// Nothing could be learnt.
  package static let unavailable = DeterminationFinding(isAvailable: false)

  /// Whether one item was found, so that the rules can speak.
  package var namesAnItem: Bool { isAvailable && uncertainty == nil }

  /// Why the rules cannot speak; `nil`: they can.
  package var uncertainty: ReviewCause? {
    guard isAvailable else { return .listUnavailable }
    switch verdict {
    case .ambiguous: return .ambiguous
    case .offList: return .offList
    case .own, .agency, .call: return mainLevel == nil || itemCode.isEmpty ? .incomplete : nil
    case nil: return .incomplete
    }
  }

  /// The department a call goes to unless the office says otherwise: the item's main, else (cooperation) its first assist.
  package var defaultMain: String? {
    if mainLevel == .county, !mainOrgID.isEmpty { return mainOrgID }
    return mainLevel == .township ? assistOrgIDs.first : nil
  }
}

/// Why the rules alone could not decide.
package enum ReviewCause: String, Hashable, Sendable, CaseIterable {
  case listUnavailable = "RL_UNAVAILABLE"
  case ambiguous = "DETERMINATION_AMBIGUOUS"
  case offList = "OFF_LIST"
  case incomplete = "DETERMINATION_INCOMPLETE"
  case directoryNotHeard = "DIRECTORY_NOT_HEARD"
}
