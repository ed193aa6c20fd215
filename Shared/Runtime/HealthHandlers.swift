package import HealthContract
package import RPC
import Synchronization

/// What this process says of itself under `grpc.health.v1`: the whole process ("") and each of its services by name.
package final class ServingState: Sendable {
  private struct State {
    var isServing: [String: Bool]
    var watchers: [Int: @Sendable () -> Void] = [:]
    var nextWatcher = 0
  }

  private let state: Mutex<State>

  /// Everything NOT_SERVING until told otherwise.
  package init(services: [String]) {
    state = Mutex(State(isServing: Dictionary(uniqueKeysWithValues: (services + [""]).map { ($0, false) })))
  }

  /// More names, as healthy as the process is.
  package func add(services: [String]) {
    state.withLock { state in
      for name in services { state.isServing[name] = state.isServing[""] ?? false }
    }
  }

  /// One name: a backend that the gateway watches.
  package func set(_ service: String, isServing: Bool) {
    let watchers = state.withLock { state in
      state.isServing[service] = isServing
      return Array(state.watchers.values)
    }
    for watcher in watchers { watcher() }
  }

  /// All services at once: after the start, before the drain, when the database has failed.
  package func set(isServing: Bool) {
    let watchers = state.withLock { state in
      for name in state.isServing.keys { state.isServing[name] = isServing }
      return Array(state.watchers.values)
    }
    for watcher in watchers { watcher() }
  }

  /// `nil` for a name that this process does not serve.
  package func isServing(_ service: String) -> Bool? { state.withLock { $0.isServing[service] } }

  /// All names with their state.
  package var all: [String: Bool] { state.withLock { $0.isServing } }

  /// A stream that yields at every change, and once at the beginning.
  func changes() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let id = state.withLock { state in
      state.nextWatcher += 1
      state.watchers[state.nextWatcher] = { continuation.yield() }
      return state.nextWatcher
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { $0.watchers[id] = nil }
    }
    continuation.yield()
    return stream
  }
}

/// `grpc.health.v1.Health` over a `ServingState`.
package struct HealthHandlers: HealthV1.Health {
  private let state: ServingState

  package init(_ state: ServingState) { self.state = state }

  package func check(
    _ request: HealthV1.HealthCheckRequest, context: ServerContext
  ) async throws -> HealthV1.HealthCheckResponse {
    guard let isServing = state.isServing(request.service) else {
      throw Status(.notFound, "this process does not serve \(request.service)")
    }
    return .init(status: isServing ? .serving : .notServing)
  }

  package func watch(
    _ request: HealthV1.HealthCheckRequest, writer: ResponseWriter<HealthV1.HealthCheckResponse>, context: ServerContext
  ) async throws {
    var last: HealthV1.HealthCheckResponse.ServingStatus?
    for await _ in state.changes() {
      let now: HealthV1.HealthCheckResponse.ServingStatus =
        state.isServing(request.service).map { $0 ? .serving : .notServing } ?? .serviceUnknown
      if now == last { continue }
      last = now
      try await writer.write(.init(status: now))
    }
    try Task.checkCancellation()
  }

  package func list(
    _ request: HealthV1.HealthListRequest, context: ServerContext
  ) async throws -> HealthV1.HealthListResponse {
    .init(statuses: state.all.mapValues { .init(status: $0 ? .serving : .notServing) })
  }
}
