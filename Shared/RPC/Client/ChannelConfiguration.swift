/// What a channel is set to.
package struct ChannelConfiguration: Sendable {
  /// Whom to trust, for TLS; `nil`: plain text.
  package var security: ChannelSecurity?
  /// The `:authority` of its calls, where it is not what the target says.
  package var authority: String?
  /// Which of the target's addresses calls go to.
  package var loadBalancing = LoadBalancing.pickFirst
  /// Largest message it takes; larger ones end the call with RESOURCE_EXHAUSTED before any allocation of that size.
  package var maximumMessageBytes = 4 << 20
  /// Longest pause between two attempts to connect. gRPC's own 120 s are for the open internet; our services stand side by side,
  /// and one that comes back wants to be found.
  package var maximumBackoff: Duration = .seconds(5)
  /// How long one attempt may take at least until the server's settings are there, name, TCP and TLS included.
  package var connectTimeout: Duration = .seconds(20)
  /// After this time without calls connections are closed until they are needed: a peer's memory, and a port of ours.
  package var idleTimeout: Duration = .seconds(30 * 60)
  /// Whether and how to find out that a silent connection is dead; `nil`: TCP finds out, which may take many minutes.
  package var keepalive: Keepalive?
  /// Which failed calls are made again, by `service/method`, `service` or, for all others, the empty name.
  package var retryPolicies: [String: RetryPolicy] = [:]
  /// When so many calls fail that none are made again; `nil`: never.
  package var retryThrottling: RetryThrottling?
  /// See every call, in this order at its begin, in the reverse order at its end.
  package var interceptors: [any ClientInterceptor] = []

  /// The usual settings.
  package init() {}

  /// What a call of `method` is made again by.
  func retryPolicy(_ method: MethodDescriptor, _ options: CallOptions) -> RetryPolicy? {
    if let policy = options.retryPolicy { return policy }
    guard !retryPolicies.isEmpty else { return nil }
    return retryPolicies[String(method.path.dropFirst())] ?? retryPolicies[method.service] ?? retryPolicies[""]
  }
}

/// Which of a target's addresses calls go to.
package enum LoadBalancing: Sendable, Hashable {
  /// The first that answers, as long as it does.
  case pickFirst
  /// All that answer, in turn.
  case roundRobin
}

/// When a client asks a silent server for a sign of life (gRPC's A8). Servers may take it amiss: agree on it with who runs them.
package struct Keepalive: Sendable, Equatable {
  /// More often than this is an attack.
  static let minimumTime: Duration = .seconds(10)

  /// How long nothing may come before a PING goes out; 10 s at least.
  package var time: Duration
  /// How long nothing may come after it before the connection counts as dead.
  package var timeout: Duration
  /// Whether to ask also while there are no calls.
  package var permitWithoutCalls: Bool

  /// Asking after `time`.
  package init(time: Duration, timeout: Duration = .seconds(20), permitWithoutCalls: Bool = false) {
    self.init(unchecked: max(time, Self.minimumTime), timeout: timeout, permitWithoutCalls: permitWithoutCalls)
  }

  init(unchecked time: Duration, timeout: Duration, permitWithoutCalls: Bool) {
    self.time = time
    self.timeout = timeout
    self.permitWithoutCalls = permitWithoutCalls
  }
}
