import HTTP2
import NIOCore
import Testing
import WireTypes

@testable import RPC

/// Servers that break HTTP/2, or use it in ways that few do.
@Suite(.timeLimit(.minutes(2))) struct ClientPeerTests {
  /// What a server does instead of a greeting, and what its caller has to hear.
  static let greetings: [Lie] = [
    Lie("hangs up at once", .unavailable, "hung up before it spoke HTTP/2") { peer, _ in peer.close() },
    Lie("says nothing", .unavailable, "no answer in time") { _, _ in },
    Lie("answers in HTTP/1.1", .unavailable, "answered \"HTTP/1.1 400 Bad Request\"") { peer, _ in
      peer.send(Array("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n".utf8))
      peer.close()
    },
    Lie("speaks something else", .unavailable, "does not speak HTTP/2") { peer, _ in
      peer.send(Array("220 mail.example ESMTP ready\r\n".utf8))
    },
    Lie("begins with a PING", .unavailable, "does not speak HTTP/2") { peer, _ in
      peer.frame(6, [UInt8](repeating: 0, count: 8))
    },
    Lie("has settings that are none", .unavailable, "broke HTTP/2 (PROTOCOL_ERROR") { peer, _ in
      peer.settings([2: 7])
    },
    Lie("has a window of 4 GiB", .unavailable, "broke HTTP/2 (FLOW_CONTROL_ERROR") { peer, _ in
      peer.settings([4: .max])
    },
    Lie("goes at once", .unavailable, "") { peer, _ in
      peer.settings()
      peer.goAway(0, 2, "no")
      peer.close()
    },
  ]

  @Test(arguments: greetings) func `a server that is none is UNAVAILABLE, with what it did`(lie: Lie) async throws {
    var script = LyingServer.Script()
    script.greet = { lie.answer($0, 0) }
    script.acknowledges = false
    let isSilent = lie.words == "no answer in time"
    try await LyingServer.run(
      script, configure: { if isSilent { $0.connectTimeout = .milliseconds(300) } }
    ) { channel, server in
      let (_, status) = await result { try await channel.hi() }
      #expect(status?.code == .unavailable, "\(status.map { "\($0)" } ?? "OK")")
      #expect(status?.message.contains(lie.words) == true, "\(status.map { "\($0)" } ?? "OK")")
      let patient = CallOptions(timeout: .milliseconds(300), waitForReady: true)
      let begin = ContinuousClock.now
      let (_, late) = await result { try await channel.hi(20, patient) }
      // A call may leave between a server's settings and its going: then it is lost, and not waiting.
      let goes = lie.words.isEmpty && late?.code == .unavailable
      #expect(late?.code == .deadlineExceeded || goes)
      let pauses = (ContinuousClock.now - begin) / .milliseconds(10)
      #expect(Double(server.connections) < pauses + 10, "attempts have pauses of some 20 ms between them")
    }
  }

  /// What breaks a connection under a call.
  static let breaks: [Lie] = [
    Lie("a PUSH_PROMISE", .unavailable, "PROTOCOL_ERROR") {
      $0.frame(5, flags: 4, stream: $1, LyingPeer.number(2) + LyingPeer.block([":method": "GET"]))
    },
    Lie("bad HPACK", .unavailable, "COMPRESSION_ERROR") { $0.frame(1, flags: 4, stream: $1, [0xff, 0xff, 0xff]) },
    Lie("a frame too large", .unavailable, "FRAME_SIZE_ERROR") {
      $0.frame(0, stream: $1, [UInt8](repeating: 0, count: 20_000))
    },
    Lie("a window beyond all bounds", .unavailable, "FLOW_CONTROL_ERROR") { peer, _ in
      peer.windowUpdate(0, 0x7fff_ffff)
    },
    Lie("a CONTINUATION of nothing", .unavailable, "PROTOCOL_ERROR") { $0.frame(9, flags: 4, stream: $1, []) },
    Lie("CONTINUATION without end", .unavailable, "") { peer, stream in
      peer.frame(1, flags: 0, stream: stream, LyingPeer.block([":status": "200"]))
      for _ in 0..<3_000 { peer.frame(9, flags: 0, stream: stream, LyingPeer.block(["x": "y"])) }
    },
    Lie("an answer on a stream of nobody", .unavailable, "PROTOCOL_ERROR") { $0.head($1 + 2) },
    Lie("a flood of PINGs", .unavailable, "ENHANCE_YOUR_CALM") { peer, _ in
      let pings = (0..<1_000).flatMap { _ in LyingPeer.frame(6, [UInt8](repeating: 1, count: 8)) }
      for _ in 0..<10 { peer.send(pings) }
    },
    Lie("a flood of SETTINGS", .unavailable, "ENHANCE_YOUR_CALM") { peer, _ in
      for _ in 0..<10 { peer.send((0..<1_000).flatMap { _ in LyingPeer.frame(4) }) }
    },
    Lie("a flood of empty DATA", .unavailable, "too_many_glitches") { peer, stream in
      peer.head(stream)
      for _ in 0..<10 { peer.send((0..<1_000).flatMap { _ in LyingPeer.frame(0, stream: stream) }) }
    },
    Lie("GOAWAY with an error, and then nothing", .unavailable, "GOAWAY with INTERNAL_ERROR \"tired\"") {
      $0.goAway($1, 2, "tired")
      $0.close()
    },
    Lie("nothing any more", .unavailable, "was lost") { peer, _ in peer.close() },
    Lie("no answer", .deadlineExceeded, "before the server answered") { _, _ in },
    Lie("a head and no more", .deadlineExceeded, "before the") { $0.head($1) },
  ]

  @Test(arguments: breaks) func `a broken connection ends its calls, and the next has a new one`(
    lie: Lie
  ) async throws {
    var script = LyingServer.Script()
    script.answer = { peer, request in
      if request.headers["x-good"] != nil { peer.answer(request.stream) } else { lie.answer(peer, request.stream) }
    }
    let log = Journal()
    try await LyingServer.run(script, configure: { $0.interceptors = [log] }) { channel, _ in
      let good = CallOptions(metadata: Metadata(["x-good": "1"]), waitForReady: true)
      try await channel.expectHi(20, good)
      let limit: Duration = lie.code == .deadlineExceeded ? .milliseconds(300) : .seconds(20)
      let (_, status) = await result { try await channel.hi(20, CallOptions(timeout: limit)) }
      #expect(status?.code == lie.code, "\(status.map { "\($0)" } ?? "OK")")
      #expect(status?.message.contains(lie.words) == true, "\(status.map { "\($0)" } ?? "OK")")
      #expect(log.lines == ["Echo OK", "Echo \(lie.code?.name ?? "")"])
      let next = await first(of: 3) { try await channel.hi(20, good) }
      #expect(next == "hi")
    }
  }

  @Test func `a call given up is reset at the server`() async throws {
    let seen = Journal()
    var script = LyingServer.Script()
    script.answer = { _, _ in seen.add("request") }
    script.frame = { _, frame in if frame.type == 3 { seen.add("RST_STREAM \(frame.payload)") } }
    try await LyingServer.run(script) { channel, _ in
      let call = Task { try await channel.hi() }
      #expect(await seen.wait(for: "request"))
      call.cancel()
      let (_, status) = await result { try await call.value }
      #expect(status?.code == .cancelled)
      #expect(await seen.wait(for: "RST_STREAM [0, 0, 0, 8]"))
    }
  }

  @Test func `GOAWAY lets calls under way finish, and the next go elsewhere`() async throws {
    var script = LyingServer.Script()
    script.answer = { peer, request in
      if request.number == 1 { peer.goAway(request.stream) }
      peer.later(.milliseconds(50)) { peer.answer(request.stream) }
    }
    try await LyingServer.run(script) { channel, server in
      try await channel.expectHi()
      try await channel.expectHi()
      #expect(server.connections == 2)
    }
  }

  @Test func `a window of zero opens later, and messages pass in pieces`() async throws {
    var script = LyingServer.Script()
    script.greet = { $0.settings([4: 0]) }
    script.answer = { peer, request in
      peer.windowUpdate(0, 1 << 20)
      for step in 1...20 { peer.later(.milliseconds(Int64(step))) { peer.windowUpdate(request.stream, 10_000) } }
    }
    script.frame = { peer, frame in
      guard frame.type == 0 else { return }
      peer.notes["bytes", default: 0] += frame.payload.count
      if frame.flags & 1 == 1 {
        peer.head(frame.stream)
        peer.message(frame.stream, peer.notes["bytes"] == 100_009 ? LyingPeer.hi : [])
        peer.trailers(frame.stream)
      }
    }
    try await LyingServer.run(script) { channel, _ in
      let answer: Text = try await channel.unary(
        EchoService.echo, Text(value: String(repeating: "x", count: 100_000)), CallOptions(timeout: .seconds(20)))
      #expect(answer.value == "hi")
    }
  }

  @Test func `no streams at all means waiting, and settings may change`() async throws {
    var script = LyingServer.Script()
    script.greet = { $0.settings([3: 0]) }
    script.frame = { peer, frame in
      // The acknowledgement of the first settings.
      guard frame.type == 4, frame.flags & 1 == 1, peer.notes["seen"] == nil else { return }
      peer.notes["seen"] = 1
      peer.later(.milliseconds(300)) { peer.settings([3: 1]) }
    }
    script.answer = { peer, request in peer.answer(request.stream) }
    try await LyingServer.run(script) { channel, server in
      let (_, status) = await result { try await channel.hi(20, CallOptions(timeout: .milliseconds(50))) }
      #expect(status?.code == .deadlineExceeded)
      #expect(status?.message.contains("waited for a connection") == true)
      try await channel.expectHi()
      try await channel.expectHi()
      #expect(server.connections == 1)
    }
  }

  @Test func `one stream at a time means a further connection, or waiting`() async throws {
    var script = LyingServer.Script()
    script.greet = { $0.settings([3: 1]) }
    script.answer = { peer, request in peer.later(.milliseconds(20)) { peer.answer(request.stream) } }
    try await LyingServer.run(script) { channel, server in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<40 { group.addTask { try await channel.expectHi() } }
        try await group.waitForAll()
      }
      #expect((2...8).contains(server.connections))
    }
  }

  @Test(arguments: 0..<8) func `whatever bytes come, every call ends`(seed: Int) async throws {
    var random = Seeded(state: UInt64(seed) &* 7_919 + 1)
    var lies: [[UInt8]] = []
    for _ in 0..<40 { lies.append(Self.nonsense(&random)) }
    let all = lies
    var script = LyingServer.Script()
    script.answer = { peer, request in
      var bytes = all[request.number % all.count]
      // Mostly on the stream that waits for an answer.
      if bytes.count > 8, bytes[7] & 1 == 0 { bytes.replaceSubrange(5...8, with: LyingPeer.number(request.stream)) }
      peer.send(bytes)
      if bytes.count % 3 == 0 { peer.close() }
    }
    try await LyingServer.run(script) { channel, _ in
      for _ in 0..<40 {
        _ = await result { try await channel.hi(20, CallOptions(timeout: .milliseconds(100), waitForReady: true)) }
      }
    }
  }

  /// Frames of any type with any flags and any payload.
  private static func nonsense(_ random: inout Seeded) -> [UInt8] {
    (0..<Int.random(in: 1...4, using: &random)).flatMap { _ -> [UInt8] in
      let payload = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      return LyingPeer.frame(
        UInt8.random(in: 0...12, using: &random), flags: UInt8.random(in: 0...255, using: &random),
        stream: UInt32.random(in: 0...5, using: &random), payload)
    }
  }
}

/// The same numbers every time.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }
}
