import CommonContract
import Feed
import FeedContract
import Journal
import Kernel
import Persistence
import RPC
import Testing
import Wire
import WireTypes

@Suite struct FeedHandlersTests {
  let folder = Folder()
  let journal = Journal(.deterministic)

  private func fill(_ database: Database, _ count: Int) async throws {
    try await database.write { [journal] transaction in
      for number in 1...count {
        try journal.append(.reported("c\(number)"), to: transaction, recordTime: now)
      }
    }
  }

  private func pull(_ handlers: FeedHandlers, _ request: FeedV1.PullEventsRequest) async throws
    -> FeedV1.PullEventsResponse
  {
    try await handlers.pullEvents(request, context: ServerContext(method: FeedV1.FeedServiceMethods.pullEvents))
  }

  @Test func `events come in order, page by page, to the head`() async throws {
    let database = try folder.open()
    let handlers = FeedHandlers(database: database, journal: journal)
    try await fill(database, 25)
    var seen: [Int64] = []
    var after: Int64 = 0
    repeat {
      let page = try await pull(handlers, .init(afterSeq: after, pageSize: 10))
      seen += page.events.map(\.seq)
      after = page.readToSeq
      #expect(page.head?.seq == 25)
    } while after < 25
    #expect(seen == Array(1...25))
    let end = try await pull(handlers, .init(afterSeq: 25))
    #expect(end.events.isEmpty)
    #expect(end.readToSeq == 25)
  }

  @Test func `an event carries its line`() async throws {
    let database = try folder.open()
    let handlers = FeedHandlers(database: database, journal: journal)
    try await fill(database, 1)
    let event = try #require(try await pull(handlers, .init()).events.first)
    #expect(event.eventType == "case.reported")
    #expect(event.aggregateID == "c1")
    #expect(event.actor?.role == "LEVEL_CLERK")
    #expect(event.occurTime?.kernel == Timestamp(seconds: 1_600_000_000))
    #expect(event.payload == Array("payload c1".utf8))
  }

  @Test func `types are chosen, and reads of personal fields are nobody's business`() async throws {
    let database = try folder.open()
    let handlers = FeedHandlers(database: database, journal: journal)
    try await fill(database, 3)
    _ = try await database.write { [journal] transaction in
      try journal.append(
        .personalRead(
          of: ["name"], aggregateType: "case", aggregateID: "c1", aggregateVersion: 1, by: .clerk, reason: "回访",
          at: now, correlationID: "c1"), to: transaction, recordTime: now)
    }
    let all = try await pull(handlers, .init())
    #expect(all.events.map(\.seq) == [1, 2, 3])
    #expect(all.readToSeq == 4)
    let none = try await pull(handlers, .init(eventTypes: ["call.admitted"]))
    #expect(none.events.isEmpty)
    #expect(none.readToSeq == 4)
    let asked = try await pull(handlers, .init(eventTypes: [JournalDraft.personalReadType]))
    #expect(asked.events.isEmpty)
  }

  @Test(arguments: [FeedV1.PullEventsRequest(pageSize: 1_001), .init(afterSeq: -1), .init(pageSize: -1)])
  func `a page that makes no sense is refused`(_ request: FeedV1.PullEventsRequest) async throws {
    let handlers = FeedHandlers(database: try folder.open(), journal: journal)
    await #expect(throws: Refused.self) { _ = try await pull(handlers, request) }
  }

  @Test func `the chain is verified on demand`() async throws {
    let database = try folder.open()
    let handlers = FeedHandlers(database: database, journal: journal)
    try await fill(database, 12)
    let context = ServerContext(method: FeedV1.FeedServiceMethods.verifyJournal)
    let good = try await handlers.verifyJournal(.init(), context: context)
    #expect(good.verifiedCount == 12)
    #expect(good.firstBrokenSeq == 0)
    let tamper = Statement("test.tamper", "UPDATE journal SET payload = x'00' WHERE seq = 7")
    _ = try await database.write { try $0.run(tamper, []) }
    #expect(try await handlers.verifyJournal(.init(), context: context).firstBrokenSeq == 7)
  }

  @Test func `a waiter is woken by the commit, also by one between its two looks, and by being cancelled`() async throws
  {
    let database = try folder.open()
    let signal = CommitSignal(database)
    let seen = signal.count
    try await fill(database, 1)
    #expect(try await signal.next(after: seen) == 1)
    async let next = signal.next(after: 1)
    try await fill(database, 1)
    #expect(try await next >= 2)
    let waiting = Task { try await signal.next(after: 1_000) }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { _ = try await waiting.value }
  }
}
