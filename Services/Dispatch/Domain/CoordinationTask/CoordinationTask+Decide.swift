import Access
package import Kernel
import Lifecycle
package import WorkClock

extension CoordinationTask {
  /// A new task as asked for.
  package struct Request: Hashable, Sendable {
    package let id: ID<CoordinationTask>
    package let townshipOrgID: String
    package let townshipCode: String
    package let agency: Organisation?
    package let agencyOrgID: String
    package let itemCode: String
    package let itemAgencyTypes: [String]
    package let determinationID: String
    package let caseID: String
    package let ask: SealedText
    package let importSource: String
    package let externalRef: String

    package init(
      id: ID<CoordinationTask>, townshipOrgID: String, townshipCode: String, agency: Organisation?,
      agencyOrgID: String, itemCode: String, itemAgencyTypes: [String], determinationID: String, caseID: String,
      ask: SealedText, importSource: String = "", externalRef: String = ""
    ) {
      self.id = id
      self.townshipOrgID = townshipOrgID
      self.townshipCode = townshipCode
      self.agency = agency
      self.agencyOrgID = agencyOrgID
      self.itemCode = itemCode
      self.itemAgencyTypes = itemAgencyTypes
      self.determinationID = determinationID
      self.caseID = caseID
      self.ask = ask
      self.importSource = importSource
      self.externalRef = externalRef
    }
  }

  /// What may be asked of a task that is there.
  package enum Command: Hashable, Sendable {
    case accept
    case done(result: SealedText?)
    case unable(UnableReason?, basis: SealedText?)

    /// The action of the table.
    package var action: Action {
      switch self {
      case .accept: .accept
      case .done: .done
      case .unable: .unable
      }
    }

    fileprivate var attempt: CoordinationAttempt {
      var attempt = CoordinationAttempt()
      switch self {
      case .accept: break
      case .done(let result): attempt.result = result
      case .unable(let reason, let basis):
        attempt.unableReason = reason
        attempt.unableBasis = basis
      }
      return attempt
    }
  }

  /// What happened to a task.
  package enum Event: Hashable, Sendable {
    case requested(CoordinationTask)
    case accepted(at: Timestamp)
    case done(SealedText, ClockResult)
    case unable(UnableReason, basis: SealedText, ClockResult)
    case overdue(at: Timestamp)
    case clockRederived(ClockRederivation, graceDueTime: Timestamp)

    /// Its type in the journal.
    package var type: String {
      switch self {
      case .requested: "coordination.requested"
      case .accepted: "coordination.accepted"
      case .done: "coordination.done"
      case .unable: "coordination.unable"
      case .overdue: "coordination.overdue"
      case .clockRederived: "coordination.clock_rederived"
      }
    }
  }

  /// Opens a task: from nothing to REQUESTED.
  package static func open(
    _ request: Request, as parts: Set<Part>, at now: Timestamp, policy: ClockPolicy, calendar: WorkCalendar
  ) throws(Refused) -> Event {
    var attempt = CoordinationAttempt()
    attempt.agency = request.agency
    attempt.townshipOrgID = request.townshipOrgID
    attempt.townshipCode = request.townshipCode
    attempt.itemAgencyTypes = request.itemAgencyTypes
    _ = try permit(.request, from: nil, as: parts, attempt)
    return .requested(CoordinationTask(request, at: now, policy: policy, calendar: calendar))
  }

  /// A task as it was asked for elsewhere: an import's first step, which no directory of today can judge.
  package init(_ request: Request, at now: Timestamp, policy: ClockPolicy, calendar: WorkCalendar) {
    let clock = policy.start(.coordination, policy.coordination, at: now)
    let due = clock.dueTime(in: calendar) ?? now
    self.init(
      id: request.id, version: 1, state: .requested, townshipOrgID: request.townshipOrgID,
      townshipCode: request.townshipCode, agencyOrgID: request.agencyOrgID,
      agencyType: request.agency?.agencyType ?? "",
      itemCode: request.itemCode, determinationID: request.determinationID, caseID: request.caseID, ask: request.ask,
      requestTime: now, clock: clock, graceDueTime: calendar.add(policy.coordinationGrace, to: due).due,
      importSource: request.importSource, externalRef: request.externalRef)
  }

  /// What `command` means now; pure.
  package func decide(
    _ command: Command, as parts: Set<Part>, at now: Timestamp, calendar: WorkCalendar
  ) throws(Refused) -> Event {
    let attempt = command.attempt
    _ = try Self.permit(command.action, from: state, as: parts, attempt)
    switch command {
    case .accept: return .accepted(at: now)
    case .done:
      guard let result = attempt.result else {
        throw Refused(.failedPrecondition, Guard<CoordinationAttempt>.resultIsGiven.reason)
      }
      return .done(result, try stop(at: now, in: calendar))
    case .unable:
      guard let reason = attempt.unableReason, let basis = attempt.unableBasis else {
        throw Refused(.failedPrecondition, Guard<CoordinationAttempt>.unableBasisIsGiven.reason)
      }
      return .unable(reason, basis: basis, try stop(at: now, in: calendar))
    }
  }

  /// Says once that time and grace have passed, so that whoever waits for the agency waits no more; `nil`: nothing to say.
  package func announceOverdue(at now: Timestamp) -> Event? {
    overdueTime == nil && isOverdueBeyondGrace(at: now) ? .overdue(at: now) : nil
  }

  /// What another calendar means for an open task; `nil`: nothing.
  package func rederive(from old: WorkCalendar, to new: WorkCalendar, policy: ClockPolicy) -> Event? {
    ClockRederivation(clock, from: old, to: new).map { change in
      let grace = new.add(policy.coordinationGrace, to: change.newDueTime).due
      return .clockRederived(change, graceDueTime: max(grace, graceDueTime))
    }
  }

  private func stop(at now: Timestamp, in calendar: WorkCalendar) throws(Refused) -> ClockResult {
    try ClockResult(stopping: clock, .coordination, at: now, in: calendar, rated: importSource.isEmpty)
  }

  /// Folds one event in. Never refuses: history has already happened.
  package mutating func apply(_ event: Event) {
    switch event {
    case .requested(let task):
      self = task
      return
    case .accepted(let time):
      state = .accepted
      acceptTime = time
    case .done(let result, let clock):
      state = .done
      self.result = result
      finish(clock)
    case .unable(let reason, let basis, let clock):
      state = .unable
      unableReason = reason
      unableBasis = basis
      finish(clock)
    case .overdue(let time): overdueTime = time
    case .clockRederived(let change, let grace):
      clock = clock.keeping(change)
      graceDueTime = grace
    }
    version += 1
  }

  private mutating func finish(_ result: ClockResult) {
    try? clock.stop(at: result.stopTime)
    finishTime = result.stopTime
  }

  private static func permit(
    _ action: Action, from state: State?, as parts: Set<Part>, _ attempt: CoordinationAttempt
  ) throws(Refused) -> Lifecycle<State, Action, Part, CoordinationAttempt>.Row {
    guard !parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    do {
      return try lifecycle.transition(action, from: state, as: parts, on: attempt)
    } catch {
      throw error.refusal(action: action.rawValue, state: state?.rawValue ?? "–")
    }
  }
}
