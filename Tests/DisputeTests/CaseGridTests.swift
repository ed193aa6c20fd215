import Access
import DisputeDomain
import Kernel
import Lifecycle
import Testing
import WorkClock

/// The whole grid of state × action × role: who is offered what, and that nobody gets through who is not offered it.
@Suite struct CaseGridTests {
  /// What one asks for to take an action; nothing for what the system alone does or what begins a case.
  static func sample(_ action: Case.Action, _ state: Case.State) -> Case.Command? {
    switch action {
    case .report: nil
    case .selfHandle: .selfHandle
    case .accept: .accept(responsible: "village-clerk")
    case .start: .start(.init(mediators: [], noConflictDeclared: true, rightsTold: true, consentingParties: ["P1"]))
    case .recordAttempt: .recordAttempt(.init(result: .success))
    case .settle: .settle(.init(agreement: .oral))
    case .handUp: .handUp(reason: Scenery.text)
    case .escalate: .escalate(reason: Scenery.text, to: nil)
    case .raise: state == .reopened ? nil : .raise(reason: Scenery.text)
    case .raiseAgain: state == .reopened ? .raise(reason: Scenery.text) : nil
    case .receive: .receive(responsible: "village-clerk")
    case .giveBack, .giveBackToGrid: .giveBack(reason: Scenery.text)
    case .retract, .retractToGrid: .retract
    case .analyse: .analyse(minutes: nil, determination: nil)
    case .determine: .determine(.sample(.own))
    case .routeHere: .routeHere(responsible: "village-clerk", minutes: nil)
    case .routeAgency: .routeAgency(task: nil, minutes: nil)
    case .routeCall: .routeCall(call: nil, minutes: nil)
    case .link: .link(.call, "call", .open)
    case .agencyDone: .confirmAgencyDone(text: nil)
    case .agencyFailed: .agencyFailed
    case .callSolved: .callSolved
    case .callBack: .callBack
    case .fallBack, .fallBackToGrid, .fallBackToJoint, .fallBackToAnalysis: .fallBack(reason: Scenery.text)
    case .guideToLaw: .guideToLaw(way: "COURT", guidance: Scenery.text)
    case .registerClose: .registerClose(.init(result: "SOLVED", authority: .mediation, partiesNotified: true))
    case .withdraw: .withdraw(reason: Scenery.text)
    case .reject: .reject(.notAMatter, reason: nil, reporterTold: true)
    case .reconsider: .reconsider(objection: Scenery.text)
    case .merge: .merge(into: "other", reason: nil)
    case .unmerge: .unmerge(reason: Scenery.text)
    case .absorb: .absorb([])
    case .release: .release("other")
    case .repoint: .repoint("other")
    case .locate: .locate("rural")
    case .adjourn: .adjourn(.partyAbsent, resumeTime: Scenery.monday + .days(5))
    case .resume: .resume
    case .returnDown: .returnDown(reason: Scenery.text)
    case .routeIndustry: .routeIndustry(room: nil, responsible: nil, minutes: nil)
    case .routeJoint: .routeJoint(minutes: nil)
    case .reanalyse: .reanalyse(reason: Scenery.text)
    case .reopen: .reopen(.party, reason: Scenery.text)
    case .classify: .classify(category: "另类", .complex)
    case .setFlags: .setFlags([.group], reason: Scenery.text, room: nil)
    case .reassign: .reassign("village-clerk", reason: Scenery.text, phone: Scenery.text)
    case .takeOver: .takeOver("village-clerk")
    case .recordAnalysis: .recordAnalysis(.init(attendants: ["village-clerk"], route: .mediateHere))
    case .plan: CaseHandlingTests.plan
    case .invite: .invite("labour-bureau", ask: Scenery.text, dueTime: nil)
    case .answerInvitation: .answerInvitation(1, accepts: true, basis: nil)
    case .updateMeasure: .updateMeasure(1, .done, outcome: nil, evidence: [])
    case .assistDone: .assistDone(Scenery.text)
    case .sign: .sign
    case .followUp: .followUp(.init(isPerformed: true))
    case .rateSatisfaction: .rateSatisfaction(.satisfied, channel: "PHONE")
    case .confirmAgreement: .confirmAgreement(.applied)
    }
  }

  /// Desks of every role, at the organisations of the county.
  static let desks: [Actor] = Role.allCases.flatMap { role in
    ["village-room", "village", "community-room", "centre", "street", "labour-room", "labour-bureau", "elsewhere"]
      .map { Scenery.actor("somebody", role, of: $0) } + [Scenery.actor("village-clerk", role, of: "village-room")]
  }

  @Test(arguments: Case.State.allCases)
  func `in every state every role is offered exactly the table's rows of its parts, and everything else is refused`(
    state: Case.State
  ) throws {
    var record = try Story().record
    record.state = state
    let world = Scenery.world()
    for actor in Self.desks {
      let parts = record.parts(of: actor, in: world)
      let rows = Case.lifecycle.rows.filter { $0.from == state && !$0.roles.isDisjoint(with: parts) }
      let offered = record.allowedActions(as: parts, actor: actor, in: world, at: Scenery.monday)
      #expect(Set(offered.map(\.action)).isSubset(of: Set(rows.map(\.action))), "\(actor.role) \(actor.organisationID)")
      for action in Case.Action.allCases where !rows.contains(where: { $0.action == action }) {
        guard let command = Self.sample(action, state), record.action(of: command) == action else { continue }
        let error = #expect(throws: Refused.self, "\(actor.role) of \(actor.organisationID) took \(action)") {
          try record.decide(command, by: actor, as: parts, in: world, at: Scenery.monday)
        }
        let expected = ["NOT_YOUR_ROLE", "ILLEGAL_TRANSITION", "JURISDICTION_MISMATCH"]
        #expect(error.map { expected.contains($0.reasons.first?.code ?? "") } == true)
      }
      if actor.organisationID == "elsewhere", ![.hotlineOperator, .supervision, .system].contains(actor.role) {
        #expect(parts.isEmpty, "\(actor.role) of another township")
      }
    }
  }

  @Test func `what is offered without a guard that is not met is done`() throws {
    for state in Case.State.allCases {
      var record = try Story().record
      record.state = state
      let world = Scenery.world()
      for actor in [Scenery.member, Scenery.villageClerk, Scenery.villageMediator, Scenery.hotline] {
        let parts = record.parts(of: actor, in: world)
        for (action, unmet) in record.allowedActions(as: parts, actor: actor, in: world, at: Scenery.monday)
        where unmet.isEmpty {
          guard let command = Self.sample(action, state), record.action(of: command) == action else { continue }
          do {
            let event = try record.decide(command, by: actor, as: parts, in: world, at: Scenery.monday)
            var changed = record
            changed.apply(event)
            #expect(changed.version == record.version + 1)
          } catch {
            // What the command itself lacks is said by a guard of its own, never by the table.
            let codes = Set(error.reasons.map(\.code))
            #expect(codes.isDisjoint(with: ["NOT_YOUR_ROLE", "ILLEGAL_TRANSITION"]), "\(state) \(action) \(codes)")
          }
        }
      }
    }
  }
}
