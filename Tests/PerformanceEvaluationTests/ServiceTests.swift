import Access
import FeedContract
import Kernel
import PerformanceEvaluationContract
import PerformanceEvaluationDomain
import PerformanceEvaluationService
import RPC
import Runtime
import TestSupport
import Testing
import WireTypes

/// From relayed facts to scores, on a real database.
struct ServiceTests {
  typealias V1 = PerformanceEvaluationV1

  static let county = V1.Subject(subjectClass: .county)
  static let at60 = V1.Scope(asOfTime: .init(Story.day(60)))

  static func value(_ code: String, in card: V1.Scorecard) -> (Int64, Int64)? {
    card.values.first { $0.indicatorCode == code }.map { ($0.numeratorCount, $0.count) }
  }

  @Test func `the worked example through the inbox: K01 5/9, K03 4/6`() async throws {
    let relay = try Relay()
    let response = try await relay.deliver(relay.twelve())
    #expect(response.appliedCount == 35 && response.refusal == nil)
    let card = try await relay.scorecard(Self.county, Self.at60)
    #expect(try #require(Self.value("K01", in: card)) == (5, 9))
    #expect(try #require(Self.value("K03", in: card)) == (4, 6))
    let handling = try #require(card.handlingTime)
    #expect((handling.caseCount, handling.closedCount) == (9, 5))
    #expect(handling.medianDuration?.kernel == .days(4))
    #expect(handling.p90Duration?.kernel == .days(35))
    #expect(handling.verdictCounts.map(\.verdict) == [.unspecified, .self, .call])
    #expect(handling.verdictCounts.map(\.caseCount) == [7, 1, 1])
  }

  @Test func `F10 K04 4/5 and K06 5/9 through the inbox, of a grid, and event by event`() async throws {
    let relay = try Relay()
    try await relay.deliver(relay.twelve())
    for subject in [Self.county, V1.Subject(subjectClass: .grid, subjectID: "g1")] {
      let card = try await relay.scorecard(subject, Self.at60)
      let isCounty = subject.subjectClass == .county
      #expect(try #require(Self.value("K04", in: card)) == (isCounty ? (4, 5) : (1, 1)))
      #expect(try #require(Self.value("K06", in: card)) == (isCounty ? (5, 9) : (1, 1)))
      #expect(card.values.filter(\.provisional).map(\.indicatorCode) == ["K04"])
      #expect(card.values.allSatisfy { !$0.rankable })
    }
    let grid = try await relay.scorecard(.init(subjectClass: .grid, subjectID: "g1"))
    #expect(grid.subject?.name == "g1" && grid.handlingTime?.closedCount == 1)
    let context = relay.bench.context(V1.ScorecardServiceMethods.explainIndicator, as: .levelClerk)
    let first = try await relay.service.scorecards.explainIndicator(
      .init(subject: Self.county, indicatorCode: "K04", scope: Self.at60), context: context)
    #expect(first.evidence.map(\.recordID) == ["01", "02", "03", "04", "12"])
    #expect(first.evidence.map { $0.part == .numerator } == [true, true, false, true, true])
    #expect(first.evidence[2].eventIDs == ["dispute-8", "dispute-10"])
    #expect(first.value?.provisional == true)
    let found = try await relay.service.scorecards.explainIndicator(
      .init(
        subject: .init(subjectClass: .grid, subjectID: "g2"), indicatorCode: "K06",
        scope: .init(importSource: "file.jsonl")), context: context)
    #expect(found.evidence.map(\.eventIDs) == [["dispute-33"]])
  }

  @Test func `now and an instant of the past see different facts`() async throws {
    let relay = try Relay()
    try await relay.deliver(relay.twelve())
    relay.bench.clock.now = Story.day(60)
    let now = try await relay.scorecard(Self.county)
    #expect(try #require(Self.value("K03", in: now)) == (4, 6))
    #expect(now.scope?.asOfTime?.kernel == Story.day(60))
    let past = try await relay.scorecard(Self.county, .init(asOfTime: .init(Story.day(21.5))))
    #expect(try #require(Self.value("K01", in: past)) == (1, 7))
  }

  @Test func `the same facts again change nothing`() async throws {
    let relay = try Relay()
    try await relay.deliver(relay.twelve())
    let before = try await relay.checksum()
    let again = try await relay.deliver(relay.sent)
    #expect(again.appliedCount == 0 && again.alreadyAppliedCount == 35 && again.refusal == nil)
    #expect(try await relay.checksum() == before)
  }

  @Test func `a service started empty and fed again shows identical numbers`() async throws {
    let relay = try Relay()
    try await relay.deliver(relay.twelve())
    try await relay.deliver(relay.twoCalls())
    let other = try Relay()
    for message in relay.sent { try await other.deliver([message]) }
    #expect(try await other.checksum() == relay.checksum())
    #expect(try await other.cards() == relay.cards())
  }

  @Test func `a rebuild folds the facts to the same bits and is journaled once per request`() async throws {
    let relay = try Relay()
    try await relay.deliver(relay.twelve())
    try await relay.deliver(relay.twoCalls())
    let before = try await relay.checksum()
    let cards = try await relay.cards()
    let context = relay.bench.context(V1.RebuildServiceMethods.rebuild, as: .assessmentOffice)
    let response = try await relay.service.rebuild.rebuild(.init(requestID: "r1"), context: context)
    #expect((response.factCount, response.caseCount, response.callCount) == (43, 12, 2))
    #expect(response.checksumBefore == before && response.checksumAfter == before)
    #expect(try await relay.service.rebuild.rebuild(.init(requestID: "r1"), context: context) == response)
    #expect(try await relay.checksum() == before)
    #expect(try await relay.cards() == cards)
    #expect(cards.map { $0.values.map(\.indicatorCode).filter { ["K04", "K06"].contains($0) }.count } == [2, 2, 2])
  }

  @Test func `a fact that arrives late takes its place in the order`() async throws {
    let relay = try Relay()
    var facts = relay.twelve()
    var late = facts.remove(at: 2)
    try await relay.deliver(facts)
    late.origin?.parked = true
    #expect(try await relay.deliver([late]).appliedCount == 1)
    let card = try await relay.scorecard(Self.county, Self.at60)
    #expect(try #require(Self.value("K01", in: card)) == (5, 9))
  }

  @Test func `a scorecard of one import's cases`() async throws {
    let relay = try Relay()
    try await relay.deliver(relay.twelve())
    let response = try await relay.service.scorecards.getHandlingTime(
      .init(scope: .init(importSource: "file.jsonl")),
      context: relay.bench.context(V1.ScorecardServiceMethods.getHandlingTime, as: .levelClerk))
    #expect(response.handlingTime?.caseCount == 1)
    #expect(response.handlingTime?.medianDuration?.kernel == .days(2))
    #expect(response.watermarks.map(\.source) == ["dispute"])
    #expect(response.watermarks.map(\.seq) == [35])
  }

  @Test func `townships are ranked by name, those with few cases last`() async throws {
    let relay = try Relay()
    try await relay.deliver([
      relay.message(
        "grid-registry",
        .organisation(.init(orgID: "T1", name: "城关街道", orgType: "TOWNSHIP", townshipCode: Relay.town))),
      relay.message("grid-registry", .calendar(.init(year: 2020, confirmed: true, restDates: ["2020-05-01"]))),
      relay.message("grid-registry", .heartbeat(.init())),
    ])
    let twelve = relay.twelve()
    let many = (0..<12).flatMap { number in
      [relay.fact("v\(number)", .reported, on: 1, reported: 1, township: Relay.village)]
        + (number < 10 ? [relay.fact("v\(number)", .closed, on: 3, reported: 1, township: Relay.village)] : [])
    }
    try await relay.deliver(twelve + many)
    relay.bench.clock.now = Story.day(60)
    let response = try await relay.service.scorecards.listScorecards(
      .init(subjectClass: .township),
      context: relay.bench.context(V1.ScorecardServiceMethods.listScorecards, as: .levelClerk))
    #expect(response.rankedScorecards.map { $0.scorecard?.subject?.subjectID } == [Relay.village, Relay.town])
    #expect(response.rankedScorecards.map { $0.scorecard?.subject?.name } == [Relay.village, "城关街道"])
    #expect(response.rankedScorecards.map(\.rank) == [1, 0])
  }

  @Test func `a department's numbers come from its calls`() async throws {
    let relay = try Relay()
    try await relay.deliver(relay.twoCalls())
    let card = try await relay.scorecard(.init(subjectClass: .department, subjectID: "D1"))
    #expect(card.values.map(\.indicatorCode) == ["K09", "K10", "K12"])
    #expect(try #require(Self.value("K09", in: card)) == (1, 1))
    #expect(try #require(Self.value("K10", in: card)) == (1, 1))
    #expect(card.values.last?.medianDuration?.kernel == .minutes(90))
    #expect(card.handlingTime == nil)
    let county = try await relay.scorecard(Self.county)
    #expect(try #require(Self.value("K13", in: county)) == (1, 2))
  }

  @Test func `a number drills down to event ids, page by page`() async throws {
    let relay = try Relay()
    try await relay.deliver(relay.twelve())
    var evidence: [V1.Evidence] = []
    var token = ""
    repeat {
      let page = try await relay.service.scorecards.explainIndicator(
        .init(subject: Self.county, indicatorCode: "K03", scope: Self.at60, pageSize: 4, pageToken: token),
        context: relay.bench.context(V1.ScorecardServiceMethods.explainIndicator, as: .levelClerk))
      #expect((page.value?.numeratorCount, page.value?.count) == (4, 6))
      evidence += page.evidence
      token = page.nextPageToken
    } while !token.isEmpty
    #expect(evidence.map(\.recordID) == ["01", "02", "03", "04", "06", "12"])
    #expect(evidence.map { $0.part == .numerator } == [true, true, true, false, false, true])
    #expect(evidence[0].eventIDs == ["dispute-1", "dispute-3"])
    #expect(evidence[4].eventIDs == ["dispute-20"])
  }
}
