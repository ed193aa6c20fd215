import Access
import GridRegistryDomain
import Kernel
import Lifecycle
import Testing

@Suite struct OrganisationTests {
  @Test(arguments: Role.allCases) func `only who keeps the directory may change it`(role: Role) {
    let mayAct = [Role.countyAdmin, .gridCentre, .integration].contains(role)
    for state in [nil, Organisation.State.active, .closed] {
      let actions = Organisation.lifecycle.actions(from: state, as: [role], on: .agency()).map(\.action)
      let expected: [Organisation.Action] =
        switch state {
        case nil: [.enter]
        case .active: [.update, .close]
        case .closed: []
        }
      #expect(actions == (mayAct ? expected : []))
    }
  }

  @Test func `an agency obeys a department and a township`() throws {
    guard case .changed(let agency)? = try Organisation.decide(.enter, on: .agency(), as: .countyAdmin).first else {
      return #expect(Bool(false))
    }
    #expect(agency.townshipCode == .chengguan)
    #expect(agency.departmentID == "dept")
    #expect(agency.state == .active)
  }

  @Test func `an agency with one parent twice is refused`() {
    var proposal = Organisation.Proposal.agency()
    proposal.facts.businessParentID = "town"
    #expect(reasons(proposal) == ["AGENCY_PARENTS_EQUAL"])
  }

  @Test func `an agency needs both parents`() {
    var proposal = Organisation.Proposal.agency()
    proposal.facts.businessParentID = nil
    proposal.businessChain = []
    #expect(reasons(proposal) == ["AGENCY_NEEDS_TWO_PARENTS"])
  }

  @Test func `the daily parent of an agency is a township`() {
    var proposal = Organisation.Proposal.agency()
    proposal.dailyChain = [.department, .government]
    #expect(reasons(proposal) == ["AGENCY_DAILY_PARENT_NOT_TOWNSHIP"])
  }

  @Test func `everything wrong with an entry is said at once`() {
    let proposal = Organisation.Proposal(
      id: "x", before: nil, facts: .init(name: "", kind: nil, areaCodes: []), county: .county)
    #expect(reasons(proposal) == ["ORG_NAME_MISSING", "ORG_TYPE_MISSING", "AREA_MISSING", "PARENT_MISSING"])
  }

  @Test func `parents that are not entered, closed, or lead nowhere are refused`() {
    var missing = Organisation.Proposal.agency()
    missing.dailyChain = []
    #expect(reasons(missing) == ["PARENT_NOT_FOUND"])
    var closed = Organisation.Proposal.agency()
    closed.dailyChain[0].state = .closed
    #expect(reasons(closed) == ["PARENT_CLOSED"])
    var broken = Organisation.Proposal.agency()
    broken.businessChain.removeLast()
    #expect(reasons(broken) == ["PARENT_CHAIN_BROKEN"])
  }

  @Test func `a township has one centre`() {
    let facts = Organisation.Facts(
      name: "综治中心", kind: .townshipCenter, businessParentID: "gov", dailyParentID: "town",
      areaCodes: ["379922001000"])
    var proposal = Organisation.Proposal(
      id: "center-2", before: nil, facts: facts, dailyChain: [.township, .government], businessChain: [.government],
      otherRoom: "center", county: .county)
    #expect(reasons(proposal) == ["MEDIATION_ROOM_EXISTS"])
    proposal.dailyChain = [.department, .government]
    proposal.otherRoom = nil
    #expect(reasons(proposal) == ["ROOM_PARENT_MISMATCH"])
  }

  @Test(arguments: [
    (Organisation.Kind.townshipCenter, "379922001000"), (.communityRoom, "379922001000"),
    (.villageRoom, "379922001201"),
  ])
  func `S01 I7 a township, a community and a village have one active mediation room each`(
    kind: Organisation.Kind, area: String
  ) throws {
    var proposal = Organisation.Proposal.room(kind, area)
    #expect(try entered(proposal)?.kind == kind)
    proposal.otherRoom = "room-1"
    #expect(reasons(proposal) == ["MEDIATION_ROOM_EXISTS"])
    // Nor does it belong to anything but its own host.
    proposal.otherRoom = nil
    proposal.dailyChain[0].facts.kind = .countyDepartment
    #expect(reasons(proposal) == ["ROOM_PARENT_MISMATCH"])
  }

  @Test(arguments: Organisation.IndustryKind.allCases)
  func `M05 each of the three kinds of industry bodies has a mediation room of its own`(
    kind: Organisation.IndustryKind
  ) throws {
    #expect(Organisation.IndustryKind.allCases.count == 3)
    var proposal = Organisation.Proposal.room(.industryRoom, "379922000000")
    proposal.dailyChain[0].facts.industryKind = kind
    #expect(try entered(proposal)?.kind == .industryRoom)
    proposal.otherRoom = "room-1"
    #expect(reasons(proposal) == ["MEDIATION_ROOM_EXISTS"])
  }

  @Test func `what others belong to is not closed`() throws {
    var proposal = Organisation.Proposal.agency()
    proposal.before = try entered(proposal)
    proposal.hasActiveChildren = true
    proposal.hasActiveGrids = true
    let refused = #expect(throws: Refused.self) { try Organisation.decide(.close, on: proposal, as: .gridCentre) }
    #expect(refused?.reasons.map(\.code) == ["HAS_ACTIVE_CHILDREN", "HAS_ACTIVE_GRIDS"])
    proposal.hasActiveChildren = false
    proposal.hasActiveGrids = false
    guard case .changed(let closed)? = try Organisation.decide(.close, on: proposal, as: .gridCentre).first else {
      return #expect(Bool(false))
    }
    #expect(closed.state == .closed)
    proposal.before = closed
    let again = #expect(throws: Refused.self) { try Organisation.decide(.close, on: proposal, as: .gridCentre) }
    #expect(again?.reasons.map(\.code) == ["ILLEGAL_TRANSITION"])
  }

  @Test func `an update that changes nothing is no event, one of the type is refused`() throws {
    var proposal = Organisation.Proposal.agency()
    proposal.before = try entered(proposal)
    #expect(try Organisation.decide(.update, on: proposal, as: .countyAdmin).isEmpty)
    proposal.facts.kind = .office
    proposal.facts.agencyType = ""
    let refused = #expect(throws: Refused.self) { try Organisation.decide(.update, on: proposal, as: .countyAdmin) }
    #expect(refused?.reasons.map(\.code) == ["ORG_TYPE_FIXED"])
  }

  private func entered(_ proposal: Organisation.Proposal) throws -> Organisation? {
    guard case .changed(let organisation)? = try Organisation.decide(.enter, on: proposal, as: .countyAdmin).first
    else {
      return nil
    }
    return organisation
  }

  private func reasons(_ proposal: Organisation.Proposal) -> [String]? {
    #expect(throws: Refused.self) { try Organisation.decide(.enter, on: proposal, as: .countyAdmin) }?
      .reasons.map(\.code)
  }
}

extension Organisation.Proposal {
  /// A mediation room with everything in order, below the organisation whose room it is.
  static func room(_ kind: Organisation.Kind, _ area: String) -> Self {
    var host = Organisation.township
    host.facts.kind = kind.roomOf
    return Self(
      id: "room", before: nil,
      facts: .init(
        name: "调解室", kind: kind, businessParentID: "gov", dailyParentID: "town", areaCodes: [area]),
      dailyChain: [host, .government], businessChain: [.government], county: .county)
  }

  /// A dispatched agency with everything in order.
  static func agency() -> Self {
    Self(
      id: "agency", before: nil,
      facts: .init(
        name: "自然资源所", kind: .dispatchedAgency, businessParentID: "dept", dailyParentID: "town",
        areaCodes: ["379922001000"], agencyType: "自然资源所"),
      dailyChain: [.township, .government], businessChain: [.department, .government], county: .county)
  }
}

extension Organisation {
  static func active(
    _ id: ID, _ kind: Kind, name: String = "", daily: ID? = "gov", business: ID? = "gov", township: AreaCode? = nil,
    area: String = "379922000000"
  ) -> Self {
    Self(
      id: id,
      facts: .init(
        name: name.isEmpty ? id.text : name, kind: kind, businessParentID: business, dailyParentID: daily,
        areaCodes: [area]),
      townshipCode: township, departmentID: kind == .countyDepartment ? id : nil, state: .active, version: 1)
  }

  static let government = active("gov", .countyGovernment, daily: nil, business: nil)
  static let department = active("dept", .countyDepartment)
  static let township = active("town", .township, township: .chengguan, area: "379922001000")
}
