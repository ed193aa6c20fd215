import HealthContract
import Kernel
import RPC
import Runtime
import TestSupport
import Testing

@testable import GatewayService

/// What is waited for with a long deadline, of a service that may stand still meanwhile.
@Suite(.timeLimit(.minutes(1))) struct BackendPulseTests {
  /// A service that answers its health check, or nothing at all.
  static func with(answers: Bool, _ body: (Backend) async throws -> Void) async throws {
    let folder = TemporaryFolder()
    let server = Server(
      ServerConfiguration(.unix(path: folder.file("s.sock"))),
      services: answers ? [HealthHandlers(ServingState(services: []))] : [],
      fallback: { _, _ in try await Task.sleep(for: .seconds(100)) })
    try await server.start()
    let backend = Backend(
      name: "dispute", packages: ["huying.dispute.v1"], target: "unix:" + folder.file("s.sock"), security: nil,
      signature: ActorSignature(key: try KeyFile.loadOrMake(at: folder.file("signing.key"))), county: "379922000000")
    do { try await body(backend) } catch {
      Issue.record(error)
    }
    await backend.channel.close(within: .zero)
    await backend.systemChannel.close(within: .zero)
    await server.drain(within: .zero)
  }

  @Test func `a service that stands still is given up, however long the deadline is`() async throws {
    try await Self.with(answers: false) { backend in
      let refused = await #expect(throws: Refused.self) {
        try await backend.whileItAnswers(pause: .milliseconds(50), limit: .milliseconds(50)) {
          try await Task.sleep(for: .seconds(3_600))
        }
      }
      #expect(refused?.reasons.map(\.code) == ["SERVICE_UNAVAILABLE"])
      #expect(refused?.reasons.first?.metadata["service"] == "dispute")
    }
  }

  @Test func `one that lives is waited for`() async throws {
    try await Self.with(answers: true) { backend in
      let answer = try await backend.whileItAnswers(pause: .milliseconds(1), limit: .seconds(20)) {
        try await Task.sleep(for: .milliseconds(200))
        return 7
      }
      #expect(answer == 7)
    }
  }
}
