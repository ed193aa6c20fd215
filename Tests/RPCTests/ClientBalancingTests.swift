import NIOCore
import Testing
import WireTypes

@testable import RPC

/// A subchannel as the picker sees it.
struct Place: Candidate {
  var state: RPC.Channel.State
  var hasRoom = true
}

@Suite struct ClientPickerTests {
  static func places(_ text: String) -> [Place] {
    text.map {
      switch $0 {
      case "R": Place(state: .ready)
      case "r": Place(state: .ready, hasRoom: false)
      case "C": Place(state: .connecting)
      case "I": Place(state: .idle)
      default: Place(state: .transientFailure)
      }
    }
  }

  /// R: ready, r: ready and full, C: connecting, I: idle, T: transient failure.
  @Test(
    arguments: [
      ("R", .use(0), .use(0), .ready), ("TR", .use(1), .use(1), .ready), ("CRR", .use(1), .use(1), .ready),
      ("rR", .use(1), .use(1), .ready), ("rr", .full(0), .full(0), .ready), ("Tr", .full(1), .full(1), .ready),
      ("C", .wait, .wait, .connecting), ("TC", .wait, .wait, .connecting), ("IT", .wait, .wait, .connecting),
      ("I", .wait, .wait, .connecting), ("T", .fail, .fail, .transientFailure), ("TT", .fail, .fail, .transientFailure),
    ] as [(String, Picker.Pick, Picker.Pick, RPC.Channel.State)])
  func `a call goes to who is ready, and fails only when all have failed`(
    text: String, first: Picker.Pick, robin: Picker.Pick, state: RPC.Channel.State
  ) {
    let places = Self.places(text)
    var pickFirst = Picker(.pickFirst)
    var roundRobin = Picker(.roundRobin)
    #expect(pickFirst.pick(places) == first)
    #expect(roundRobin.pick(places) == robin)
    #expect(Picker.state(places) == state)
  }

  @Test func `pick-first stays, round-robin goes round`() {
    let places = Self.places("RTRrR")
    var pickFirst = Picker(.pickFirst)
    var roundRobin = Picker(.roundRobin)
    #expect((0..<4).map { _ in pickFirst.pick(places) } == Array(repeating: .use(0), count: 4))
    #expect((0..<5).map { _ in roundRobin.pick(places) } == [.use(0), .use(2), .use(4), .use(0), .use(2)])
  }
}

/// Several servers behind one channel.
@Suite(.timeLimit(.minutes(1))) struct ClientBalancingTests {
  /// `count` servers and a channel to all of them.
  static func run(
    _ count: Int, _ balancing: LoadBalancing, configure: (inout ChannelConfiguration) -> Void = { _ in },
    _ body: (RPC.Channel, [Server]) async throws -> Void
  ) async throws {
    var servers: [Server] = []
    for _ in 0..<count {
      let server = Server(ServerConfiguration(.tcp(host: "127.0.0.1", port: 0)), services: [EchoService()])
      try await server.start()
      servers.append(server)
    }
    var configuration = ChannelConfiguration()
    configuration.loadBalancing = balancing
    configuration.maximumBackoff = .milliseconds(50)
    configure(&configuration)
    let list = servers.map { "127.0.0.1:\($0.port)" }.joined(separator: ",")
    let channel = Channel(target: "ipv4:" + list, configuration: configuration)
    try await body(channel, servers)
    await channel.close(within: .zero)
    for server in servers { await server.drain(within: .zero) }
  }

  static func calls(_ server: Server) -> Int { server.statistics[.callsStarted] }

  @Test func `pick-first uses the first server that answers, and another one when it is gone`() async throws {
    try await Self.run(3, .pickFirst) { channel, servers in
      for _ in 0..<10 { try await channel.expectHi() }
      // The first, unless it was slow to answer and another one was tried beside it.
      #expect(servers.map(Self.calls).sorted() == [0, 0, 10])
      for server in servers where Self.calls(server) == 10 { await server.drain(within: .zero) }
      try await channel.expectHi(20, CallOptions(waitForReady: true))
      #expect(servers.map(Self.calls).sorted() == [0, 1, 10])
      for server in servers { await server.drain(within: .zero) }
      let (_, status) = await result { try await channel.hi() }
      #expect(status?.code == .unavailable)
    }
  }

  @Test func `an address that is silent does not hold up the next`() async throws {
    var script = LyingServer.Script()
    script.greet = { _ in }
    script.acknowledges = false
    try await LyingServer.run(script) { _, silent in
      try await Loopback.run { loop in
        let channel = Channel(target: "ipv4:127.0.0.1:\(silent.port),127.0.0.1:\(loop.server.port)")
        let start = ContinuousClock.now
        try await channel.expectHi(60)
        #expect(start.duration(to: .now) < .seconds(15), "not the 20 seconds that one attempt may take")
        #expect(channel.statistics[.connectAttempts] == 2)
        await channel.close()
      }
    }
  }

  @Test func `round-robin uses all that answer in turn`() async throws {
    try await Self.run(3, .roundRobin) { channel, servers in
      channel.connect()
      try await ready(channel, servers)
      for _ in 0..<30 { try await channel.expectHi() }
      #expect(servers.map(Self.calls) == [10, 10, 10])
      await servers[1].drain(within: .zero)
      for _ in 0..<20 { try await channel.expectHi(20, CallOptions(waitForReady: true)) }
      #expect(Self.calls(servers[1]) == 10)
      #expect(Self.calls(servers[0]) + Self.calls(servers[2]) == 40)
    }
  }

  /// Waits until every server has its connection, and the channel has heard of all.
  private func ready(_ channel: RPC.Channel, _ servers: [Server]) async throws {
    for _ in 0..<1_000 where channel.statistics[.connections] < servers.count {
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(channel.statistics[.connections] == servers.count)
  }

  @Test func `an unused channel closes its connections, and opens them again`() async throws {
    try await Self.run(2, .roundRobin, configure: { $0.idleTimeout = .milliseconds(100) }) { channel, servers in
      let states = channel.states
      try await channel.expectHi(20, CallOptions(waitForReady: true))
      var seen: [RPC.Channel.State] = []
      for await state in states {
        seen.append(state)
        if seen.count > 1, state == .idle { break }
      }
      #expect(seen.first == .idle)
      #expect(seen.contains(.ready))
      try await channel.expectHi(20, CallOptions(waitForReady: true))
    }
  }
}
