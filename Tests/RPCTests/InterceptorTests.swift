import Foundation
import HTTP2
import RPC
import Synchronization
import Testing
import WireTypes

/// Every way in which an exchange can end, provoked from outside: interceptors see one end of each, and no begin without one.
@Suite(.timeLimit(.minutes(1))) struct InterceptorTests {
  /// A connection on which a test says what it likes.
  final class RawClient {
    private let socket: PlainSocket
    private var isOpen = true
    let session: Session
    let answer = WireRuleTests.Answer()

    init(_ path: String) throws {
      socket = try PlainSocket(path)
      session = try Session(.client)
    }

    /// Opens a stream; `fields` in place of those of a good call, or behind them.
    func open(_ path: String, _ fields: [(StaticString, String)] = []) throws -> HTTP2.Stream {
      var head = HeaderBlock()
      var others = HeaderBlock()
      for (name, value) in fields { others.append(name, value) }
      for (name, value) in [
        (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "here"),
        ("content-type", "application/grpc"),
      ] as [(StaticString, String)] { head.append(name, others[name] ?? value) }
      let names = Set((0..<head.count).map(head.name))
      head.append(others.dropping { names.contains($0.name($1)) })
      return try session.open(head, owner: answer)
    }

    /// Hangs up.
    func close() {
      if isOpen { socket.close() }
      isOpen = false
    }

    func flush() throws { while try session.drain(limit: 1 << 16, { socket.write($0) }) {} }

    /// Reads until the stream is over.
    func finish() throws {
      while answer.code == nil {
        try flush()
        let input = socket.read()
        try input.withUnsafeBytes { try session.receive($0) }
        if input.isEmpty { session.end(.internalError) }
      }
      try flush()
    }
  }

  static let message: [UInt8] = [0, 0, 0, 0, 3, 10, 1, 65]

  /// What interceptors saw while `body` was done to a server.
  static func watch(_ body: (Server, RawClient, Journal) async throws -> Void) async throws -> [String] {
    let path = "/tmp/huying-rpc-\(UInt32.random(in: 0 ... .max)).sock"
    var configuration = ServerConfiguration(.unix(path: path))
    configuration.maximumMessageBytes = 1_000
    let service = EchoService()
    let log = Journal()
    let server = Server(configuration, services: [service], interceptors: [log])
    try await server.start()
    let client = try RawClient(path)
    try await body(server, client, log)
    client.close()
    await server.drain(within: .seconds(5))
    return log.lines
  }

  /// A call that is said in one piece and read to its end.
  static func say(
    _ path: String, _ fields: [(StaticString, String)] = [], _ bytes: [UInt8] = message, end: Bool = true
  ) async throws -> [String] {
    try await watch { _, client, _ in
      let stream = try client.open(path, fields)
      stream.send(bytes)
      if end { stream.finish() }
      try client.finish()
    }
  }

  @Test func `an answer and a failure`() async throws {
    #expect(try await Self.say("/test.Echo/Echo") == ["begin Echo", "Echo OK in 1 out 1"])
    #expect(try await Self.say("/test.Echo/Fail") == ["begin Fail", "Fail FAILED_PRECONDITION in 1 out 0"])
  }

  @Test func `a method that nobody has, and a path that is none`() async throws {
    #expect(try await Self.say("/test.Echo/Nothing") == ["Nothing UNIMPLEMENTED in 0 out 0"])
    #expect(try await Self.say("/").count == 1)
  }

  @Test(
    arguments: [
      ([(":method", "GET")], "Echo UNKNOWN in 0 out 0"), ([("content-type", "text/plain")], "Echo UNKNOWN in 0 out 0"),
      ([("grpc-timeout", "soon")], "Echo INTERNAL in 0 out 0"),
      ([("grpc-encoding", "middle-out")], "Echo UNIMPLEMENTED in 0 out 0"),
      ([("x-large", String(repeating: "x", count: 20_000))], "Echo UNKNOWN in 0 out 0"),
    ] as [([(StaticString, String)], String)]) func `a head that is no call`(
      fields: [(StaticString, String)], line: String
    ) async throws
  {
    #expect(try await Self.say("/test.Echo/Echo", fields) == [line])
  }

  @Test func `a refusal by an interceptor`() async throws {
    #expect(
      try await Self.say("/test.Echo/Echo", [("x-refuse", "1")]) == ["begin Echo", "Echo UNAUTHENTICATED in 1 out 0"])
  }

  @Test func `a message too large, one too many, one cut short`() async throws {
    #expect(
      try await Self.say("/test.Echo/Echo", [], [0, 0, 1, 0, 0], end: false) == ["Echo RESOURCE_EXHAUSTED in 0 out 0"])
    #expect(
      try await Self.say("/test.Echo/Echo", [], Self.message + Self.message)
        == ["Echo UNIMPLEMENTED in 2 out 0"], "refused as the second one comes, before any interceptor begins")
    #expect(try await Self.say("/test.Echo/Echo", [], [0, 0, 0, 0, 9, 1]) == ["Echo INTERNAL in 0 out 0"])
  }

  @Test func `a deadline that passes`() async throws {
    #expect(
      try await Self.say("/test.Echo/Hang", [("grpc-timeout", "50m")], [], end: false)
        == ["begin Hang", "Hang DEADLINE_EXCEEDED in 0 out 0"])
  }

  @Test func `a caller who resets before the request is whole, and one who does while it is answered`() async throws {
    let early = try await Self.watch { _, client, log in
      let stream = try client.open("/test.Echo/Echo")
      stream.send([0, 0])
      try client.flush()
      stream.reset(.cancel)
      try client.finish()
      #expect(await log.wait(for: "Echo CANCELLED in 0 out 0"))
    }
    #expect(early == ["Echo CANCELLED in 0 out 0"])
    let late = try await Self.watch { _, client, log in
      let stream = try client.open("/test.Echo/Hang")
      try client.flush()
      #expect(await log.wait(for: "begin Hang"))
      stream.reset(.cancel)
      try client.finish()
      #expect(await log.wait(for: "Hang CANCELLED in 0 out 0"))
    }
    #expect(late == ["begin Hang", "Hang CANCELLED in 0 out 0"])
  }

  @Test func `a connection that is lost`() async throws {
    let lines = try await Self.watch { server, client, log in
      _ = try client.open("/test.Echo/Hang")
      let unfinished = try client.open("/test.Echo/Echo")
      unfinished.send([0])
      try client.flush()
      #expect(await log.wait(for: "begin Hang"))
      client.close()
      #expect(await log.wait(for: "Hang CANCELLED in 0 out 0"))
      #expect(await log.wait(for: "Echo CANCELLED in 0 out 0"))
    }
    #expect(Set(lines) == ["begin Hang", "Hang CANCELLED in 0 out 0", "Echo CANCELLED in 0 out 0"])
    #expect(lines.count == 3)
  }

  @Test func `a server that leaves`() async throws {
    let lines = try await Self.watch { server, client, log in
      _ = try client.open("/test.Echo/Hang")
      try client.flush()
      #expect(await log.wait(for: "begin Hang"))
      await server.drain(within: .milliseconds(50))
    }
    #expect(lines == ["begin Hang", "Hang UNAVAILABLE in 0 out 0"])
  }

  @Test func `what HTTP/2 itself refuses is no exchange`() async throws {
    let lines = try await Self.watch { _, client, _ in
      // Malformed (RFC 9113 §8.2.2).
      _ = try client.open("/test.Echo/Echo", [("connection", "close")])
      try client.finish()
    }
    #expect(lines == [])
  }
}
