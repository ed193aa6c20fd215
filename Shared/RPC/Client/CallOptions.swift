/// What a caller wants of one call besides its answer.
package struct CallOptions: Sendable {
  /// Sent beside the messages.
  package var metadata: Metadata
  /// When to stop waiting; `nil`: never.
  package var deadline: ContinuousClock.Instant?
  /// Whether to wait for a connection that cannot be made now, instead of failing with UNAVAILABLE.
  package var waitForReady: Bool
  /// The call on whose behalf this one is made, for those who trace; `nil`: for none.
  package var trace: TraceContext?
  /// How to make the messages smaller that gain by it; `nil`: they leave as they are.
  package var compression: Compression?

  /// The `:authority` of this call, where it is not the channel's.
  package var authority: String?
  /// When it is made again if it fails; `nil`: as the channel has it for the method.
  package var retryPolicy: RetryPolicy?

  /// Options with an instant at which to stop waiting.
  package init(metadata: Metadata = Metadata(), deadline: ContinuousClock.Instant? = nil, waitForReady: Bool = false) {
    self.metadata = metadata
    self.deadline = deadline
    self.waitForReady = waitForReady
  }

  /// Options with a time from now.
  package init(metadata: Metadata = Metadata(), timeout: Duration, waitForReady: Bool = false) {
    self.init(metadata: metadata, deadline: .now + timeout, waitForReady: waitForReady)
  }

  /// What a call made on behalf of another one starts with: the time that is left of it, and its trace.
  package init(within context: ServerContext) {
    self.init(deadline: context.deadline)
    trace = context.trace
  }
}
