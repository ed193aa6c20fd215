package import Access
package import Kernel
import Lifecycle

extension Enrolment {
  /// What happened: the enrolment as it is afterwards, and the visit if it was one.
  package struct Event: Hashable, Sendable {
    package let action: Action
    package let enrolment: Enrolment
    package let visit: Visit?

    package init(action: Action, enrolment: Enrolment, visit: Visit? = nil) {
      self.action = action
      self.enrolment = enrolment
      self.visit = visit
    }
  }

  /// What proposing somebody means. `token` is random: it says nothing about anybody.
  package static func propose(
    _ token: ID, programmeID: Programme.ID, _ move: Move, by actor: Actor
  ) throws(Refused) -> Event {
    let seed = Enrolment(
      id: token, programmeID: programmeID, organisationID: actor.organisationID, leadID: actor.personID,
      state: .proposed, eraseDueTime: waiting(since: move.now), version: 1)
    try permit(move, from: nil, as: seed.parts(of: actor))
    return Event(action: .propose, enrolment: seed)
  }

  /// What a command means for an enrolment that there is. `visitID` names the visit, if it is one.
  package func decide(
    _ move: Move, by actor: Actor, as parts: Set<Part>, visitID: Visit.ID = ""
  ) throws(Refused) -> Event {
    guard !parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    if state == .erased { throw Refused(.failedPrecondition, .identityErased) }
    var after = self
    after.state = try Self.permit(move, from: state, as: parts)
    after.version += 1
    var visit: Visit?
    switch move.command {
    case .propose, .correct: break
    case .approve: after.eraseDueTime = Self.waiting(since: move.now)
    case .reveal: after.version -= 1
    case .reject: after.end(nil, move)
    case .begin(let visitorID, let text):
      after.visitorID = visitorID
      after.beginDate = move.today
      after.nextVisit = CivilDate(text)
      after.eraseDueTime = nil
    case .reassign(let visitorID): after.visitorID = visitorID
    case .decline: after.end(.declined, move)
    case .end(let cause): after.end(cause, move)
    case .erase: after.eraseTime = move.now
    case .visit(let report):
      guard let date = move.visitDate, let outcome = report.outcome else { break }
      visit = Visit(
        id: visitID, enrolmentID: id, date: date, outcome: outcome, needCodes: report.needCodes,
        referralID: report.referralID, visitorID: actor.personID)
      // Who was not met is still to be visited.
      if outcome != .notMet, let programme = move.programme {
        after.nextVisit = max(nextVisit ?? date, date + programme.facts.intervalDays)
      }
    }
    return Event(action: move.command.action, enrolment: after, visit: visit)
  }

  /// What somebody with these parts could do now.
  package func allowedActions(as parts: Set<Part>) -> [Action] {
    Action.allCases.filter { action in
      Self.lifecycle.rows.contains { $0.from == state && $0.action == action && !$0.roles.isDisjoint(with: parts) }
    }
  }

  /// Folds one event in.
  package mutating func apply(_ event: Event) { self = event.enrolment }

  private mutating func end(_ cause: EndCause?, _ move: Move) {
    endCause = cause
    endTime = move.now
    nextVisit = nil
    let months = move.programme?.facts.retentionMonths ?? CareVisitPolicy.longestRetention
    let isForgotten = cause == .deletionGranted || cause == .lapsed
    eraseDueTime = isForgotten ? move.now : CareVisitPolicy.later(move.now, months: months)
  }

  /// Until when it waits for somebody to go on with it.
  private static func waiting(since now: Timestamp) -> Timestamp {
    now + .days(Int64(CareVisitPolicy.waitingDays))
  }

  @discardableResult
  private static func permit(_ move: Move, from state: State?, as parts: Set<Part>) throws(Refused) -> State {
    guard !parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    let action = move.command.action
    do {
      return try lifecycle.transition(action, from: state, as: parts, on: move).to
    } catch {
      throw error.refusal(action: action.rawValue, state: state?.rawValue ?? "∅")
    }
  }
}
