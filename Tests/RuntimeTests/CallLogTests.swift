import Foundation
import Glibc
import Logging
import RPC
import Synchronization
import TestSupport
import Testing
import WireTypes

@testable import Runtime

@Suite(.timeLimit(.minutes(1))) struct CallLogTests {
  /// Answers everything with nothing, but refuses `Fail`.
  static func logged(_ level: Logger.Level, _ paths: [String]) async throws -> String {
    let folder = TemporaryFolder()
    let file = folder.file("log")
    let descriptor = open(file, O_WRONLY | O_CREAT, 0o600)
    defer { close(descriptor) }
    let output = LogOutput(descriptor: descriptor)
    let server = Server(
      ServerConfiguration(.unix(path: folder.file("s.sock"))), services: [],
      interceptors: [
        CallLog(service: "test", logLevel: level, registry: PrometheusRegistry(), known: [], output: output)
      ],
      fallback: { call, context in
        if context.metadata["x-fail"] != nil { throw Status(.unavailable, "not now") }
        try await call.write([])
      })
    try await server.start()
    let channel = Channel(target: "unix:" + folder.file("s.sock"))
    for path in paths {
      let isToFail = path.hasSuffix("!")
      let method = try #require(MethodDescriptor(path: isToFail ? String(path.dropLast()) : path))
      let _: GoogleProtobuf.Empty? = try? await channel.unary(
        method, GoogleProtobuf.Empty(), CallOptions(metadata: Metadata(isToFail ? ["x-fail": "1"] : [:])))
    }
    await channel.close()
    await server.drain()
    output.flush()
    return try String(contentsOfFile: file, encoding: .utf8)
  }

  static let position = "/huying.dispute.v1.InboxService/GetPosition"
  static let head = "/huying.feed.v1.FeedService/GetHead"
  static let deliver = "/huying.dispute.v1.InboxService/Deliver"

  @Test func `what the relay asks every second is no news, unless it fails`() async throws {
    let quiet = try await Self.logged(.info, [Self.position, Self.head, Self.deliver])
    #expect(!quiet.contains("GetPosition") && !quiet.contains("GetHead"))
    #expect(quiet.contains("InboxService/Deliver"))
    let failed = try await Self.logged(.info, [Self.position + "!", Self.head + "!"])
    #expect(failed.contains("GetPosition") && failed.contains("GetHead") && failed.contains("\"UNAVAILABLE\""))
    let talkative = try await Self.logged(.debug, [Self.position, Self.head])
    #expect(talkative.contains("GetPosition") && talkative.contains("GetHead"))
  }

  @Test func `of a flood of refusals a hundred a second have lines, and the others are counted`() {
    let clock = Mutex<Int64>(7)
    let lines = RefusalLines { clock.withLock { $0 } }
    #expect((0..<1_000).filter { _ in lines.maySay() }.count == 100)
    #expect(lines.takeUnsaid() == nil)
    clock.withLock { $0 = 8 }
    #expect(lines.takeUnsaid() == 900)
    #expect(lines.takeUnsaid() == nil)
    #expect((0..<50).filter { _ in lines.maySay() }.count == 50)
    clock.withLock { $0 = 9 }
    #expect(lines.takeUnsaid() == nil)
    #expect(lines.maySay())
  }

  @Test func `the version says which image it is of, and nothing else that somebody put there`() {
    #expect(ProgramVersion.text(of: nil) == ProgramVersion.source)
    #expect(ProgramVersion.text(of: "2026-11.1") == "\(ProgramVersion.source)+2026-11.1")
    for word in ["", "a b", "1\n2", "版本", String(repeating: "1", count: 65)] {
      #expect(ProgramVersion.text(of: word) == ProgramVersion.source)
    }
  }
}
