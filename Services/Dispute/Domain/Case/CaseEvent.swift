package import Kernel
package import WorkClock

extension Case {
  /// Something that has happened to a case, with what it did to the clocks in the same moment.
  package struct Event: Hashable, Sendable {
    package let change: Change
    package let clocks: [ClockChange]
    package let time: Timestamp

    package init(_ change: Change, clocks: [ClockChange], time: Timestamp) {
      self.change = change
      self.clocks = clocks
      self.time = time
    }
  }

  /// What changed about the case; `clocks` beside it says what that did to time.
  package enum Change: Hashable, Sendable {
    case reported(Reported)
    case selfHandled(responsible: ID<Person>)
    case accepted(responsible: ID<Person>)
    case started(mediators: [ID<Person>], consenting: Set<String>)
    case attemptRecorded(Attempt)
    case escalationSubmitted(Escalation)
    case escalationReceived(number: Int, responsible: ID<Person>)
    case escalationReturned(number: Int, reason: SealedText?)
    case escalationRetracted(number: Int)
    case analysed(from: State, minutes: SealedText?, determination: Determination?)
    case determined(Determination)
    case routedHere(responsible: ID<Person>, minutes: SealedText?)
    case agencyAwaited(task: String, minutes: SealedText?)
    case callAwaited(call: String, minutes: SealedText?)
    case linked(Link)
    case settled(Settlement, by: String?)
    case cameBack(from: State, subjectID: String)
    case fellBack(to: State, reason: SealedText?)
    case closed(Closure)
    case withdrawn(reason: SealedText?)
    case terminated(from: State, way: String, guidance: SealedText?)
    case rejected(Rejection)
    case reconsidered(objection: SealedText?)
    case merged(into: ID<Case>, reason: SealedText?)
    case absorbed([Merge])
    case repointed(to: ID<Case>)
    case unmerged(from: ID<Case>, reason: SealedText?, level: Level)
    case released(ID<Case>)
    case located(Placement)
    case classified(category: String, Complexity)
    case flagged(Flagging)
    case assigned(responsible: ID<Person>, reason: SealedText?, phone: SealedText?)
    case suspended(Adjournment)
    case resumed
    case analysisRecorded(Analysis, Determination?)
    case returnedDown(number: Int, reason: SealedText?, to: PathStep, responsible: ID<Person>)
    case routedIndustry(room: ID<Organisation>, responsible: ID<Person>, minutes: SealedText?)
    case jointStarted(lead: ID<Organisation>, responsible: ID<Person>, approver: ID<Person>, minutes: SealedText?)
    case reanalysed(reason: SealedText?)
    case planned(Plan)
    case measureUpdated(number: Int, Measure.State, outcome: SealedText?, evidence: [String])
    case departmentInvited(Invitation)
    case departmentAnswered(number: Int, accepts: Bool, by: ID<Person>, basis: SealedText?)
    case assisted(Assist)
    case signed(by: ID<Person>)
    case reopened(Reopening, level: Level)
    case followedUp(FollowUp)
    case satisfactionRated(Closure.Satisfaction, channel: String)
    case agreementConfirmed(Settlement.Confirmation)
    /// Another work calendar took the place of the one that the due times were promised under.
    case clocksRederived
    /// A clock has warned. The case itself is as it was: neither its version nor its time changes.
    case rungFired(FiredRung)
    /// A party's data was put right at the party's own request; `nil` stays as it was.
    case partyCorrected(partyID: String, name: SealedText?, phone: SealedText?)

    /// The name in the journal.
    package var eventType: String {
      switch self {
      case .reported: "case.reported"
      case .selfHandled: "case.self_handled"
      case .accepted: "case.accepted"
      case .started: "case.started"
      case .attemptRecorded: "attempt.recorded"
      case .escalationSubmitted(let escalation): escalation.isUrgent ? "case.raised" : "escalation.submitted"
      case .escalationReceived: "escalation.received"
      case .escalationReturned: "escalation.returned"
      case .escalationRetracted: "escalation.retracted"
      case .analysed: "case.analysed"
      case .determined: "case.determined"
      case .routedHere: "case.routed_here"
      case .agencyAwaited: "case.agency_awaited"
      case .callAwaited: "case.call_awaited"
      case .linked: "case.linked"
      case .settled(let settlement, _):
        switch settlement.settledFrom {
        case .awaitingAgency: "case.agency_done"
        case .awaitingCall: "case.call_solved"
        default: "case.settled"
        }
      case .cameBack(let from, _): from == .awaitingCall ? "case.call_came_back" : "case.agency_failed"
      case .fellBack: "case.fell_back"
      case .closed: "case.closed"
      case .withdrawn: "case.withdrawn"
      case .terminated: "case.terminated"
      case .rejected: "case.rejected"
      case .reconsidered: "case.reconsidered"
      case .merged, .absorbed, .repointed: "case.merged"
      case .unmerged, .released: "case.unmerged"
      case .located: "case.located"
      case .classified: "case.classified"
      case .flagged: "case.flagged"
      case .assigned: "case.assigned"
      case .suspended: "case.suspended"
      case .resumed: "case.resumed"
      case .analysisRecorded: "analysis.recorded"
      case .returnedDown: "case.returned_down"
      case .routedIndustry: "case.routed_industry"
      case .jointStarted: "case.joint_started"
      case .reanalysed: "case.reanalysed"
      case .planned: "plan.created"
      case .measureUpdated(_, let state, _, _): state == .dropped ? "measure.dropped" : "measure.done"
      case .departmentInvited: "department.invited"
      case .departmentAnswered: "department.answered"
      case .assisted: "assist.done"
      case .signed: "case.signed"
      case .reopened: "case.reopened"
      case .followedUp: "followup.recorded"
      case .satisfactionRated: "satisfaction.recorded"
      case .agreementConfirmed: "agreement.confirmed"
      case .clocksRederived: "case.clocks_rederived"
      case .rungFired(let fired): "clock.\(fired.rung.rawValue.lowercased())"
      case .partyCorrected: "case.party_corrected"
      }
    }
  }

  /// A new case, and where it is taken in.
  package struct Reported: Hashable, Sendable {
    package let origin: Origin
    package let parties: [Party]
    package let level: Level
    package let handlingOrganisation: ID<Organisation>
    package let responsiblePerson: ID<Person>
    /// With INDUSTRY: the room that tries first; `nil`: none exists.
    package let industryRoom: ID<Organisation>?

    package init(
      origin: Origin, parties: [Party], level: Level, handlingOrganisation: ID<Organisation>,
      responsiblePerson: ID<Person>, industryRoom: ID<Organisation>? = nil
    ) {
      self.origin = origin
      self.parties = parties
      self.level = level
      self.handlingOrganisation = handlingOrganisation
      self.responsiblePerson = responsiblePerson
      self.industryRoom = industryRoom
    }
  }

  /// Where a case that was not located lies, and who takes it in there.
  package struct Placement: Hashable, Sendable {
    package let grid: ID<Grid>
    package let area: AreaCode
    package let township: AreaCode
    package let townshipOrganisation: ID<Organisation>
    package let step: PathStep
    package let responsible: ID<Person>

    package init(
      grid: ID<Grid>, area: AreaCode, township: AreaCode, townshipOrganisation: ID<Organisation>, step: PathStep,
      responsible: ID<Person>
    ) {
      self.grid = grid
      self.area = area
      self.township = township
      self.townshipOrganisation = townshipOrganisation
      self.step = step
      self.responsible = responsible
    }
  }

  /// The flags of a case as they now are, and where that takes one that nobody has accepted yet.
  package struct Flagging: Hashable, Sendable {
    package let flags: Set<Flag>
    package let reason: SealedText?
    package let industryRoom: ID<Organisation>?
    package let step: PathStep
    package let responsible: ID<Person>

    package init(
      flags: Set<Flag>, reason: SealedText?, industryRoom: ID<Organisation>?, step: PathStep, responsible: ID<Person>
    ) {
      self.flags = flags
      self.reason = reason
      self.industryRoom = industryRoom
      self.step = step
      self.responsible = responsible
    }
  }

  /// What an event did to one of the clocks of the case.
  package enum ClockChange: Hashable, Sendable {
    case started(Clock, due: Timestamp?)
    case stopped(kind: String, round: Int, at: Timestamp, due: Timestamp?, isOnTime: Bool)
    case suspended(kind: String, round: Int, at: Timestamp)
    case resumed(kind: String, round: Int, at: Timestamp)
    /// It is due no earlier than this, which had been promised before.
    case promised(kind: String, round: Int, due: Timestamp, at: Timestamp)
    /// It counts from `start`: a case was merged into this one or parted from it, and the earliest due time wins.
    case adopted(kind: String, round: Int, start: Timestamp, at: Timestamp)
    /// Another work calendar derives another due time, or the same for certain. What had been promised is kept beside.
    case moved(kind: String, round: Int, from: Timestamp, to: Timestamp, at: Timestamp)
    /// Another version of the policy gives another budget: the clock as it is under it, and when it was and is due.
    case rebudgeted(Clock, from: Timestamp, to: Timestamp, effective: Timestamp, at: Timestamp)
  }
}
