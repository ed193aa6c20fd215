import Access
import CoreMetrics
import Kernel
package import Logging
package import RPC
import Synchronization

/// One log line and one measurement for every call, however it ended. No personal data: names of methods, codes, sizes, times.
package final class CallLog: ServerInterceptor {
  private let logger: Logger
  private let registry: PrometheusRegistry
  private let known: Set<String>
  private let timers = Mutex<[String: [Int: any TimerHandler]]>([:])

  /// `known` are the paths that the process answers or passes on; others are counted together, so that callers cannot make
  /// series.
  package init(logger: Logger, registry: PrometheusRegistry, known: Set<String>) {
    self.logger = logger
    self.registry = registry
    self.known = known
  }

  package func begin(_ context: inout ServerContext) async throws {}

  package func end(_ context: ServerContext, _ end: ExchangeEnd) {
    let duration = end.duration.components
    let nanoseconds = duration.seconds * 1_000_000_000 + duration.attoseconds / 1_000_000_000
    timer(context.method, end.status?.code.rawValue ?? 0).recordNanoseconds(nanoseconds)
    // A health check every few seconds would drown everything else.
    guard end.status != nil || !context.method.isOpen else { return }
    let level: Logger.Level = end.status?.code == .internal || end.status?.code == .dataLoss ? .error : .info
    guard logger.logLevel <= level else { return }
    var metadata: Logger.Metadata = [
      "method": .string(context.method.path), "code": .string(end.status?.code.name ?? "OK"),
      "peer": .string(context.peer), "duration_us": .stringConvertible(nanoseconds / 1000),
      "request_bytes": .stringConvertible(end.received.bytes), "response_bytes": .stringConvertible(end.sent.bytes),
    ]
    if let actor = try? context.actor {
      metadata["org"] = .string(actor.organisationID)
      metadata["role"] = .string(actor.role.rawValue)
    }
    if let reasons = end.status?.reasons, !reasons.isEmpty {
      metadata["reasons"] = .string(reasons.map(\.code).joined(separator: ","))
    }
    logger.log(level: level, "call", metadata: metadata)
  }

  /// The names are OpenTelemetry's (`rpc.server.call.duration`).
  private func timer(_ method: MethodDescriptor, _ code: Int) -> any TimerHandler {
    let key = known.contains(method.path) || method.isOpen ? String(method.path.dropFirst()) : "other"
    return timers.withLock { timers in
      if let known = timers[key]?[code] { return known }
      let made = registry.makeTimer(
        label: "rpc_server_call_duration_seconds",
        dimensions: [
          ("rpc_system", "grpc"), ("rpc_method", key), ("rpc_grpc_status_code", String(code)),
        ])
      timers[key, default: [:]][code] = made
      return made
    }
  }
}
