package import CoreMetrics
import Synchronization

/// The process's numbers behind the swift-metrics API, written out in Prometheus text form.
///
/// Labels become metric names with `.` as `_`; timers and recorders become histograms. No Prometheus library is at hand
/// for swift-metrics here, so this is the small part of one that we need (docs/decisions).
package final class PrometheusRegistry: MetricsFactory, Sendable {
  private let families = Mutex<[String: Family]>([:])
  private let collectors = Mutex<[@Sendable () -> [GaugeReading]]>([])

  package init() {}

  /// Asks `collector` for its gauges at every scrape: WAL pages, journal head, relay lag.
  package func collect(_ collector: @escaping @Sendable () -> [GaugeReading]) {
    collectors.withLock { $0.append(collector) }
  }

  package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    instrument(label, dimensions, .counter)
  }

  package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    instrument(label, dimensions, aggregate ? .histogram : .gauge)
  }

  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    instrument(label, dimensions, .gauge)
  }

  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    instrument(label, dimensions, .histogram)
  }

  package func destroyCounter(_ handler: any CounterHandler) {}
  package func destroyRecorder(_ handler: any RecorderHandler) {}
  package func destroyMeter(_ handler: any MeterHandler) {}
  package func destroyTimer(_ handler: any TimerHandler) {}

  /// Everything measured so far, in the Prometheus text format 0.0.4, in stable order.
  package func text() -> String {
    var lines = [String]()
    for (name, family) in families.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
      lines.append("# TYPE \(name) \(family.kind.rawValue)")
      for (labels, instrument) in family.instruments.sorted(by: { $0.key < $1.key }) {
        lines += instrument.lines(name, labels, family.kind)
      }
    }
    var last = ""
    for reading in collectors.withLock({ $0 }).flatMap({ $0() }).sorted(by: { $0.name < $1.name }) {
      // One line for the name, however many series it has; by Prometheus' custom only counters end in _total.
      if reading.name != last {
        lines.append("# TYPE \(reading.name) \(reading.name.hasSuffix("_total") ? "counter" : "gauge")")
      }
      last = reading.name
      lines.append("\(reading.name)\(braced(labelText(reading.labels))) \(reading.value)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func instrument(_ label: String, _ dimensions: [(String, String)], _ kind: Family.Kind) -> Instrument {
    let name = label.map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
    let labels = labelText(dimensions)
    return families.withLock { families in
      if let known = families[name]?.instruments[labels] { return known }
      let made = Instrument(isOfBytes: name.hasSuffix("_bytes"))
      families[name, default: Family(kind: kind)].instruments[labels] = made
      return made
    }
  }
}

/// A number read at scrape time.
package struct GaugeReading: Sendable {
  package let name: String
  package let labels: [(String, String)]
  package let value: Double

  package init(_ name: String, _ value: Double, labels: [(String, String)] = []) {
    self.name = name
    self.labels = labels
    self.value = value
  }
}

private struct Family: Sendable {
  enum Kind: String { case counter, gauge, histogram }
  let kind: Kind
  var instruments: [String: Instrument] = [:]
}

/// One time series. Values are few updates a call; a lock a series is cheaper than being clever.
private final class Instrument: CounterHandler, RecorderHandler, MeterHandler, TimerHandler, Sendable {
  /// Upper bounds in seconds: from a point read (30 µs) to a stuck call.
  private static let seconds: [Double] = [
    0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]
  /// Upper bounds in bytes: from an id to the largest message.
  private static let bytes: [Double] = [64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304]

  private struct Values {
    var value: Double = 0
    var count = 0
    var buckets: [Int]
  }

  private let bounds: [Double]
  private let values: Mutex<Values>

  init(isOfBytes: Bool) {
    bounds = isOfBytes ? Self.bytes : Self.seconds
    values = Mutex(Values(buckets: [Int](repeating: 0, count: bounds.count)))
  }

  func increment(by amount: Int64) { values.withLock { $0.value += Double(amount) } }
  func reset() { values.withLock { $0 = Values(buckets: [Int](repeating: 0, count: bounds.count)) } }
  func set(_ value: Int64) { values.withLock { $0.value = Double(value) } }
  func set(_ value: Double) { values.withLock { $0.value = value } }
  func increment(by amount: Double) { values.withLock { $0.value += amount } }
  func decrement(by amount: Double) { values.withLock { $0.value -= amount } }
  func record(_ value: Int64) { record(Double(value)) }
  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

  func record(_ value: Double) {
    values.withLock { values in
      values.value += value
      values.count += 1
      if let index = bounds.firstIndex(where: { value <= $0 }) { values.buckets[index] += 1 }
    }
  }

  func lines(_ name: String, _ labels: String, _ kind: Family.Kind) -> [String] {
    let values = values.withLock { $0 }
    guard kind == .histogram else { return ["\(name)\(braced(labels)) \(values.value)"] }
    let separator = labels.isEmpty ? "" : ","
    var total = 0
    var lines = zip(bounds, values.buckets).map { bound, count in
      total += count
      return "\(name)_bucket{\(labels)\(separator)le=\"\(bound)\"} \(total)"
    }
    lines.append("\(name)_bucket{\(labels)\(separator)le=\"+Inf\"} \(values.count)")
    lines.append("\(name)_sum\(braced(labels)) \(values.value)")
    lines.append("\(name)_count\(braced(labels)) \(values.count)")
    return lines
  }
}

private func labelText(_ dimensions: [(String, String)]) -> String {
  dimensions.map { "\($0.0.map { $0 == "." ? "_" : String($0) }.joined())=\(quoted($0.1))" }.joined(separator: ",")
}

private func braced(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }
