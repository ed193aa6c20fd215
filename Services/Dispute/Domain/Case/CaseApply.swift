import Kernel
import WorkClock

extension Case {
  /// Folds a history from empty. `nil` unless it begins with a report.
  package static func fold(_ events: some Sequence<Event>) -> Case? {
    var record: Case?
    for event in events { apply(event, to: &record) }
    return record
  }

  /// Folds one event into a case that may not exist yet.
  package static func apply(_ event: Event, to record: inout Case?) {
    if case .reported(let reported) = event.change {
      record = Case(reported, event)
    } else {
      record?.apply(event)
    }
  }

  private init(_ reported: Reported, _ event: Event) {
    self.init(
      origin: reported.origin, version: 1, state: .reported, parties: reported.parties, level: reported.level,
      handlingOrganisation: reported.handlingOrganisation, responsiblePerson: reported.responsiblePerson,
      changeTime: event.time)
    applyClocks(event.clocks)
  }

  /// Folds one event in. Never refuses: history has already happened.
  package mutating func apply(_ event: Event) {
    if case .rungFired(let fired) = event.change {
      rungs.insert(fired)
      return
    }
    version += 1
    changeTime = event.time
    applyClocks(event.clocks)
    switch event.change {
    case .reported: break
    case .selfHandled(let person):
      (state, level, responsiblePerson) = (.selfHandling, .grid, person)
    case .accepted(let person):
      (state, responsiblePerson) = (.accepted, person)
    case .started(let mediators, let consenting):
      (state, self.mediators) = (.mediating, mediators)
      for index in parties.indices where consenting.contains(parties[index].partyID) {
        parties[index].hasConsented = true
      }
    case .attemptRecorded(let attempt): attempts.append(attempt)
    case .escalationSubmitted(let escalation):
      escalations.append(escalation)
      state = .escalating
    case .escalationReceived(_, let person):
      answerEscalation(.received, nil, event.time)
      if let escalation = escalations.last {
        (level, handlingOrganisation) = (escalation.toLevel, escalation.toOrganisation)
      }
      (state, responsiblePerson, mediators) = (.analysing, person, [])
    case .escalationReturned(_, let reason):
      answerEscalation(.returned, reason, event.time)
      state = level == .grid ? .selfHandling : .accepted
    case .escalationRetracted:
      answerEscalation(.retracted, nil, event.time)
      state = level == .grid ? .selfHandling : .accepted
    case .analysed(_, _, let determination):
      (state, self.determination) = (.analysing, determination ?? self.determination)
    case .determined(let determination): self.determination = determination
    case .routedHere(let person, _):
      (state, responsiblePerson) = (.accepted, person)
    case .agencyAwaited(let task, _):
      (state, awaited) = (.awaitingAgency, task)
    case .callAwaited(let call, _):
      (state, awaited) = (.awaitingCall, call)
    case .linked(let link): remember(link)
    case .settled(let settlement, _):
      (state, self.settlement, awaited) = (.settled, settlement, nil)
    case .cameBack:
      (state, awaited) = (.analysing, nil)
    case .fellBack(let to, _):
      (state, settlement) = (to, nil)
    case .closed(let closure):
      (state, self.closure) = (.closed, closure)
    case .withdrawn: state = .withdrawn
    case .terminated: state = .terminated
    case .clocksRederived, .rungFired: break
    case .partyCorrected(let partyID, let name, let phone): correct(partyID, name, phone)
    }
  }

  private mutating func correct(_ partyID: String, _ name: SealedText?, _ phone: SealedText?) {
    guard let index = parties.firstIndex(where: { $0.partyID == partyID }) else { return }
    if let name { parties[index].name = name }
    if let phone { parties[index].phone = phone }
  }

  private mutating func answerEscalation(_ answer: Escalation.State, _ reason: SealedText?, _ time: Timestamp) {
    guard !escalations.isEmpty else { return }
    escalations[escalations.count - 1].state = answer
    escalations[escalations.count - 1].answerTime = time
    escalations[escalations.count - 1].returnReason = reason
  }

  private mutating func remember(_ link: Link) {
    if let index = links.firstIndex(where: { $0.subjectID == link.subjectID }) {
      links[index] = link
    } else {
      links.append(link)
    }
  }

  private mutating func applyClocks(_ changes: [ClockChange]) {
    for change in changes {
      switch change {
      case .started(let clock, _): clocks.append(clock)
      case .stopped(let kind, let round, let time, _, _): turn(kind, round) { try? $0.stop(at: time) }
      case .suspended(let kind, let round, let time): turn(kind, round) { try? $0.suspend(at: time) }
      case .resumed(let kind, let round, let time): turn(kind, round) { try? $0.resume(at: time) }
      case .promised(let kind, let round, let due, _): turn(kind, round) { $0 = $0.promising(due) }
      }
    }
  }

  private mutating func turn(_ kind: String, _ round: Int, _ change: (inout Clock) -> Void) {
    guard let index = clocks.lastIndex(where: { $0.kind == kind && $0.round == round }) else { return }
    change(&clocks[index])
  }
}
