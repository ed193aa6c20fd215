/// How long to wait between two attempts to connect: gRPC's connection-backoff document.
struct Backoff {
  /// Pause after the first failure.
  static let first: Duration = .seconds(1)
  static let multiplier = 1.6
  static let jitter = 0.2

  let maximum: Duration
  private var current: Duration?

  init(maximum: Duration) { self.maximum = maximum }

  /// The next pause. `random` is between -1 and 1.
  mutating func next(random: Double) -> Duration {
    let base = current.map { min($0 * Self.multiplier, maximum) } ?? min(Self.first, maximum)
    current = base
    return base * (1 + Self.jitter * random)
  }

  /// The pause before jitter that was given last.
  var last: Duration { current ?? .zero }

  /// It worked: the next failure is a first one again.
  mutating func reset() { current = nil }
}
