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

    package init(
      origin: Origin, parties: [Party], level: Level, handlingOrganisation: ID<Organisation>,
      responsiblePerson: ID<Person>
    ) {
      self.origin = origin
      self.parties = parties
      self.level = level
      self.handlingOrganisation = handlingOrganisation
      self.responsiblePerson = responsiblePerson
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
  }
}
