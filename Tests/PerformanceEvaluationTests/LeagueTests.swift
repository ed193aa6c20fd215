import Kernel
import PerformanceEvaluationDomain
import Testing

/// Ranking with small samples (D§2.5.2).
struct LeagueTests {
  /// A township with `closed` of `count` cases closed in time.
  static func township(_ code: String, _ closed: Int, of count: Int) -> [Story] {
    (0..<count).map { number in
      let story = Story.reported("\(code)-\(number)", on: 1, township: code)
      return number < closed ? story.closed(on: 2) : story
    }
  }

  static func league(_ stories: [[Story]], by indicator: Indicator) -> League {
    let records = Records(stories.flatMap { $0 })
    let scope = Scope(asOfTime: Story.day(60))
    let codes = Set(records.cases.map(\.townshipCode))
    return League(codes.map { Scorecard(of: .township($0), in: records, scope: scope) }, by: indicator)
  }

  @Test func `ties share a rank, and too few cases are not ranked`() {
    let league = Self.league(
      [
        Self.township("379922103000", 9, of: 10), Self.township("379922102000", 9, of: 10),
        Self.township("379922101000", 10, of: 10), Self.township("379922104000", 5, of: 10),
        Self.township("379922105000", 9, of: 9),
      ], by: .onTimeClosingRate)
    #expect(league.lines.map(\.rank) == [1, 2, 2, 4, nil])
    #expect(
      league.lines.map(\.scorecard.subject.id) == [
        "379922101000", "379922102000", "379922103000", "379922104000", "379922105000",
      ])
    #expect(league.lines.map(\.isIndistinguishableFromPrevious) == [false, true, true, true, false])
  }

  @Test func `many cases with a good rate stand above few with a perfect one`() {
    let league = Self.league(
      [Self.township("379922101000", 10, of: 10), Self.township("379922102000", 196, of: 200)], by: .onTimeClosingRate)
    #expect(league.lines.map(\.scorecard.subject.id) == ["379922102000", "379922101000"])
  }

  @Test func `equal facts give equal fingerprints, and one changed fact another`() {
    let records = Records(Self.township("379922101000", 3, of: 5))
    #expect(records.fingerprint == records.fingerprint)
    let other = Records(Self.township("379922101000", 4, of: 5))
    #expect(records.fingerprint != other.fingerprint)
  }
}
