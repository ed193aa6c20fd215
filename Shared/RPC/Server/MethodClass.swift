/// Methods that stand in one queue when a server has too much to do. Told by the method's name and kind, as contracts write them.
package enum MethodClass: Int, CaseIterable, Sendable {
  /// Unary calls that look: `Get…`, `List…`, `Search…` and the like.
  case reads
  /// All other unary calls.
  case writes
  /// Calls with a stream, and calls passed on of which nothing is known: some last for days, so they are counted apart.
  case streams
  /// Health and reflection: an overloaded server still says how it is.
  case vital

  init(_ method: MethodDescriptor) {
    if ["grpc.health.", "grpc.reflection.", "grpc.channelz."].contains(where: method.service.hasPrefix) {
      self = .vital
    } else if method.clientStreaming || method.serverStreaming {
      self = .streams
    } else if ["Get", "List", "Search", "Check", "Find", "Count"].contains(where: method.name.hasPrefix) {
      self = .reads
    } else {
      self = .writes
    }
  }
}

/// How many calls of a class an event loop takes on. Per loop, because a call never leaves its loop: so nothing is shared or locked.
///
/// Calls that wait for one another's end wait in two places: in the lane, and behind their handlers, for a processor, a writer or a
/// service further on. So both are bounded in time, by how fast calls have been ending, and a flood is answered by the first who
/// meets it.
package struct MethodLimit: Sendable {
  /// Handlers that run at the same time, at the most.
  package var running: Int
  /// Calls that wait for one of them to end; more are refused.
  package var queued: Int
  /// As many handlers run as are expected to end in this time, but `alwaysRunning` in any case: more would only wait for each other.
  /// Long enough for one commit to take many writes together.
  package var serviceTime: Duration
  /// Handlers that may run however slowly they end: calls that are slow by nature, and not for want of anything, are few.
  package var alwaysRunning: Int
  /// The longest that a call may be expected to wait for its turn: beyond it is refused at once, while its caller can still go
  /// elsewhere. A queue that is longer than callers are patient does work that nobody waits for.
  package var longestWait: Duration

  package init(
    running: Int, queued: Int, serviceTime: Duration = .milliseconds(200), alwaysRunning: Int = 32,
    longestWait: Duration = .milliseconds(250)
  ) {
    self.running = running
    self.queued = queued
    self.serviceTime = serviceTime
    self.alwaysRunning = min(alwaysRunning, running)
    self.longestWait = longestWait
  }
}
