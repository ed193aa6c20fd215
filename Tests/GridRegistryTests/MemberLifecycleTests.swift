import Access
import GridRegistryDomain
import Kernel
import Lifecycle
import Testing
import WorkClock

@Suite struct MemberLifecycleTests {
  typealias State = GridMember.State
  typealias Action = GridMember.Action
  typealias Part = GridMember.Part

  /// The whole grid by hand (D§2.1.2): what each part may do from each state. Everything else refuses.
  private static let allowed: [State?: [Part: Set<Action>]] = [
    nil: [.nominator: [.nominate], .importer: [.importLegacy]],
    .candidate: [.township: [.admitToReserve, .startTraining, .drop]],
    .reserve: [.township: [.startTraining, .appoint, .drop]],
    .training: [.township: [.appoint, .admitToReserve, .drop]],
    .active: [
      .township: [.coach, .suspend, .leave, .release, .assign, .endAssignment, .setGrade, .orderHandover],
      .gridCentre: [.orderHandover],
    ],
    .coaching: [
      .township: [.recover, .proposeMoveOut, .leave, .assign, .endAssignment, .orderHandover],
      .gridCentre: [.orderHandover],
    ],
    .suspended: [
      .township: [.resume, .leave, .orderHandover], .gridCentre: [.orderHandover], .system: [.resume],
    ],
    .moveOutProposed: [
      .township: [.withdrawMoveOut, .leave, .orderHandover],
      .gridCentre: [.refuseMoveOut, .decideMoveOut, .orderHandover], .member: [.state],
    ],
    .movedOut: [.gridCentre: [.reinstate]],
    .left: [:],
  ]

  @Test(arguments: [nil] + State.allCases, Part.allCases)
  func `P05: every state, action and part, and nothing besides`(state: State?, part: Part) {
    let move = GridMember.Move(
      member: state.map { .someone($0) }, command: .nominate, hasText: true, actorID: "actor", world: .init(),
      now: .start)
    let rows = GridMember.lifecycle.actions(from: state, as: [part], on: move).map(\.action)
    #expect(rows.count == Set(rows).count)
    for action in Action.allCases {
      let isAllowed = Self.allowed[state]?[part]?.contains(action) == true
      #expect(rows.contains(action) == isAllowed, "\(String(describing: state)) \(action) \(part)")
      do {
        _ = try GridMember.lifecycle.transition(action, from: state, as: [part], on: move)
        #expect(isAllowed)
      } catch {
        switch error.cause {
        case .unmet: #expect(isAllowed)
        case .noSuchTransition, .notYourRole: #expect(!isAllowed)
        }
      }
    }
  }

  @Test(arguments: [nil] + Vacancy.State.allCases, Part.allCases)
  func `P08: every state, action and part of a vacancy`(state: Vacancy.State?, part: Part) {
    let proposal = Vacancy.Proposal(now: .start, calendar: .unannounced)
    let rows = Set(Vacancy.lifecycle.actions(from: state, as: [part], on: proposal).map(\.action))
    let expected: Set<Vacancy.Action> =
      switch (state, part) {
      case (nil, .township), (nil, .system): [.open]
      case (.open?, .system): [.fill, .close, .remind]
      case (.open?, .township), (.open?, .gridCentre), (.open?, .importer): [.fill]
      default: []
      }
    #expect(rows == expected)
  }

  @Test func `P05: every row emits an event of its own name`() {
    let names = Action.allCases.map(\.eventType)
    #expect(Set(names).count == names.count)
    #expect(Set(GridMember.lifecycle.rows.map(\.action)) == Set(Action.allCases))
  }

  // MARK: - Guards, all of a row at once

  private func reasons(
    _ command: GridMember.Command, _ member: GridMember?, as part: Part, hasText: Bool = false,
    in world: GridMember.World = .init(), at now: Timestamp = .start, by person: String = "clerk"
  ) -> [String] {
    let actor = Actor(personID: person, organisationID: "o", role: .levelClerk, countyCode: "379922000000")
    do {
      _ = try GridMember.decide(
        command, on: member, seed: .init(id: "m", personID: "p", organisationID: "o"),
        text: hasText ? .init(id: "t", digest: []) : nil, by: actor, as: [part], in: world, at: now)
      return []
    } catch { return error.reasons.map(\.code) }
  }

  @Test func `P05: a candidate is a person of ours whom a community or village nominates`() {
    let other = GridMember.World(person: .someone(.left), organisation: .active("d", .office), otherEntry: "x")
    #expect(
      reasons(.nominate, nil, as: .nominator, in: other) == [
        "PERSON_LEFT", "MEMBER_EXISTS", "NOMINATOR_TYPE_MISMATCH",
      ])
    let right = GridMember.World(
      person: .someone(.active), organisation: .active("c", .community, township: .chengguan))
    #expect(reasons(.nominate, nil, as: .nominator, in: right).isEmpty)
  }

  @Test func `P04: nobody is appointed without the minimum certificates, a grid, a post and a free place`() {
    let world = GridMember.World(otherPrimary: "other")
    let placement = GridMember.Placement(gridID: "g", post: .primary, from: "yesterday")
    #expect(
      reasons(.appoint(placement), .someone(.training), as: .township, in: world) == [
        "CERTIFICATE_MISSING", "GRID_NOT_FOUND", "GRID_HAS_PRIMARY", "DATE_INVALID",
      ])
    #expect(
      reasons(.appoint(.init(gridID: "g", post: nil)), .someone(.reserve), as: .township)
        == ["CERTIFICATE_MISSING", "GRID_NOT_FOUND", "POST_MISSING", "NO_VACANCY"])
  }

  @Test func `P08: out of the reserve only while a place is vacant`() {
    let command = GridMember.Command.startTraining(courseID: "c")
    #expect(reasons(command, .someone(.reserve), as: .township) == ["COURSE_NOT_FOUND", "NO_VACANCY"])
    #expect(reasons(command, .someone(.candidate), as: .township) == ["COURSE_NOT_FOUND"])
  }

  @Test(arguments: [(-1, 1, false), (0, 0, true), (100, 60, true), (101, 1, false), (50, 61, false)])
  func `P08: the reserve needs a sound qualification`(exam: Int, years: Int, isSound: Bool) {
    let command = GridMember.Command.admitToReserve(.init(examScore: exam, serviceYears: years))
    #expect(reasons(command, .someone(.candidate), as: .township) == (isSound ? [] : ["QUALIFICATION_INVALID"]))
    #expect(reasons(.admitToReserve(nil), .someone(.candidate), as: .township) == ["QUALIFICATION_MISSING"])
  }

  @Test func `P06: coaching ends with a later evaluation of at least 60`() {
    var member = GridMember.someone(.coaching)
    member.evaluationRef = "E1"
    #expect(reasons(.coach(evaluationRef: ""), .someone(.active), as: .township) == ["EVALUATION_MISSING"])
    #expect(
      reasons(.recover(evaluationRef: "E1", score: 59), member, as: .township)
        == ["EVALUATION_NOT_LATER", "EVALUATION_BELOW_PASS"])
    #expect(reasons(.recover(evaluationRef: "E2", score: 60), member, as: .township).isEmpty)
  }

  @Test func `P06: a grade needs a suggestion or a reason, and has to change`() {
    let member = GridMember.someone(.active)
    #expect(
      reasons(.setGrade(.member, suggestionID: ""), member, as: .township)
        == ["GRADE_UNCHANGED", "SUGGESTION_OR_REASON_MISSING"])
    #expect(reasons(.setGrade(nil, suggestionID: "s"), member, as: .township) == ["GRADE_MISSING"])
    #expect(reasons(.setGrade(.lead, suggestionID: "s"), member, as: .township).isEmpty)
  }

  @Test func `P07: a move-out needs suggestion, standard and evidence`() {
    let empty = GridMember.Command.proposeMoveOut(suggestionID: "", standardRef: "", evidenceRefs: [""])
    #expect(
      reasons(empty, .someone(.coaching), as: .township)
        == ["SUGGESTION_MISSING", "STANDARD_MISSING", "EVIDENCE_MISSING"])
  }

  @Test func `P07: a decision waits for the statement period, the hand-over, another person and a reason`() throws {
    let member = try GridMember.proposed(by: "clerk")
    let open = GridMember.OpenCases(count: 3, asOf: .start)
    #expect(
      reasons(.decideMoveOut, member, as: .gridCentre, in: .init(openCases: open))
        == ["STATEMENT_PERIOD_RUNNING", "OPEN_CASES_REMAIN", "SAME_PERSON", "REASON_MISSING"])
    // Tue 2020-03-10 10:00 + 5 wd: Tue 03-17 10:00. At the due time the member may still speak.
    let due = Timestamp.start + .days(7)
    let none = GridMember.World(openCases: .init(count: 0, asOf: due))
    #expect(reasons(.state(isFinal: false), member, as: .member, hasText: true, in: none, at: due).isEmpty)
    #expect(
      reasons(.decideMoveOut, member, as: .gridCentre, hasText: true, in: none, at: due, by: "centre")
        == ["STATEMENT_PERIOD_RUNNING"])
    let after = due + .seconds(1)
    #expect(
      reasons(.state(isFinal: false), member, as: .member, hasText: true, in: none, at: after) == ["WINDOW_CLOSED"])
    #expect(reasons(.decideMoveOut, member, as: .gridCentre, hasText: true, in: none, at: after, by: "centre").isEmpty)
  }

  @Test func `P07: a last statement ends the period`() throws {
    let actor = Actor(personID: "p", organisationID: "o", role: .gridMember, countyCode: "379922000000")
    let heard = try GridMember.decide(
      .state(isFinal: true), on: .proposed(by: "clerk"), text: .init(id: "t", digest: []), by: actor, as: [.member],
      in: .init(), at: .start + .hours(1)
    ).member
    let world = GridMember.World(openCases: .init(count: 0, asOf: .start))
    #expect(reasons(.decideMoveOut, heard, as: .gridCentre, hasText: true, in: world, by: "centre").isEmpty)
    #expect(
      reasons(.state(isFinal: false), heard, as: .member, hasText: true, in: world, at: .start + .hours(2))
        == ["WINDOW_CLOSED"])
  }

  @Test(arguments: [(Int64(0), true), (60, true), (61, false)])
  func `P07: hand-over is judged by counts that are no older than an hour`(minutes: Int64, isFresh: Bool) {
    let world = GridMember.World(openCases: .init(count: 0, asOf: .start - .minutes(minutes)))
    let expected = isFresh ? [] : ["CASE_COUNTS_STALE"]
    #expect(reasons(.leave(date: ""), .someone(.active), as: .township, in: world) == expected)
    #expect(reasons(.release, .someone(.active), as: .township, in: world) == expected)
    #expect(reasons(.leave(date: ""), .someone(.active), as: .township) == ["CASE_COUNTS_STALE"])
  }

  @Test(arguments: [(30, true), (31, false)])
  func `P07: an objection is upheld within 30 days of the decision`(days: Int64, isInTime: Bool) throws {
    var member = try GridMember.proposed(by: "clerk")
    member.state = .movedOut
    member.moveOut?.decision = .init(personID: "centre", time: .start, isMovedOut: true)
    let found = reasons(
      .reinstate(objectionRef: "O1", nil), member, as: .gridCentre, at: .start + .days(days))
    #expect(found == (isInTime ? [] : ["WINDOW_CLOSED"]))
    #expect(reasons(.reinstate(objectionRef: "", nil), member, as: .gridCentre) == ["OBJECTION_MISSING"])
  }

  @Test func `P07: open cases go to another active member of the township`() {
    func found(_ successor: GridMember?) -> [String] {
      reasons(.orderHandover, .someone(.suspended), as: .township, in: .init(successor: successor))
    }
    #expect(found(nil) == ["SUCCESSOR_NOT_FOUND"])
    #expect(found(.someone(.active)) == ["SUCCESSOR_IS_SELF"])
    #expect(found(.someone(.coaching, id: "n")) == ["SUCCESSOR_NOT_ACTIVE"])
    #expect(found(.someone(.active, id: "n", township: "379922200000")) == ["SUCCESSOR_OUTSIDE_TOWNSHIP"])
    #expect(found(.someone(.active, id: "n")).isEmpty)
  }

  @Test func `P05: a suspension has a reason and ends later`() {
    #expect(
      reasons(.suspend(until: ""), .someone(.active), as: .township) == ["REASON_MISSING", "END_DATE_MISSING"])
    #expect(
      reasons(.suspend(until: "2020-03-10"), .someone(.active), as: .township, hasText: true) == ["END_DATE_PASSED"])
    #expect(reasons(.suspend(until: "2020-03-11"), .someone(.active), as: .township, hasText: true).isEmpty)
  }

  @Test func `P05: leaving ends every assignment on its day, and not in the future`() throws {
    var member = GridMember.someone(.active)
    member.assignments = [.init(gridID: "g", post: .primary, from: CivilDate(.start))]
    let world = GridMember.World(openCases: .init(count: 0, asOf: .start))
    #expect(reasons(.leave(date: "2020-03-11"), member, as: .township, in: world) == ["DATE_IN_FUTURE"])
    let actor = Actor(personID: "c", organisationID: "o", role: .levelClerk, countyCode: "379922000000")
    let left = try GridMember.decide(
      .leave(date: "2020-03-10"), on: member, by: actor, as: [.township], in: world, at: .start)
    #expect(left.member.openAssignments.isEmpty)
    #expect(left.member.state == .left)
    #expect(left.step.from == .active)
    #expect(left.step.number == left.member.version)
  }

  // MARK: - Rank

  @Test func `P08 S09: rank = 40 exam + 20 certificates + 20 service + 20 locality, each part with its reason`() {
    let rank = ReserveRank(
      .init(
        qualification: .init(examScore: 85, serviceYears: 3), required: ["全科基础", "民政"], held: ["全科基础", "x"],
        isLocal: true))
    #expect(rank.parts.map(\.hundredths) == [3_400, 1_000, 1_200, 2_000])
    #expect(rank.hundredths == 7_600)
    #expect(rank.parts[1].chinese == "持证1/2，缺：民政")
    #expect(rank.parts.map(\.mostHundredths).reduce(0, +) == 10_000)
    let most = ReserveRank(
      .init(qualification: .init(examScore: 100, serviceYears: 30), required: [], held: [], isLocal: true))
    #expect(most.hundredths == 10_000)
  }

  @Test func `P08: equal points: who is ready first, then the older entry`() {
    func entry(_ id: String, _ ready: String?) -> (member: GridMember, rank: ReserveRank) {
      var member = GridMember.someone(.reserve, id: .init(id))
      member.qualification = .init(examScore: 60, serviceYears: 1, readyFrom: ready.flatMap { CivilDate($0) })
      let facts = ReserveRank.Facts(
        qualification: .init(examScore: 60, serviceYears: 1), required: [], held: [], isLocal: false)
      return (member, ReserveRank(facts))
    }
    let order = ReserveRank.order([
      entry("c", "2020-05-01"), entry("b", nil), entry("a", nil), entry("d", "2020-04-01"),
    ])
    #expect(order.map(\.member.id.text) == ["a", "b", "d", "c"])
  }

  // MARK: - Vacancy

  @Test func `P08: a vacancy has ten working days; filling late is recorded, never refused`() throws {
    let calendar = WorkCalendar.unannounced
    var vacancy = try Vacancy.open(
      "v", .newGrid, .init(grid: .someUrban, post: .primary, now: .start, calendar: calendar), as: [.system],
      policy: .first
    ).vacancy
    let due = try #require(vacancy.clock.dueTime(in: calendar))
    #expect(CivilDate(due).description == "2020-03-24")
    var proposal = Vacancy.Proposal(before: vacancy, now: due, calendar: calendar)
    #expect(throws: Refused.self) { try Vacancy.decide(.remind, proposal, as: [.system]) }
    proposal.now = due + .seconds(1)
    vacancy = try Vacancy.decide(.remind, proposal, as: [.system]).vacancy
    #expect(vacancy.overdueTime == proposal.now)
    proposal.before = vacancy
    #expect(throws: Refused.self) { try Vacancy.decide(.remind, proposal, as: [.system]) }
    vacancy = try Vacancy.decide(.fill, proposal, filledBy: "m", as: [.township]).vacancy
    #expect(vacancy.state == .filled)
    #expect(vacancy.clock.isOnTime(in: calendar) == false)
  }

  // MARK: - Certificates

  @Test(arguments: [
    ("2020-03-10", 24, "2022-03-10"), ("2020-02-29", 12, "2021-02-28"), ("2020-08-31", 1, "2020-09-30"),
    ("2019-11-30", 3, "2020-02-29"),
  ])
  func `P03: a certificate is valid for whole months`(issued: String, months: Int, expires: String) {
    #expect(CivilDate(issued)?.adding(months: months) == CivilDate(expires))
  }
}

extension Timestamp {
  /// Tuesday 2020-03-10 10:00.
  static let start = Timestamp(seconds: 1_583_805_600)
}

extension GridMember {
  static func someone(_ state: State, id: ID = "m", township: String = "379922001000") -> GridMember {
    GridMember(
      id: id, personID: "p", organisationID: "o", townshipCode: AreaCode(township) ?? .chengguan, state: state,
      isLocal: false, version: 1)
  }

  /// A move-out was proposed at the start.
  static func proposed(by person: String) throws -> GridMember {
    let actor = Actor(personID: person, organisationID: "o", role: .levelClerk, countyCode: "379922000000")
    return try decide(
      .proposeMoveOut(suggestionID: "S1", standardRef: "办法2019", evidenceRefs: ["E1"]), on: someone(.coaching),
      by: actor, as: [.township], in: .init(), at: .start
    ).member
  }
}

extension Person {
  static func someone(_ state: State) -> Person {
    Person(
      id: "p", organisationID: "o", post: "", roles: [.gridMember], locality: nil, state: state,
      name: .init(id: "n", digest: []), phone: nil, version: 1)
  }
}

extension Grid {
  static var someUrban: Grid {
    Grid(
      id: "g", facts: Grid.Proposal.urban().facts, townshipCode: .chengguan, state: .active, findings: [],
      path: Grid.Proposal.path, version: 1)
  }
}
