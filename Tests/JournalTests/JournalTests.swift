import Access
import Journal
import Kernel
import Persistence
import Synchronization
import Testing

@Suite struct JournalTests {
  let folder = Folder()
  let journal = Journal(.deterministic)

  private func fill(_ database: Database, _ count: Int) async throws {
    try await database.write { [journal] transaction in
      for number in 1...count {
        try journal.append(.reported("c\(number % 7)", version: Int64(number)), to: transaction, recordTime: now)
      }
    }
  }

  @Test func `lines are numbered without gaps and chained`() async throws {
    let database = try folder.open()
    try await fill(database, 20)
    let (entries, readTo, lastID) = try await database.read { try Journal.entries(after: 0, limit: 100, in: $0) }
    #expect(entries.map(\.seq) == Array(1...20))
    #expect(readTo == 20)
    for (before, after) in zip(entries, entries.dropFirst()) { #expect(after.previousHash == before.hash) }
    let head = try database.readInline { try Journal.head(in: $0) }
    #expect(head.seq == 20)
    #expect(head.eventID == lastID)
    #expect(head.hash == entries.last?.hash)
    #expect(head.sourceEpoch.count == 32)
    #expect(entries[0].actor == .clerk)
    #expect(entries[0].draft == .reported("c1"))
  }

  @Test func `a refused write leaves no gap`() async throws {
    let database = try folder.open()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 1...60 {
        group.addTask { [journal] in
          do {
            try await database.write { transaction in
              try journal.append(.reported("c\(number)"), to: transaction, recordTime: now)
              if number % 4 == 0 { throw Refused(.aborted, Reason("NO", zh: "不", en: "no")) }
            }
          } catch is Refused {}
        }
      }
      try await group.waitForAll()
    }
    let found = try await journal.verify(in: database)
    #expect(found.verifiedCount == 45)
    #expect(found.firstBrokenSeq == nil)
    #expect(found.head.seq == 45)
  }

  @Test func `whichever step fails, the chain holds and has no gap`() async throws {
    for step in 1...200 {
      let folder = Folder()
      let left = Mutex<Int?>(nil)
      let database = try folder.open(
        FaultInjection { _ in
          left.withLock { left in
            guard let now = left else { return nil }
            left = now > 1 ? now - 1 : nil
            return now == 1 ? .full : nil
          }
        })
      try await fill(database, 3)
      left.withLock { $0 = step }
      let isTold = await isThrown { try await fill(database, 3) }
      let hasFailed = left.withLock { left in
        defer { left = nil }
        return left == nil
      }
      let isStopped = database.hasFailed
      database.close()
      let again = try folder.open()
      if !isStopped { #expect(isTold == hasFailed) }
      if isStopped { #expect(isTold) }
      let found = try await journal.verify(in: again)
      #expect(found.firstBrokenSeq == nil)
      #expect(found.head.seq == (isTold ? 3 : 6))
      if !hasFailed { return }
    }
    Issue.record("no run without a fault")
  }

  @Test func `lines are read by type, aggregate and journey`() async throws {
    let database = try folder.open()
    try await fill(database, 20)
    _ = try await database.write { [journal] transaction in
      try journal.append(.reported("c3", version: 21, type: "case.settled"), to: transaction, recordTime: now)
    }
    let page = try await database.read { try Journal.entries(after: 5, limit: 10, types: ["case.settled"], in: $0) }
    #expect(page.entries == [])
    #expect(page.readTo == 15)
    let rest = try await database.read { try Journal.entries(after: 15, limit: 10, types: ["case.settled"], in: $0) }
    #expect(rest.entries.map(\.seq) == [21])
    let ofCase = try await database.read { try Journal.entries(ofAggregate: "case", "c3", in: $0) }
    #expect(ofCase.map(\.seq) == [3, 10, 17, 21])
    #expect(try await database.read { try Journal.entries(correlation: "journey-c3", in: $0) } == ofCase)
    #expect(try database.readInline { try Journal.entry(17, in: $0) } == ofCase[2])
    #expect(try database.readInline { try Journal.entry(22, in: $0) } == nil)
  }

  @Test(arguments: [
    ("UPDATE journal SET payload = x'00' WHERE seq = 1700", 1700),
    ("UPDATE journal SET actor_person_id = 'p-2' WHERE seq = 1", 1),
    ("UPDATE journal SET occur_time = occur_time + 1 WHERE seq = 1001", 1001),
    ("DELETE FROM journal WHERE seq = 1000", 1000),
    ("DELETE FROM journal WHERE seq > 1990", 1991),
    ("UPDATE journal SET hash = x'00' WHERE seq = 2000", 2000),
    ("UPDATE journal_counter SET hash = x'00'", 2000),
    ("UPDATE journal_counter SET seq = 1999", 2000),
    ("UPDATE journal SET correlation_id = causation_id, causation_id = correlation_id WHERE seq = 12", 12),
  ])
  func `whoever touches the journal is found, at the first line that does not hold`(
    _ sql: StaticString, _ seq: Int64
  ) async throws {
    let database = try folder.open()
    try await fill(database, 2_000)
    #expect(try await journal.verify(in: database).verifiedCount == 2_000)
    #expect(try await journal.verify(from: 1_500, in: database).verifiedCount == 501)
    _ = try await database.write { try $0.run(Statement("test.tamper", sql), []) }
    #expect(try await journal.verify(in: database).firstBrokenSeq == seq)
  }

  @Test func `an empty journal holds`() async throws {
    let found = try await journal.verify(in: try folder.open())
    #expect(found.firstBrokenSeq == nil)
    #expect(found.verifiedCount == 0)
  }

  @Test func `reads of personal fields are a line of their own`() async throws {
    let database = try folder.open()
    let entry = try await database.write { [journal] transaction in
      try journal.append(
        .personalRead(
          of: ["parties[0].name"], aggregateType: "case", aggregateID: "c1", aggregateVersion: 3, by: .clerk,
          reason: "回访", at: now, correlationID: "c1"), to: transaction, recordTime: now)
    }
    #expect(entry.eventType == JournalDraft.personalReadType)
    let expected: [UInt8] = [0x0a, 15] + Array("parties[0].name".utf8) + [0x12, 6] + Array("回访".utf8)
    #expect(entry.payload == expected)
  }

  @Test func `no statement walks over a table`() throws {
    #expect(try folder.open().unindexedScans(in: Journal.statements) == [])
  }
}

func isThrown(_ body: () async throws -> Void) async -> Bool {
  do { try await body() } catch { return true }
  return false
}
