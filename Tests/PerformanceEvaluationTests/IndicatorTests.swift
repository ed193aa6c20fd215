import Kernel
import PerformanceEvaluationDomain
import Testing

/// The indicators' exact definitions (D§2.5.2).
struct IndicatorTests {
  /// The worked example: twelve reports, looked at on day 60.
  static let twelve = Records([
    .reported("01", on: 20, grid: "g1", found: .patrol).taken(at: .grid, on: 20).closed(on: 21, by: .grid),
    .reported("02", on: 20, found: .patrol).taken(at: .village, on: 20).closed(on: 24, by: .village),
    .reported("03", on: 20, found: .round).taken(at: .village, on: 20).taken(at: .community, on: 25)
      .closed(on: 30, by: .community),
    .reported("04", on: 20, found: .citizen).taken(at: .village, on: 20).closed(on: 55, onTime: false, by: .village),
    .reported("05", on: 35, found: .hotline).taken(at: .village, on: 35).taken(at: .community, on: 36)
      .taken(at: .township, on: 37).closed(on: 38, by: .township).then(.reopened, on: 58),
    .reported("06", on: 20, found: .patrol).taken(at: .village, on: 21),
    .reported("07", on: 50, found: .citizen).taken(at: .village, on: 51),
    .reported("08", on: 20, found: .industry).taken(at: .industry, on: 21).then(.terminated, on: 40),
    .reported("09", on: 20, found: .patrol).then(.merged, on: 21),
    .reported("10", on: 20, found: .citizen).then(.withdrawn, on: 21),
    .reported("11", on: 20, found: .citizen).then(.rejected, on: 21),
    .reported("12", on: 20, grid: "g1", found: .patrol).taken(at: .grid, on: 20).closed(on: 22, by: .grid),
  ])

  @Test func `the worked example: V = 9, K01 5/9, K03 4/6`() throws {
    let now = Story.day(60)
    let closing = Self.twelve.value(of: .closingRate, for: .county, at: now)
    #expect((closing.numerator, closing.count) == (5, 9))
    let ratio = try #require(closing.ratio)
    #expect((ratio * 10_000).rounded() == 5556)
    let onTime = Self.twelve.value(of: .onTimeClosingRate, for: .county, at: now)
    #expect((onTime.numerator, onTime.count) == (4, 6))
  }

  @Test func `F10 the worked example: K04 4/5, K06 5/9, and of the one grid 2/2 each, not ranked`() throws {
    let now = Story.day(60)
    let first = Self.twelve.value(of: .firstLevelRate, for: .county, at: now)
    #expect((first.numerator, first.count) == (4, 5))
    let found = Self.twelve.value(of: .proactiveRate, for: .county, at: now)
    #expect((found.numerator, found.count) == (5, 9))
    let card = Scorecard(of: .grid("g1"), in: Self.twelve, scope: Scope(asOfTime: now))
    #expect(
      card.values.map(\.indicator) == [.closingRate, .onTimeClosingRate, .firstLevelRate, .proactiveRate])
    for value in card.values { #expect((value.numerator, value.count, value.isRankable) == (2, 2, false)) }
    #expect(card.handling?.handling.count == 2)
  }

  @Test func `K04 a case that was opened again within ninety days was not solved at first, a day later it was`() {
    func rate(reopenedOn day: Double) -> IndicatorValue {
      // Closed on 2020-03-01 (E24): the last day is 2020-05-30.
      Records([
        .reported("1", on: 30).taken(at: .village, on: 31).closed(on: 60, by: .village).then(.reopened, on: day)
          .taken(at: .village, on: day).closed(on: 200, by: .village)
      ]).value(of: .firstLevelRate, for: .county, at: Story.day(300))
    }
    #expect((rate(reopenedOn: 150.5).numerator, rate(reopenedOn: 150.5).count) == (0, 1))
    #expect((rate(reopenedOn: 151).numerator, rate(reopenedOn: 151).count) == (1, 1))
  }

  @Test func `K04 another level than the first, another's power, and a level that nobody told of`() {
    func counts(_ story: Story) -> [Int] {
      let value = Records([story]).value(of: .firstLevelRate, for: .county, at: Story.day(60))
      return [value.numerator, value.count]
    }
    let raised = Story.reported("1", on: 20).taken(at: .township, on: 20)
    #expect(counts(raised.closed(on: 21, by: .township)) == [1, 1])
    #expect(counts(raised.closed(on: 21, by: .county)) == [0, 1])
    #expect(counts(.reported("1", on: 20).closed(on: 21, by: .township)) == [0, 0])
    // Given down again to those who had it first.
    let returned = Story.reported("1", on: 20).taken(at: .village, on: 20).taken(at: .community, on: 21)
    #expect(counts(returned.closed(on: 22, by: .village)) == [1, 1])
    // An end that was none of solving does not make a reopening early.
    let terminated = Story.reported("1", on: 20).taken(at: .village, on: 20).then(.terminated, on: 21)
      .then(.reopened, on: 22)
    #expect(counts(terminated.closed(on: 23, by: .village)) == [1, 1])
  }

  @Test func `K04 is provisional until ninety days after its period, K06 never`() {
    let period = Scope(asOfTime: Story.day(150.6), fromTime: Story.day(0), toTime: Story.day(60.5))
    #expect(period.isProvisional(.firstLevelRate) && !period.isProvisional(.proactiveRate))
    var later = period
    later.asOfTime = Story.day(151)
    #expect(!later.isProvisional(.firstLevelRate))
    #expect(Scope(asOfTime: Story.day(900)).isProvisional(.firstLevelRate))
    #expect(Indicator.firstLevelRate.definition.provisionalDays == 90)
  }

  @Test func `the worked example's handling time is that of the five closed cases`() {
    let handling = HandlingSummary(of: .county, in: Self.twelve, at: Story.day(60))
    #expect(handling.handling.count == 5)
    #expect(handling.handling.median == .days(4))
    #expect(handling.handling.p90 == .days(35))
    #expect(handling.closing.count == 9)
  }

  @Test func `nothing below the line is no value`() {
    let card = Scorecard(
      of: .county, in: Records(cases: [], calls: []), scope: Scope(asOfTime: Story.day(60)))
    #expect(
      card.values.map(\.indicator) == [
        .closingRate, .onTimeClosingRate, .firstLevelRate, .proactiveRate, .responseRate, .solutionRate,
        .responseTime, .overCallRate,
      ])
    for value in card.values {
      #expect(value.ratio == nil && value.wilson == nil && value.median == nil && value.rankingBound == nil)
    }
  }

  @Test(arguments: [(9, 10, 0.5958), (930, 1000, 0.9125), (3, 3, 0.4385), (50_086, 52_800, 0.9467)])
  func `Wilson's lower bound has the stated values`(successes: Int, count: Int, expected: Double) throws {
    let wilson = try #require(Wilson(successes, of: count))
    #expect((wilson.lower * 10_000).rounded() == (expected * 10_000).rounded())
    #expect(Wilson(0, of: 0) == nil)
    #expect(wilson.upper <= 1)
  }

  @Test(arguments: [
    ([1], 50, 1), ([1, 2], 50, 1), ([1, 2, 3], 50, 2), (Array(1...10), 90, 9), (Array(1...11), 90, 10),
  ])
  func `a percentile is the nearest rank`(values: [Int64], percent: Int, expected: Int64) {
    #expect(values.map(Interval.minutes).nearestRank(percent: percent) == .minutes(expected))
  }

  @Test func `a suspended clock cannot breach, an earlier breach stands`() {
    let paused = Records([.reported("1", on: 0).suspended(on: 10)])
    #expect(paused.value(of: .onTimeClosingRate, for: .county, at: Story.day(90)).count == 0)
    let late = Records([.reported("1", on: 0).suspended(on: 31)])
    #expect(late.value(of: .onTimeClosingRate, for: .county, at: Story.day(90)).count == 1)
    let resumed = Records([.reported("1", on: 0).suspended(on: 10).resumed(on: 20, due: 40)])
    #expect(resumed.value(of: .onTimeClosingRate, for: .county, at: Story.day(40)).count == 0)
    #expect(resumed.value(of: .onTimeClosingRate, for: .county, at: Story.day(40.5)).count == 1)
  }

  @Test func `a reopened case is judged by its new round`() {
    let again = Records([.reported("1", on: 0).closed(on: 40, onTime: false).then(.reopened, on: 41).closed(on: 42)])
    let value = again.value(of: .onTimeClosingRate, for: .county, at: Story.day(90))
    #expect((value.numerator, value.count) == (1, 1))
  }

  @Test func `verdicts are counted over V`() {
    let records = Records([
      .reported("1", on: 0).found(.own), .reported("2", on: 0).found(.own).closed(on: 1),
      .reported("3", on: 0).found(.call).then(.withdrawn, on: 1), .reported("4", on: 0),
    ])
    let verdicts = HandlingSummary(of: .county, in: records, at: Story.day(9)).verdicts
    #expect(verdicts.map(\.verdict) == [.undetermined, .own])
    #expect(verdicts.map(\.count) == [1, 2])
  }

  @Test func `a scope takes reports of its window and of its import`() {
    let stories: [Story] = [
      .reported("1", on: 0, source: "a"), .reported("2", on: 5, source: "a"), .reported("3", on: 5, source: "b"),
      .reported("4", on: 9, source: "a"),
    ]
    let scope = Scope(
      asOfTime: Story.day(90), fromTime: Story.day(5), toTime: Story.day(9), importSource: "a")
    #expect(Records(stories).within(scope).cases.map(\.caseID) == ["2"])
  }
}
