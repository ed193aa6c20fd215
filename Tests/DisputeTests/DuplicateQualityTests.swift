import DisputeDomain
import Kernel
import Testing

/// How many suggestions are right and how many reports of one matter are found (docs/decisions/0009). Skipped without the messages.
@Suite(.enabled(if: Complaints.file != nil)) struct DuplicateQualityTests {
  /// Of one strength or better.
  struct Figures: Equatable, CustomStringConvertible {
    var right: Int
    var wrong: Int
    var missed: Int

    init(_ right: Int, _ wrong: Int, _ missed: Int) { (self.right, self.wrong, self.missed) = (right, wrong, missed) }

    var description: String {
      "\(right) right, \(wrong) wrong, \(missed) missed: "
        + "precision \(Double(right) / Double(right + wrong)), recall \(Double(right) / Double(right + missed))"
    }
  }

  /// What is known of where the reports lie.
  enum Known: String { case grid, township }

  @Test(
    arguments: [
      ("tuning", .grid, Figures(51, 0, 64), Figures(73, 4, 42)),
      ("tuning", .township, Figures(48, 1, 67), Figures(53, 4, 62)),
      ("held-out", .grid, Figures(62, 1, 89), Figures(94, 6, 57)),
      ("held-out", .township, Figures(54, 3, 97), Figures(68, 6, 83)),
    ] as [(String, Known, Figures, Figures)])
  func `suggestions are right, and find what different people tell in words of their own`(
    half: String, known: Known, strong: Figures, weak: Figures
  ) throws {
    try expect(strong, weak, of: half, known) { $0.total }
  }

  /// What the formula of D§2.2.5 gives without the reading between strangers.
  @Test(
    arguments: [
      ("tuning", .grid, Figures(15, 0, 100), Figures(45, 0, 70)),
      ("tuning", .township, Figures(14, 0, 101), Figures(34, 0, 81)),
      ("held-out", .grid, Figures(22, 0, 129), Figures(58, 0, 93)),
      ("held-out", .township, Figures(21, 0, 130), Figures(39, 0, 112)),
    ] as [(String, Known, Figures, Figures)])
  func `the sum of the parts alone finds hardly more than what one person says twice`(
    half: String, known: Known, strong: Figures, weak: Figures
  ) throws {
    try expect(strong, weak, of: half, known) { $0.withParties }
  }

  /// Every message against every other one within the window, as if one township had heard them all and no grid were known.
  @Test func `of all that comes out strong nearly everything is right, but for one writer of petitions`() throws {
    let complaints = try Complaints.all.get()
    let all = try complaints.ids.map { (id: $0, report: try complaints.compared($0, grid: nil)) }
    var (right, wrong, byOne) = (0, 0, 0)
    for (index, one) in all.enumerated() {
      for other in all[(index + 1)...] where one.report.score(against: other.report)?.strength == .strong {
        if complaints.isOneMatter(one.id, other.id) {
          right += 1
        } else {
          wrong += 1
          byOne += complaints.user(of: one.id) == complaints.user(of: other.id) ? 1 : 0
        }
      }
    }
    #expect([right, wrong, byOne] == [148, 23, 20])
  }

  private func expect(
    _ strong: Figures, _ weak: Figures, of half: String, _ known: Known, _ total: (DuplicateScore) -> Double
  ) throws {
    let complaints = try Complaints.all.get()
    var scored = [(score: Double, isOneMatter: Bool)]()
    for pair in complaints.pairs where pair.half == half {
      let isLocated = known == .grid && pair.place != "none"
      let left = try complaints.compared(pair.left, grid: isLocated ? ID("a") : nil)
      let right = try complaints.compared(pair.right, grid: isLocated ? ID(pair.place == "same" ? "a" : "b") : nil)
      scored.append((left.score(against: right).map(total) ?? 0, pair.isOneMatter))
    }
    for (border, expected) in [(0.75, strong), (0.55, weak)] {
      func count(_ isSuggested: Bool, _ isOneMatter: Bool) -> Int {
        scored.count { ($0.score >= border - 1e-9) == isSuggested && $0.isOneMatter == isOneMatter }
      }
      let measured = Figures(count(true, true), count(true, false), count(false, true))
      #expect(measured == expected, "\(half), \(known.rawValue), from \(border): \(measured)")
    }
  }
}
