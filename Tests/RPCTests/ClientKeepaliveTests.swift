import NIOCore
import Testing
import WireTypes

@testable import RPC

@Suite struct ClientKeepaliveDecisionTests {
  static func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(1) + .seconds(seconds) }

  @Test func `silence is answered with a PING, and silence after that with the end`() {
    var keepalive = ClientKeepalive(Keepalive(time: .seconds(30), timeout: .seconds(5)), now: Self.at(0))
    #expect(keepalive.look(now: Self.at(0), hasCalls: true) == .look(Self.at(30)))
    var answersPing = keepalive.heard(now: Self.at(10))
    #expect(!answersPing)
    #expect(keepalive.look(now: Self.at(30), hasCalls: true) == .look(Self.at(40)))
    #expect(keepalive.look(now: Self.at(40), hasCalls: true) == .ping(Self.at(45)))
    #expect(keepalive.look(now: Self.at(41), hasCalls: true) == .look(Self.at(45)))
    answersPing = keepalive.heard(now: Self.at(42))
    #expect(answersPing)
    #expect(keepalive.look(now: Self.at(45), hasCalls: true) == .look(Self.at(72)))
    #expect(keepalive.look(now: Self.at(72), hasCalls: true) == .ping(Self.at(77)))
    #expect(keepalive.look(now: Self.at(77), hasCalls: true) == .giveUp)
  }

  @Test func `without calls it rests until there is one, unless it may ask`() {
    var keepalive = ClientKeepalive(Keepalive(time: .seconds(30)), now: Self.at(0))
    #expect(keepalive.look(now: Self.at(30), hasCalls: false) == .rest)
    let wakes = (keepalive.wakes(), keepalive.wakes())
    #expect(wakes == (true, false))
    #expect(keepalive.look(now: Self.at(50), hasCalls: true) == .ping(Self.at(70)))
    var eager = ClientKeepalive(Keepalive(time: .seconds(30), permitWithoutCalls: true), now: Self.at(0))
    #expect(eager.look(now: Self.at(30), hasCalls: false) == .ping(Self.at(50)))
  }

  @Test func `nobody asks more often than every ten seconds`() {
    #expect(Keepalive(time: .seconds(1)).time == .seconds(10))
    #expect(Keepalive(time: .seconds(11)).time == .seconds(11))
  }
}

@Suite(.timeLimit(.minutes(1))) struct ClientKeepaliveTests {
  static let fast = Keepalive(unchecked: .milliseconds(50), timeout: .seconds(20), permitWithoutCalls: false)

  @Test func `a server that has gone silent loses its connection, and the call is UNAVAILABLE`() async throws {
    var script = LyingServer.Script()
    script.acknowledges = false
    var keepalive = Self.fast
    keepalive.timeout = .milliseconds(200)
    let impatient = keepalive
    try await LyingServer.run(script, configure: { $0.keepalive = impatient }) { channel, _ in
      let (_, status) = await result { try await channel.hi(30) }
      #expect(status?.code == .unavailable)
      #expect(status?.message.contains("did not answer a keepalive PING") == true)
      // The call hears of it first.
      for _ in 0..<500 where channel.statistics[.closedKeepalive] == 0 { try await Task.sleep(for: .milliseconds(10)) }
      #expect(channel.statistics[.closedKeepalive] == 1)
    }
  }

  @Test func `a server that answers PINGs keeps its connection, however long it thinks`() async throws {
    var script = LyingServer.Script()
    script.frame = { peer, frame in
      guard frame.type == 6 else { return }
      peer.notes["pings", default: 0] += 1
      if peer.notes["pings"] == 4 { peer.answer(1) }
    }
    try await LyingServer.run(script, configure: { $0.keepalive = Self.fast }) { channel, server in
      try await channel.expectHi(30)
      #expect(server.connections == 1)
      #expect(channel.statistics[.keepalives] >= 4)
    }
  }

  @Test func `too many pings doubles the time`() async throws {
    var script = LyingServer.Script()
    script.answer = { peer, request in
      if request.number < 3 {
        peer.goAway(request.stream, 11, "too_many_pings")
        peer.close()
      } else {
        peer.answer(request.stream)
      }
    }
    try await LyingServer.run(script, configure: { $0.keepalive = Self.fast }) { channel, _ in
      let (_, status) = await result { try await channel.hi(30) }
      #expect(status?.code == .unavailable)
      #expect(status?.message.contains("ENHANCE_YOUR_CALM \"too_many_pings\"") == true)
      _ = await result { try await channel.hi(30, CallOptions(waitForReady: true)) }
      try await channel.expectHi(30, CallOptions(waitForReady: true))
      #expect(await channel.keepaliveTimes().max() == Self.fast.time * 4)
    }
  }
}
