import CoreMetrics
package import RPC
import Synchronization

/// Measures calls by method: how long they took, by status too, and how large requests and responses were. The names are
/// OpenTelemetry's (`rpc.server.call.duration`, `rpc.client.request.size` …), as Prometheus writes them.
package final class CallMeter: ClientInterceptor {
  private struct Meters {
    var durations: [Int: any TimerHandler] = [:]
    let request: any RecorderHandler
    let response: any RecorderHandler
  }

  private let side: String
  private let labels: [(String, String)]
  private let known: Set<String>
  private let registry: PrometheusRegistry
  private let meters = Mutex<[String: Meters]>([:])

  /// Calls to the channel called `target`; `known` are paths, as for a server.
  package convenience init(target: String, registry: PrometheusRegistry, known: Set<String>) {
    self.init(side: "client", labels: [("target", target)], registry: registry, known: known)
  }

  /// `known` are the paths that get series of their own; others are counted together, so that callers cannot make series.
  init(side: String, labels: [(String, String)] = [], registry: PrometheusRegistry, known: Set<String>) {
    self.side = side
    self.labels = labels
    self.registry = registry
    self.known = known
  }

  package func end(_ method: MethodDescriptor, _ end: ExchangeEnd) { record(method, end, end.sent, end.received) }

  func record(
    _ method: MethodDescriptor, _ end: ExchangeEnd, _ request: ExchangeEnd.Traffic, _ response: ExchangeEnd.Traffic
  ) {
    let code = end.status?.code.rawValue ?? 0
    let path = known.contains(method.path) ? method.path : "/other"
    let (duration, sizes) = meters.withLock { meters in
      if meters[path] == nil { meters[path] = make(path) }
      if meters[path]?.durations[code] == nil { meters[path]?.durations[code] = timer(path, code) }
      return (meters[path]?.durations[code], meters[path])
    }
    duration?.recordNanoseconds(end.nanoseconds)
    sizes?.request.record(Int64(request.bytes))
    sizes?.response.record(Int64(response.bytes))
  }

  private func make(_ path: String) -> Meters {
    let dimensions = dimensions(path)
    return Meters(
      request: registry.makeRecorder(label: "rpc_\(side)_request_size_bytes", dimensions: dimensions, aggregate: true),
      response: registry.makeRecorder(label: "rpc_\(side)_response_size_bytes", dimensions: dimensions, aggregate: true)
    )
  }

  private func timer(_ path: String, _ code: Int) -> any TimerHandler {
    registry.makeTimer(
      label: "rpc_\(side)_call_duration_seconds",
      dimensions: dimensions(path) + [("rpc_grpc_status_code", String(code))])
  }

  private func dimensions(_ path: String) -> [(String, String)] {
    labels + [("rpc_system", "grpc"), ("rpc_method", String(path.dropFirst()))]
  }
}

extension ExchangeEnd {
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = duration.components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
