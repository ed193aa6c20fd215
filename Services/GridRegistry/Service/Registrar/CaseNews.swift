import Kernel
import Synchronization

/// When the relay was last heard to keep up with dispute: it looks in every few seconds, also when nothing happens. Numbers of
/// open cases are good for an hour after that.
final class CaseNews: Sendable {
  private let lastHeard = Mutex<Timestamp?>(nil)

  /// The service whose cases are counted.
  static let source = "dispute"
  private static let goodFor = Interval.hours(1)

  /// The relay looked in for this source.
  func heard(_ source: String, at now: Timestamp) {
    guard source == Self.source else { return }
    lastHeard.withLock { $0 = now }
  }

  /// The last time; `nil`: never.
  var heardUntil: Timestamp? { lastHeard.withLock { $0 } }

  /// Nothing was heard for an hour, or ever.
  static func isStale(_ heard: Timestamp?, at now: Timestamp) -> Bool { heard.map { now - $0 > goodFor } ?? true }
}
