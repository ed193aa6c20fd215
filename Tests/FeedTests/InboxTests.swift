import Feed
import Kernel
import Persistence
import Testing

/// A message of these tests: it writes its word.
struct Word: Sendable {
  var text: String
  var origin: Inbox.Origin

  /// The usual next message of `dispute`.
  init(
    _ text: String, seq: Int64, after: Int64, epoch: String = "e1", id: String? = nil, isParked: Bool = false,
    isWithheld: Bool = false
  ) {
    self.text = text
    origin = Inbox.Origin(
      source: "dispute", sourceEpoch: epoch, seq: seq, eventID: id ?? "event-\(seq)", eventType: "case.reported",
      aggregateID: text, occurTime: now, isParked: isParked, afterSeq: after, isWithheld: isWithheld)
  }

  static let insert = Statement("effect.insert", "INSERT INTO effect (word) VALUES ($1)")
  static let list = Statement("effect.list", "SELECT word FROM effect ORDER BY word")
}

@Suite struct InboxTests {
  let folder = Folder()
  let inbox = Inbox()

  private func deliver(_ words: [Word], to database: Database) async throws -> Inbox.Delivery {
    try await inbox.deliver(words, to: database, origin: { $0.origin }) { word, _, transaction in
      try transaction.run(Word.insert, [.text(word.text)])
      if word.text.hasPrefix("bad") {
        throw Refused(.failedPrecondition, Reason("GRID_UNKNOWN", zh: "没有该网格", en: "no such grid"))
      }
    }
  }

  private func words(_ database: Database) throws -> [String] {
    try database.readInline { try $0.all(Word.list, []) { $0.text(0) } }
  }

  @Test func `a message has its effect once, however often it comes`() async throws {
    let database = try folder.open()
    let batch = [Word("a", seq: 1, after: 0), Word("b", seq: 3, after: 1), Word("c", seq: 7, after: 3)]
    let first = try await deliver(batch, to: database)
    #expect(first.appliedCount == 3)
    #expect(first.position.seq == 7)
    let second = try await deliver(batch, to: database)
    #expect(second.appliedCount == 0)
    #expect(second.alreadyAppliedCount == 3)
    #expect(second.refusal == nil)
    let overlapping = try await deliver([batch[2], Word("d", seq: 8, after: 7)], to: database)
    #expect(overlapping.appliedCount == 1)
    #expect(try words(database) == ["a", "b", "c", "d"])
  }

  @Test func `the batch stops at the first refused message and keeps what came before`() async throws {
    let database = try folder.open()
    let delivery = try await deliver(
      [Word("a", seq: 1, after: 0), Word("bad", seq: 2, after: 1), Word("c", seq: 3, after: 2)], to: database)
    #expect(delivery.appliedCount == 1)
    #expect(delivery.refusal?.index == 1)
    #expect(delivery.refusal?.reason == "GRID_UNKNOWN")
    #expect(delivery.refusal?.text == "GRID_UNKNOWN: no such grid")
    #expect(delivery.refusal?.chineseText == "GRID_UNKNOWN：没有该网格")
    #expect(delivery.refusal?.isRetriable == true)
    #expect(delivery.position.seq == 1)
    #expect(try words(database) == ["a"])
  }

  @Test func `an error that is no refusal undoes the whole batch`() async throws {
    let database = try folder.open()
    await #expect(throws: StorageError.self) {
      _ = try await deliver([Word("a", seq: 1, after: 0), Word("a", seq: 2, after: 1)], to: database)
    }
    #expect(try words(database) == [])
    #expect(try database.readInline { try inbox.position(of: "dispute", in: $0) }.seq == 0)
  }

  @Test(arguments: [
    (Word("x", seq: 9, after: 5, epoch: "e2"), "SOURCE_EPOCH_CHANGED"),
    (Word("x", seq: 5, after: 4, id: "another"), "SOURCE_REWOUND"),
    (Word("x", seq: 4, after: 2), "SOURCE_REWOUND"),
    (Word("x", seq: 9, after: 0), "POSITION_MISMATCH"),
    (Word("x", seq: 9, after: 6), "POSITION_MISMATCH"),
  ])
  func `a source that is not what it was raises its alarm`(_ word: Word, _ reason: String) async throws {
    let database = try folder.open()
    _ = try await deliver([Word("a", seq: 5, after: 0)], to: database)
    let delivery = try await deliver([word], to: database)
    #expect(delivery.refusal?.reason == reason)
    #expect(delivery.appliedCount == 0)
    #expect(
      delivery.position
        == Inbox.Position(source: "dispute", sourceEpoch: "e1", seq: 5, eventID: "event-5", asOfTime: now))
    #expect(try words(database) == ["a"])
  }

  @Test func `a parked message comes later, once, and moves nothing`() async throws {
    let database = try folder.open()
    // The relay parked 2: an empty message took its place, then came 3.
    let applied = try await inbox.deliver(
      [Word("a", seq: 1, after: 0), Word("", seq: 2, after: 1), Word("c", seq: 3, after: 2)], to: database,
      origin: { $0.origin }
    ) { word, _, transaction in
      if !word.text.isEmpty { try transaction.run(Word.insert, [.text(word.text)]) }
    }
    #expect(applied.position.seq == 3)
    let parked = Word("b", seq: 2, after: 1, isParked: true)
    #expect(try await deliver([parked], to: database).appliedCount == 1)
    #expect(try await deliver([parked], to: database).alreadyAppliedCount == 1)
    #expect(try words(database) == ["a", "b", "c"])
    #expect(try database.readInline { try inbox.position(of: "dispute", in: $0) }.seq == 3)
  }

  @Test func `a refused parked message may come again`() async throws {
    let database = try folder.open()
    _ = try await deliver([Word("other", seq: 3, after: 0)], to: database)
    let parked = Word("bad", seq: 2, after: 1, isParked: true)
    for _ in 1...2 { #expect(try await deliver([parked], to: database).refusal?.reason == "GRID_UNKNOWN") }
    #expect(try words(database) == ["other"])
  }

  @Test func `a message that does not say where it comes from is refused for good`() async throws {
    let database = try folder.open()
    let delivery = try await deliver([Word("a", seq: 0, after: 0, epoch: "", id: "")], to: database)
    #expect(delivery.refusal?.reason == "ORIGIN_INCOMPLETE")
    #expect(delivery.refusal?.isRetriable == false)
  }

  @Test func `who forgets a source is fed from the beginning`() async throws {
    let database = try folder.open()
    _ = try await deliver([Word("a", seq: 5, after: 0)], to: database)
    let empty = Statement("effect.empty", "DELETE FROM effect")
    try await database.write { [inbox] transaction in
      try inbox.forget("dispute", transaction)
      try transaction.run(empty, [])
    }
    #expect(try await deliver([Word("a", seq: 5, after: 0)], to: database).appliedCount == 1)
    #expect(try database.readInline { try inbox.positions(in: $0) }.map(\.seq) == [5])
  }

  @Test func `no statement walks over a growing table`() throws {
    #expect(try folder.open().unindexedScans(in: Inbox.statements, except: Inbox.smallTables) == [])
  }
}
