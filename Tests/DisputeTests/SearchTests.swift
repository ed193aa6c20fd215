import Access
import DisputeContract
import DisputeDomain
@testable import DisputeService
import DisputeStore
import Journal
import Kernel
import Persistence
import TestSupport
import TextSearch
import Testing

@Suite struct SearchTests {
  let bench: DisputeBench
  var search: SearchHandlers { SearchHandlers(dispute: bench.dispute) }

  init() async throws { bench = try await DisputeBench() }

  @Test func `words of title and narrative are found: pairs, single characters, traditional ones, other widths`()
    async throws
  {
    let eaves = try await report("张三家屋檐水流入李四家", "多次协商未果，电话１３８。")
    let lamp = try await report("路灯不亮", "A3区大道西行便道旁的路灯坏了，天黑后看不清路。")
    #expect(try await find("屋檐水") == [eaves])
    #expect(try await find("檐") == [eaves])
    #expect(try await find("路燈") == [lamp])
    #expect(try await find("燈") == [lamp])
    #expect(try await find("Ａ３區") == [lamp])
    #expect(try await find("a3 西行") == [lamp])
    #expect(try await find("138") == [eaves])
    #expect(try await find("不") == [lamp])
    #expect(try await find("水") == [eaves])
    #expect(try await find("未") == [eaves])
    #expect(try await find("路灯 檐").isEmpty)
  }

  @Test func `characters that stand apart are not the word`() async throws {
    _ = try await report("灯路", "大路边的灯。路过的路。灯光")
    #expect(try await find("路灯").isEmpty)
    let right = try await report("路灯", "")
    #expect(try await find("路灯") == [right])
  }

  @Test func `M parties' names and telephones are not looked into`() async throws {
    let reported = try await bench.report()
    #expect(try await find("张三丰").isEmpty)
    #expect(try await find("屋檐") == [reported.caseID])
  }

  @Test func `the latest comes first, page by page, and the words say where they stand`() async throws {
    var all: [String] = []
    for number in 0..<7 { all.append(try await report("噪声第\(number)次", number == 3 ? "噪声" : "")) }
    var (token, found, pages) = ("", [DisputeV1.FoundCase](), 0)
    repeat {
      let page = try await answer("噪声", token: token, size: 3)
      found += page.found
      token = page.nextPageToken
      pages += 1
    } while !token.isEmpty
    #expect(found.compactMap(\.caseRecord?.caseID) == all.reversed())
    #expect(pages == 3)
    #expect(found.map(\.inNarrative) == [false, false, false, true, false, false, false])
    #expect(found.allSatisfy { $0.inTitle && $0.caseRecord?.title.contains("噪声") == false })
  }

  @Test func `who belongs to another township finds nothing, who serves the county everything`() async throws {
    let reported = try await bench.report()
    #expect(try await find("屋檐", as: Scenery.stranger).isEmpty)
    let supervisor = Scenery.actor("watch", .supervision, of: "county")
    #expect(try await find("屋檐", as: supervisor) == [reported.caseID])
    let refused = await refusals { try await answer("屋檐", area: "379922001000", as: Scenery.stranger) }
    #expect(refused == ["JURISDICTION_MISMATCH"])
  }

  @Test func `area and state narrow a search`() async throws {
    let reported = try await bench.report()
    let clerk = Scenery.centreClerk
    let inVillage = try await answer("屋檐", area: "379922001201", as: clerk)
    #expect(inVillage.found.compactMap(\.caseRecord?.caseID) == [reported.caseID])
    let elsewhere = try await answer("屋檐", area: "379922001001", as: clerk)
    #expect(elsewhere.found.isEmpty)
    let closed = try await answer("屋檐", state: .closed, as: clerk)
    #expect(closed.found.isEmpty)
  }

  @Test(arguments: [
    ("", "SEARCH_TEXT_MISSING"), ("，。！", "SEARCH_TEXT_MISSING"),
    (String(repeating: "水", count: 65), "SEARCH_TEXT_TOO_LONG"),
  ])
  func `what cannot be searched for is refused`(text: String, reason: String) async throws {
    #expect(await refusals { try await answer(text) } == [reason])
    #expect(await refusals { try await answer("水", token: "zz") } == ["PAGE_TOKEN_INVALID"])
    #expect(await refusals { try await answer("水", size: 101) } == ["PAGE_SIZE_INVALID"])
    #expect(await refusals { try await answer("水", area: "abc") } == ["AREA_CODE_INVALID"])
  }

  @Test func `every search is journaled with its sealed text; whoever reads them says why and is journaled too`()
    async throws
  {
    _ = try await find("屋檐", as: Scenery.member)
    _ = try await find("找不到的词", as: Scenery.centreClerk)
    let officer = Scenery.actor("dpo", .dataProtectionOfficer, of: "county")
    let context = bench.context(DisputeV1.SearchServiceMethods.listSearches, as: officer)
    let without = await refusals { try await search.listSearches(.init(), context: context) }
    #expect(without == ["PURPOSE_MISSING"])
    let all = try await search.listSearches(.init(purpose: "季度检查"), context: context)
    #expect(all.searches.map(\.text) == ["找不到的词", "屋檐"])
    #expect(all.searches.map(\.personID) == ["centre-clerk", "member"])
    let one = try await search.listSearches(.init(purpose: "季度检查", personID: "member"), context: context)
    #expect(one.searches.map(\.text) == ["屋檐"])
    try bench.bench.database.readInline { reading in
      let lines = try Journal.entries(after: 0, limit: 100, in: reading).entries
      #expect(lines.map(\.eventType).filter { $0 == "case.searched" }.count == 2)
      #expect(lines.map(\.eventType).filter { $0 == JournalDraft.personalReadType }.count == 2)
      #expect(lines.allSatisfy { !String(decoding: $0.payload, as: UTF8.self).contains("屋檐") })
    }
  }

  @Test func `cases of an earlier version are entered after the start, each once`() async throws {
    let early = try await bench.report()
    let database = bench.bench.database
    try await database.write { transaction in
      for statement in [Self.dropTerms, Self.dropDocuments, Self.resetState] {
        try transaction.run(statement, [])
      }
    }
    #expect(try await find("屋檐").isEmpty)
    let late = try await report("屋檐又漏水", "")
    await bench.dispute.enterBacklog()
    #expect(try await find("屋檐") == [early.caseID, late])
    await bench.dispute.enterBacklog()
    #expect(try await find("屋檐") == [early.caseID, late])
  }

  private static let dropTerms = Statement("test.terms", "DELETE FROM case_terms")
  private static let dropDocuments = Statement("test.documents", "DELETE FROM case_documents")
  private static let resetState = Statement("test.state", "UPDATE case_index_state SET documents = 0")

  private func report(_ title: String, _ narrative: String) async throws -> String {
    let response = try await bench.cases.reportCase(
      .init(
        requestID: UUIDv7.make(at: Scenery.monday), kind: .matter, gridID: "rural", title: title, narrative: narrative),
      context: bench.context(DisputeV1.CaseServiceMethods.reportCase, as: Scenery.member))
    return response.caseRecord?.caseID ?? ""
  }

  private func find(_ text: String, as actor: Actor = Scenery.member) async throws -> [String] {
    try await answer(text, as: actor).found.compactMap(\.caseRecord?.caseID)
  }

  private func answer(
    _ text: String, area: String = "", state: DisputeV1.Case.State = .unspecified, token: String = "", size: Int32 = 0,
    as actor: Actor = Scenery.member
  ) async throws -> DisputeV1.SearchCasesResponse {
    try await search.searchCases(
      .init(text: text, areaCode: area, state: state, pageSize: size, pageToken: token),
      context: bench.context(DisputeV1.SearchServiceMethods.searchCases, as: actor))
  }
}
