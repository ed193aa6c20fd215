import Access
import DisputeContract
import DisputeDomain
@testable import DisputeService
import DisputeStore
import Kernel
import Persistence
import Testing

@Suite struct DuplicateTests {
  @Test func `of one party the score is the sum of its three parts and has two borders`() {
    let score = DuplicateScore(text: 0.5, party: 1, place: 1)
    #expect(abs(score.withParties - 0.75) < 1e-12)
    #expect(DuplicateScore(text: 0.1, party: 1, place: 1).strength == .weak)
    #expect(DuplicateScore(text: 0.5, party: 1, place: 0.5).withParties == 0.65)
    #expect(DuplicateScore(text: 0.04, party: 1, place: 1).strength == nil)
  }

  @Test(
    arguments: [
      (0.25, 1, 1), (1, 1, 1), (0.1625, 1, 0.75), (0.0925, 1, 0.55), (0.2125, 0.5, 0.75), (0.1425, 0.5, 0.55),
    ] as [(Double, Double, Double)])
  func `reports of different people are told by text and place alone`(text: Double, place: Double, total: Double) {
    let score = DuplicateScore(text: text, party: 0, place: place)
    #expect(abs(score.total - total) < 1e-12)
    #expect(score.strength == (total < 0.75 ? .weak : .strong))
    #expect(DuplicateScore(text: text - 0.01, party: 0, place: place).strength != score.strength || total == 1)
    // A party in common never makes less of it.
    #expect(DuplicateScore(text: text, party: 0.5, place: place).total >= score.total)
  }

  @Test(
    arguments: [
      // grid, its latitude, the other's, days apart, category → place part, or nothing
      ("a", "a", 0, 0, "邻里", 1.0), ("a", "b", 0, 0, "邻里", 1.0), ("a", "b", 1_349, 10, "邻里", 0.5),
      ("a", "b", 2_700, 10, "邻里", nil), ("a", "a", 9_000, 60, "邻里", 1.0), ("a", "a", 0, 61, "邻里", nil),
      ("a", "a", 0, 0, "土地", nil), ("a", "a", 0, 0, "", 1.0), ("", "", 9_000, 0, "邻里", 0.5),
      ("a", "", 9_000, 0, "邻里", nil),
    ] as [(String, String, Int, Int, String, Double?)])
  func `reports are compared in the same grid or within 300 m, within 60 days, of sibling categories`(
    grid: String, other: String, metresNorthTimesTen: Int, days: Int, category: String, place: Double?
  ) throws {
    func compared(_ grid: String, _ latitude: Int, _ days: Int, _ category: String) -> ComparedCase {
      ComparedCase(
        grid: grid.isEmpty ? nil : ID(grid), township: Scenery.township,
        location: Location(latitudeMicrodegrees: latitude, longitudeMicrodegrees: 118_350_000), category: category,
        reportTime: Scenery.monday + .days(Int64(days)), fingerprint: Fingerprint(pairs: [1, 2, 3], singles: []),
        partyKeys: [])
    }
    let score = compared(grid, 34_610_000, 0, "邻里")
      .score(against: compared(other, 34_610_000 + metresNorthTimesTen, days, category))
    #expect(score?.text == (place == nil ? nil : 1))
    if let place {
      #expect(abs((score?.place ?? -1) - place) < 0.02)
    } else {
      #expect(score == nil)
    }
  }

  @Test func `categories are siblings below the same parent`() {
    #expect(ComparedCase.areSiblings("邻里/漏水", "邻里/噪声"))
    #expect(!ComparedCase.areSiblings("邻里/漏水", "土地/漏水"))
    #expect(!ComparedCase.areSiblings("邻里", "土地"))
  }

  @Test func `distances are those of the map`() throws {
    let here = try #require(Location(latitudeMicrodegrees: 34_610_000, longitudeMicrodegrees: 118_350_000))
    let east = try #require(Location(latitudeMicrodegrees: 34_610_000, longitudeMicrodegrees: 118_353_000))
    #expect(abs(here.distance(to: east) - 274.6) < 0.5)
    #expect(here.neighbourhood.contains(east.cell))
    #expect(Location(latitudeMicrodegrees: 0, longitudeMicrodegrees: 0) == nil)
    #expect(Location(latitudeMicrodegrees: 91_000_000, longitudeMicrodegrees: 0) == nil)
  }

  @Test func `the same matter told again by the same party is a strong suggestion, with its parts; nothing is merged`()
    async throws
  {
    let bench = try await DisputeBench()
    let first = try await bench.report(requestID: "1")
    let again = try await report(
      bench, "张三家屋檐水又流入李四家", "多次协商未果，请尽快处理。", [.init(role: .applicant, name: "张三丰", phone: "138-1234-5678")])
    #expect(again.duplicates.map(\.caseID) == [first.caseID])
    let suggestion = try #require(again.duplicates.first)
    #expect(suggestion.partyPart == 1 && suggestion.placePart == 1)
    #expect(suggestion.textPart > 0.3 && suggestion.textPart < 1)
    #expect(suggestion.strength == .strong && suggestion.score == 1)
    #expect(suggestion.state == .reported && suggestion.number == first.number)
    let suggested = try await DuplicateHandlers(dispute: bench.dispute).suggestDuplicates(
      .init(caseID: first.caseID),
      context: bench.context(DisputeV1.DuplicateServiceMethods.suggestDuplicates, as: Scenery.villageClerk))
    #expect(suggested.suggestions.map(\.caseID) == [again.caseRecord?.caseID])
    #expect(suggested.comparedCount == 1 && !suggested.truncated)
    let refused = await refusals {
      try await DuplicateHandlers(dispute: bench.dispute).suggestDuplicates(
        .init(caseID: first.caseID),
        context: bench.context(DisputeV1.DuplicateServiceMethods.suggestDuplicates, as: Scenery.stranger))
    }
    #expect(refused == ["JURISDICTION_MISMATCH"])
  }

  @Test func `neighbours across the border of two grids are compared by their distance`() async throws {
    let bench = try await DisputeBench()
    let text = "夜间施工噪声扰民，无法休息"
    let first = try await report(bench, text, "", [], grid: "urban", north: 0)
    let near = try await report(bench, text, "", [], grid: "rural", north: 30)
    let far = try await report(bench, text, "", [], grid: "rural", north: 40_000)
    let suggestions = near.duplicates
    #expect(suggestions.map(\.caseID) == [first.caseRecord?.caseID])
    #expect(suggestions.first?.strength == .strong)
    #expect(far.duplicates.map(\.caseID) == [near.caseRecord?.caseID])
  }

  private func report(
    _ bench: DisputeBench, _ title: String, _ narrative: String, _ parties: [DisputeV1.PartyDraft],
    grid: String = "rural", north: Int32? = nil
  ) async throws -> DisputeV1.ReportCaseResponse {
    try await bench.cases.reportCase(
      .init(
        requestID: UUIDv7.make(at: Scenery.monday), kind: .dispute, category: "邻里", gridID: grid, title: title,
        narrative: narrative, parties: parties,
        location: north.map {
          .init(latitudeMicrodegrees: 34_610_000 + $0, longitudeMicrodegrees: 118_350_000)
        }), context: bench.context(DisputeV1.CaseServiceMethods.reportCase, as: Scenery.member))
  }
}
