import Foundation

/// One line of the table: what its rounds gave, in their order.
struct Line: Encodable {
  var name: String
  var goal = ""
  var callsPerSecond: [Double] = []
  var cpuMicroseconds: [Double] = []
  /// Where a call goes through two processes: what each used, in the order in which the call meets them.
  var cpuShares: [[Double]] = []
  var p50Microseconds: [Double] = []
  var p95Microseconds: [Double] = []
  var p99Microseconds: [Double] = []
  /// To another line of the same group, round by round.
  var ratios: [Double] = []
  var ratioTo = ""
  /// For what is not a rate: start time, memory.
  var value: [Double] = []
  var unit = ""

  var cells: [String] {
    var name = name
    if let count = cpuShares.first?.count {
      let shares = (0..<count).map { index in Report.number(median(cpuShares.map { $0[index] })) }
      name += " (\(shares.joined(separator: " + ")))"
    }
    let plain = [callsPerSecond, cpuMicroseconds, p50Microseconds, p95Microseconds, p99Microseconds]
      .map { $0.isEmpty ? "" : Report.number(median($0)) }
    let ratio = ratios.isEmpty ? "" : String(format: "%.2f ×", median(ratios))
    let value = value.isEmpty ? "" : "\(Report.number(median(value))) \(unit)"
    return [name] + plain + [ratio, value, goal]
  }
}

/// What was measured.
struct Report: Encodable {
  struct Group: Encodable {
    var title: String
    var lines: [Line]
  }

  var loadAtStart: Double
  var processors = Machine.processorCount
  var groups: [Group] = []

  init(load: Double) { loadAtStart = load }

  mutating func add(_ group: Group) { groups.append(group) }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  var text: String {
    let head = ["", "calls/s", "CPU µs/call", "p50 µs", "p95 µs", "p99 µs", "ratio", "", "goal"]
    let rows =
      [head]
      + groups.flatMap { group in [[group.title]] + group.lines.map { ["  " + $0.cells[0]] + $0.cells.dropFirst() } }
    let widths = head.indices.map { column in
      rows.filter { $0.count > 1 }.map { $0[column].count }.max() ?? 0
    }
    let lines = rows.map { row in
      row.enumerated().map { column, cell in
        let room = String(repeating: " ", count: max(0, widths[column] - cell.count))
        return column == 0 || column == head.count - 1 ? cell + room : room + cell
      }.joined(separator: "  ")
    }
    let note = String(
      format: "medians; %d processors, load average %.1f when it began; CPU is the servers', all threads", processors,
      loadAtStart)
    return (lines.map { $0.replacing(/\s+$/, with: "") } + [note]).joined(separator: "\n")
  }

  static func number(_ value: Double) -> String {
    switch abs(value) {
    case ..<10: String(format: "%.2f", value)
    case ..<1000: String(format: "%.1f", value)
    default: String(format: "%.0f", value)
    }
  }
}

/// The middle one; of an even number the mean of the two.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return 0 }
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
