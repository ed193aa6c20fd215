import DisputeContract
import Kernel
import PerformanceEvaluationContract
import WireTypes

/// Count, verdicts, closing rate, median and P90 of one file's cases: close − report in calendar time, nearest rank.
struct HandlingSummary {
  private(set) var caseCount = 0
  private var closedMicroseconds: [Int64] = []
  private var verdicts: [Int32: Int64] = [:]

  mutating func add(_ outcome: CaseImporter.Outcome) {
    caseCount += 1
    verdicts[outcome.verdict.rawValue, default: 0] += 1
    if let close = outcome.line.replyTime { closedMicroseconds.append((close - outcome.line.time).microseconds) }
  }

  /// In the same form that performance-evaluation answers in.
  var handlingTime: PerformanceEvaluationV1.HandlingTime {
    let sorted = closedMicroseconds.sorted()
    let counts = verdicts.sorted { $0.key < $1.key }.map { verdict, count in
      PerformanceEvaluationV1.VerdictCount(verdict: .init(rawValue: verdict), caseCount: count)
    }
    return .init(
      caseCount: Int64(caseCount), closedCount: Int64(sorted.count),
      closingRate: caseCount == 0 ? nil : Double(sorted.count) / Double(caseCount),
      medianDuration: Self.percentile(50, of: sorted), p90Duration: Self.percentile(90, of: sorted),
      verdictCounts: counts)
  }

  /// Nearest rank: the ⌈p·n⌉-th smallest (D§2.5.2). `nil` where there is none.
  static func percentile(_ percent: Int, of sorted: [Int64]) -> GoogleProtobuf.Duration? {
    guard !sorted.isEmpty else { return nil }
    let rank = (percent * sorted.count + 99) / 100
    let microseconds = sorted[max(0, rank - 1)]
    return .init(seconds: microseconds / 1_000_000, nanos: Int32(microseconds % 1_000_000 * 1000))
  }
}
