import Kernel
import Persistence
import Synchronization
import Testing

@Suite struct WritingTests {
  let folder = Folder()

  @Test func `what was written is there for every kind of reader`() async throws {
    let database = try folder.open()
    try await database.write { try Ledger.record("a", 7, note: [1, 2, 3], $0) }
    let inline = try database.readInline { try $0.first(Ledger.load, ["321322", "a"].map(Value.text)) { $0.int(0) } }
    let handed = try await database.read { try Ledger.state(in: $0) }
    #expect(inline == 7)
    #expect(handed == .init(count: 1, total: 7))
  }

  @Test func `no bytes are not nothing`() async throws {
    let database = try folder.open()
    try await database.write { try Ledger.record("empty", 1, note: [], $0) }
    try await database.write { try Ledger.record("none", 1, note: nil, $0) }
    let notes = try database.readInline { transaction in
      try ["empty", "none"].map { id in
        try transaction.first(Ledger.load, [.text("321322"), .text(id)]) { $0.optionalBytes(1) }
      }
    }
    #expect(notes == [.some([]), .some(nil)])
  }

  @Test func `a refused write is undone alone`() async throws {
    let database = try folder.open()
    let results = await withTaskGroup(of: (Int, Bool).self) { group in
      for number in 1...60 {
        group.addTask {
          do {
            try await database.write { transaction in
              try Ledger.record("\(number)", number, transaction)
              if number % 3 == 0 { throw Refused(.aborted, Reason("NOT_THIS_ONE", zh: "不行", en: "no")) }
            }
            return (number, true)
          } catch { return (number, false) }
        }
      }
      return await group.reduce(into: [Int: Bool]()) { $0[$1.0] = $1.1 }
    }
    let stored = try await database.read { try $0.all(Ledger.list, [.text("321322")]) { $0.text(0) } }
    #expect(Set(stored) == Set(results.filter(\.value).map { String($0.key) }))
    #expect(stored.count == 40)
    #expect(try database.readInline { try Ledger.state(in: $0).total } == (1...60).filter { $0 % 3 != 0 }.reduce(0, +))
    #expect(database.statistics.refusedCount == 20)
    #expect(database.statistics.writeCount == 40)
  }

  @Test func `writes that wait together share one commit`() async throws {
    let database = try folder.open()
    await withTaskGroup(of: Void.self) { group in
      for number in 1...400 {
        group.addTask { try? await database.write { try Ledger.record("\(number)", 1, $0) } }
      }
    }
    let statistics = database.statistics
    #expect(statistics.writeCount == 400)
    #expect(statistics.groupCount < 400)
    #expect(statistics.groupSizes.reduce(0, +) == statistics.groupCount)
  }

  @Test func `a broken constraint has its class and its name, and a write may go on after it`() async throws {
    let database = try folder.open()
    try await database.write { try Ledger.record("a", 1, $0) }
    await #expect(throws: StorageError.constraint(.unique, name: "ledger.county_code, ledger.line_id")) {
      try await database.write { try Ledger.record("a", 1, $0) }
    }
    await #expect(throws: StorageError.constraint(.check, name: "amount_is_positive")) {
      try await database.write { try Ledger.record("b", -1, $0) }
    }
    try await database.write { transaction in
      #expect(throws: StorageError.self) { try transaction.attempt { try Ledger.record("a", 5, $0) } }
      try Ledger.record("c", 2, transaction)
    }
    #expect(try database.readInline { try Ledger.state(in: $0) } == .init(count: 2, total: 3))
  }

  @Test func `watchers are woken after the commit and not by a refusal`() async throws {
    let database = try folder.open()
    let seen = Mutex<[Int]>([])
    database.onCommit {
      let count = try? database.readInline { try Ledger.state(in: $0).count }
      seen.withLock { $0.append(count ?? -1) }
    }
    try await database.write { try Ledger.record("a", 1, $0) }
    try? await database.write { transaction in
      try Ledger.record("b", 1, transaction)
      throw CancellationError()
    }
    _ = try await database.write { try Ledger.state(in: $0) }
    try await database.write { try Ledger.record("c", 1, $0) }
    #expect(seen.withLock { $0 } == [1, 2])
  }

  @Test func `a wrong column or a wrong number of values is an error, never a crash`() async throws {
    let database = try folder.open()
    try await database.write { try Ledger.record("a", 1, $0) }
    #expect(throws: StorageError.mismatch(statement: "ledger.load", column: 1)) {
      try database.readInline { try $0.first(Ledger.load, [.text("321322"), .text("a")]) { $0.text(1) } }
    }
    #expect(throws: StorageError.misuse("ledger.load: 2 values are needed, 1 were given")) {
      try database.readInline { try $0.first(Ledger.load, [.text("321322")]) { $0.text(1) } }
    }
  }

  @Test func `a statement may be used again while it is being read`() async throws {
    let database = try folder.open()
    try await database.write { transaction in
      for id in ["a", "b", "c"] { try Ledger.record(id, 1, transaction) }
    }
    let pairs = try database.readInline { transaction in
      try transaction.all(Ledger.list, [.text("321322")]) { outer in
        (outer.text(0), try transaction.all(Ledger.list, [.text("321322")]) { $0.text(0) })
      }
    }
    #expect(pairs.map(\.0) == ["a", "b", "c"])
    #expect(pairs.allSatisfy { $0.1 == ["a", "b", "c"] })
  }

  @Test func `the log is copied into the file when it is long and is gone after closing`() async throws {
    let database = try folder.open { $0.checkpointPages = 20 }
    for number in 1...100 {
      try await database.write { try Ledger.record("\(number)", 1, note: .init(repeating: 7, count: 3_000), $0) }
    }
    #expect(database.statistics.checkpointCount > 1)
    #expect(database.statistics.walPageCount < 60)
    database.close()
    #expect(Size.of(folder.database + "-wal") == 0)
    await #expect(throws: StorageError.closed) { try await database.write { try Ledger.record("late", 1, $0) } }
    let again = try folder.open()
    #expect(try again.readInline { try Ledger.state(in: $0).count } == 100)
  }

  @Test func `a read that takes too long is stopped`() async throws {
    let database = try folder.open { $0.readNanoseconds = 20_000_000 }
    let endless = Statement(
      "ledger.endless",
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")
    await #expect(throws: StorageError.tooSlow(statement: "ledger.endless")) {
      try await database.read { try $0.first(endless, []) { $0.int(0) } }
    }
    #expect(try await database.read { try Ledger.state(in: $0).count } == 0)
  }

  @Test func `a walk over a growing table is found`() throws {
    let database = try folder.open()
    #expect(try database.unindexedScans(in: [Ledger.load, Ledger.list, Ledger.insert, Ledger.total]) == [])
    #expect(try database.unindexedScans(in: [Ledger.byAmount]) == ["ledger.by_amount: SCAN ledger"])
    #expect(try database.unindexedScans(in: [Ledger.byAmount], except: ["ledger"]) == [])
  }
}
