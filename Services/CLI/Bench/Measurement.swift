import Histogram
import RPC
import Synchronization

/// A distribution of times, in nanoseconds to three digits.
struct TimeDistribution: Sendable {
  private static let longest: UInt64 = 3_600_000_000_000

  private var histogram = Histogram<UInt64>(highestTrackableValue: longest, numberOfSignificantValueDigits: .three)

  mutating func record(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let nanoseconds = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let value = nanoseconds.overflow ? Int64(Self.longest) : nanoseconds.partialValue + attoseconds / 1_000_000_000
    _ = histogram.record(min(UInt64(max(value, 0)), Self.longest))
  }

  mutating func add(_ other: Self) {
    for bucket in other.histogram.recordedValues() { _ = histogram.record(bucket.value, count: bucket.count) }
  }

  var count: UInt64 { histogram.totalCount }
  /// Seconds.
  var minimum: Double { count == 0 ? 0 : Double(histogram.min) * 1e-9 }
  var maximum: Double { count == 0 ? 0 : Double(histogram.max) * 1e-9 }
  var mean: Double { count == 0 ? 0 : histogram.mean * 1e-9 }

  /// Seconds that so many percent took at most.
  func percentile(_ percent: Double) -> Double {
    count == 0 ? 0 : Double(min(histogram.valueAtPercentile(percent), histogram.max)) * 1e-9
  }

  /// How many took from `range.lowerBound` up to, not including, `range.upperBound` seconds.
  func count(from: Double, to: Double) -> UInt64 {
    histogram.recordedValues().reduce(0) { sum, bucket in
      let seconds = Double(bucket.value) * 1e-9
      return seconds >= from && seconds < to ? sum + bucket.count : sum
    }
  }
}

/// What one or several callers have seen.
struct Measurement: Sendable {
  /// From the instant at which the call was to begin: what a user of a system under this load waits.
  var latency = TimeDistribution()
  /// From the instant at which it did begin.
  var serviceTime = TimeDistribution()
  /// How late calls began that nothing of the server's held up: the generator's own fault.
  var lateness = TimeDistribution()
  var succeeded = 0
  var failures: [Code: (count: Int, message: String)] = [:]
  /// Calls that the end of the test cut off.
  var cutOff = 0
  var sent = (messages: 0, bytes: 0)
  var received = (messages: 0, bytes: 0)
  /// When the last call ended, from the beginning of what was measured.
  var lastEnd: Duration = .zero

  var failed: Int { failures.values.reduce(0) { $0 + $1.count } }
  var calls: Int { succeeded + failed }

  mutating func add(_ other: Self) {
    latency.add(other.latency)
    serviceTime.add(other.serviceTime)
    lateness.add(other.lateness)
    succeeded += other.succeeded
    for (code, failure) in other.failures { failures[code, default: (0, failure.message)].count += failure.count }
    cutOff += other.cutOff
    sent = (sent.messages + other.sent.messages, sent.bytes + other.sent.bytes)
    received = (received.messages + other.received.messages, received.bytes + other.received.bytes)
    lastEnd = max(lastEnd, other.lastEnd)
  }
}

/// A measurement that the callers of one connection write together.
final class Recorder: Sendable {
  private let measurement = Mutex(Measurement())

  func update(_ change: (inout Measurement) -> Void) { measurement.withLock { change(&$0) } }

  var result: Measurement { measurement.withLock { $0 } }
}
