import DisputeDomain
import Lifecycle
import Testing

/// The whole grid of state × action × part against the table of D§2.2.3, written down here once more by hand.
@Suite struct CaseLifecycleTests {
  typealias Cell = (from: Case.State?, action: Case.Action, to: Case.State, who: Set<Case.Part>)

  // swift-format-ignore
  static let expected: [Cell] = [
    (nil,             .report,             .reported,       [.reporter]),
    (.reported,       .reject,             .rejected,       [.levelClerk]),
    (.reported,       .merge,              .merged,         [.levelClerk]),
    (.reported,       .locate,             .reported,       [.levelClerk, .hotline]),
    (.reported,       .selfHandle,         .selfHandling,   [.gridMember]),
    (.reported,       .accept,             .accepted,       [.levelOrganisation]),
    (.reported,       .raise,              .escalating,     [.gridMember, .levelOrganisation]),
    (.reported,       .withdraw,           .withdrawn,      [.levelClerk]),
    (.selfHandling,   .recordAttempt,      .selfHandling,   [.gridMember]),
    (.selfHandling,   .settle,             .settled,        [.gridMember]),
    (.selfHandling,   .handUp,             .escalating,     [.gridMember]),
    (.selfHandling,   .merge,              .merged,         [.levelClerk]),
    (.accepted,       .merge,              .merged,         [.levelClerk]),
    (.accepted,       .start,              .mediating,      [.mediator]),
    (.accepted,       .analyse,            .analysing,      [.township]),
    (.accepted,       .raise,              .escalating,     [.levelOrganisation]),
    (.accepted,       .withdraw,           .withdrawn,      [.applicant]),
    (.mediating,      .recordAttempt,      .mediating,      [.mediator]),
    (.mediating,      .adjourn,            .suspended,      [.mediator]),
    (.suspended,      .resume,             .mediating,      [.mediator, .system]),
    (.suspended,      .withdraw,           .withdrawn,      [.applicant]),
    (.mediating,      .settle,             .settled,        [.mediator]),
    (.mediating,      .escalate,           .escalating,     [.levelOrganisation]),
    (.mediating,      .raise,              .escalating,     [.levelOrganisation]),
    (.mediating,      .analyse,            .analysing,      [.township]),
    (.mediating,      .guideToLaw,         .terminated,     [.mediator]),
    (.mediating,      .withdraw,           .withdrawn,      [.applicant]),
    (.escalating,     .receive,            .analysing,      [.nextLevel]),
    (.escalating,     .giveBack,           .accepted,       [.nextLevel]),
    (.escalating,     .giveBackToGrid,     .selfHandling,   [.nextLevel]),
    (.escalating,     .retract,            .accepted,       [.levelOrganisation]),
    (.escalating,     .retractToGrid,      .selfHandling,   [.gridMember]),
    (.analysing,      .routeHere,          .accepted,       [.levelOrganisation]),
    (.analysing,      .returnDown,         .accepted,       [.levelOrganisation]),
    (.analysing,      .routeIndustry,      .accepted,       [.levelOrganisation]),
    (.analysing,      .routeJoint,         .jointHandling,  [.township, .county]),
    (.jointHandling,  .settle,             .settled,        [.lead]),
    (.jointHandling,  .routeCall,          .awaitingCall,   [.township]),
    (.jointHandling,  .reanalyse,          .analysing,      [.lead]),
    (.jointHandling,  .guideToLaw,         .terminated,     [.lead]),
    (.analysing,      .routeAgency,        .awaitingAgency, [.township]),
    (.analysing,      .routeCall,          .awaitingCall,   [.township]),
    (.analysing,      .guideToLaw,         .terminated,     [.levelOrganisation]),
    (.analysing,      .withdraw,           .withdrawn,      [.applicant]),
    (.awaitingAgency, .agencyDone,         .settled,        [.township]),
    (.awaitingAgency, .agencyFailed,       .analysing,      [.system]),
    (.awaitingCall,   .callSolved,         .settled,        [.system]),
    (.awaitingCall,   .callBack,           .analysing,      [.system]),
    (.settled,        .registerClose,      .closed,         [.closer]),
    (.settled,        .fallBack,           .mediating,      [.mediator]),
    (.settled,        .fallBackToGrid,     .selfHandling,   [.gridMember]),
    (.settled,        .fallBackToJoint,    .jointHandling,  [.lead]),
    (.settled,        .fallBackToAnalysis, .analysing,      [.township]),
    (.closed,         .reopen,             .reopened,       [.applicant, .closer, .supervision]),
    (.terminated,     .reopen,             .reopened,       [.levelOrganisation]),
    (.reopened,       .accept,             .accepted,       [.levelOrganisation]),
    (.reopened,       .raiseAgain,         .escalating,     [.levelOrganisation]),
    (.rejected,       .reconsider,         .reported,       [.township, .supervision]),
    (.merged,         .unmerge,            .reported,       [.levelClerk]),
  ]

  /// The commands without a transition: where and who.
  static let open: Set<Case.State> = [
    .reported, .selfHandling, .accepted, .mediating, .suspended, .escalating, .analysing, .jointHandling,
    .awaitingAgency, .awaitingCall, .settled, .reopened,
  ]
  // swift-format-ignore
  static let standing: [(action: Case.Action, states: Set<Case.State>, who: Set<Case.Part>)] = [
    (.classify,         open,                                   [.gridMember, .levelOrganisation, .township]),
    (.setFlags,         open,                                   [.gridMember, .levelOrganisation, .township]),
    (.reassign,         open.subtracting([.jointHandling]),     [.levelOrganisation, .township]),
    (.reassign,         [.jointHandling],                       [.lead, .township]),
    (.takeOver,         open,                                   [.system]),
    (.recordAnalysis,   [.analysing],                           [.levelOrganisation]),
    (.plan,             [.analysing, .jointHandling],           [.levelOrganisation, .township, .lead]),
    (.invite,           [.analysing, .jointHandling],           [.levelOrganisation, .township, .lead]),
    (.answerInvitation, [.analysing, .jointHandling],           [.invitee]),
    (.updateMeasure,    [.jointHandling],                       [.lead, .participant]),
    (.assistDone,       open.subtracting([.reported]),          [.participant, .assistant]),
    (.sign,             [.settled, .jointHandling],             [.townshipLeader]),
    (.followUp,         [.closed],                              [.closer, .mediator]),
    (.rateSatisfaction, [.closed],                              [.closer, .hotline]),
    (.confirmAgreement, [.settled, .closed],                    [.mediator, .levelOrganisation]),
    (.determine,        [.accepted, .mediating, .analysing, .awaitingAgency, .awaitingCall, .jointHandling],
                                                                [.levelOrganisation, .township, .system]),
    (.link,             open,                                   [.system]),
    (.absorb,           open.union([.closed]),                  [.system]),
    (.release,          Set(Case.State.allCases),               [.system]),
    (.repoint,          [.merged],                              [.system]),
  ]

  static func cell(_ from: Case.State?, _ action: Case.Action, _ part: Case.Part) -> Case.State? {
    if let from, standing.contains(where: { $0.action == action && $0.states.contains(from) && $0.who.contains(part) })
    {
      return from
    }
    return expected.first { $0.from == from && $0.action == action && $0.who.contains(part) }?.to
  }

  @Test(arguments: [nil] + Case.State.allCases.map(Optional.some))
  func `every cell of the table is the specification's, every empty cell refuses`(from: Case.State?) {
    for action in Case.Action.allCases {
      for part in Case.Part.allCases {
        let rows = Case.lifecycle.rows.filter { $0.from == from && $0.action == action && $0.roles.contains(part) }
        #expect(rows.map(\.to) == Self.cell(from, action, part).map { [$0] } ?? [], "\(action) as \(part)")
      }
    }
  }

  @Test func `from every state a way leads to an end`() {
    for state in Case.State.allCases where !state.isTerminal {
      var reached: Set<Case.State> = [state]
      var grown = true
      while grown {
        let next = reached.union(
          Case.lifecycle.rows.filter { row in row.from.map(reached.contains) ?? false }.map(\.to))
        grown = next.count > reached.count
        reached = next
      }
      #expect(reached.contains(.closed), "\(state)")
    }
  }

  @Test func `an end is left only by reopening, unmerging and reconsidering, WITHDRAWN never`() {
    let exits = Case.lifecycle.rows.filter { row in row.from != row.to && row.from?.isTerminal == true }
    #expect(Set(exits.map(\.action)) == [.reopen, .unmerge, .reconsider])
    #expect(Set(exits.compactMap(\.from)) == [.closed, .terminated, .merged, .rejected])
  }

  @Test func `the rows of the specification are all there`() {
    let arrows = Case.lifecycle.rows.filter { $0.from != $0.to || $0.action == .locate }
    #expect(Set(arrows.map { "\($0.from?.rawValue ?? "∅") \($0.action.rawValue)" }).count == Self.expected.count - 2)
  }

  @Test func `the smaller machines begin once, and what has ended stays`() {
    func walk<State, Action>(_ lifecycle: Lifecycle<State, Action, Case.Part, Void>, ends: Set<State>)
    where State: CaseIterable, Action: CaseIterable {
      for state in State.allCases { #expect(lifecycle.isEnd(state) == ends.contains(state), "\(state)") }
      #expect(lifecycle.rows.filter { $0.from == nil }.count == 1)
      #expect(Set(lifecycle.rows.map(\.action)) == Set(Action.allCases))
      #expect(Set(lifecycle.rows.map(\.to)) == Set(State.allCases))
    }
    walk(Case.Escalation.lifecycle, ends: [.received, .returned, .retracted])
    walk(Case.Measure.lifecycle, ends: [.done, .dropped])
    walk(Case.Invitation.lifecycle, ends: [.accepted, .refused])
  }
}
