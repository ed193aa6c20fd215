import Access
import DisputeContract
import Feed
import FeedContract
import Foundation
import GatewayService
import Journal
import Kernel
import Logging
import Persistence
import RPC
import Runtime
import TestSupport
import Testing
import Wire

/// A source and a target with real files behind real servers, and a gateway's file between them; each can be put back.
private final class RestoreBench: Sendable {
  /// One service: its file, and a server of its feed that finds it again after it was put back.
  actor Side {
    nonisolated let name: String
    nonisolated let channel: Channel
    private let folder = TemporaryFolder()
    private let migrations: [Migration]
    private var database: Database?
    private var server: Server?

    init(_ name: String, _ migrations: [Migration]) {
      self.name = name
      self.migrations = migrations
      var configuration = ChannelConfiguration()
      configuration.maximumBackoff = .milliseconds(50)
      channel = Channel(target: "unix:" + folder.file("s"), configuration: configuration)
    }

    func start() async throws -> Database {
      let opened = try Database.open(path: folder.file("d.sqlite"), migrations: migrations)
      let server = Server(
        ServerConfiguration(.unix(path: folder.file("s"))),
        services: [FeedHandlers(database: opened, journal: Journal(.testing))])
      try await server.start()
      (database, self.server) = (opened, server)
      return opened
    }

    func stop() async {
      await server?.drain(within: .milliseconds(50))
      database?.close()
      (database, server) = (nil, nil)
    }

    func copy(to name: String) async throws {
      try? FileManager.default.removeItem(atPath: folder.file(name))
      try await database?.copy(to: folder.file(name))
    }

    /// The file as it was when the copy was made; `nil`: an empty one.
    func putBack(_ name: String?) async throws -> Database {
      await stop()
      for suffix in ["", "-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: folder.file("d.sqlite") + suffix)
      }
      if let name { try FileManager.default.copyItem(atPath: folder.file(name), toPath: folder.file("d.sqlite")) }
      return try await start()
    }

    func current() throws -> Database {
      guard let database else { throw Status(.unavailable, "stopped") }
      return database
    }
  }

  static let effects = Migration(
    name: "m0001_effects", sql: "CREATE TABLE effect (word TEXT NOT NULL, event TEXT NOT NULL PRIMARY KEY) STRICT;")

  let source = Side("dispute", Journal.migrations + TargetFeed.migrations)
  let target = Side("target", Journal.migrations + TargetFeed.migrations + [effects])
  let gateway = Side("gateway", GatewayMigrations.all)

  init() async throws {
    _ = try await source.start()
    _ = try await target.start()
    _ = try await gateway.start()
  }

  func stop() async {
    for side in [source, target, gateway] {
      await side.channel.close(within: .milliseconds(50))
      await side.stop()
    }
  }

  func write(_ aggregates: String...) async throws {
    let shell = CommandShell(
      database: try await source.current(), cryptography: .testing, time: .real,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    for aggregate in aggregates {
      try await shell.apply(as: .system(county: "379922000000")) { command in
        _ = try command.record(
          eventType: "case.reported", aggregateType: "case", aggregateID: aggregate, version: 1,
          correlationID: aggregate, payload: [])
      }
    }
  }

  /// A way as a gateway that has just started has it.
  func route(refusing: Set<String> = []) async throws -> (RelayRoute<FileTarget>, RelayBoard, ParkedMessages) {
    let board = RelayBoard([])
    let parked = try ParkedMessages(try await gateway.current())
    let route = RelayRoute(
      from: GatewayService.Feed(name: "dispute", client: FeedV1.FeedServiceClient(source.channel)),
      to: FileTarget(side: target, refusing: refusing), hearing: FeedV1.FeedServiceClient(target.channel),
      [
        Translation<DisputeV1.Message>(of: "case.reported") { (event: FeedV1.Event) throws(WireError) in
          .grid(.init(gridID: event.aggregateID))
        }
      ],
      parked: parked, board: board, time: .real, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    return (route, board, parked)
  }

  /// Relays until all is heard, or an alarm stands with its finding. What stands then.
  @discardableResult
  func relay(refusing: Set<String> = []) async throws -> RelayStanding {
    let (route, board, _) = try await route(refusing: refusing)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await route.run() }
      defer { group.cancelAll() }
      try await eventually("the way comes to a rest") {
        let standing = board[route.way]
        if case .alarm = standing.state { return standing.divergence != nil }
        return standing.state == .caughtUp
      }
      return board[route.way]
    }
  }

  func accept() async throws -> RelayDivergence? { try await route().0.acceptSource() }

  func words() async throws -> [String] {
    let list = Statement("effect.list", "SELECT word FROM effect ORDER BY word")
    return try await target.current().readInline { try $0.all(list, []) { $0.text(0) } }
  }

  func lost() async throws -> [String] {
    try await target.current().readInline { try TargetInbox().lost(after: ("", 0, ""), limit: 100, in: $0) }
      .map(\.event.aggregateID)
  }
}

/// An inbox over the target's file, as every service has one: an effect and its position in one transaction.
private struct FileTarget: GatewayService.Inbox {
  typealias Message = DisputeV1.Message
  let side: RestoreBench.Side
  let refusing: Set<String>
  var name: String { side.name }

  private static let insert = Statement("effect.insert", "INSERT INTO effect (word, event) VALUES ($1, $2)")

  func position(of source: String) async throws(Status) -> FeedV1.Position {
    do {
      return .init(try await side.current().readInline { try TargetInbox().position(of: source, in: $0) })
    } catch { throw Status(error) }
  }

  func receive(
    _ messages: [DisputeV1.Message]
  ) async throws(Status) -> (refusal: FeedV1.DeliveryRefusal?, position: FeedV1.Position?) {
    let refusing = refusing
    do {
      let delivery = try await TargetInbox().deliver(messages, to: try await side.current(), origin: { $0.origin }) {
        message, origin, transaction in
        guard case .grid(let grid) = message.content else { return }
        guard !refusing.contains(grid.gridID) else {
          throw Refused(.invalidArgument, Reason("NOT_OURS", zh: "不收", en: "not taken"))
        }
        try transaction.run(Self.insert, [.text(grid.gridID), .text(origin.eventID)])
      }
      return (delivery.refusal.map(FeedV1.DeliveryRefusal.init), .init(delivery.position))
    } catch { throw Status(error) }
  }
}

@Suite(.serialized, .timeLimit(.minutes(2))) struct RestoredFilesTests {
  @Test func `a target put back hears again what it forgot, once`() async throws {
    let bench = try await RestoreBench()
    try await bench.write("a", "b")
    try await bench.relay()
    try await bench.target.copy(to: "early")
    try await bench.write("c", "d")
    try await bench.relay()
    _ = try await bench.target.putBack("early")
    #expect(try await bench.words() == ["a", "b"])
    try await bench.relay()
    #expect(try await bench.words() == ["a", "b", "c", "d"])
    await bench.stop()
  }

  @Test func `a source put back raises an alarm that names the last common event, and goes on from there when told to`()
    async throws
  {
    let bench = try await RestoreBench()
    try await bench.write("a", "b", "c")
    try await bench.relay()
    try await bench.source.copy(to: "early")
    try await bench.write("d", "e")
    try await bench.relay()
    _ = try await bench.source.putBack("early")
    // Its numbers run past what was heard: only the events tell.
    try await bench.write("x", "y", "z")
    let standing = try await bench.relay()
    #expect(standing.state == .alarm(.sourceRewound))
    #expect(standing.divergence?.commonSeq == 3 && standing.divergence?.lostCount == 2)
    #expect(try await bench.words() == ["a", "b", "c", "d", "e"], "nothing is delivered under an alarm")

    #expect(try await bench.accept() == standing.divergence)
    #expect(try await bench.accept() == nil)
    #expect(try await bench.relay().state == .caughtUp)
    #expect(try await bench.words() == ["a", "b", "c", "d", "e", "x", "y", "z"])
    #expect(try await bench.lost() == ["d", "e"])
    await bench.stop()
  }

  @Test func `both put back to other moments meet at what both know`() async throws {
    let bench = try await RestoreBench()
    try await bench.write("a", "b")
    try await bench.relay()
    try await bench.source.copy(to: "early")
    try await bench.write("c")
    try await bench.relay()
    try await bench.target.copy(to: "later")
    try await bench.write("d")
    try await bench.relay()
    _ = try await bench.source.putBack("early")
    _ = try await bench.target.putBack("later")
    #expect(
      try await bench.relay().divergence
        == RelayDivergence(commonSeq: 2, commonEventID: try await head(bench), lostCount: 1))
    _ = try await bench.accept()
    try await bench.write("n")
    try await bench.relay()
    #expect(try await bench.words() == ["a", "b", "c", "n"])
    #expect(try await bench.lost() == ["c"])
    await bench.stop()
  }

  @Test func `an emptied source is another one: it is heard from its beginning when told to`() async throws {
    let bench = try await RestoreBench()
    try await bench.write("a", "b")
    try await bench.relay()
    _ = try await bench.source.putBack(nil)
    try await bench.write("n")
    let standing = try await bench.relay()
    #expect(standing.state == .alarm(.sourceEpochChanged) && standing.divergence?.commonSeq == 0)
    #expect(try await bench.accept()?.lostCount == 2)
    try await bench.relay()
    #expect(try await bench.words() == ["a", "b", "n"])
    #expect(try await bench.lost() == ["a", "b"])
    await bench.stop()
  }

  @Test(arguments: ["before", nil])
  func `a gateway put back, or emptied, keeps again what its targets are owed`(_ copy: String?) async throws {
    let bench = try await RestoreBench()
    try await bench.write("a")
    try await bench.relay()
    try await bench.gateway.copy(to: "before")
    try await bench.write("bad", "c", "bad")
    try await bench.relay(refusing: ["bad"])
    #expect(try await bench.words() == ["a", "c"])
    _ = try await bench.gateway.putBack(copy)
    try await bench.relay(refusing: ["bad"])
    let (route, _, parked) = try await bench.route()
    #expect(parked.count(source: "dispute", target: "target") == 2)
    #expect(try await route.retryParked() == (2, 0))
    #expect(try await bench.words() == ["a", "bad", "bad", "c"])
    try await bench.relay()
    #expect(try await bench.words() == ["a", "bad", "bad", "c"])
    await bench.stop()
  }

  @Test func `a gateway put back to when it kept something delivered since delivers it no second time`() async throws {
    let bench = try await RestoreBench()
    try await bench.write("bad", "b")
    try await bench.relay(refusing: ["bad"])
    try await bench.gateway.copy(to: "kept")
    #expect(try await bench.route().0.retryParked() == (1, 0))
    _ = try await bench.gateway.putBack("kept")
    #expect(try await bench.route().0.retryParked() == (1, 0))
    #expect(try await bench.words() == ["b", "bad"])
    await bench.stop()
  }

  @Test func `a target put back behind a kept message gets it once, whoever comes first`() async throws {
    let bench = try await RestoreBench()
    try await bench.write("a")
    try await bench.relay()
    try await bench.target.copy(to: "early")
    try await bench.write("bad", "c")
    try await bench.relay(refusing: ["bad"])
    _ = try await bench.target.putBack("early")
    #expect(try await bench.route().0.retryParked() == (0, 1), "it waits for its turn")
    try await bench.relay()
    #expect(try await bench.words() == ["a", "c"])
    #expect(try await bench.route().0.retryParked() == (1, 0))
    #expect(try await bench.words() == ["a", "bad", "c"])
    await bench.stop()
  }

  private func head(_ bench: RestoreBench) async throws -> String {
    try await bench.source.current().readInline { try Journal.head(in: $0) }.eventID
  }
}
