import NIOCore

/// How often a peer may send a PING. The one who sends too many is a client that is set wrongly, or an attacker; both are told.
///
/// As in gRPC's own servers: what we send forgives. A client sends PINGs to measure the line while answers arrive, and must not be
/// cut off for that.
struct PingPolicy {
  let interval: TimeAmount
  let intervalWithoutCalls: TimeAmount
  let maximumStrikes: Int
  private var last: NIODeadline?
  private var strikes = 0

  init(_ pings: ServerConfiguration.PingEnforcement) {
    interval = TimeAmount(pings.interval)
    intervalWithoutCalls = TimeAmount(pings.intervalWithoutCalls)
    maximumStrikes = pings.maximumStrikes
  }

  /// Takes a PING. `hasAnswered`: whether HEADERS or DATA were sent since the last one. `false`: one too many.
  mutating func take(at now: NIODeadline, hasCalls: Bool, hasAnswered: Bool) -> Bool {
    if hasAnswered {
      strikes = 0
      last = nil
    }
    defer { last = now }
    guard let last, now - last < (hasCalls ? interval : intervalWithoutCalls) else { return true }
    strikes += 1
    return strikes <= maximumStrikes
  }
}
