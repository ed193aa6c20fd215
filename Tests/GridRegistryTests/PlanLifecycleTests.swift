import Access
import GridRegistryDomain
import Kernel
import Lifecycle
import Testing

@Suite struct PlanLifecycleTests {
  typealias Action = DivisionPlan.Action
  typealias State = DivisionPlan.State
  typealias Part = DivisionPlan.Part

  /// Every cell that is not empty, written down by hand: from, action, to, who.
  static let cells: [(from: State?, action: Action, to: State, who: Part)] = [
    (nil, .draft, .draft, .editor),
    (.draft, .edit, .draft, .editor),
    (.draft, .check, .draft, .editor),
    (.draft, .submit, .submitted, .townshipLeader),
    (.submitted, .reject, .draft, .gridCentre),
    (.submitted, .approve, .approved, .gridCentre),
    (.approved, .effect, .effective, .system),
    (.approved, .block, .blocked, .system),
    (.blocked, .rework, .draft, .author),
    (.draft, .withdraw, .withdrawn, .author),
    (.submitted, .withdraw, .withdrawn, .author),
    (.approved, .withdraw, .withdrawn, .gridCentre),
  ]

  @Test(arguments: [nil] + State.allCases, Action.allCases) func `G06: the plan's whole grid of state, action and part`(
    state: State?, action: Action
  ) {
    for part in Part.allCases {
      let expected = Self.cells.first { $0.from == state && $0.action == action && $0.who == part }
      do {
        let row = try DivisionPlan.lifecycle.transition(action, from: state, as: [part], on: .passing(action))
        #expect(row.to == expected?.to, "\(action) as \(part)")
      } catch {
        let anybody = Self.cells.contains { $0.from == state && $0.action == action }
        #expect(expected == nil, "\(action) as \(part): \(error)")
        #expect(error.cause == (anybody ? .notYourRole : .noSuchTransition), "\(action) as \(part)")
      }
    }
  }

  @Test(arguments: Role.allCases) func `the part that a role plays, in one's own township and elsewhere`(role: Role) {
    let township = Organisation.active("town", .township, township: .chengguan)
    let centre = Organisation.active("center", .townshipCenter, township: .chengguan)
    let community = Organisation.active("community", .community, township: .chengguan)
    let elsewhere = Organisation.active("town-2", .township, township: .guiyi)
    func parts(_ organisation: Organisation?, author: String? = "somebody") -> Set<Part> {
      Part.parts(
        of: .init(personID: "p", organisationID: "o", role: role, countyCode: "379922000000"), in: organisation,
        township: .chengguan, author: author)
    }
    switch role {
    case .gridCentre: #expect(parts(nil) == [.editor, .gridCentre])
    case .levelClerk:
      #expect(parts(centre) == [.editor])
      #expect(parts(centre, author: "p") == [.editor, .author])
      #expect(parts(community).isEmpty)
      #expect(parts(elsewhere).isEmpty)
    case .townshipLeader:
      #expect(parts(township) == [.editor, .townshipLeader])
      #expect(parts(elsewhere).isEmpty)
    case .system: #expect(parts(nil) == [.system])
    default:
      for organisation in [township, centre, community, elsewhere] {
        #expect(parts(organisation, author: "p").isEmpty, "\(role)")
      }
    }
  }

  @Test func `whatever is wrong with a submission is said at once`() {
    var step = DivisionPlan.Step.passing(.submit)
    step.content.effectiveDate = "2020-02-01"
    step.check?.gaps = [.init(.unitInNoGrid.with("unit_id", "e")), .init(.unitInNoGrid.with("unit_id", "g"))]
    step.check?.overlaps = [.init(.unitInTwoGrids)]
    step.check?.sizeBreaches = [.init(.householdsOutOfRange), .init(.naturalVillageCount, isExcused: true)]
    step.check?.faults = [.init(.gridNotActive)]
    #expect(
      reasons(.submit, from: .draft, as: .townshipLeader, step) == [
        "EFFECTIVE_DATE_PASSED", "GRID_NOT_ACTIVE", "HOUSEHOLDS_OUT_OF_RANGE", "UNIT_IN_NO_GRID", "UNIT_IN_NO_GRID",
        "UNIT_IN_TWO_GRIDS",
      ])
    var empty = DivisionPlan.Step.passing(.submit)
    empty.content.changes = []
    empty.content.effectiveDate = ""
    #expect(
      reasons(.submit, from: .draft, as: .townshipLeader, empty) == ["PLAN_EMPTY", "EFFECTIVE_DATE_MISSING"])
  }

  @Test func `four eyes: neither who drafted nor who submitted approves`() {
    var step = DivisionPlan.Step.passing(.approve)
    step.actorID = "author"
    step.takenCodes = ["379922001001U001"]
    #expect(
      reasons(.approve, from: .submitted, as: .gridCentre, step) == ["APPROVER_IS_AUTHOR", "GRID_CODE_TAKEN"])
    step.actorID = "submitter"
    step.takenCodes = []
    #expect(reasons(.approve, from: .submitted, as: .gridCentre, step) == ["APPROVER_IS_SUBMITTER"])
  }

  @Test func `a rejection and a late withdrawal give a reason`() {
    var step = DivisionPlan.Step.passing(.reject)
    step.reason = "  "
    #expect(reasons(.reject, from: .submitted, as: .gridCentre, step) == ["DECISION_REASON_MISSING"])
    #expect(reasons(.withdraw, from: .approved, as: .gridCentre, step) == ["DECISION_REASON_MISSING"])
    #expect(reasons(.withdraw, from: .draft, as: .author, step) == [])
  }

  @Test func `a plan is in effect on its day and not before, and blocked only if the re-check fails`() {
    var step = DivisionPlan.Step.passing(.effect)
    step.content.effectiveDate = "2020-03-02"
    #expect(reasons(.effect, from: .approved, as: .system, step) == ["EFFECTIVE_DATE_AHEAD"])
    step.content.effectiveDate = "2020-03-01"
    step.check?.faults = [.init(.gridNotActive)]
    #expect(reasons(.effect, from: .approved, as: .system, step) == ["GRID_NOT_ACTIVE"])
    #expect(reasons(.block, from: .approved, as: .system, step) == [])
    step.check?.faults = []
    #expect(reasons(.block, from: .approved, as: .system, step) == ["PLAN_STILL_FITS"])
  }

  @Test(arguments: [
    DivisionPlan.Change(kind: nil), .init(kind: .create), .init(kind: .split, grids: ["g"]),
    .init(kind: .split, grids: ["g"], plannedGrids: [.of("n", ["u"])]),
    .init(kind: .split, grids: ["g"], plannedGrids: [.of("n", ["u"]), .of("m", ["u"])]),
    .init(kind: .merge, grids: ["g"], plannedGrids: [.of("n", ["u"])]),
    .init(kind: .merge, grids: ["g", "g"], plannedGrids: [.of("n", ["u"])]),
    .init(kind: .retire), .init(kind: .retire, grids: ["g"], plannedGrids: [.of("n", ["u"])]),
    .init(kind: .moveUnits), .init(kind: .moveUnits, moves: [.init(unitID: "u")]),
    .init(kind: .moveUnits, moves: [.init(unitID: "u", from: "g", to: "g")]),
    .init(kind: .create, plannedGrids: [.of("n", [])]),
    .init(kind: .create, plannedGrids: [.of("n", ["u"])], moves: [.init(unitID: "u", to: "g")]),
  ]) func `a change without the parts that its kind needs is refused`(change: DivisionPlan.Change) {
    var step = DivisionPlan.Step.passing(.edit)
    step.content.changes = [change]
    step.content.exceptions = [.init(rule: "UNIT_IN_NO_GRID", gridCode: "x", reason: "y")]
    #expect(
      reasons(.edit, from: .draft, as: .editor, step) == ["PLAN_CHANGE_INVALID", "PLAN_EXCEPTION_INVALID"])
  }

  private func reasons(_ action: Action, from state: State, as part: Part, _ step: DivisionPlan.Step) -> [String] {
    do {
      _ = try DivisionPlan.lifecycle.transition(action, from: state, as: [part], on: step)
      return []
    } catch {
      if case .unmet(let reasons) = error.cause { return reasons.map(\.code) }
      return ["\(error.cause)"]
    }
  }
}

extension DivisionPlan.PlannedGrid {
  static func of(_ name: String, _ units: [String]) -> Self {
    Self(
      id: .init(name), code: "379922001001U9\(padded(name.utf8.reduce(0) { ($0 + Int($1)) % 100 }, 2))", name: name,
      kind: .urban, organisationID: "community", areaCode: "379922001001", unitIDs: units)
  }
}

extension DivisionPlan.Step {
  /// A step at which nothing stands in the action's way.
  static func passing(_ action: DivisionPlan.Action) -> Self {
    let content = DivisionPlan.Content(
      title: "城东网格调整", effectiveDate: "2020-03-01", changes: [.init(kind: .retire, grids: ["g"])])
    let plan = DivisionPlan(
      id: "plan", content: content, townshipCode: .chengguan, state: .draft, authorID: "author",
      authorOrganisationID: "center", submitterID: "submitter", createTime: .init(seconds: 0), version: 1)
    let time = Timestamp(seconds: 0)
    return Self(
      plan: plan, content: content, township: .chengguan, actorID: "approver", reason: "理由",
      today: CivilDate("2020-03-01") ?? CivilDate(dayNumber: 0),
      check: action == .block ? .init(time: time, faults: [.init(.gridNotActive)]) : .init(time: time))
  }
}
