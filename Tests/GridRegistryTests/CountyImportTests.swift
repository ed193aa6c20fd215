import Access
import CommonContract
import GridRegistryContract
import GridRegistryDomain
import GridRegistryService
import GridRegistryStore
import Journal
import Kernel
import Persistence
import RPC
import TestSupport
import Testing
import Wire
import WireTypes

@Suite struct CountyImportTests {
  typealias V1 = GridRegistryV1

  @Test func `the demonstration county goes in whole, and a second time changes nothing`() async throws {
    let county = try RegistryBench()
    let first = try await county.importCounty()
    #expect(first.filter { $0.result != .added }.isEmpty)
    let journal = try county.journal().count
    let second = try await county.importCounty()
    #expect(second.filter { $0.result != .alreadyPresent }.isEmpty)
    #expect(try county.journal().count == journal)
    // One line a row and one a unit (two for a unit that a second grid took), one for the grid that was there first then, and one
    // for each grid's vacant place.
    let units = try DemoCounty.gridFiles.flatMap { try DemoCounty.grids($0).rows }.reduce(0) {
      $0 + ($1.grid?.units.count ?? 0)
    }
    #expect(journal == first.count + units + 1 + 235)
  }

  @Test func `G08: grids are counted by township and type`() async throws {
    let county = try await RegistryBench.withCounty()
    let answer = try await county.service.grids.countGrids(
      .init(), context: county.context(V1.GridServiceMethods.countGrids, as: .levelClerk))
    #expect(answer.totalCount == 235)
    let urban = answer.counts.first { $0.townshipCode == "379922001000" && $0.gridType == .urban }
    #expect(urban?.gridCount == 156)
    #expect(urban?.householdCount == 62_400)
    let one = try await county.service.grids.countGrids(
      .init(townshipCode: "379922200000"), context: county.context(V1.GridServiceMethods.countGrids))
    #expect(one.totalCount == 28)
  }

  @Test func `G01, G02: every grid hangs on an unbroken chain of organisations up to the county`() async throws {
    let county = try await RegistryBench.withCounty()
    let stored = try county.stored()
    var levels: Set<Organisation.Kind> = []
    for grid in stored.grids.values {
      var id: Organisation.ID? = grid.facts.organisationID
      var length = 0
      while let next = id, length < 10 {
        let organisation = try #require(stored.organisations[next.text], "\(grid.facts.code)")
        if let kind = organisation.kind { levels.insert(kind) }
        if organisation.kind == .countyGovernment { break }
        id = organisation.facts.dailyParentID
        length += 1
      }
      #expect(id == "county-gov", "\(grid.facts.code)")
    }
    #expect(levels.isSuperset(of: [.countyGovernment, .township, .community, .village]))
  }

  @Test func `the planted breaches are open findings`() async throws {
    let county = try await RegistryBench.withCounty()
    var findings: [String] = []
    var token = ""
    repeat {
      let page = try await county.service.grids.listGrids(
        .init(pageSize: 90, pageToken: token), context: county.context(V1.GridServiceMethods.listGrids))
      findings += page.grids.flatMap(\.findings).map(\.findingCode)
      token = page.nextPageToken
    } while !token.isEmpty
    #expect(findings.filter { $0 == "HOUSEHOLDS_OUT_OF_RANGE" }.count == 3)
    #expect(findings.filter { $0 == "UNIT_IN_TWO_GRIDS" }.count == 2)
  }

  @Test func `归义乡 has nine agencies and no 生态环境所`() async throws {
    let county = try await RegistryBench.withCounty()
    let context = county.context(V1.OrganisationServiceMethods.listAgencies, as: .callOffice)
    let all = try await county.service.organisations.listAgencies(
      .init(townshipCode: "379922200000"), context: context)
    #expect(all.agencies.count == 9)
    let none = try await county.service.organisations.listAgencies(
      .init(townshipCode: "379922200000", agencyTypes: ["生态环境所"]), context: context)
    #expect(none.agencies.isEmpty)
    #expect(none.asOfTime != nil)
    let police = try await county.service.organisations.listAgencies(
      .init(townshipCode: "379922001000", departmentID: "dept-gaj"), context: context)
    #expect(Set(police.agencies.map(\.agencyType)) == ["派出所", "交警中队"])
  }

  @Test(arguments: [
    ("379922001001U001", ["MEDIATION_LEVEL_COMMUNITY", "MEDIATION_LEVEL_TOWNSHIP"]),
    ("379922001201R001", ["MEDIATION_LEVEL_VILLAGE", "MEDIATION_LEVEL_COMMUNITY", "MEDIATION_LEVEL_TOWNSHIP"]),
    ("379922200001D001", ["MEDIATION_LEVEL_INDUSTRY", "MEDIATION_LEVEL_TOWNSHIP"]),
  ])
  func `a grid's path names the rooms above it`(code: String, levels: [String]) async throws {
    let county = try await RegistryBench.withCounty()
    let answer = try await county.service.organisations.getMediationPath(
      .init(gridID: code), context: county.context(V1.OrganisationServiceMethods.getMediationPath, as: .gridMember))
    let steps = answer.mediationPath?.steps ?? []
    #expect(steps.map(\.level.protoName) == levels)
    #expect(steps.allSatisfy { !$0.responsiblePersonID.isEmpty } || code.hasPrefix("379922001201"))
  }

  @Test func `the journal holds, folds to the stored state, and has no name or number in it`() async throws {
    let county = try await RegistryBench.withCounty()
    let verified = try await Journal(.testing).verify(in: county.bench.database)
    #expect(verified.firstBrokenSeq == nil)
    let folded = try county.folded()
    let stored = try county.stored()
    #expect(folded.organisations == stored.organisations)
    #expect(folded.grids == stored.grids)
    #expect(folded.persons == stored.persons)
    #expect(folded.units == stored.units)
    #expect(folded.units.count > 200)
    let secrets = try DemoCounty.persons().rows.flatMap { [Array(($0.person?.name ?? "").utf8), Array($0.phone.utf8)] }
    let payloads = try county.journal().filter { $0.draft.aggregateType == "person" }.map(\.draft.payload)
    #expect(payloads.allSatisfy { payload in !secrets.contains { payload.contains($0) } })
  }
}

extension [UInt8] {
  fileprivate func contains(_ part: [UInt8]) -> Bool {
    part.count <= count && indices.dropLast(Swift.max(0, part.count - 1)).contains { self[$0...].starts(with: part) }
  }
}
