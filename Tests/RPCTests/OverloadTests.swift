import NIOCore
import RPC
import Synchronization
import TestSupport
import Testing
import WireTypes

/// Handlers that wait until they are let go, and remember who came.
final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var waiting: [CheckedContinuation<Void, Never>] = []
    var entered: [String] = []
  }
  private let state = Mutex(State())

  var entered: [String] { state.withLock(\.entered) }

  func pass(_ name: String) async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        state.entered.append(name)
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}

struct GatedService: Service {
  let gate = Gate()
  var handlers: [MethodHandler] {
    [("test.Gated", "GetIt"), ("test.Gated", "ChangeIt"), ("grpc.health.v1.Health", "Check")].map { service, name in
      .unary(MethodDescriptor(service: service, name: name)) { (request: Text, _) in
        if service == "test.Gated" { await gate.pass("\(name) \(request.value)") }
        return request
      }
    } + [
      .serverStreaming(MethodDescriptor(service: "test.Gated", name: "Watch", serverStreaming: true)) {
        (request: Text, writer: ResponseWriter<Text>, _) in
        try await writer.write(request)
        try await Task.sleep(for: .seconds(100))
      }
    ]
  }
}

@Suite(.timeLimit(.minutes(1))) struct OverloadTests {
  /// Frames of a call with the one-letter text `letter`.
  static func call(_ id: UInt32, _ path: String, _ letter: String, _ more: [(String, String)] = []) -> [Frame] {
    [
      .headers(id, HPACK.request(path, more), end: false),
      .data(id, [0, 0, 0, 0, 3, 10, 1] + Array(letter.utf8), end: true),
    ]
  }

  static func isAnswered(_ attacker: Attacker, _ id: UInt32) -> Bool {
    attacker.frames.contains { $0.type == 1 && $0.stream == id && $0.flags & Frame.endStream != 0 }
  }

  @Test func `two run, three wait, the rest is refused at once; what expired while it waited never runs`() async throws
  {
    let service = GatedService()
    var configuration = ServerConfiguration(.tcp(host: "127.0.0.1", port: 0))
    configuration.methodLimits[.reads] = MethodLimit(running: 2, queued: 3, longestWait: .seconds(100))
    let server = Server(configuration, services: [service])
    try await server.start()
    let client = try await Attacker.connect(server)
    for (index, letter) in ["a", "b", "c", "d", "e", "f", "g"].enumerated() {
      client.say(
        Self.call(UInt32(index * 2 + 1), "/test.Gated/GetIt", letter, letter == "d" ? [("grpc-timeout", "1m")] : []))
    }
    // The sixth and the seventh are refused, the fourth has expired.
    for id in [UInt32(11), 13, 7] { #expect(await client.wait { Self.isAnswered($0, id) }) }
    #expect(service.gate.entered == ["GetIt a", "GetIt b"])
    // Other classes have their own room: a write, the health check, a stream.
    client.say(Self.call(15, "/test.Gated/ChangeIt", "w"))
    client.say(Self.call(17, "/grpc.health.v1.Health/Check", "h"))
    client.say(Self.call(19, "/test.Gated/Watch", "s"))
    #expect(await client.wait { Self.isAnswered($0, 17) })
    #expect(await client.wait { $0.frames.contains { $0.type == 0 && $0.stream == 19 } })
    #expect(await client.wait { _ in service.gate.entered.contains("ChangeIt w") })
    service.gate.open()
    for id in [UInt32(1), 3, 5, 9, 15] { #expect(await client.wait { Self.isAnswered($0, id) }) }
    #expect(Set(service.gate.entered) == ["GetIt a", "GetIt b", "GetIt c", "GetIt e", "ChangeIt w"])
    await client.hangUp()
    #expect(await client.wait { _ in server.runningCount == 0 })
    await server.drain()
  }

  @Test func `a refusal says when to come again, and afterwards there is room`() async throws {
    let service = GatedService()
    var configuration = ServerConfiguration(.tcp(host: "127.0.0.1", port: 0))
    configuration.methodLimits[.reads] = MethodLimit(running: 1, queued: 0)
    let server = Server(configuration, services: [service])
    try await server.start()
    let channel = Channel(target: "127.0.0.1:\(server.port)")
    let method = MethodDescriptor(service: "test.Gated", name: "GetIt")
    // One per event loop at the most gets in.
    let all = (0..<40).map { number in
      Task { () -> Result<Text, any Error> in
        do { return .success(try await channel.unary(method, Text(value: "\(number)"))) } catch {
          return .failure(error)
        }
      }
    }
    let refused = Task { () -> Bool in
      for _ in 0..<2_000 where server.statistics[.callsFailed] < 40 - System.coreCount {
        try? await Task.sleep(for: .milliseconds(5))
      }
      return server.statistics[.callsFailed] >= 40 - System.coreCount
    }
    #expect(await refused.value)
    service.gate.open()
    var answers = 0
    for task in all {
      switch await task.value {
      case .success: answers += 1
      case .failure(let error):
        let status = try #require(error as? Status)
        #expect(status.code == .resourceExhausted)
        #expect(status.reasons.map(\.code) == ["OVERLOADED"])
        #expect(status.retryDelay ?? .zero >= .milliseconds(100))
      }
    }
    #expect(answers >= 1)
    let after: Text = try await channel.unary(method, Text(value: "after"))
    #expect(after.value == "after")
    await channel.close()
    await server.drain()
  }

  /// Four times as much as can be done: what is answered is what can be done, and no call is left over.
  @Test func `under a flood as much is answered as can be`() async throws {
    let service = EchoService()
    var configuration = ServerConfiguration(.tcp(host: "127.0.0.1", port: 0))
    configuration.methodLimits[.writes] = MethodLimit(running: 4, queued: 8, longestWait: .seconds(100))
    let server = Server(configuration, services: [service])
    try await server.start()
    let client = try await Attacker.connect(server)
    for id in 0..<48 {
      client.say([
        .headers(UInt32(id * 2 + 1), HPACK.request("/test.Echo/Sleep"), end: false),
        .data(UInt32(id * 2 + 1), [0, 0, 0, 0, 2, 8, 20], end: true),
      ])
    }
    #expect(
      await client.wait { attacker in (0..<48).allSatisfy { Self.isAnswered(attacker, UInt32($0 * 2 + 1)) } })
    // Four ran, eight waited; the others may have come before or after one of them ended.
    #expect(server.statistics[.callsSucceeded] >= 12)
    #expect(server.runningCount == 0)
    await client.hangUp()
    await server.drain()
  }
}

@Suite(.timeLimit(.minutes(1))) struct PassedOnOverloadTests {
  /// A gateway that knows the methods of two services behind it, of which one stands still.
  @Test func `one who stands still fills his own queues, and nobody else's`() async throws {
    let gate = Gate()
    let still = MethodDescriptor(service: "test.Still", name: "GetIt")
    let lively = MethodDescriptor(service: "test.Lively", name: "GetIt")
    var configuration = ServerConfiguration(.tcp(host: "127.0.0.1", port: 0))
    configuration.methodLimits[.reads] = MethodLimit(running: 2, queued: 3, longestWait: .seconds(100))
    let server = Server(
      configuration, services: [],
      fallback: { call, context in
        let message = try await call.onlyMessage()
        if context.method == still { await gate.pass("still") }
        try await call.write(message)
      }, passedOn: [[still], [lively]])
    try await server.start()
    let client = try await Attacker.connect(server)
    for id in 0..<7 { client.say(OverloadTests.call(UInt32(id * 2 + 1), still.path, "a")) }
    for id in [UInt32(11), 13] { #expect(await client.wait { OverloadTests.isAnswered($0, id) }) }
    #expect(gate.entered.count == 2)
    for id in 7..<20 {
      client.say(OverloadTests.call(UInt32(id * 2 + 1), lively.path, "b"))
      #expect(await client.wait { OverloadTests.isAnswered($0, UInt32(id * 2 + 1)) })
    }
    #expect(server.statistics[.callsSucceeded] == 13)
    #expect(server.statistics[.callsFailed] == 2)
    gate.open()
    for id in 0..<5 { #expect(await client.wait { OverloadTests.isAnswered($0, UInt32(id * 2 + 1)) }) }
    #expect(server.statistics[.callsSucceeded] == 18)
    await client.hangUp()
    await server.drain()
  }
}
