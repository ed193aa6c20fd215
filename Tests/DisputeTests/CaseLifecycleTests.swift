import DisputeDomain
import Lifecycle
import Testing

/// The whole grid of state × action × part against the table of D§2.2.3, written down here once more by hand.
@Suite struct CaseLifecycleTests {
  typealias Cell = (from: Case.State?, action: Case.Action, to: Case.State, who: Set<Case.Part>)

  // swift-format-ignore
  static let expected: [Cell] = [
    (nil,             .report,             .reported,       [.reporter]),
    (.reported,       .selfHandle,         .selfHandling,   [.gridMember]),
    (.reported,       .accept,             .accepted,       [.levelOrganisation]),
    (.reported,       .raise,              .escalating,     [.gridMember, .levelOrganisation]),
    (.reported,       .withdraw,           .withdrawn,      [.levelClerk]),
    (.selfHandling,   .recordAttempt,      .selfHandling,   [.gridMember]),
    (.selfHandling,   .settle,             .settled,        [.gridMember]),
    (.selfHandling,   .handUp,             .escalating,     [.gridMember]),
    (.accepted,       .start,              .mediating,      [.mediator]),
    (.accepted,       .analyse,            .analysing,      [.township]),
    (.accepted,       .raise,              .escalating,     [.levelOrganisation]),
    (.accepted,       .withdraw,           .withdrawn,      [.applicant]),
    (.mediating,      .recordAttempt,      .mediating,      [.mediator]),
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
    (.settled,        .fallBackToAnalysis, .analysing,      [.township]),
  ]

  static func cell(_ from: Case.State?, _ action: Case.Action, _ part: Case.Part) -> Case.State? {
    if let from, action == .determine {
      let states: Set<Case.State> = [.accepted, .mediating, .analysing, .awaitingAgency, .awaitingCall]
      return states.contains(from) && [.levelOrganisation, .township, .system].contains(part) ? from : nil
    }
    if let from, action == .link { return !from.isTerminal && part == .system ? from : nil }
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

  @Test func `nothing leaves an end`() {
    #expect(Case.lifecycle.rows.allSatisfy { !($0.from?.isTerminal ?? false) })
  }
}
