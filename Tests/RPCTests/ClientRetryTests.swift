import HTTP2
import NIOCore
import Testing
import Wire
import WireTypes

@testable import RPC

/// The decision alone: what is made again, and after how long.
@Suite struct ClientRetryDecisionTests {
  static let policy = RetryPolicy(
    maximumAttempts: 4, initialBackoff: .milliseconds(100), maximumBackoff: .milliseconds(250), multiplier: 2,
    codes: [.unavailable, .aborted])

  static func run(
    _ failures: [RetryState.Failure], _ policy: RetryPolicy? = policy, random: Double = 0, tokens: Bool = true
  ) -> [RetryState.Decision] {
    var state = RetryState()
    return failures.map { state.decide($0, policy, random: random, takeToken: { tokens }) }
  }

  static func after(_ milliseconds: Int...) -> [RetryState.Decision] {
    milliseconds.map { .again(after: .milliseconds($0)) }
  }

  @Test func `pauses grow up to the maximum, give or take a fifth, and attempts are counted`() {
    let failure = RetryState.Failure.status(.unavailable, .none)
    let four = Array(repeating: failure, count: 4)
    #expect(Self.run(four) == Self.after(100, 200, 250) + [.end])
    #expect(Self.run(four, random: 1) == Self.after(120, 240, 300) + [.end])
    #expect(Self.run(four, random: -1) == Self.after(80, 160, 200) + [.end])
    var eager = Self.policy
    eager = RetryPolicy(
      maximumAttempts: 100, initialBackoff: eager.initialBackoff, maximumBackoff: eager.maximumBackoff, multiplier: 1,
      codes: eager.codes)
    #expect(Self.run(Array(repeating: failure, count: 5), eager) == Self.after(100, 100, 100, 100) + [.end])
  }

  @Test func `other codes, no policy and no tokens are the end`() {
    #expect(Self.run([.status(.notFound, .none)]) == [.end])
    #expect(Self.run([.status(.notFound, .after(.zero))]) == [.end])
    #expect(Self.run([.status(.unavailable, .none)], nil) == [.end])
    #expect(Self.run([.status(.unavailable, .none)], tokens: false) == [.end])
  }

  @Test func `push-back goes before the pause, and the next pause is a first one`() {
    let failures: [RetryState.Failure] = [
      .status(.unavailable, .none), .status(.unavailable, .after(.milliseconds(7))), .status(.aborted, .none),
      .status(.unavailable, .after(.milliseconds(7))),
    ]
    #expect(Self.run(failures) == Self.after(100, 7, 100) + [.end])
    #expect(Self.run([.status(.unavailable, .never)]) == [.end])
  }

  @Test(
    arguments: [
      (nil, RetryState.Pushback.none), ("0", .after(.zero)), ("1500", .after(.milliseconds(1_500))),
      ("2147483647", .after(.milliseconds(2_147_483_647))), ("2147483648", .never), ("-1", .never), ("", .never),
      ("1.5", .never), ("01", .never), ("+1", .never), ("1 ", .never), ("soon", .never),
    ] as [(String?, RetryState.Pushback)])
  func `what cannot be read as push-back means never`(text: String?, pushback: RetryState.Pushback) {
    #expect(RetryState.Pushback(text) == pushback)
  }

  @Test func `what the server never saw is made again at once, whatever the policy`() {
    #expect(Self.run([.refused, .refused], nil) == Self.after(0) + [.end])
    #expect(Self.run([.refused, .refused, .refused]) == Self.after(0, 100, 200))
    let never = Self.run(Array(repeating: .neverSent, count: 12), nil, tokens: false)
    #expect(never == Self.after(0, 10, 20, 40, 80, 160, 320, 640, 1_000, 1_000, 1_000, 1_000))
    var state = RetryState()
    _ = state.decide(.neverSent, nil, random: 0, takeToken: { true })
    _ = state.decide(.refused, nil, random: 0, takeToken: { true })
    #expect(state.previousAttempts == 0)
    _ = state.decide(.status(.unavailable, .none), Self.policy, random: 0, takeToken: { true })
    #expect(state.previousAttempts == 1)
  }

  @Test func `tokens go by failures and come back by successes`() {
    var tokens = RetryTokens(RetryThrottling(maximumTokens: 4, tokenRatio: 0.5))
    #expect(tokens.areEnough)
    tokens.failed()
    #expect(tokens.areEnough)
    tokens.failed()
    #expect(!tokens.areEnough)
    tokens.succeeded()
    #expect(tokens.areEnough)
    for _ in 0..<20 { tokens.failed() }
    #expect(tokens.count == 0)
    for _ in 0..<20 { tokens.succeeded() }
    #expect(tokens.count == 4)
  }

  @Test func `the method's own policy goes before its service's and that before the channel's`() {
    func policy(_ attempts: Int) -> RetryPolicy {
      RetryPolicy(maximumAttempts: attempts, initialBackoff: .zero, maximumBackoff: .zero, multiplier: 1, codes: [])
    }
    var configuration = ChannelConfiguration()
    func attempts(_ options: CallOptions = CallOptions()) -> Int? {
      configuration.retryPolicy(EchoService.echo, options)?.maximumAttempts
    }
    #expect(attempts() == nil)
    configuration.retryPolicies[""] = policy(2)
    #expect(attempts() == 2)
    configuration.retryPolicies["test.Echo"] = policy(3)
    #expect(attempts() == 3)
    configuration.retryPolicies["test.Echo/Echo"] = policy(4)
    #expect(attempts() == 4)
    var options = CallOptions()
    options.retryPolicy = policy(5)
    #expect(attempts(options) == 5)
  }
}

/// Retries against a server that fails.
@Suite(.timeLimit(.minutes(1))) struct ClientRetryTests {
  static let policy = RetryPolicy(
    maximumAttempts: 3, initialBackoff: .milliseconds(5), maximumBackoff: .milliseconds(10), multiplier: 2,
    codes: [.unavailable])

  static func options(_ policy: RetryPolicy? = policy, seconds: Int = 20) -> CallOptions {
    var options = CallOptions(timeout: .seconds(seconds))
    options.retryPolicy = policy
    return options
  }

  /// A server that fails `failures` times with what `fail` writes, and then answers.
  static func script(
    _ failures: Int, _ fail: @escaping @Sendable (LyingPeer, UInt32) -> Void = { trailersOnly($0, $1) }
  ) -> LyingServer.Script {
    var script = LyingServer.Script()
    script.answer = { peer, request in
      if request.number <= failures { fail(peer, request.stream) } else { peer.answer(request.stream) }
    }
    return script
  }

  @Sendable static func trailersOnly(_ peer: LyingPeer, _ stream: UInt32) {
    peer.headers(stream, [":status": "200", "content-type": "application/grpc", "grpc-status": "14"], end: true)
  }

  static func previous(_ server: LyingServer) -> [String?] { server.heads.map { $0["grpc-previous-rpc-attempts"] } }

  @Test func `a call is made again until it works, and says how often it was made`() async throws {
    let log = Journal()
    try await LyingServer.run(Self.script(2), configure: { $0.interceptors = [log] }) { channel, server in
      try await channel.expectHi(20, Self.options())
      #expect(Self.previous(server) == [nil, "1", "2"])
      #expect(log.lines == ["Echo OK"])
      #expect(channel.statistics[.retries] == 2)
    }
  }

  @Test func `attempts end at the maximum, with what came last`() async throws {
    try await LyingServer.run(Self.script(9)) { channel, server in
      let (_, status) = await result { try await channel.hi(20, Self.options()) }
      #expect(status?.code == .unavailable)
      #expect(server.heads.count == 3)
    }
  }

  @Test func `a head commits the call`() async throws {
    let script = Self.script(1) {
      $0.head($1)
      $0.trailers($1, "14")
    }
    try await LyingServer.run(script) { channel, server in
      let (_, status) = await result { try await channel.hi(20, Self.options()) }
      #expect(status?.code == .unavailable)
      #expect(server.heads.count == 1)
    }
  }

  @Test func `a stream of messages is made again whole`() async throws {
    var script = LyingServer.Script()
    script.frame = { peer, frame in
      guard frame.type == 0 else { return }
      peer.notes["\(frame.stream)", default: 0] += frame.payload.count
      guard frame.flags & 1 == 1 else { return }
      if frame.stream == 1 {
        Self.trailersOnly(peer, 1)
      } else {
        peer.head(frame.stream)
        peer.message(frame.stream, Number(value: Int32(peer.notes["\(frame.stream)"] ?? 0)).encoded())
        peer.trailers(frame.stream)
      }
    }
    try await LyingServer.run(script) { channel, server in
      let call: StreamingCall<Text, Number> = channel.streaming(EchoService.join, Self.options())
      for _ in 0..<3 { try await call.send(Text(value: "hi")) }
      #expect(try await call.response().value == 27)
      #expect(server.heads.count == 2)
    }
  }

  @Test func `push-back is heeded, and never means never`() async throws {
    for (pushback, attempts) in [("1", 2), ("-1", 1), ("what?", 1)] {
      let script = Self.script(1) {
        $0.headers(
          $1,
          [
            ":status": "200", "content-type": "application/grpc", "grpc-status": "14",
            "grpc-retry-pushback-ms": pushback,
          ], end: true)
      }
      let slow = RetryPolicy(
        maximumAttempts: 3, initialBackoff: .seconds(100), maximumBackoff: .seconds(100), multiplier: 2,
        codes: [.unavailable])
      try await LyingServer.run(script) { channel, server in
        _ = await result { try await channel.hi(20, Self.options(slow)) }
        #expect(server.heads.count == attempts)
      }
    }
  }

  @Test func `a pause beyond the deadline is not begun`() async throws {
    let slow = RetryPolicy(
      maximumAttempts: 3, initialBackoff: .seconds(100), maximumBackoff: .seconds(100), multiplier: 2,
      codes: [.unavailable])
    try await LyingServer.run(Self.script(9)) { channel, _ in
      let (_, status) = await result { try await channel.hi(20, Self.options(slow)) }
      #expect(status?.code == .unavailable)
    }
  }

  @Test func `a throttled channel makes nothing again`() async throws {
    try await LyingServer.run(
      Self.script(100), configure: { $0.retryThrottling = RetryThrottling(maximumTokens: 4, tokenRatio: 0.1) }
    ) { channel, server in
      for _ in 0..<3 { _ = await result { try await channel.hi(20, Self.options()) } }
      // Tokens 3, 2 (not more than half): after the second failure there are no further attempts.
      #expect(server.heads.count == 4)
    }
  }

  @Test func `refused is made again once without a policy`() async throws {
    for failures in [1, 2] {
      try await LyingServer.run(Self.script(failures) { $0.reset($1, 7) }) { channel, server in
        let (answer, status) = await result { try await channel.hi() }
        #expect(answer == (failures == 1 ? "hi" : nil))
        #expect(status?.code == (failures == 1 ? nil : .unavailable))
        #expect(server.heads.count == 2)
        #expect(Self.previous(server) == [nil, nil])
      }
    }
  }

  @Test func `streams above GOAWAY's last go to another connection`() async throws {
    var script = LyingServer.Script()
    script.answer = { peer, request in
      if request.number == 1 {
        peer.goAway(0)
        peer.close()
      } else {
        peer.answer(request.stream)
      }
    }
    try await LyingServer.run(script) { channel, server in
      try await channel.expectHi()
      #expect(server.connections == 2)
    }
  }

  @Test func `a call is lost with its connection, and made again by policy`() async throws {
    let script = Self.script(1) { peer, _ in peer.close() }
    try await LyingServer.run(script) { channel, server in
      let (_, status) = await result { try await channel.hi() }
      #expect(status?.code == .unavailable)
      #expect(status?.message.contains("was lost") == true)
    }
    try await LyingServer.run(script) { channel, server in
      try await channel.expectHi(20, Self.options())
      #expect(server.connections == 2)
    }
  }
}
