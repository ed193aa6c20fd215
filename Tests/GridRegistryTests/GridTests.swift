import Access
import GridRegistryDomain
import Kernel
import Lifecycle
import Testing

@Suite struct GridTests {
  private let now = Timestamp(seconds: 1_546_300_800)

  @Test(arguments: Role.allCases, [nil] + Grid.State.allCases)
  func `I6: the grid's whole table of state, action and role`(
    role: Role, state: Grid.State?
  ) {
    let actions = Grid.lifecycle.actions(from: state, as: [role], on: .urban()).map(\.action)
    let imports = [Role.gridCentre, .countyAdmin, .integration].contains(role)
    let isSystem = role == .system
    let expected: [Grid.Action] =
      switch state {
      case nil:
        role == .gridCentre ? [.create, .importLegacy] : imports ? [.importLegacy] : isSystem ? [.plan] : []
      case .planned: isSystem ? [.takeEffect, .drop] : []
      case .active: imports ? [.correct] : isSystem ? [.moveUnits, .planEffect, .retire] : []
      case .changed: isSystem ? [.planEffect, .archive] : []
      case .retired: []
      }
    #expect(actions == expected)
    for action in Grid.Action.allCases where !expected.contains(action) {
      #expect(throws: TransitionRefusal.self, "\(action)") {
        try Grid.lifecycle.transition(action, from: state, as: [role], on: .urban())
      }
    }
  }

  @Test(arguments: [
    (Grid.Action.plan, nil, Grid.State.planned, "PLAN_NOT_APPROVED"),
    (.takeEffect, Grid.State.planned, .active, "EFFECTIVE_DATE_AHEAD GRID_WITHOUT_MEMBER"),
    (.planEffect, Grid.State.active, .changed, "GRID_WITHOUT_SUCCESSOR"),
    (.retire, Grid.State.active, .retired, "UNIT_IN_NO_GRID GRID_HAS_OPEN_CASES"),
    (.archive, Grid.State.changed, .retired, "GRID_WITHOUT_SUCCESSOR"),
    (.drop, Grid.State.planned, .retired, "PLAN_STILL_STANDS"),
  ]) func `I1, I2, I6: each guard of the system's acts has its reason`(
    action: Grid.Action, from: Grid.State?, to: Grid.State, codes: String
  ) throws {
    var proposal = Grid.Proposal.urban()
    #expect(try Grid.lifecycle.transition(action, from: from, as: [.system], on: proposal).to == to)
    proposal.course.planIsApproved = false
    proposal.course.planIsGone = false
    proposal.course.dateIsReached = false
    proposal.course.isStaffedOrVacant = false
    proposal.course.hasSuccessors = false
    proposal.course.unitsAreMoved = false
    proposal.course.casesAreHandedOver = false
    proposal.course.lineageIsWritten = false
    let unmet = Grid.lifecycle.actions(from: from, as: [.system], on: proposal).first { $0.action == action }?.unmet
    #expect(unmet?.map(\.code).joined(separator: " ") == codes)
    proposal.course.caseCountsAreStale = true
    let stale = Grid.lifecycle.actions(from: from, as: [.system], on: proposal).first { $0.action == action }?.unmet
    #expect((stale?.last?.code == "CASE_COUNTS_STALE") == (action == .retire))
  }

  @Test(arguments: [(299, false), (300, true), (500, true), (501, false)])
  func `G04: a new urban grid has 300 to 500 households`(households: Int, isAllowed: Bool) {
    var proposal = Grid.Proposal.urban()
    proposal.facts.households = households
    let events = try? Grid.decide(.create, on: proposal, as: .gridCentre, at: now)
    #expect((events?.count == 1) == isAllowed)
  }

  @Test func `a reason excuses a size`() throws {
    var proposal = Grid.Proposal.urban()
    proposal.facts.households = 520
    proposal.facts.sizeExceptionReason = "整体小区不宜拆分"
    guard
      case .activated(let grid, legacy: false)? = try Grid.decide(.create, on: proposal, as: .gridCentre, at: now).first
    else { return #expect(Bool(false)) }
    #expect(grid.findings.isEmpty)
  }

  @Test func `G03: a legacy import keeps each breach as an open finding`() throws {
    var proposal = Grid.Proposal.urban()
    proposal.facts.households = 268
    proposal.unitsElsewhere = ["u1": "379922001001U002"]
    guard
      case .activated(let grid, legacy: true)? = try Grid.decide(.importLegacy, on: proposal, as: .integration, at: now)
        .first
    else { return #expect(Bool(false)) }
    #expect(grid.findings.map(\.code) == ["HOUSEHOLDS_OUT_OF_RANGE", "UNIT_IN_TWO_GRIDS"])
    #expect(grid.findings.last?.metadata == ["unit_id": "u1", "grid_code": "379922001001U002"])
    proposal.before = grid
    #expect(try Grid.decide(.importLegacy, on: proposal, as: .integration, at: now + .days(3)).isEmpty)
    proposal.facts.households = 310
    guard
      case .corrected(let corrected)? = try Grid.decide(
        .importLegacy, on: proposal, as: .integration, at: now + .days(3)
      )
      .first
    else { return #expect(Bool(false)) }
    #expect(corrected.findings.map(\.code) == ["UNIT_IN_TWO_GRIDS"])
    #expect(corrected.findings.first?.openTime == now)
    #expect(corrected.version == 2)
  }

  @Test func `G05: a rural grid is one natural village`() {
    var proposal = Grid.Proposal.rural()
    proposal.facts.naturalVillages = ["前洼", "后洼"]
    let refused = #expect(throws: Refused.self) { try Grid.decide(.create, on: proposal, as: .gridCentre, at: now) }
    #expect(refused?.reasons.map(\.code) == ["NATURAL_VILLAGE_COUNT"])
  }

  @Test func `G07: a dedicated grid has a subject and a host`() {
    var proposal = Grid.Proposal.urban()
    proposal.facts.kind = .dedicated
    proposal.facts.code = "379922001001D001"
    let subject = #expect(throws: Refused.self) { try Grid.decide(.create, on: proposal, as: .gridCentre, at: now) }
    #expect(subject?.reasons.map(\.code) == ["SUBJECT_TYPE_MISSING"])
    proposal.facts.subjectType = .school
    let host = #expect(throws: Refused.self) { try Grid.decide(.create, on: proposal, as: .gridCentre, at: now) }
    #expect(host?.reasons.map(\.code) == ["HOST_ORG_NOT_FOUND"])
  }

  @Test func `everything wrong with a grid is said at once`() {
    let facts = Grid.Facts(
      code: "x", name: "", kind: nil, organisationID: "nobody", areaCode: "", households: -1, effectiveFrom: "soon")
    let proposal = Grid.Proposal(
      id: "g", before: nil, facts: facts, organisation: nil, path: MediationPath(), county: .county)
    let refused = #expect(throws: Refused.self) {
      try Grid.decide(.importLegacy, on: proposal, as: .gridCentre, at: now)
    }
    #expect(
      refused?.reasons.map(\.code) == [
        "GRID_CODE_INVALID", "GRID_NAME_MISSING", "GRID_TYPE_MISSING", "AREA_CODE_INVALID", "ORG_NOT_FOUND",
        "UNIT_INVALID", "DATE_INVALID", "NO_MEDIATION_PATH",
      ])
  }

  @Test func `F08: a grid leans on a party organisation, as an organisation`() throws {
    var proposal = Grid.Proposal.urban()
    proposal.facts.partyOrganisationID = "party"
    for party in [nil, Organisation.active("party", .community, township: .chengguan)] {
      proposal.party = party
      let refused = #expect(throws: Refused.self) { try Grid.decide(.create, on: proposal, as: .gridCentre, at: now) }
      #expect(refused?.reasons.map(\.code) == ["PARTY_ORG_NOT_FOUND"])
    }
    proposal.party = .active("party", .townshipPartyCommittee, township: .chengguan)
    #expect(try Grid.decide(.create, on: proposal, as: .gridCentre, at: now).count == 1)
  }

  @Test func `a grid lies in its organisation's township`() {
    var proposal = Grid.Proposal.urban()
    proposal.organisation?.townshipCode = .guiyi
    let refused = #expect(throws: Refused.self) { try Grid.decide(.create, on: proposal, as: .gridCentre, at: now) }
    #expect(refused?.reasons.map(\.code) == ["GRID_OUTSIDE_TOWNSHIP"])
  }
}

extension Grid.Proposal {
  static let path = MediationPath(steps: [.init(level: .township, organisationID: "center", name: "综治中心")])

  static func urban() -> Self {
    Self(
      id: "grid", before: nil,
      facts: .init(
        code: "379922001001U001", name: "城东第1网格", kind: .urban, organisationID: "community",
        areaCode: "379922001001", households: 400,
        units: [.init(id: "u1", kind: .householdBlock, name: "1片", areaCode: "379922001001", households: 400)]),
      organisation: .active("community", .community, township: .chengguan), path: path, county: .county)
  }

  static func rural() -> Self {
    Self(
      id: "grid", before: nil,
      facts: .init(
        code: "379922001201R001", name: "大林村网格", kind: .rural, organisationID: "village", areaCode: "379922001201",
        households: 380, naturalVillages: ["大林村"]),
      organisation: .active("village", .village, township: .chengguan), path: path, county: .county)
  }
}
