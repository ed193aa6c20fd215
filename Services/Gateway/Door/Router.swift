import Access
import Kernel
package import RPC
package import Runtime

/// Passes calls on to the service that owns them, message by message, without decoding one: all four kinds, the time that is
/// left, cancellation and trailers both ways. The actor goes with the call, signed.
package struct Router: Sendable {
  private let backends: Backends
  private let signature: ActorSignature

  package init(backends: Backends, signature: ActorSignature) {
    self.backends = backends
    self.signature = signature
  }

  /// When a service that does not answer may do: the five attempts of a stock client are then more than the restart of a service
  /// on a slow machine.
  private static let retryDelay: Duration = .seconds(2)

  /// The fallback of the gateway's server.
  package func route(_ call: ServerCall, _ context: ServerContext) async throws {
    guard let backend = backends.owner(of: context.method.service) else {
      throw Status(.unimplemented, "no service \(context.method.service)")
    }
    var options = CallOptions(within: context)
    options.metadata = context.metadata
    signature.add(try context.actor, path: context.method.path, to: &options.metadata)
    let upstream = backend.channel.call(context.method, options)
    do {
      try await withTaskCancellationHandler {
        // A method that nobody here knows is taken for one whose callers stream; for all others one task is enough.
        if context.method.clientStreaming {
          try await passBothWays(upstream, call, context)
        } else {
          try await upstream.send(try await call.onlyMessage())
          try await upstream.finishSending()
          try await passAnswers(of: upstream, to: call, context)
        }
      } onCancel: {
        upstream.cancel()
      }
    } catch let status as Status where status.code == .unavailable && status.details == nil && status.reasons.isEmpty {
      throw Status(
        .unavailable, "\(backend.name) does not answer", reasons: [.serviceUnavailable.with("service", backend.name)],
        retryDelay: Self.retryDelay)
    }
  }

  private func passBothWays(_ upstream: ClientCall, _ call: ServerCall, _ context: ServerContext) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        while let message = try await call.next() { try await upstream.send(message) }
        try await upstream.finishSending()
      }
      try await passAnswers(of: upstream, to: call, context)
      group.cancelAll()
    }
  }

  private func passAnswers(of upstream: ClientCall, to call: ServerCall, _ context: ServerContext) async throws {
    context.setInitialMetadata(try await upstream.initialMetadata())
    while let message = try await upstream.next() { try await call.write(message) }
    context.setTrailingMetadata(upstream.trailingMetadata)
  }
}

extension Reason {
  static let serviceUnavailable = Reason(
    "SERVICE_UNAVAILABLE", zh: "相关服务暂不可用，请稍后再试。", en: "The service is not available now; try again later.")
}
