package import HealthContract
package import RPC
import Synchronization

/// What this process says of itself under `grpc.health.v1`: the whole process ("") and each of its services by name.
package final class ServingState: Sendable {
  typealias Status = HealthV1.HealthCheckResponse.ServingStatus

  private struct Watcher {
    let service: String
    var last: Status
    let continuation: AsyncStream<Status>.Continuation
  }

  private struct State {
    var isServing: [String: Bool]
    var watchers: [Int: Watcher] = [:]
    var nextWatcher = 0

    func status(_ service: String) -> Status {
      isServing[service].map { $0 ? .serving : .notServing } ?? .serviceUnknown
    }

    /// Tells those for whom something has changed.
    mutating func announce() {
      for (id, watcher) in watchers {
        let now = status(watcher.service)
        guard now != watcher.last else { continue }
        watchers[id]?.last = now
        watcher.continuation.yield(now)
      }
    }
  }

  /// Changes that wait for a watcher that does not read; after that it hears the newest.
  private static let waitingChanges = 16

  private let state: Mutex<State>

  /// Everything NOT_SERVING until told otherwise.
  package init(services: [String]) {
    state = Mutex(State(isServing: Dictionary(uniqueKeysWithValues: (services + [""]).map { ($0, false) })))
  }

  /// More names, as healthy as the process is.
  package func add(services: [String]) {
    state.withLock { state in
      for name in services { state.isServing[name] = state.isServing[""] ?? false }
      state.announce()
    }
  }

  /// One name: a backend that the gateway watches.
  package func set(_ service: String, isServing: Bool) {
    state.withLock { state in
      state.isServing[service] = isServing
      state.announce()
    }
  }

  /// All services at once: after the start, before the drain, when the database has failed.
  package func set(isServing: Bool) {
    state.withLock { state in
      for name in state.isServing.keys { state.isServing[name] = isServing }
      state.announce()
    }
  }

  /// `nil` for a name that this process does not serve.
  package func isServing(_ service: String) -> Bool? { state.withLock { $0.isServing[service] } }

  /// All names with their state.
  package var all: [String: Bool] { state.withLock { $0.isServing } }

  /// How `service` is now, and then every change.
  func statuses(of service: String) -> AsyncStream<Status> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Status.self, bufferingPolicy: .bufferingNewest(Self.waitingChanges))
    let id = state.withLock { state in
      let now = state.status(service)
      continuation.yield(now)
      state.nextWatcher += 1
      state.watchers[state.nextWatcher] = Watcher(service: service, last: now, continuation: continuation)
      return state.nextWatcher
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { $0.watchers[id] = nil }
    }
    return stream
  }

  /// How many watch.
  var watcherCount: Int { state.withLock { $0.watchers.count } }
}

/// `grpc.health.v1.Health` over a `ServingState`.
package struct HealthHandlers: HealthV1.Health {
  /// As many as gRPC's own servers list; with more, a caller asks for those it means.
  static let maximumListed = 100

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
    for await status in state.statuses(of: request.service) { try await writer.write(.init(status: status)) }
    try Task.checkCancellation()
  }

  package func list(
    _ request: HealthV1.HealthListRequest, context: ServerContext
  ) async throws -> HealthV1.HealthListResponse {
    let all = state.all
    guard all.count <= Self.maximumListed else {
      throw Status(.resourceExhausted, "this process serves more names than the \(Self.maximumListed) that are listed")
    }
    return .init(statuses: all.mapValues { .init(status: $0 ? .serving : .notServing) })
  }
}
