import GridRegistryDomain
import Kernel
import Testing

@Suite struct MediationPathTests {
  private let organisations: [Organisation] = [
    .government, .township,
    .active("center", .townshipCenter, daily: "town", township: .chengguan),
    .active("community", .community, daily: "town", township: .chengguan),
    .active("community-room", .communityRoom, daily: "community", township: .chengguan),
    .active("village", .village, daily: "community", township: .chengguan),
    .active("village-room", .villageRoom, daily: "village", township: .chengguan),
    .active("lonely", .village, daily: "town", township: .chengguan),
    .active("lonely-room", .villageRoom, daily: "lonely", township: .chengguan),
    .active("roomless", .community, daily: "town", township: .chengguan),
    .active("industry", .industryBody), .active("industry-room", .industryRoom, daily: "industry"), .department,
  ]

  private func path(
    _ kind: Grid.Kind, of organisation: Organisation.ID, host: Organisation.ID? = nil
  ) throws -> MediationPath {
    func load(_ id: Organisation.ID) -> Organisation? { organisations.first { $0.id == id } }
    func chain(_ id: Organisation.ID) -> [Organisation] {
      load(id).map { [$0] + ($0.facts.dailyParentID.map(chain) ?? []) } ?? []
    }
    let directory = MediationPath.Directory(
      chain: chain,
      room: { owner in organisations.first { $0.kind == owner.kind?.room && $0.facts.dailyParentID == owner.id } },
      township: { code in organisations.first { $0.kind == .township && $0.townshipCode == code } })
    let facts = Grid.Facts(
      code: "", name: "", kind: kind, organisationID: organisation, areaCode: "379922001001", households: 0,
      hostID: host)
    return try MediationPath.of(facts, in: directory)
  }

  @Test func `an urban grid goes to its community, then to the township`() throws {
    let path = try path(.urban, of: "community")
    #expect(path.steps.map(\.organisationID) == ["community-room", "center"])
    #expect(path.skipped == [.init(level: .village, reason: .urbanHasNoVillageLevel)])
  }

  @Test func `a rural grid goes through village and community`() throws {
    let path = try path(.rural, of: "village")
    #expect(path.steps.map(\.organisationID) == ["village-room", "community-room", "center"])
    #expect(path.skipped.isEmpty)
  }

  @Test func `a village of no community goes to the township, and the path says why`() throws {
    let path = try path(.rural, of: "lonely")
    #expect(path.steps.map(\.level) == [.village, .township])
    #expect(path.skipped == [.init(level: .community, reason: .villageWithoutCommunity)])
  }

  @Test func `a dedicated grid goes to its industry's room first`() throws {
    let path = try path(.dedicated, of: "community", host: "industry")
    #expect(path.steps.map(\.organisationID) == ["industry-room", "center"])
    #expect(path.skipped.map(\.level) == [.village, .community])
  }

  @Test func `a dedicated grid without an industry room goes where it lies`() throws {
    let path = try path(.dedicated, of: "community", host: "dept")
    #expect(path.steps.map(\.organisationID) == ["community-room", "center"])
    #expect(path.skipped == [.init(level: .industry, reason: .noIndustryRoom)])
  }

  @Test func `a level without a room is passed over, and the path says so`() throws {
    let path = try path(.urban, of: "roomless")
    #expect(path.steps.map(\.organisationID) == ["center"])
    #expect(path.skipped.contains(.init(level: .community, reason: .noActiveRoom)))
  }

  @Test func `a grid whose organisation is the county's finds its township by place`() throws {
    #expect(try path(.dedicated, of: "industry", host: "industry").steps.map(\.level) == [.industry, .township])
  }
}
