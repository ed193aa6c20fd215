import HealthContract
import Logging
import RPC
import Synchronization
import TestSupport
import Testing

@testable import GatewayService
@testable import Runtime

/// What the gateway says of the services behind it.
@Suite(.timeLimit(.minutes(1))) struct BackendHealthTests {
  /// A service that says once that it serves, and then answers only while it is awake.
  final class Sleeper: HealthV1.Health, Sendable {
    let isAwake = Atomic(true)

    func check(
      _ request: HealthV1.HealthCheckRequest, context: ServerContext
    ) async throws -> HealthV1.HealthCheckResponse {
      if !isAwake.load(ordering: .relaxed) { try await Task.sleep(for: .seconds(100)) }
      return .init(status: .serving)
    }

    func watch(
      _ request: HealthV1.HealthCheckRequest, writer: ResponseWriter<HealthV1.HealthCheckResponse>,
      context: ServerContext
    ) async throws {
      try await writer.write(.init(status: .serving))
      try await Task.sleep(for: .seconds(100))
    }

    func list(
      _ request: HealthV1.HealthListRequest, context: ServerContext
    ) async throws -> HealthV1.HealthListResponse { .init() }
  }

  @Test func `a service that stands still is said not to serve, and to serve when it answers again`() async throws {
    let folder = TemporaryFolder()
    let sleeper = Sleeper()
    let server = Server(ServerConfiguration(.unix(path: folder.file("b.sock"))), services: [sleeper])
    try await server.start()
    let backends = Backends(
      targets: Dictionary(
        uniqueKeysWithValues: ["grid-registry", "responsibility-list", "dispatch", "performance-evaluation", "dispute"]
          .map { ($0, "unix:" + folder.file($0 == "dispute" ? "b.sock" : "nothing.sock")) }),
      signature: ActorSignature(key: try KeyFile.loadOrMake(at: folder.file("signing.key"))), county: "379922000000")
    let serving = ServingState(services: [])
    let service = "huying.dispute.v1.CaseService"
    let health = BackendHealth(
      backends, serving, services: [service], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      pace: .init(pause: .milliseconds(1), patience: .seconds(1), misses: 2))
    let watching = Task { await health.watch() }
    var states = serving.statuses(of: service).makeAsyncIterator()
    #expect(await states.next() == .notServing)
    #expect(await states.next() == .serving)
    sleeper.isAwake.store(false, ordering: .relaxed)
    #expect(await states.next() == .notServing)
    #expect(serving.isServing("dispute") == false)
    sleeper.isAwake.store(true, ordering: .relaxed)
    #expect(await states.next() == .serving)
    watching.cancel()
    await watching.value
    await backends.close()
    await server.drain(within: .milliseconds(100))
  }
}
