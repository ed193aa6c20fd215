import Feed
import Kernel
import Persistence
import Testing

/// A target's memory when its source, the relay or the target itself comes back from a backup.
@Suite struct RestoredSourceTests {
  let folder = Folder()
  let inbox = Inbox()

  private func deliver(_ words: [Word], to database: Database) async throws -> Inbox.Delivery {
    try await inbox.deliver(words, to: database, origin: { $0.origin }) { word, origin, transaction in
      if !origin.isWithheld { try transaction.run(Word.insert, [.text(word.text)]) }
    }
  }

  private func words(_ database: Database) throws -> [String] {
    try database.readInline { try $0.all(Word.list, []) { $0.text(0) } }
  }

  private func position(_ seq: Int64, epoch: String = "e1") -> Inbox.Position {
    Inbox.Position(source: "dispute", sourceEpoch: epoch, seq: seq, eventID: "event-\(seq)")
  }

  @Test func `going back writes down what is lost and hears the new past once`() async throws {
    let database = try folder.open()
    _ = try await deliver((1...6).map { Word("w\($0)", seq: Int64($0), after: Int64($0 - 1)) }, to: database)
    #expect(
      try database.readInline { try inbox.heard(of: "dispute", before: 6, limit: 2, in: $0) }.map(\.seq) == [5, 4])
    let lost = try await database.write { [inbox] in
      try inbox.goBack("dispute", from: position(6), to: (4, "event-4"), at: now, $0)
    }
    #expect(lost == 2)
    #expect(try database.readInline { try inbox.position(of: "dispute", in: $0) }.seq == 4)
    let written = try database.readInline { try inbox.lost(after: ("", 0, ""), limit: 10, in: $0) }
    #expect(written.map(\.event.eventID) == ["event-5", "event-6"])
    #expect(written.map(\.event.aggregateID) == ["w5", "w6"] && written.allSatisfy { $0.sourceEpoch == "e1" })
    // The source has written on from 4: the numbers come again, the events do not.
    let again = [
      Word("n5", seq: 5, after: 4, id: "new-5"), Word("n6", seq: 6, after: 5, id: "new-6"),
      Word("n7", seq: 7, after: 6, id: "new-7"),
    ]
    #expect(try await deliver(again, to: database).appliedCount == 3)
    #expect(try await deliver(again, to: database).alreadyAppliedCount == 3)
    #expect(try words(database) == ["n5", "n6", "n7", "w1", "w2", "w3", "w4", "w5", "w6"])
  }

  @Test func `it goes back from where it is taken to stand, to an event that it has heard, and nowhere else`()
    async throws
  {
    let database = try folder.open()
    _ = try await deliver((1...3).map { Word("w\($0)", seq: Int64($0), after: Int64($0 - 1)) }, to: database)
    func refusal(_ expected: Inbox.Position, _ seq: Int64, _ id: String) async -> String? {
      do {
        _ = try await database.write { [inbox] in
          try inbox.goBack("dispute", from: expected, to: (seq, id), at: now, $0)
        }
        return nil
      } catch { return (error as? any Refusal)?.reasons.first?.code }
    }
    #expect(await refusal(position(2), 1, "event-1") == "POSITION_MISMATCH")
    #expect(await refusal(position(3, epoch: "e2"), 1, "event-1") == "POSITION_MISMATCH")
    #expect(await refusal(position(3), 3, "event-3") == "POSITION_MISMATCH")
    #expect(await refusal(position(3), 2, "another") == "COMMON_EVENT_UNKNOWN")
    #expect(try database.readInline { try inbox.position(of: "dispute", in: $0) }.seq == 3)
    #expect(await refusal(position(3), 2, "event-2") == nil)
  }

  @Test func `another file of the source is heard from its beginning`() async throws {
    let database = try folder.open()
    _ = try await deliver([Word("a", seq: 1, after: 0), Word("b", seq: 2, after: 1)], to: database)
    let lost = try await database.write { [inbox] in
      try inbox.goBack("dispute", from: position(2), to: (0, ""), at: now, $0)
    }
    #expect(lost == 2)
    #expect(
      try await deliver([Word("c", seq: 1, after: 0, epoch: "e2", id: "other-1")], to: database).appliedCount == 1)
    #expect(try words(database) == ["a", "b", "c"])
  }

  @Test func `what is withheld is owed until it comes`() async throws {
    let database = try folder.open()
    _ = try await deliver(
      [
        Word("a", seq: 1, after: 0), Word("late", seq: 2, after: 1, isWithheld: true), Word("c", seq: 3, after: 2),
      ], to: database)
    func owed() throws -> [Int64] {
      try database.readInline { try inbox.withheld(of: "dispute", after: 0, limit: 10, in: $0) }.map(\.seq)
    }
    #expect(try owed() == [2])
    #expect(try await deliver([Word("late", seq: 2, after: 1, isParked: true)], to: database).appliedCount == 1)
    #expect(try owed() == [])
    #expect(try words(database) == ["a", "c", "late"])
  }

  @Test func `a parked message does not overtake what a restored target has still to hear`() async throws {
    let database = try folder.open()
    _ = try await deliver([Word("a", seq: 1, after: 0)], to: database)
    let parked = Word("b", seq: 2, after: 1, isParked: true)
    let early = try await deliver([parked], to: database)
    #expect(early.refusal?.reason == "PARKED_TOO_EARLY" && early.refusal?.isRetriable == true)
    // The feed brings it in its turn; the parked one is then the second.
    _ = try await deliver([Word("b", seq: 2, after: 1, isWithheld: true)], to: database)
    #expect(try await deliver([parked], to: database).appliedCount == 1)
    #expect(try await deliver([parked], to: database).alreadyAppliedCount == 1)
    #expect(try words(database) == ["a", "b"])
  }
}
