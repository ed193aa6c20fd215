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

  /// For people in their language, for programs in English.
  struct Warning: Sendable {
    let chinese: String
    let english: String

    init(_ chinese: String, _ english: String) { (self.chinese, self.english) = (chinese, english) }
  }

  /// What a reader has to know before believing the numbers.
  var warnings: [Warning] {
    var warnings: [Warning] = []
    if outcome.isInterrupted {
      warnings.append(Warning("被中断：以下是至此测得的", "interrupted: this is what was measured until then"))
    }
    if measurement.calls == 0 { warnings.append(Warning("没有一次调用结束", "no call has ended")) }
    let late = measurement.lateness.percentile(99)
    let share = outcome.processorTime / (seconds + plan.warmup.inSeconds)
    if late > Self.tolerableLateness {
      warnings.append(
        Warning(
          "加压程序自己迟了（p99 \(TimeSpan.text(late))）：延迟中的这一部分不是服务器的",
          "the generator itself was late (p99 \(TimeSpan.text(late))): that much of the latency is not the server's"))
    } else if share > 0.9 * Double(LoadGenerator.processors) {
      warnings.append(
        Warning(
          "加压程序占满了本机的处理器：服务器可能比这里显示的更快",
          "the generator used all of this machine's processors: the server may do better than it shows"))
    }
    if outcome.notStarted > 0 {
      let rate = Self.number(plan.rate ?? 0)
      warnings.append(
        Warning(
          "有 \(outcome.notStarted) 次调用到点而未能开始：同时最多 \(plan.concurrency) 次时，服务器跟不上每秒 \(rate) 次（或调高 --concurrency）",
          """
          \(outcome.notStarted) calls were due and never began: with \(plan.concurrency) under way at most the server \
          does not keep up with \(rate)/s (or raise --concurrency)
          """))
    }
    return warnings
  }

  // MARK: - For people

  var text: String {
    var lines = head
    lines += warnings.map { Say.of("注意：\($0.chinese)", "warning: \($0.english)") }
    lines += ["", counts, "", statuses]
    if measurement.latency.count > 0 { lines += ["", times, "", picture] }
    return lines.joined(separator: "\n")
  }

  private var head: [String] {
    let load: String =
      plan.rate.map { rate in
        let rate = Self.number(rate)
        return Say.of("开环：\(plan.arrivals)，每秒 \(rate) 次", "open loop: \(plan.arrivals) arrivals, \(rate)/s")
      }
      ?? Say.of(
        "闭环：延迟不含调用者本会等待的时间（开环请用 --rate）",
        "closed loop: latency leaves out what callers would have waited (give --rate for an open one)")
    let streams =
      plan.method.clientStreaming
      ? [
        Say.of("每个流 \(plan.messagesPerStream) 条消息", "\(plan.messagesPerStream) messages per stream")
          + (plan.messageRate.map { ", \(Self.number($0))/s" } ?? "")
      ] : []
    let warmup = TimeSpan.text(plan.warmup.inSeconds)
    return [
      "\(plan.method.path) \(Say.of("→", "at")) \(endpoint.address), \(endpoint.security)", load,
      ([
        Say.of("同时最多 \(plan.concurrency) 次调用", "at most \(plan.concurrency) calls under way"),
        Say.of("\(connections) 个连接", "\(connections) connection\(connections == 1 ? "" : "s")"),
      ] + streams + [
        Say.of(
          "预热 \(warmup) 后测量 \(TimeSpan.text(seconds))", "\(TimeSpan.text(seconds)) after \(warmup) of warm-up")
      ]).joined(separator: Say.of("，", ", ")),
    ]
  }

  private var counts: String {
    var table = Table("", Say.of("次数", "count"), Say.of("每秒", "per second"), Say.of("字节", "bytes"))
    let asked = plan.rate.map { Say.of("（要求 \(Self.number($0))）", " of \(Self.number($0)) asked") } ?? ""
    table.add(Say.of("调用", "calls"), "\(measurement.calls)", Self.number(achievedRate) + asked, "")
    table.add(
      Say.of("发出的消息", "messages sent"), "\(measurement.sent.messages)",
      Self.number(Double(measurement.sent.messages) / seconds),
      ByteCount.text(measurement.sent.bytes))
    table.add(
      Say.of("收到的消息", "messages received"), "\(measurement.received.messages)",
      Self.number(Double(measurement.received.messages) / seconds), ByteCount.text(measurement.received.bytes))
    if measurement.cutOff > 0 {
      table.add(Say.of("结束时截断", "cut off at the end"), "\(measurement.cutOff)", "", "")
    }
    return table.text
  }

  private var statuses: String {
    var table = Table(Say.of("状态", "status"), Say.of("调用", "calls"), Say.of("占比", "share"), "")
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
      measurement.failed > 0 ? Say.of("成功的调用", "of calls that succeeded") : "",
      plan.rate == nil ? Say.of("延迟", "latency") : Say.of("延迟（从应开始时算）", "latency, from when due"),
      Say.of("服务时间", "service time"))
    func add(_ name: String, _ time: (TimeDistribution) -> Double) {
      table.add(name, TimeSpan.text(time(measurement.latency)), TimeSpan.text(time(measurement.serviceTime)))
    }
    add(Say.of("最短", "min")) { $0.minimum }
    add(Say.of("平均", "mean")) { $0.mean }
    for (name, percent) in Self.percentiles { add(name) { $0.percentile(percent) } }
    add(Say.of("最长", "max")) { $0.maximum }
    return table.text
  }

  /// A bar for each range of latencies; the ranges grow by equal factors, as latencies do.
  private var picture: String {
    let ranges = Self.ranges(measurement.latency)
    let counts = ranges.map { measurement.latency.count(from: $0.lowerBound, to: $0.upperBound) }
    let highest = Double(counts.max() ?? 1)
    var table = Table(Say.of("延迟不超过", "latency up to"), Say.of("调用", "calls"), "")
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
