/// The refused lines of a file. One wrong row at the top makes hundreds below it wrong in the same way: those with the same reason
/// are one line, so that the cause does not drown.
enum RefusedLines {
  /// `line 3: …`, `lines 7–220, 224: …`; the reason that comes first stands first.
  static func texts(_ refused: [(line: Int, reason: String)]) -> [String] {
    var order: [String] = []
    var lines: [String: [Int]] = [:]
    for (line, reason) in refused.sorted(by: { $0.line < $1.line }) {
      if lines[reason] == nil { order.append(reason) }
      lines[reason, default: []].append(line)
    }
    return order.map { reason in
      let numbers = ranges(lines[reason] ?? [])
      let isOne = lines[reason]?.count == 1
      return Say.of("第 \(numbers) 行：\(reason)", "\(isOne ? "line" : "lines") \(numbers): \(reason)")
    }
  }

  /// `7–220, 224`
  private static func ranges(_ lines: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for line in lines {
      if let last = ranges.last, line <= last.upperBound + 1 {
        ranges[ranges.count - 1] = last.lowerBound...line
      } else {
        ranges.append(line...line)
      }
    }
    return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
      .joined(separator: Say.of("、", ", "))
  }
}
