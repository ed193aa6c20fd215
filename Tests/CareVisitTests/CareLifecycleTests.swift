import Access
import CareVisitContract
import CareVisitDomain
import CareVisitService
import CommonContract
import Journal
import Kernel
import Lifecycle
import Persistence
import RPC
import Runtime
import TestSupport
import Testing
import Wire
import WireTypes
import WorkClock

@Suite struct CareLifecycleTests {
  typealias State = Enrolment.State
  typealias Action = Enrolment.Action
  typealias Part = Enrolment.Part

  /// The whole grid by hand (D§2.1.7): what each part may do from each state. Everything else refuses.
  private static let allowed: [State?: [Part: Set<Action>]] = [
    nil: [.lead: [.propose]],
    .proposed: [
      .lead: [.decline, .end, .reveal], .officer: [.approve, .reject, .reveal, .correct], .system: [.end],
    ],
    .approved: [.lead: [.begin, .decline, .end, .reveal], .officer: [.reveal, .correct], .system: [.end]],
    .active: [
      .lead: [.reassign, .decline, .end, .reveal], .visitor: [.visit, .reveal], .officer: [.reveal, .correct],
      .system: [.end],
    ],
    .ended: [.officer: [.reveal, .correct], .system: [.erase]],
    .rejected: [.officer: [.reveal, .correct], .system: [.erase]],
    .erased: [:],
  ]

  @Test(arguments: [nil] + State.allCases, Part.allCases)
  func `S10: every state, action and part of an enrolment, and nothing besides`(state: State?, part: Part) {
    let move = Enrolment.Move(
      enrolment: nil, programme: nil, command: .decline, organisationID: "o", now: Timestamp(seconds: 0))
    let rows = Enrolment.lifecycle.actions(from: state, as: [part], on: move).map(\.action)
    #expect(rows.count == Set(rows).count)
    for action in Action.allCases {
      let isAllowed = Self.allowed[state]?[part]?.contains(action) == true
      #expect(rows.contains(action) == isAllowed, "\(String(describing: state)) \(action) \(part)")
      do {
        _ = try Enrolment.lifecycle.transition(action, from: state, as: [part], on: move)
        #expect(isAllowed)
      } catch {
        switch error.cause {
        case .unmet: #expect(isAllowed)
        case .noSuchTransition, .notYourRole: #expect(!isAllowed)
        }
      }
    }
  }

  @Test(arguments: [nil] + Programme.State.allCases, Programme.Part.allCases)
  func `S10: every state, action and part of a programme`(state: Programme.State?, part: Programme.Part) {
    let move = Programme.Move(
      facts: .init(
        name: "", controllerID: "", ground: nil, legalBasis: "", purpose: "", allowedFields: [], intervalDays: 0,
        retentionMonths: 0, impactAssessment: "", needCodes: []), proposerID: "a", actorID: "b")
    let rows = Set(Programme.lifecycle.actions(from: state, as: [part], on: move).map(\.action))
    let expected: Set<Programme.Action> =
      switch (state, part) {
      case (nil, .controller): [.propose]
      case (.proposed?, .officer): [.approve, .reject]
      case (.active?, _): [.close]
      default: []
      }
    #expect(rows == expected)
  }

  @Test(arguments: [nil] + RightRequest.State.allCases, Part.allCases)
  func `S10: every state, action and part of a request for a right`(state: RightRequest.State?, part: Part) throws {
    let move = RightRequest.Move(
      right: nil, kind: nil, text: "", actorID: "a", now: Timestamp(seconds: 0), calendar: try WorkCalendar([]))
    let rows = Set(RightRequest.lifecycle.actions(from: state, as: [part], on: move).map(\.action))
    let expected: Set<RightRequest.Action> =
      switch (state, part) {
      case (nil, .lead), (nil, .officer): [.file]
      case (.open?, .officer): [.grant, .deny]
      case (.open?, .system): [.remind]
      default: []
      }
    #expect(rows == expected)
  }

  @Test func `S10: every row emits an event of its own name`() {
    let names = Action.allCases.map(\.eventType)
    #expect(Set(names).count == names.count)
    #expect(Set(Enrolment.lifecycle.rows.map(\.action)) == Set(Action.allCases))
  }

  @Test(arguments: [
    ("2020-03-11T10:00:00+08:00", 12, "2021-03-11T10:00:00+08:00"),
    ("2020-01-31T23:59:59+08:00", 1, "2020-03-01T23:59:59+08:00"),
    ("2020-02-29T00:00:00+08:00", 12, "2021-03-01T00:00:00+08:00"),
    ("2020-12-05T08:00:00+08:00", 1, "2021-01-05T08:00:00+08:00"),
    ("2020-11-30T08:00:00+08:00", 3, "2021-03-01T08:00:00+08:00"),
  ])
  func `S10: months of retention end on the same day`(start: String, months: Int, end: String) throws {
    #expect(CareVisitPolicy.later(try #require(Timestamp(rfc3339: start)), months: months).shanghai == end)
  }

  @Test(arguments: [(9, 9, false), (10, 10, true), (10, 19, false), (10, 20, true), (11, 20, false), (0, 0, false)])
  func `S10: a number is shown of ten people at least, and only if ten are left without it`(
    count: Int, whole: Int, isShown: Bool
  ) {
    #expect(CareVisitPolicy.mayShow(count, of: whole) == isShown)
  }
}
