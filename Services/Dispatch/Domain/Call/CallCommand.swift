package import Kernel

/// What may be asked of a call.
package enum CallCommand: Hashable, Sendable {
  case draft(Call.Identity, CallContent)
  case amend(CallContent)
  case submit(AdmissionSurroundings)
  case cancel(reason: String)
  case review(admit: Bool, reason: String, rule: Rule?, basis: String)
  case dispatch(Dispatching)
  case sign
  case respond(contact: SealedText?, plan: SealedText?, planDate: CivilDate?)
  case reportDone(result: SealedText?)
  case completeAssist(orgID: String, result: SealedText?)
  case releaseAssist(orgID: String, reason: String)
  case verify(Verification.Verdict, points: [SealedText], rating: Rating?)
  case closeUnsolved(townshipAgrees: Bool, legallyImpossible: Bool, basis: String)

  /// Whom a call goes to.
  package struct Dispatching: Hashable, Sendable {
    package let main: String
    package let assists: [String]
    package let office: String
    package let phone: String
    /// Named organisations that the directory does not know as departments.
    package let unfit: [String]

    package init(main: String, assists: [String], office: String, phone: String, unfit: [String]) {
      self.main = main
      self.assists = assists
      self.office = office
      self.phone = phone
      self.unfit = unfit
    }

    /// The departments that the finding names, with office and telephone from the manual; what the office says goes first.
    package init(
      _ finding: DeterminationFinding?, main: String = "", assists: [String] = [], office: String = "",
      phone: String = "", unfit: (String) throws -> Bool
    ) rethrows {
      let chosen = main.isEmpty ? finding?.defaultMain ?? "" : main
      let others = main.isEmpty && assists.isEmpty ? (finding?.assistOrgIDs ?? []).filter { $0 != chosen } : assists
      let isItemsMain = chosen == finding?.mainOrgID
      self.init(
        main: chosen, assists: others, office: office.isEmpty && isItemsMain ? finding?.manualOffice ?? "" : office,
        phone: phone.isEmpty && isItemsMain ? finding?.manualPhone ?? "" : phone,
        unfit: try ([chosen] + others).filter { try !$0.isEmpty && unfit($0) })
    }

    var assignments: [Assignment] {
      [Assignment(orgID: main, part: .main, office: office, phone: phone)]
        + assists.map { Assignment(orgID: $0, part: .assist) }
    }
  }
}

/// What happened to a call.
package enum CallEvent: Hashable, Sendable {
  case drafted(Call.Identity, CallContent, at: Timestamp)
  case amended(CallContent)
  case submitted(DeterminationFinding, at: Timestamp)
  case judged(Admission, clocks: [StartedClock])
  case reviewed(Review, ClockResult)
  case dispatched([Assignment], clocks: [StartedClock], at: Timestamp)
  case signed(ClockResult, respond: StartedClock)
  case responded(
    planDate: CivilDate, contact: SealedText, plan: SealedText, ClockResult, workingMinutesSinceSign: Int64)
  case doneReported(SealedText, at: Timestamp)
  case assistDone(orgID: String, SealedText, at: Timestamp)
  case assistReleased(orgID: String, reason: String, at: Timestamp)
  case verified(Verification, respond: StartedClock?)
  case closed(Call.Outcome, reason: String, at: Timestamp)
  case cancelAsked(CancelRequest)
  case cancelled(reason: String, at: Timestamp)
  case clocksRederived([ClockRederivation])

  /// Its type in the journal.
  package var type: String {
    switch self {
    case .drafted: "call.drafted"
    case .amended: "call.amended"
    case .submitted: "call.submitted"
    case .judged(let admission, _):
      switch admission.decision {
      case .admitted, .importedNotJudged: "call.admitted"
      case .notAdmitted: "call.refused"
      case .manualReview: "call.review_awaited"
      }
    case .reviewed: "call.reviewed"
    case .dispatched: "call.dispatched"
    case .signed: "call.signed"
    case .responded: "call.responded"
    case .doneReported: "call.done_reported"
    case .assistDone: "call.assist_done"
    case .assistReleased: "call.assist_released"
    case .verified: "call.verified"
    case .closed: "call.closed"
    case .cancelAsked: "call.cancel_asked"
    case .cancelled: "call.cancelled"
    case .clocksRederived: "call.clocks_rederived"
    }
  }
}
