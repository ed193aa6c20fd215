import NIOCore

/// When a connection asks its server for a sign of life, and when it has waited long enough: gRPC's A8. A value: it answers what
/// to do, and is told what time it is.
struct ClientKeepalive {
  enum Action: Equatable {
    /// Look again then.
    case look(NIODeadline)
    /// Send a PING, and look again then.
    case ping(NIODeadline)
    /// There are no calls: look again when there is one.
    case rest
    /// The connection is dead.
    case giveUp
  }

  private let settings: Keepalive
  private var lastHeard: NIODeadline
  private var pinged: NIODeadline?
  private var isResting = false

  init(_ settings: Keepalive, now: NIODeadline) {
    self.settings = settings
    self.lastHeard = now
  }

  /// Bytes came, whatever they were. Whether that answers a PING: then look again.
  mutating func heard(now: NIODeadline) -> Bool {
    defer { pinged = nil }
    lastHeard = now
    return pinged != nil
  }

  /// A call begins: whether to look now.
  mutating func wakes() -> Bool {
    defer { isResting = false }
    return isResting
  }

  mutating func look(now: NIODeadline, hasCalls: Bool) -> Action {
    if let pinged {
      let end = pinged + TimeAmount(settings.timeout)
      return now < end ? .look(end) : .giveUp
    }
    let due = lastHeard + TimeAmount(settings.time)
    guard now >= due else { return .look(due) }
    guard hasCalls || settings.permitWithoutCalls else {
      isResting = true
      return .rest
    }
    pinged = now
    return .ping(now + TimeAmount(settings.timeout))
  }
}
