import GridRegistryDomain
import Kernel
import Testing

@Suite struct DivisionOutcomeTests {
  typealias Change = DivisionPlan.Change

  private static let day = CivilDate("2020-03-01") ?? CivilDate(dayNumber: 0)

  /// 城东: B-17 (a 170, b 160, c 140, d 150), X (x 350, f 30), Y (y 320, f 30), a village R (v 380), unit e in no grid.
  private static func base() -> DivisionPlan.Base {
    var base = DivisionPlan.Base(day: day)
    let grids: [(String, Grid.Kind, [(String, Int)])] = [
      ("b17", .urban, [("a", 170), ("b", 160), ("c", 140), ("d", 150)]), ("x", .urban, [("x1", 350), ("f", 30)]),
      ("y", .urban, [("y1", 320), ("f", 30)]), ("r", .rural, [("v", 380)]),
    ]
    for (index, (id, kind, units)) in grids.enumerated() {
      var proposal = kind == .rural ? Grid.Proposal.rural() : .urban()
      proposal.facts.code = "379922001001\(kind.letter)00\(index + 1)"
      proposal.facts.households = units.reduce(0) { $0 + $1.1 }
      proposal.facts.naturalVillages = kind == .rural ? ["大林村"] : []
      proposal.facts.units = []
      for (unit, households) in units {
        var known =
          base.units[unit]
          ?? CoverageUnit(
            id: .init(unit), kind: kind == .rural ? .naturalVillage : .householdBlock,
            name: kind == .rural ? "大林村" : unit, areaCode: .chengdong, households: households)
        known.enter(.init(id), on: nil)
        base.units[unit] = known
        proposal.facts.units.append(known.summary)
      }
      base.grids[.init(id)] = Grid(
        id: .init(id), facts: proposal.facts, townshipCode: .chengguan, state: .active, findings: [],
        path: Grid.Proposal.path, version: 1)
    }
    base.units["e"] = CoverageUnit(
      id: "e", kind: .householdBlock, name: "e", areaCode: .chengdong, households: 20)
    return base
  }

  private func outcome(
    _ changes: [Change], exceptions: [DivisionPlan.Exception] = [], on base: DivisionPlan.Base = base(),
    isCountyWide: Bool = false
  ) -> DivisionPlan.Outcome {
    var base = base
    for planned in changes.flatMap(\.plannedGrids) where base.proposals[planned.id] == nil {
      var proposal = Grid.Proposal.urban()
      proposal.facts.code = planned.code
      proposal.facts.kind = planned.kind
      base.proposals[planned.id] = proposal
    }
    let content = DivisionPlan.Content(
      title: "t", effectiveDate: "2020-03-01", changes: changes, exceptions: exceptions)
    let plan = DivisionPlan(
      id: "p", content: content, townshipCode: .chengguan, isCountyWide: isCountyWide, state: .draft, authorID: "a",
      authorOrganisationID: "o", createTime: .init(seconds: 0), version: 1)
    return plan.outcome(of: content, on: base)
  }

  private func codes(_ outcome: DivisionPlan.Outcome) -> [String] {
    outcome.check(at: .init(seconds: 0)).obstacles.map { reason in
      [reason.code, reason.metadata["unit_id"] ?? reason.metadata["household_count"] ?? reason.metadata["grid"] ?? ""]
        .filter { !$0.isEmpty }.joined(separator: ":")
    }
  }

  private let mend: [Change] = [
    .init(
      kind: .moveUnits, moves: [.init(unitID: "e", to: "x"), .init(unitID: "f", from: "379922001001U003")])
  ]

  @Test func `G04, G09, G10: size, gap and overlap are found together`() {
    let split = outcome([
      .init(kind: .split, grids: ["b17"], plannedGrids: [.of("n", ["a", "b"]), .of("m", ["c", "d"])])
    ])
    #expect(codes(split) == ["HOUSEHOLDS_OUT_OF_RANGE:290", "UNIT_IN_NO_GRID:e", "UNIT_IN_TWO_GRIDS:f"])
    let overlap = split.check(at: .init(seconds: 0)).overlaps.first?.reason.metadata["grid_codes"]
    #expect(overlap == "379922001001U002,379922001001U003")
  }

  @Test func `G06: the corrected split passes, and says what each grid has afterwards`() {
    let split = outcome(
      [.init(kind: .split, grids: ["b17"], plannedGrids: [.of("n", ["a", "c"]), .of("m", ["b", "d"])])] + mend)
    #expect(codes(split) == [])
    #expect(split.made["n"]?.households == 310)
    #expect(split.made["m"]?.households == 310)
    #expect(split.kept["x"]?.households == 400)
    #expect(split.kept["y"]?.households == 320)
    #expect(split.ended["b17"]?.kind == .split)
    #expect(split.ended["b17"]?.successors == ["m", "n"])
    #expect(split.origins == ["n": ["b17"], "m": ["b17"]])
    let pictures = split.pictures
    #expect(pictures.before.gridCount == 4)
    #expect(pictures.after.gridCount == 5)
    #expect(pictures.before.bands.map(\.count) == [0, 0, 2, 0, 0, 1])
    #expect(pictures.after.bands.map(\.count) == [0, 3, 0, 1, 0, 0])
    #expect(pictures.after.bands.map(\.from) == [0, 300, 350, 400, 450, 501])
  }

  @Test func `open cases of a grid that ends are shared by households and stay whole`() {
    let split = outcome(
      [.init(kind: .split, grids: ["b17"], plannedGrids: [.of("n", ["a"]), .of("m", ["b", "c", "d"])])])
    let estimate = split.estimate(of: "b17", openCases: 7)
    #expect(estimate.shares.map(\.households).sorted() == [170, 450])
    #expect(estimate.shares.map(\.openCases).sorted() == [2, 5])
    #expect(split.estimate(of: "b17", openCases: 0).shares.map(\.openCases) == [0, 0])
  }

  @Test func `G04: a written exception excuses a size and nothing else`() {
    let change = [Change(kind: .split, grids: ["b17"], plannedGrids: [.of("n", ["a", "b"]), .of("m", ["c", "d"])])]
    let code = DivisionPlan.PlannedGrid.of("m", []).code
    let right = outcome(
      change + mend, exceptions: [.init(rule: "HOUSEHOLDS_OUT_OF_RANGE", gridCode: code, reason: "r")])
    #expect(codes(right) == [])
    #expect(right.check(at: .init(seconds: 0)).sizeBreaches.map(\.isExcused) == [true])
    let other = outcome(change + mend, exceptions: [.init(rule: "NATURAL_VILLAGE_COUNT", gridCode: code, reason: "r")])
    #expect(codes(other) == ["HOUSEHOLDS_OUT_OF_RANGE:290"])
  }

  @Test func `G05: a rural grid of two villages needs a reason, of one none`() {
    var base = Self.base()
    var second = CoverageUnit(id: "w", kind: .naturalVillage, name: "小林村", areaCode: .chengdong, households: 90)
    second.enter("y", on: nil)
    base.units["w"] = second
    let merged = outcome(mend + [.init(kind: .moveUnits, moves: [.init(unitID: "w", from: "y", to: "r")])], on: base)
    #expect(codes(merged) == ["NATURAL_VILLAGE_COUNT", "HOUSEHOLDS_OUT_OF_RANGE:230"])
    #expect(merged.kept["r"]?.naturalVillages == ["大林村", "小林村"])
    let emptied = outcome(mend + [.init(kind: .moveUnits, moves: [.init(unitID: "v", from: "r", to: "y")])])
    #expect(emptied.kept["r"]?.naturalVillages == [])
    #expect(codes(emptied).contains("NATURAL_VILLAGE_COUNT"))
  }

  @Test func `G07: a dedicated grid is carved out of the grids around it`() {
    var park = DivisionPlan.PlannedGrid.of("park", ["x1"])
    park.kind = .dedicated
    park.subjectType = .industrialPark
    park.code = "379922001001D001"
    var base = Self.base()
    var proposal = Grid.Proposal.urban()
    proposal.facts.kind = .dedicated
    proposal.facts.code = park.code
    proposal.facts.subjectType = .industrialPark
    proposal.facts.hostID = "host"
    proposal.host = .active("host", .industryBody)
    base.proposals["park"] = proposal
    let carved = outcome(mend + [.init(kind: .create, plannedGrids: [park])], on: base)
    #expect(carved.left["x1"] == ["x"])
    #expect(carved.entered["x1"] == ["park"])
    #expect(codes(carved) == ["HOUSEHOLDS_OUT_OF_RANGE:50"])
    // A base grid takes nothing from another: that is an overlap.
    let taken = outcome(mend + [.init(kind: .create, plannedGrids: [.of("n", ["x1"])])])
    #expect(codes(taken) == ["UNIT_IN_TWO_GRIDS:x1"])
  }

  @Test func `G07: a dedicated grid needs its subject and its host`() {
    var park = DivisionPlan.PlannedGrid.of("park", ["e"])
    park.kind = .dedicated
    var base = Self.base()
    var proposal = Grid.Proposal.urban()
    proposal.facts.kind = .dedicated
    proposal.facts.code = "379922001001D001"
    base.proposals["park"] = proposal
    #expect(
      codes(outcome([.init(kind: .create, plannedGrids: [park]), mend[0]], on: base)).contains("SUBJECT_TYPE_MISSING"))
  }

  @Test func `merge, retype and retire end grids; what is left behind is a gap`() {
    let merged = outcome(mend + [.init(kind: .merge, grids: ["x", "y"], plannedGrids: [.of("n", ["x1"])])])
    #expect(codes(merged).contains("UNIT_IN_NO_GRID:y1"))
    #expect(merged.ended.values.map(\.kind) == [.merge, .merge])
    #expect(codes(merged).contains("GRID_CHANGED_TWICE"))
    let retired = outcome([.init(kind: .retire, grids: ["r"])])
    #expect(codes(retired).contains("UNIT_IN_NO_GRID:v"))
    let same = outcome([.init(kind: .retype, grids: ["y"], plannedGrids: [.of("n", ["y1"])])])
    #expect(codes(same).contains("GRID_TYPE_UNCHANGED"))
  }

  @Test func `a retired grid's units go elsewhere and its members are named`() {
    var base = Self.base()
    base.members = [.init(memberID: "m1", gridID: "b17"), .init(memberID: "m2", gridID: "x")]
    let retired = outcome(
      mend + [
        .init(kind: .retire, grids: ["b17"]),
        .init(
          kind: .moveUnits,
          moves: [
            .init(unitID: "a", from: "b17", to: "y"), .init(unitID: "b", from: "b17", to: "x"),
            .init(unitID: "c", to: "y"), .init(unitID: "d", from: "b17", to: "x"),
          ]),
      ], on: base)
    #expect(codes(retired) == ["HOUSEHOLDS_OUT_OF_RANGE:710", "HOUSEHOLDS_OUT_OF_RANGE:630"])
    let check = retired.check(at: .init(seconds: 0))
    #expect(check.orphanMembers.map(\.reason.metadata) == [["member_id": "m1", "grid_code": "379922001001U001"]])
    #expect(retired.estimate(of: "b17", openCases: 62).shares.map(\.openCases) == [31, 31])
    #expect(retired.retirementFaults.isEmpty)
    base.openCases = ["b17": 3]
    let busy = outcome([.init(kind: .retire, grids: ["b17"])], on: base)
    #expect(busy.retirementFaults.map(\.reason.code) == ["GRID_HAS_OPEN_CASES"])
    base.openCasesAreStale = true
    let stale = outcome([.init(kind: .retire, grids: ["b17"])], on: base)
    #expect(stale.retirementFaults.map(\.reason.code) == ["CASE_COUNTS_STALE"])
  }

  @Test func `what does not fit the registry is named, all of it`() {
    var base = Self.base()
    base.grids["old"] = base.grids["x"].map { grid in
      Grid(
        id: "old",
        facts: .init(
          code: "379922001001U009", name: "", kind: .urban, organisationID: "c", areaCode: "", households: 0),
        townshipCode: .guiyi, state: .changed, findings: [], path: grid.path, version: 2)
    }
    base.takenCodes = [DivisionPlan.PlannedGrid.of("n", []).code]
    let wrong = outcome(
      mend + [
        .init(kind: .split, grids: ["nobody"], plannedGrids: [.of("n", ["zz"]), .of("m", ["e"])]),
        .init(kind: .retire, grids: ["old"]),
        .init(kind: .moveUnits, moves: [.init(unitID: "a", from: "x", to: "y"), .init(unitID: "b", to: "old")]),
      ], on: base)
    let found = Set(wrong.faults.map(\.reason.code))
    #expect(found == ["GRID_NOT_FOUND", "GRID_NOT_ACTIVE", "GRID_CODE_TAKEN", "UNIT_NOT_FOUND", "UNIT_NOT_IN_GRID"])
  }

  @Test func `a township's plan stays in the township, the county's may not have to`() {
    var base = Self.base()
    for id in ["x", "y"] { base.grids[.init(id)]?.townshipCode = .guiyi }
    #expect(Set(outcome(mend, on: base).faults.map(\.reason.code)) == ["CHANGE_OUTSIDE_TOWNSHIP"])
    #expect(outcome(mend, on: base, isCountyWide: true).faults.isEmpty)
  }

  @Test func `I2: membership of a unit over the years`() throws {
    let first = try #require(CivilDate("2019-01-01"))
    let second = try #require(CivilDate("2020-03-01"))
    var unit = CoverageUnit(id: "u", kind: .site, name: "u", areaCode: .chengdong, households: 0)
    unit.enter("old", on: first)
    unit.enter("old", on: second)
    #expect(unit.memberships.count == 1)
    unit.leave("old", on: second)
    unit.enter("new", on: second)
    #expect(unit.grids(on: second + -1) == ["old"])
    #expect(unit.grids(on: second) == ["new"])
    #expect(unit.grids(on: first + -1) == [])
    unit.leave("new", on: second)
    #expect(unit.memberships == [.init(gridID: "old", from: first, to: second)])
    unit.enter("old", on: second)
    #expect(unit.memberships == [.init(gridID: "old", from: first)])
  }
}

extension AreaCode {
  static let chengdong = AreaCode("379922001001").unsafelyUnwrapped
}
