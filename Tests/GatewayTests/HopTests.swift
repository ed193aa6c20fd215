import Access
import Kernel
import RPC
import Runtime
import Synchronization
import TestSupport
import Testing
import WireTypes

@testable import GatewayService

/// What of a call reaches the service behind the gateway: the time that is left, the trace, the metadata.
@Suite(.timeLimit(.minutes(1))) struct HopTests {
  struct Seen: Sendable {
    let rest: Duration?
    let trace: TraceContext?
    let metadata: Metadata
  }

  /// Keeps what it sees of a call, and answers with nothing.
  final class Backstop: Sendable {
    let seen = Mutex<[Seen]>([])

    func answer(_ call: ServerCall, _ context: ServerContext) async throws {
      _ = try await call.next()
      let rest = context.deadline.map { ContinuousClock.now.duration(to: $0) }
      seen.withLock { $0.append(Seen(rest: rest, trace: context.trace, metadata: context.metadata)) }
      if context.metadata["x-hang"] != nil { try await Task.sleep(for: .seconds(100)) }
      try await call.write([])
    }
  }

  struct AnyActor: ServerInterceptor {
    func begin(_ context: inout ServerContext) throws {
      context.setActor(
        Actor(personID: "p", organisationID: "o", role: .gridMember, countyCode: "379922000000", onBehalfOf: ""))
    }
  }

  static let method = MethodDescriptor(service: "huying.dispute.v1.CaseService", name: "GetCase")

  static func through(_ body: (Channel, Backstop) async throws -> Void) async throws {
    let folder = TemporaryFolder()
    let backstop = Backstop()
    let service = Server(
      ServerConfiguration(.unix(path: folder.file("b.sock"))), services: [], interceptors: [TraceInterceptor()],
      fallback: { try await backstop.answer($0, $1) })
    try await service.start()
    let signature = ActorSignature(key: try KeyFile.loadOrMake(at: folder.file("signing.key")))
    let backends = Backends(
      targets: [
        "dispute": "unix:" + folder.file("b.sock"), "dispatch": "unix:" + folder.file("nothing.sock"),
      ], signature: signature, county: "379922000000")
    let router = Router(backends: backends, signature: signature)
    let gateway = Server(
      ServerConfiguration(.unix(path: folder.file("g.sock"))), services: [],
      interceptors: [TraceInterceptor(), AnyActor()], fallback: { try await router.route($0, $1) })
    try await gateway.start()
    let channel = Channel(target: "unix:" + folder.file("g.sock"))
    do { try await body(channel, backstop) } catch {
      Issue.record(error)
    }
    await channel.close(within: .zero)
    await gateway.drain(within: .zero)
    await backends.close()
    await service.drain(within: .zero)
  }

  @Test func `the time that is left goes on, a little less of it`() async throws {
    try await Self.through { channel, backstop in
      let _: GoogleProtobuf.Empty = try await channel.unary(
        Self.method, GoogleProtobuf.Empty(), CallOptions(timeout: .seconds(40)))
      let _: GoogleProtobuf.Empty = try await channel.unary(Self.method, GoogleProtobuf.Empty())
      let seen = backstop.seen.withLock { $0 }
      let rest = try #require(seen[0].rest)
      #expect(rest < .seconds(40))
      #expect(rest > .seconds(5))
      #expect(seen[1].rest == nil)
    }
  }

  @Test func `a call that runs out of time ends everywhere`() async throws {
    try await Self.through { channel, backstop in
      let status = await #expect(throws: Status.self) {
        let _: GoogleProtobuf.Empty = try await channel.unary(
          Self.method, GoogleProtobuf.Empty(),
          CallOptions(metadata: Metadata(["x-hang": "1"]), timeout: .milliseconds(300)))
      }
      #expect(status?.code == .deadlineExceeded)
    }
  }

  @Test func `a service that is not there is told of, and when to try again`() async throws {
    try await Self.through { channel, _ in
      let status = await #expect(throws: Status.self) {
        let _: GoogleProtobuf.Empty = try await channel.unary(
          MethodDescriptor(service: "huying.dispatch.v1.CallService", name: "GetCall"), GoogleProtobuf.Empty())
      }
      #expect(status?.code == .unavailable)
      #expect(status?.reasons.first?.code == "SERVICE_UNAVAILABLE")
      #expect(status?.retryDelay == .seconds(2))
    }
  }

  @Test func `the trace goes on, its state unchanged, and so does other metadata`() async throws {
    try await Self.through { channel, backstop in
      let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
      let metadata = Metadata([
        "traceparent": "00-\(trace)-00f067aa0ba902b7-00", "tracestate": "vendor=1", "x-request-id": "r-1",
        "x-more": "1", "x-more": "2",
      ])
      let _: GoogleProtobuf.Empty = try await channel.unary(
        Self.method, GoogleProtobuf.Empty(), CallOptions(metadata: metadata))
      let _: GoogleProtobuf.Empty = try await channel.unary(Self.method, GoogleProtobuf.Empty())
      let seen = backstop.seen.withLock { $0 }
      #expect(seen[0].trace?.traceText == trace)
      #expect(seen[0].trace?.isSampled == false)
      #expect(seen[0].trace?.state == "vendor=1")
      #expect(seen[0].metadata["x-request-id"] == "r-1")
      #expect(seen[0].metadata.values("x-more") == ["1", "2"])
      #expect(seen[1].trace != nil)
      #expect(seen[1].trace?.traceText != trace)
    }
  }
}
