import Access
import CoreMetrics
import Kernel
package import Logging
package import RPC
import Synchronization

/// One log line and one measurement for every call, however it ended. No personal data: names of methods, codes, sizes, times.
package final class CallLog: ServerInterceptor {
  private let service: String
  private let logLevel: Logger.Level
  private let output: LogOutput
  private let registry: PrometheusRegistry
  private let known: Set<String>
  private let timers = Mutex<[String: [Int: any TimerHandler]]>([:])

  /// `known` are the paths that the process answers or passes on; others are counted together, so that callers cannot make
  /// series.
  package init(
    service: String, logLevel: Logger.Level, registry: PrometheusRegistry, known: Set<String>,
    output: LogOutput = .standard
  ) {
    self.service = service
    self.logLevel = logLevel
    self.output = output
    self.registry = registry
    self.known = known
  }

  package func begin(_ context: inout ServerContext) throws {}

  package func end(_ context: ServerContext, _ end: ExchangeEnd) {
    let duration = end.duration.components
    let nanoseconds = duration.seconds * 1_000_000_000 + duration.attoseconds / 1_000_000_000
    timer(context.method, end.status?.code.rawValue ?? 0).recordNanoseconds(nanoseconds)
    // A health check every few seconds would drown everything else.
    guard end.status != nil || !context.method.isOpen else { return }
    let level: Logger.Level = end.status?.code == .internal || end.status?.code == .dataLoss ? .error : .info
    guard logLevel <= level else { return }
    let actor = try? context.actor
    output.gather(level, service) { line in
      line.field("message", "call")
      line.field("method", context.method.path)
      line.field("code", end.status?.code.name ?? "OK")
      if let reasons = end.status?.reasons, !reasons.isEmpty {
        line.field("reasons", reasons.map(\.code).joined(separator: ","))
      }
      line.field("duration_us", nanoseconds / 1000)
      line.field("request_bytes", Int64(end.received.bytes))
      line.field("response_bytes", Int64(end.sent.bytes))
      line.field("peer", context.peer)
      if let actor {
        line.field("org", actor.organisationID)
        line.field("role", actor.role.rawValue)
      }
    }
  }

  /// The names are OpenTelemetry's (`rpc.server.call.duration`).
  private func timer(_ method: MethodDescriptor, _ code: Int) -> any TimerHandler {
    timers.withLock { timers in
      if let known = timers[method.path]?[code] { return known }
      let isKnown = known.contains(method.path)
      let key = isKnown ? String(method.path.dropFirst()) : "other"
      let made = registry.makeTimer(
        label: "rpc_server_call_duration_seconds",
        dimensions: [
          ("rpc_system", "grpc"), ("rpc_method", key), ("rpc_grpc_status_code", String(code)),
        ])
      // Paths that callers made up are not remembered; the registry knows the one series that counts them.
      if isKnown { timers[method.path, default: [:]][code] = made }
      return made
    }
  }
}
