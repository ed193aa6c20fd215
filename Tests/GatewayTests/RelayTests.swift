import Access
import DisputeContract
import Feed
import FeedContract
import Journal
import Kernel
import Logging
import Persistence
import RPC
import Runtime
import Synchronization
import TestSupport
import Testing
import Wire
import WireTypes

@testable import GatewayService

/// A source with a real journal behind a real server, a target that keeps what it hears, and the way between them.
private final class RelayBench: Sendable {
  let source: ServiceBench
  let server: Server
  let channel: Channel
  let target = HearingTarget()
  let parked: ParkedMessages
  let board = RelayBoard([])
  let gate = RelayGate()
  private let parkedBench: ServiceBench

  init() async throws {
    source = try ServiceBench(migrations: Journal.migrations + Feed.migrations)
    parkedBench = try ServiceBench(migrations: GatewayMigrations.all)
    parked = try ParkedMessages(parkedBench.database)
    server = Server(
      ServerConfiguration(.tcp(host: "127.0.0.1", port: 0)),
      services: [FeedHandlers(database: source.database, journal: Journal(.testing))])
    try await server.start()
    channel = Channel(target: "127.0.0.1:\(server.port ?? 0)")
  }

  var route: RelayRoute<HearingTarget> {
    RelayRoute(
      from: GatewayService.Feed(name: "dispute", client: FeedV1.FeedServiceClient(channel)), to: target,
      [
        Translation<DisputeV1.Message>(of: "case.reported") { (event: FeedV1.Event) throws(WireError) in
          .grid(.init(gridID: event.aggregateID))
        }
      ],
      parked: parked, board: board, gate: gate, time: .real,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  func write(_ aggregates: String...) async throws {
    for aggregate in aggregates {
      try await source.shell.apply(as: .system(county: "379922000000")) { command in
        _ = try command.record(
          eventType: aggregate.hasPrefix("-") ? "case.other" : "case.reported", aggregateType: "case",
          aggregateID: aggregate, version: 1, correlationID: aggregate, payload: [])
      }
    }
  }

  /// Runs the way until `isDone` says so, for at most ten seconds.
  func relay(until isDone: @escaping @Sendable () -> Bool) async throws {
    let route = route
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await route.run() }
      for _ in 0..<1000 {
        if isDone() { break }
        try await Task.sleep(for: .milliseconds(10))
      }
      group.cancelAll()
    }
    #expect(isDone())
  }

  var isCaughtUp: Bool { board[route.way].state == .caughtUp }

  func stop() async {
    await channel.close(within: .milliseconds(100))
    await server.drain(within: .milliseconds(100))
  }
}

/// Hears grids; refuses those it is told to.
private final class HearingTarget: GatewayService.Inbox {
  typealias Message = DisputeV1.Message

  struct State {
    var position = FeedV1.Position(source: "dispute")
    var heard: [String] = []
    var refusing: Set<String> = []
    var isDown = false
  }

  let name = "target"
  let state = Mutex(State())

  func position(of source: String) async throws(Status) -> FeedV1.Position {
    guard !state.withLock({ $0.isDown }) else { throw Status(.unavailable, "down") }
    return state.withLock { $0.position }
  }

  func receive(
    _ messages: [DisputeV1.Message]
  ) async throws(Status) -> (refusal: FeedV1.DeliveryRefusal?, position: FeedV1.Position?) {
    guard !state.withLock({ $0.isDown }) else { throw Status(.unavailable, "down") }
    return state.withLock { state in
      for (index, message) in messages.enumerated() {
        let origin = message.origin ?? .init()
        if !origin.parked, origin.seq > state.position.seq, origin.afterSeq != state.position.seq {
          return (.init(index: Int32(index), reason: "POSITION_MISMATCH", retriable: true), state.position)
        }
        if case .grid(let grid) = message.content {
          if state.refusing.contains(grid.gridID) {
            return (
              .init(index: Int32(index), reason: "NOT_YET", text: "not yet", retriable: true, textZh: "尚未"),
              state.position
            )
          }
          state.heard.append(grid.gridID)
        }
        if !origin.parked {
          state.position = .init(
            source: "dispute", sourceEpoch: origin.sourceEpoch, seq: origin.seq, eventID: origin.eventID)
        }
      }
      return (nil, state.position)
    }
  }
}

@Suite(.serialized) struct RelayTests {
  @Test func `what a backup holds up can be seen to lie behind, and goes on afterwards`() async throws {
    let bench = try await RelayBench()
    try await bench.write("g-1")
    try await bench.relay { bench.isCaughtUp }
    try await bench.gate.shut(within: .seconds(1))
    try await bench.write("g-2", "g-3")
    try await bench.relay {
      let standing = bench.board[bench.route.way]
      return standing.state == .relaying && standing.headSeq == 3 && standing.heardSeq == 1
    }
    #expect(bench.target.state.withLock(\.heard) == ["g-1"])
    bench.gate.open()
    try await bench.relay { bench.isCaughtUp }
    #expect(bench.target.state.withLock(\.heard) == ["g-1", "g-2", "g-3"])
    await bench.stop()
  }

  @Test func `a target hears everything in order, and what comes later`() async throws {
    let bench = try await RelayBench()
    try await bench.write("a", "-", "b", "-")
    try await bench.relay { bench.isCaughtUp && bench.target.state.withLock { $0.position.seq } == 4 }
    #expect(bench.target.state.withLock { $0.heard } == ["a", "b"])
    try await bench.write("c")
    try await bench.relay { bench.target.state.withLock { $0.heard } == ["a", "b", "c"] }
    await bench.stop()
  }

  @Test func `a target that starts anew is fed from the beginning`() async throws {
    let bench = try await RelayBench()
    try await bench.write("a", "b")
    try await bench.relay { bench.isCaughtUp && bench.target.state.withLock { $0.heard.count } == 2 }
    bench.target.state.withLock { $0 = .init() }
    try await bench.write("c")
    try await bench.relay { bench.target.state.withLock { $0.heard } == ["a", "b", "c"] }
    await bench.stop()
  }

  @Test func `a target that is down is tried again`() async throws {
    let bench = try await RelayBench()
    bench.target.state.withLock { $0.isDown = true }
    try await bench.write("a")
    let way = bench.route.way
    try await bench.relay { if case .targetDown = bench.board[way].state { true } else { false } }
    bench.target.state.withLock { $0.isDown = false }
    try await bench.relay { bench.target.state.withLock { $0.heard } == ["a"] }
    await bench.stop()
  }

  @Test func `what is refused again and again is parked with all later ones of its aggregate, and delivered on demand`()
    async throws
  {
    let bench = try await RelayBench()
    bench.target.state.withLock { $0.refusing = ["bad"] }
    try await bench.write("a", "bad", "b", "bad", "c")
    try await bench.relay { bench.isCaughtUp && bench.target.state.withLock { $0.position.seq } == 5 }
    #expect(bench.target.state.withLock { $0.heard } == ["a", "b", "c"])
    #expect(bench.parked.count(source: "dispute", target: "target") == 2)
    let page = try await bench.parked.page(target: "target", after: nil, limit: 10)
    #expect(page.map(\.reason) == ["NOT_YET", "BEHIND_PARKED"])
    #expect(page.map(\.explanation) == ["not yet", "an earlier message of the same aggregate is parked"])
    #expect(page.map(\.chineseExplanation) == ["尚未", "同一对象此前的消息正在滞留"])

    #expect(try await bench.route.retryParked() == (0, 2))
    bench.target.state.withLock { $0.refusing = [] }
    #expect(try await bench.route.retryParked() == (2, 0))
    #expect(bench.target.state.withLock { $0.heard } == ["a", "b", "c", "bad", "bad"])
    #expect(bench.parked.count(source: "dispute", target: "target") == 0)
    await bench.stop()
  }

  @Test func `a source that was put back, or is another one, raises its alarm`() async throws {
    let bench = try await RelayBench()
    try await bench.write("a", "b")
    let way = bench.route.way
    try await bench.relay { bench.isCaughtUp && bench.target.state.withLock { $0.heard.count } == 2 }
    bench.target.state.withLock { $0.position.eventID = "something else" }
    try await bench.relay { bench.board[way].state == .alarm(.sourceRewound) }
    bench.target.state.withLock { $0.position.seq = 17 }
    try await bench.relay { bench.board[way].state == .alarm(.sourceRewound) }
    bench.target.state.withLock { $0.position.sourceEpoch = "another" }
    try await bench.relay { bench.board[way].state == .alarm(.sourceEpochChanged) }
    #expect(bench.target.state.withLock { $0.heard } == ["a", "b"], "nothing is delivered under an alarm")
    await bench.stop()
  }

  @Test func `the gateway's statements walk over no table`() throws {
    let bench = try ServiceBench(migrations: GatewayMigrations.all)
    #expect(try bench.database.unindexedScans(in: ParkedMessages.statements + AccessKeyStore.statements) == [])
  }
}
