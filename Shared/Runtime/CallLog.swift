import Access
import Kernel
package import Logging
package import RPC

/// One log line and one measurement for every call, however it ended. No personal data: names of methods, codes, sizes, times.
package final class CallLog: ServerInterceptor {
  private let service: String
  private let logLevel: Logger.Level
  private let output: LogOutput
  private let meter: CallMeter
  private let refusals = RefusalLines()

  /// `known` are the paths that the process answers or passes on; others are counted together, so that callers cannot make
  /// series.
  package init(
    service: String, logLevel: Logger.Level, registry: PrometheusRegistry, known: Set<String>,
    output: LogOutput = .standard
  ) {
    self.service = service
    self.logLevel = logLevel
    self.output = output
    meter = CallMeter(side: "server", registry: registry, known: known)
  }

  package func begin(_ context: inout ServerContext) throws {}

  /// What a line shows of a path: contracts have shorter ones, callers can make up any.
  private static let longestPath = 200

  /// The reason of those that the server had no room for.
  private static let overloaded = "OVERLOADED"

  package func end(_ context: ServerContext, _ end: ExchangeEnd) {
    meter.record(context.method, end, end.received, end.sent)
    // A health check every few seconds would drown everything else.
    guard end.status != nil || !context.method.isOpen else { return }
    // With reasons it is the caller's fault all the same: bytes that are not the method's request.
    let isFault = end.status.map { ($0.code == .internal || $0.code == .dataLoss) && $0.reasons.isEmpty } ?? false
    let isRoutine = end.status == nil && context.method.isRoutine
    let level: Logger.Level = isFault ? .error : isRoutine ? .debug : .info
    guard logLevel <= level else { return }
    if let count = refusals.takeUnsaid() {
      output.gather(.warning, service) { line in
        line.field("message", "calls refused as OVERLOADED that have no lines of their own")
        line.field("count", Int64(count))
      }
    }
    if end.status?.reasons.first?.code == Self.overloaded, !refusals.maySay() { return }
    let actor = try? context.actor
    // A call that no interceptor has let in has its trace in its metadata still.
    let trace = context.trace ?? TraceContext(of: context.metadata)
    let requestID = context.metadata["x-request-id"].flatMap { Self.isIdentifier($0) ? $0 : nil }
    output.gather(level, service) { line in
      line.field("message", "call")
      line.field("method", String(context.method.path.prefix(Self.longestPath)))
      line.field("code", end.status?.code.name ?? "OK")
      if let reasons = end.status?.reasons, !reasons.isEmpty {
        line.field("reasons", reasons.map(\.code).joined(separator: ","))
      }
      if let cause = end.status?.cause, !cause.isEmpty { line.field("cause", cause) }
      line.field("duration_us", end.nanoseconds / 1000)
      line.field("request_bytes", Int64(end.received.bytes))
      line.field("response_bytes", Int64(end.sent.bytes))
      line.field("peer", context.peer)
      line.field("trace_id", trace.traceText)
      line.field("span_id", trace.spanText)
      if let requestID { line.field("request_id", requestID) }
      if let actor {
        line.field("org", actor.organisationID)
        line.field("role", actor.role.rawValue)
      }
    }
  }

  /// Whether it is short and has no words in it: what a proxy or a client gives a call for finding it again.
  private static func isIdentifier(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte & 0xdf) || byte == 0x2d || byte == 0x5f
      }
  }
}

extension MethodDescriptor {
  /// How the relay asks every second where it stands: at info that alone would fill the log's files within a day.
  fileprivate var isRoutine: Bool {
    service.hasSuffix(".InboxService") && name == "GetPosition"
      || service.hasSuffix(".FeedService") && name == "GetHead"
  }
}
