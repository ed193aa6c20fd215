import Kernel
import Lifecycle

/// What follows from resting, analysing, handling together, and from what comes after the closing.
extension Case {
  func analysing(_ command: Command, _ move: Move, _ ledger: inout ClockLedger) throws(Refused) -> Change {
    switch command {
    case .adjourn(let reason?, let resumeTime?):
      for clock in [CaseClock.whole, .mediation, .peoplesMediation, .escalate] { ledger.suspend(clock) }
      return .suspended(Adjournment(reason: reason, adjournTime: move.now, resumeTime: resumeTime))
    case .resume:
      for clock in [CaseClock.whole, .mediation, .peoplesMediation, .escalate] { ledger.resume(clock) }
      return .resumed
    case .recordAnalysis(let draft):
      guard let route = draft.route else { throw Refused(.failedPrecondition, .routeMissing) }
      return .analysisRecorded(
        Analysis(
          number: analyses.count + 1, level: level, organisation: handlingOrganisation, analysisTime: move.now,
          attendants: draft.attendants, causes: draft.causes, route: route, minutes: draft.minutes), draft.determination
      )
    case .returnDown(let reason):
      guard let ascent = lastAscent else { throw Refused(.failedPrecondition, .notFromBelow) }
      ledger.stop(.analysis, .jointPlan)
      return .returnedDown(
        number: ascent.number, reason: reason, to: PathStep(ascent.fromLevel, ascent.fromOrganisation),
        responsible: ascent.sender ?? move.world.intakeClerks[ascent.fromOrganisation] ?? responsiblePerson)
    case .routeIndustry(_, _, let minutes):
      guard let room = move.industryRoom, let person = move.industryPerson else {
        throw Refused(.failedPrecondition, .noIndustryRoom)
      }
      ledger.stop(.analysis, .jointPlan)
      return .routedIndustry(room: room, responsible: person, minutes: minutes)
    default: throw TransitionRefusal.noSuch.refusal(action: action(of: command).rawValue, state: state.rawValue)
    }
  }

  func jointly(_ command: Command, _ move: Move, _ ledger: inout ClockLedger) throws(Refused) -> Change {
    switch command {
    case .routeJoint(let minutes):
      guard let plan, let responsible = plan.responsibles.first else {
        throw Refused(.failedPrecondition, .planMissing)
      }
      ledger.stop(.analysis, .jointPlan)
      ledger.start(.joint)
      return .jointStarted(
        lead: plan.leadOrganisation, responsible: responsible.person, approver: move.actor, minutes: minutes)
    case .reanalyse(let reason):
      ledger.stop(.joint)
      ledger.start(.analysis)
      return .reanalysed(reason: reason)
    case .plan(let draft):
      if state == .analysing { ledger.start(.jointPlan) }
      return .planned(planned(draft))
    case .invite(let organisation?, let ask, let dueTime):
      if state == .analysing { ledger.start(.jointPlan) }
      return .departmentInvited(
        Invitation(
          number: invitations.count + 1, organisation: organisation, ask: ask, dueTime: dueTime, sendTime: move.now))
    case .answerInvitation(let number, let accepts, let basis):
      return .departmentAnswered(number: number, accepts: accepts, by: move.actor, basis: basis)
    case .updateMeasure(let number, let state?, let outcome, let evidence):
      return .measureUpdated(number: number, state, outcome: outcome, evidence: evidence)
    case .assistDone(let text):
      return .assisted(
        Assist(person: move.actor, organisation: move.organisation, assistTime: move.now, text: text))
    case .sign: return .signed(by: move.actor)
    default: throw TransitionRefusal.noSuch.refusal(action: action(of: command).rawValue, state: state.rawValue)
    }
  }

  func afterwards(_ command: Command, _ move: Move, _ ledger: inout ClockLedger) throws(Refused) -> Change {
    switch command {
    case .reopen(let source, let reason):
      ledger.stop(.followUp)
      ledger.start(.whole)
      ledger.start(.accept)
      let who: Reopening.Source =
        if state == .terminated { .newFacts } else { source ?? .supervision }
      return .reopened(
        Reopening(
          number: reopenings.count + 1, reopenTime: move.now, source: who, fromState: state, reason: reason),
        level: ownLevel(in: move.world))
    case .followUp(let draft):
      ledger.stop(.followUp)
      return .followedUp(
        FollowUp(
          number: followUps.count + 1, visitTime: draft.visitTime ?? move.now, isPerformed: draft.isPerformed,
          isNewDispute: draft.isNewDispute, remark: draft.remark, person: move.actor))
    case .rateSatisfaction(let satisfaction?, let channel): return .satisfactionRated(satisfaction, channel: channel)
    case .confirmAgreement(let confirmation?): return .agreementConfirmed(confirmation)
    default: throw TransitionRefusal.noSuch.refusal(action: action(of: command).rawValue, state: state.rawValue)
    }
  }

  /// The plan anew; what was done or dropped stays as it is, and numbers go on.
  private func planned(_ draft: PlanDraft) -> Plan {
    let ended = plan?.measures.filter { Measure.lifecycle.isEnd($0.state) } ?? []
    var number = plan?.measures.map(\.number).max() ?? 0
    let fresh = draft.measures.map { measure in
      number += 1
      return Measure(
        number: number, text: measure.text, ownerOrganisation: measure.ownerOrganisation,
        ownerPerson: measure.ownerPerson, dueTime: measure.dueTime)
    }
    // Once joint handling has begun, who answers for it changes by `reassign`.
    let responsibles = state == .jointHandling ? plan?.responsibles ?? [] : draft.responsibles
    return Plan(
      leadOrganisation: draft.lead ?? plan?.leadOrganisation ?? handlingOrganisation, responsibles: responsibles,
      measures: ended + fresh, approver: plan?.approver)
  }
}
