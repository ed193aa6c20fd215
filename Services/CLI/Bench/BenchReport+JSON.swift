import RPC
import Wire

extension BenchReport {
  /// The same for programs; times in microseconds, rates per second.
  var json: JSONValue {
    let measurement = outcome.measurement
    var members: [JSONValue.Member] = [
      .init("method", .string(plan.method.path)), .init("target", .string(endpoint.address)),
      .init("tls", .bool(endpoint.tls != nil)), .init("loop", .string(plan.rate == nil ? "closed" : "open")),
    ]
    if let rate = plan.rate {
      members += [.init("arrivals", .string(plan.arrivals.rawValue)), .init("askedRate", Self.json(rate))]
    }
    members += [
      .init("achievedRate", Self.json(achievedRate)), .init("concurrency", Self.json(plan.concurrency)),
      .init("connections", Self.json(connections)), .init("durationSeconds", Self.json(outcome.elapsed.inSeconds)),
      .init("warmupSeconds", Self.json(plan.warmup.inSeconds)), .init("calls", Self.json(measurement.calls)),
      .init("succeeded", Self.json(measurement.succeeded)), .init("failed", Self.json(measurement.failed)),
      .init("cutOff", Self.json(measurement.cutOff)), .init("notStarted", Self.json(outcome.notStarted)),
      .init("interrupted", .bool(outcome.isInterrupted)), .init("statuses", statusJSON),
      .init("messages", messageJSON), .init("latencyUs", Self.json(measurement.latency)),
      .init("histogram", histogram), .init("serviceTimeUs", Self.json(measurement.serviceTime)),
      .init(
        "generator",
        .object([
          .init("lateP99Us", Self.json(measurement.lateness.percentile(99) * 1e6)),
          .init("processorSeconds", Self.json(outcome.processorTime)),
        ])),
      .init("warnings", .array(warnings.map { .string($0.english) })),
    ]
    return .object(members)
  }

  private var histogram: JSONValue {
    let times = outcome.measurement.latency
    return .array(
      Self.ranges(times).map { range in
        let count = times.count(from: range.lowerBound, to: range.upperBound)
        return .object([.init("upToUs", Self.json(range.upperBound * 1e6)), .init("count", Self.json(Int(count)))])
      })
  }

  private var statusJSON: JSONValue {
    let measurement = outcome.measurement
    let failures = measurement.failures.sorted { $0.key.rawValue < $1.key.rawValue }
    let succeeded: [JSONValue.Member] =
      measurement.succeeded > 0 ? [.init("OK", Self.json(measurement.succeeded))] : []
    return .object(succeeded + failures.map { .init($0.key.name, Self.json($0.value.count)) })
  }

  private var messageJSON: JSONValue {
    let measurement = outcome.measurement
    let seconds = max(outcome.elapsed.inSeconds, 1e-9)
    func traffic(_ traffic: (messages: Int, bytes: Int)) -> JSONValue {
      .object([
        .init("count", Self.json(traffic.messages)), .init("perSecond", Self.json(Double(traffic.messages) / seconds)),
        .init("bytes", Self.json(traffic.bytes)),
      ])
    }
    return .object([.init("sent", traffic(measurement.sent)), .init("received", traffic(measurement.received))])
  }

  private static func json(_ times: TimeDistribution) -> JSONValue {
    let percentiles: [JSONValue.Member] = percentiles.map { name, percent in
      .init(name, json(times.percentile(percent) * 1e6))
    }
    return .object(
      [
        .init("count", json(Int(times.count))), .init("min", json(times.minimum * 1e6)),
        .init("mean", json(times.mean * 1e6)),
      ]
        + percentiles + [.init("max", json(times.maximum * 1e6))])
  }

  private static func json(_ number: Int) -> JSONValue { .number("\(number)") }
  private static func json(_ number: Double) -> JSONValue { .number("\((number * 1000).rounded() / 1000)") }
}
