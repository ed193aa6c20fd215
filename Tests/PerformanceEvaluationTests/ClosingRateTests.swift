import Kernel
import PerformanceEvaluationDomain
import Testing

/// The numbers of the article, from as many cases as it speaks of.
struct ClosingRateTests {
  @Test func `F07 of 56,180 reports 52,800 count and 50,086 are closed: 94.86 percent, to the second decimal`() throws {
    let endings: [(Int, (Story) -> Story)] = [
      (50_086, { $0.closed(on: 3) }), (2_714, { $0 }), (1_930, { $0.then(.merged, on: 2) }),
      (610, { $0.then(.withdrawn, on: 2) }), (840, { $0.then(.rejected, on: 2) }),
    ]
    let stories = endings.enumerated().flatMap { kind, ending in
      (0..<ending.0).map { ending.1(.reported("\(kind)-\($0)", on: 1)) }
    }
    #expect(stories.count == 56_180)
    let closing = Records(stories).value(of: .closingRate, for: .county, at: Story.day(60))
    #expect((closing.numerator, closing.count) == (50_086, 52_800))
    #expect((try #require(closing.ratio) * 10_000).rounded() == 9486)
    #expect(Indicator.closingRate.definition.formula == "CLOSED ÷ V")
  }
}
