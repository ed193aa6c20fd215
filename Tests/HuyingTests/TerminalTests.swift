import Testing
import WireTypes

@testable import HuyingCLI

@Suite struct TerminalTests {
  @Test func `a Chinese character takes two columns`() {
    #expect(Terminal.width("城关 A1") == 7)
    #expect(Terminal.width("（，）") == 6)
    #expect(Terminal.cut("城关街道办事处", to: 7) == "城关街…")
  }

  @Test func `tables stay aligned where scripts mix`() {
    var table = Table("单位", "n")
    table.add("城关街道", "7")
    table.add("dept-sthj", "1012")
    let lines = table.text.split(separator: "\n").map { Terminal.width(String($0)) }
    #expect(Set(lines.dropFirst()).count == 1)
  }

  @Test(arguments: [
    (0, "0s"), (61, "1m 1s"), (998_629, "11d 13h 23m 49s"), (86_400, "1d"),
  ])
  func `durations are written in days, hours, minutes and seconds`(_ seconds: Int64, _ text: String) {
    #expect(HandlingText.text(seconds: seconds) == text)
  }

  @Test func `percentiles are nearest rank`() {
    let sorted: [Int64] = Array(stride(from: 1_000_000, through: 10_000_000, by: 1_000_000))
    #expect(HandlingSummary.percentile(50, of: sorted)?.seconds == 5)
    #expect(HandlingSummary.percentile(90, of: sorted)?.seconds == 9)
    #expect(HandlingSummary.percentile(50, of: [7_000_000])?.seconds == 7)
    #expect(HandlingSummary.percentile(50, of: []) == nil)
  }
}
