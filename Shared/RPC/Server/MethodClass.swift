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
package struct MethodLimit: Sendable {
  /// Handlers that run at the same time.
  package var running: Int
  /// Calls that wait for one of them to end; more are refused.
  package var queued: Int
  /// The longest that a call may be expected to wait, from how fast calls have been ending: beyond it is refused at once, while its
  /// caller can still go elsewhere. A queue that is longer than callers are patient does work that nobody waits for.
  package var longestWait: Duration

  package init(running: Int, queued: Int, longestWait: Duration = .milliseconds(250)) {
    self.running = running
    self.queued = queued
    self.longestWait = longestWait
  }
}
