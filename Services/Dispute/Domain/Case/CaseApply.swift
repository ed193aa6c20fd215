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
    industryRoom = reported.industryRoom
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
    let before = state
    defer { if state != before { signature = nil } }
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
      escalations[escalations.count - 1].sender = responsiblePerson
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
    case .rejected(let rejection):
      (state, self.rejection) = (.rejected, rejection)
    case .reconsidered:
      state = .reported
      rejection?.isReconsidered = true
    case .merged(let survivor, _):
      (state, self.survivor, merges) = (.merged, Survivor(caseID: survivor, mergeTime: event.time), [])
    case .absorbed(let merges): self.merges += merges
    case .repointed(let survivor): self.survivor?.caseID = survivor
    case .unmerged(_, _, let level):
      (state, self.level, survivor, mediators) = (.reported, level, nil, [])
    case .released(let other): merges.removeAll { $0.caseID == other }
    case .located(let location):
      (origin.grid, origin.area, origin.township) = (location.grid, location.area, location.township)
      origin.townshipOrganisation = location.townshipOrganisation
      move(to: location.step, location.responsible)
    case .classified(let category, let complexity): (origin.category, origin.complexity) = (category, complexity)
    case .flagged(let flagging):
      (origin.flags, industryRoom) = (flagging.flags, flagging.industryRoom)
      move(to: flagging.step, flagging.responsible)
    case .assigned(let person, let reason, let phone):
      take(over: person, phone: phone, isHandover: reason == nil && phone == nil)
    case .suspended(let adjournment): (state, self.adjournment) = (.suspended, adjournment)
    case .resumed: (state, adjournment) = (.mediating, nil)
    case .analysisRecorded(let analysis, let determination):
      analyses.append(analysis)
      self.determination = determination ?? self.determination
    case .returnedDown(let number, let reason, let step, let person):
      if let index = escalations.firstIndex(where: { $0.number == number }) {
        (escalations[index].downTime, escalations[index].returnReason) = (event.time, reason)
      }
      (state, mediators) = (.accepted, [])
      move(to: step, person)
    case .routedIndustry(let room, let person, _):
      (state, mediators, industryRoom) = (.accepted, [], room)
      move(to: PathStep(.industry, room), person)
    case .jointStarted(let lead, let person, let approver, _):
      (state, responsiblePerson) = (.jointHandling, person)
      plan?.leadOrganisation = lead
      plan?.approver = approver
    case .reanalysed: state = .analysing
    case .planned(let plan): self.plan = plan
    case .measureUpdated(let number, let state, let outcome, let evidence):
      guard let index = plan?.measures.firstIndex(where: { $0.number == number }) else { break }
      plan?.measures[index].state = state
      plan?.measures[index].outcome = outcome
      plan?.measures[index].evidence = evidence
      plan?.measures[index].changeTime = event.time
    case .departmentInvited(let invitation): invitations.append(invitation)
    case .departmentAnswered(let number, let accepts, let person, let basis):
      guard let index = invitations.firstIndex(where: { $0.number == number }) else { break }
      invitations[index].state = accepts ? .accepted : .refused
      invitations[index].answerTime = event.time
      invitations[index].answerer = person
      invitations[index].basis = basis
    case .assisted(let assist): assists.append(assist)
    case .signed(let person): signature = Signature(person: person, signTime: event.time)
    case .reopened(let reopening, let level):
      reopenings.append(reopening)
      (state, self.level, settlement, closure, mediators) = (.reopened, level, nil, nil, [])
    case .followedUp(let followUp): followUps.append(followUp)
    case .satisfactionRated(let satisfaction, _): closure?.satisfaction = satisfaction
    case .agreementConfirmed(let confirmation):
      settlement?.confirmation = confirmation
      settlement?.confirmTime = event.time
    }
  }

  /// Another person answers for the case, and in the plan too: of a hand-over no telephone is known.
  private mutating func take(over person: ID<Person>, phone: SealedText?, isHandover: Bool) {
    if state == .jointHandling {
      plan?.responsibles = [Responsible(person: person, phone: phone)]
    } else if isHandover, let index = plan?.responsibles.firstIndex(where: { $0.person == responsiblePerson }) {
      plan?.responsibles.remove(at: index)
      if plan?.responsibles.contains(where: { $0.person == person }) == false {
        plan?.responsibles.insert(Responsible(person: person, phone: nil), at: index)
      }
    }
    responsiblePerson = person
  }

  private mutating func move(to step: PathStep, _ person: ID<Person>) {
    (level, handlingOrganisation, responsiblePerson) = (step.level, step.organisation, person)
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
      case .adopted(let kind, let round, let start, _): turn(kind, round) { $0 = $0.counting(from: start) }
      case .moved: break
      case .rebudgeted(let to, _, _, let effective, _):
        turn(to.kind, to.round) { $0 = $0.under(to.policyCode, to.policyVersion, to.budget, from: effective) }
      }
    }
  }

  private mutating func turn(_ kind: String, _ round: Int, _ change: (inout Clock) -> Void) {
    guard let index = clocks.lastIndex(where: { $0.kind == kind && $0.round == round }) else { return }
    change(&clocks[index])
  }
}
