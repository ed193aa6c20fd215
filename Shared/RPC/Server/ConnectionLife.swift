import NIOCore

/// When a connection is asked for a sign of life, and when it has lived long enough. A value: looked at now and then, it says what is due.
///
/// ```
/// ┌──────── heard of, calls ────────┐
/// ▼                                 │
/// serving ──silent for keepalive.time──▶ ask ──unanswered for keepalive.timeout──▶ given up
///    └──no call for idleTimeout, or maximumAge──▶ leave ──maximumAgeGrace──▶ cut off
/// ```
struct ConnectionLife {
  /// What is due.
  enum Verdict: Equatable {
    case nothing
    /// Send a PING.
    case ask
    /// It does not answer: close.
    case giveUp
    /// Begin the graceful end, for this reason.
    case leave(Count)
    /// The time for a graceful end is over.
    case cutOff
  }

  /// How often to look: often enough that no limit is overrun by more than a quarter.
  let period: TimeAmount
  private let keepalive: ServerConfiguration.Keepalive?
  private let idle: TimeAmount?
  private let end: NIODeadline?
  private let grace: TimeAmount
  private var lastHeard: NIODeadline
  private var lastBusy: NIODeadline
  private var askedAt: NIODeadline?
  private var leftAt: NIODeadline?

  /// `jitter` spreads the ages, so that connections made together do not all come back together.
  init(_ limits: ServerConfiguration, at now: NIODeadline, jitter: Double = .random(in: 0.9...1.1)) {
    keepalive = limits.keepalive
    idle = limits.idleTimeout.map(TimeAmount.init)
    end = limits.maximumAge.map { now + TimeAmount($0 * jitter) }
    grace = TimeAmount(limits.maximumAgeGrace)
    lastHeard = now
    lastBusy = now
    let limits = [
      limits.keepalive?.time, limits.keepalive?.timeout, limits.idleTimeout, limits.maximumAge, limits.maximumAgeGrace,
      limits.stallTime,
    ]
    let shortest = TimeAmount(limits.compactMap(\.self).min() ?? .seconds(60))
    period = max(.milliseconds(5), .nanoseconds(shortest.nanoseconds / 4))
  }

  /// What is due now. `hasHeard`: whether anything came since the last look. `isBusy`: whether there are, or were since then, calls.
  mutating func look(at now: NIODeadline, hasHeard: Bool, isBusy: Bool) -> Verdict {
    if hasHeard {
      lastHeard = now
      askedAt = nil
    }
    if isBusy { lastBusy = now }
    if let leftAt { return now - leftAt >= grace ? .cutOff : .nothing }
    if let end, now >= end { return leave(.closedAge, now) }
    if let idle, now - lastBusy >= idle { return leave(.closedIdle, now) }
    guard let keepalive else { return .nothing }
    if let askedAt { return now - askedAt >= TimeAmount(keepalive.timeout) ? .giveUp : .nothing }
    guard now - lastHeard >= TimeAmount(keepalive.time) else { return .nothing }
    askedAt = now
    return .ask
  }

  private mutating func leave(_ reason: Count, _ now: NIODeadline) -> Verdict {
    leftAt = now
    return .leave(reason)
  }
}
