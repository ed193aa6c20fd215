import NIOCore
import NIOPosix
import Synchronization
import Testing
import WireTypes

@testable import RPC

@Suite(.timeLimit(.minutes(1))) struct ClientStateTests {
  /// The states up to `last`, which has to come.
  static func states(_ stream: AsyncStream<RPC.Channel.State>, to last: RPC.Channel.State) async -> [RPC.Channel.State]
  {
    var seen: [RPC.Channel.State] = []
    for await state in stream {
      seen.append(state)
      if state == last { break }
    }
    return seen
  }

  @Test func `a channel tells its states: the one it is in, every change, and its end`() async throws {
    try await Loopback.run { loop in
      let states = loop.channel.states
      loop.channel.connect()
      #expect(await Self.states(states, to: .ready) == [.idle, .connecting, .ready])
      let later = loop.channel.states
      await loop.server.drain(within: .zero)
      #expect(await Self.states(later, to: .idle) == [.ready, .idle])
      let end = loop.channel.states
      await loop.channel.close()
      var seen: [RPC.Channel.State] = []
      for await state in end { seen.append(state) }
      #expect(seen == [.idle, .shutdown])
      var after: [RPC.Channel.State] = []
      for await state in loop.channel.states { after.append(state) }
      #expect(after == [.shutdown])
      let (_, status) = await result { try await loop.channel.hi() }
      #expect(status == Status(.unavailable, "the channel is closed"))
    }
  }

  @Test func `failing goes on until somebody answers`() async throws {
    var configuration = ChannelConfiguration()
    configuration.maximumBackoff = .milliseconds(200)
    let path = "/tmp/huying-rpc-\(UInt32.random(in: 0 ... .max)).sock"
    let channel = Channel(target: "unix:" + path, configuration: configuration)
    let states = channel.states
    channel.connect()
    #expect(await Self.states(states, to: .transientFailure) == [.idle, .connecting, .transientFailure])
    let server = Server(ServerConfiguration(.unix(path: path)), services: [EchoService()])
    try await server.start()
    let rest = await Self.states(channel.states, to: .ready)
    #expect(rest.allSatisfy { [.transientFailure, .connecting, .ready].contains($0) })
    await channel.close()
    await server.drain()
  }

  /// A container that was stopped: its address refuses nothing, it says nothing.
  @Test func `after a failure nobody waits for an attempt that nobody answers`() async throws {
    let greeted = Atomic<Int>(0)
    var script = LyingServer.Script()
    script.acknowledges = false
    script.greet = { peer in if greeted.add(1, ordering: .relaxed).newValue == 1 { peer.close() } }
    try await LyingServer.run(script, configure: { $0.connectTimeout = .seconds(60) }) { channel, server in
      channel.connect()
      #expect(await Self.states(channel.states, to: .transientFailure).last == .transientFailure)
      while server.connections < 2 { try await Task.sleep(for: .milliseconds(5)) }
      #expect(channel.state == .transientFailure)
      let (_, status) = await result { try await channel.hi(30) }
      #expect(status?.code == .unavailable)
      #expect(server.connections == 2)
    }
  }

  @Test func `letting go of a channel is its end`() async throws {
    var channel: RPC.Channel? = Channel(target: "127.0.0.1:1")
    let states = channel?.states
    channel = nil
    var seen: [RPC.Channel.State] = []
    if let states { for await state in states { seen.append(state) } }
    #expect(seen == [.idle, .shutdown])
  }
}

@Suite struct ClientDeadlineListTests {
  final class Item: Expiring {
    let deadline: ContinuousClock.Instant?
    var deadlinePosition: Int?
    let ended: (Item) -> Void

    init(_ deadline: ContinuousClock.Instant?, _ ended: @escaping (Item) -> Void) {
      self.deadline = deadline
      self.ended = ended
    }

    func expire() { ended(self) }
  }

  @Test func `deadlines come in their order, and those that were taken out do not`() async throws {
    let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
    let promise = eventLoop.makePromise(of: [Int].self)
    eventLoop.execute {
      var random = Seeded(state: 42)
      let list = DeadlineList(eventLoop)
      let start = ContinuousClock.now
      var seen: [Int] = []
      let offsets = (0..<200).map { _ in Int.random(in: 1...40, using: &random) }
      var items: [Item] = []
      for offset in offsets {
        items.append(
          Item(start + .milliseconds(offset)) { _ in
            seen.append(offset)
            if seen.count == 100 { promise.succeed(seen) }
          })
      }
      for item in items { list.add(item) }
      list.add(Item(nil) { _ in promise.fail(Status(.internal, "no deadline")) })
      for (index, item) in items.enumerated() where index % 2 == 1 { list.remove(item) }
      list.remove(items[1])
      #expect(list.count == 100)
      #expect(seen.isEmpty)
    }
    let seen = try await promise.futureResult.get()
    #expect(seen == seen.sorted())
  }
}
