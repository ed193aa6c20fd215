import Foundation
import RPC
import Wire

/// What a load test has shown, for people and for programs.
struct BenchReport: Sendable {
  static let percentiles: [(name: String, percent: Double)] = [
    ("p50", 50), ("p75", 75), ("p90", 90), ("p95", 95), ("p99", 99), ("p99.9", 99.9), ("p99.99", 99.99),
  ]
  /// The generator is at fault from here on.
  static let tolerableLateness = 0.002

  let plan: LoadPlan
  let endpoint: Endpoint
  let connections: Int
  let outcome: LoadGenerator.Outcome

  private var measurement: Measurement { outcome.measurement }
  private var seconds: Double { max(outcome.elapsed.inSeconds, 1e-9) }

  /// Calls per second that ended.
  var achievedRate: Double { Double(measurement.calls) / seconds }

  /// 0: all succeeded; 1: some failed, or none ended; 64 + code: all failed, most of them so.
  var exitCode: Int32 {
    if measurement.failed == 0 { return measurement.succeeded == 0 && !outcome.isInterrupted ? 1 : 0 }
    let worst = measurement.failures.max { $0.value.count < $1.value.count }
    return measurement.succeeded > 0 ? 1 : Int32(64 + (worst?.key.rawValue ?? 0))
  }

  /// What a reader has to know before believing the numbers.
  var warnings: [String] {
    var warnings: [String] = []
    if outcome.isInterrupted { warnings.append("interrupted: this is what was measured until then") }
    if measurement.calls == 0 { warnings.append("no call has ended") }
    let late = measurement.lateness.percentile(99)
    let share = outcome.processorTime / (seconds + plan.warmup.inSeconds)
    if late > Self.tolerableLateness {
      warnings.append(
        "the generator itself was late (p99 \(TimeSpan.text(late))): that much of the latency is not the server's")
    } else if share > 0.9 * Double(LoadGenerator.processors) {
      warnings.append("the generator used all of this machine's processors: the server may do better than it shows")
    }
    if outcome.notStarted > 0 {
      warnings.append(
        """
        \(outcome.notStarted) calls were due and never began: with \(plan.concurrency) under way at most the server \
        does not keep up with \(Self.number(plan.rate ?? 0))/s (or raise --concurrency)
        """)
    }
    return warnings
  }

  // MARK: - For people

  var text: String {
    var lines = head
    lines += warnings.map { "warning: \($0)" }
    lines += ["", counts, "", statuses]
    if measurement.latency.count > 0 { lines += ["", times, "", picture] }
    return lines.joined(separator: "\n")
  }

  private var head: [String] {
    let load: String =
      plan.rate.map { "open loop: \(plan.arrivals) arrivals, \(Self.number($0))/s" }
      ?? "closed loop: latency leaves out what callers would have waited (give --rate for an open one)"
    let streams =
      plan.method.clientStreaming
      ? ["\(plan.messagesPerStream) messages per stream" + (plan.messageRate.map { ", \(Self.number($0))/s" } ?? "")]
      : []
    return [
      "\(plan.method.path) at \(endpoint.address), \(endpoint.tls == nil ? "in the clear" : "TLS")", load,
      (["at most \(plan.concurrency) calls under way", "\(connections) connection\(connections == 1 ? "" : "s")"]
        + streams + ["\(TimeSpan.text(seconds)) after \(TimeSpan.text(plan.warmup.inSeconds)) of warm-up"])
        .joined(separator: ", "),
    ]
  }

  private var counts: String {
    var table = Table("", "count", "per second", "bytes")
    let asked = plan.rate.map { " of \(Self.number($0)) asked" } ?? ""
    table.add("calls", "\(measurement.calls)", Self.number(achievedRate) + asked, "")
    table.add(
      "messages sent", "\(measurement.sent.messages)", Self.number(Double(measurement.sent.messages) / seconds),
      ByteCount.text(measurement.sent.bytes))
    table.add(
      "messages received", "\(measurement.received.messages)",
      Self.number(Double(measurement.received.messages) / seconds), ByteCount.text(measurement.received.bytes))
    if measurement.cutOff > 0 { table.add("cut off at the end", "\(measurement.cutOff)", "", "") }
    return table.text
  }

  private var statuses: String {
    var table = Table("status", "calls", "share", "")
    let total = Double(max(measurement.calls, 1))
    func share(_ count: Int) -> String { "\((Double(count) / total * 1e4).rounded() / 100)%" }
    if measurement.succeeded > 0 { table.add("OK", "\(measurement.succeeded)", share(measurement.succeeded), "") }
    for (code, failure) in measurement.failures.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      table.add(code.name, "\(failure.count)", share(failure.count), Terminal.cut(failure.message, to: 60))
    }
    return table.text
  }

  private var times: String {
    var table = Table(
      measurement.failed > 0 ? "of calls that succeeded" : "", plan.rate == nil ? "latency" : "latency, from when due",
      "service time")
    func add(_ name: String, _ time: (TimeDistribution) -> Double) {
      table.add(name, TimeSpan.text(time(measurement.latency)), TimeSpan.text(time(measurement.serviceTime)))
    }
    add("min") { $0.minimum }
    add("mean") { $0.mean }
    for (name, percent) in Self.percentiles { add(name) { $0.percentile(percent) } }
    add("max") { $0.maximum }
    return table.text
  }

  /// A bar for each range of latencies; the ranges grow by equal factors, as latencies do.
  private var picture: String {
    let ranges = Self.ranges(measurement.latency)
    let counts = ranges.map { measurement.latency.count(from: $0.lowerBound, to: $0.upperBound) }
    let highest = Double(counts.max() ?? 1)
    var table = Table("latency up to", "calls", "")
    for (range, count) in zip(ranges, counts) {
      let eighths = Int((Double(count) / highest * 320).rounded(.up))
      let bar = String(repeating: "█", count: eighths / 8) + ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
      table.add(TimeSpan.text(range.upperBound), "\(count)", bar)
    }
    return table.text
  }

  /// Ten ranges from the shortest time to the longest.
  static func ranges(_ times: TimeDistribution) -> [Range<Double>] {
    let low = max(times.minimum, 1e-9)
    let high = max(times.maximum * 1.001, low * 1.01)
    let bounds = [0] + (1...10).map { low * pow(high / low, Double($0) / 10) }
    return zip(bounds, bounds.dropFirst()).map { $0..<$1 }
  }

  /// A number with as many places as matter.
  static func number(_ value: Double) -> String {
    let places = value >= 1000 ? 1.0 : value >= 10 ? 10 : 100
    let text = "\((value * places).rounded() / places)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
