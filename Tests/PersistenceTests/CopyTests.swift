import Glibc
import Kernel
import Persistence
import Synchronization
import Testing

/// Copies of a file while it is written.
@Suite struct CopyTests {
  let folder = Folder()
  private var copyPath: String { "\(folder.path)/copy.sqlite" }

  @Test func `what was acknowledged before the call is in the copy, and the copy is one moment of the file`()
    async throws
  {
    let database = try folder.open()
    for number in 1...400 {
      try await database.write { try Ledger.record("a\(number)", 1, note: .init(repeating: 1, count: 6_000), $0) }
    }
    let progress = Progress()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 1...4 {
        group.addTask {
          var number = 0
          while !progress.isOver {
            number += 1
            let id = "\(writer)-\(number)"
            try await database.write { try Ledger.record(id, 1, note: .init(repeating: 2, count: 3_000), $0) }
            progress.add()
          }
        }
      }
      for round in 1...5 {
        let before = progress.written
        let path = "\(folder.path)/copy\(round).sqlite"
        try await database.copy(to: path)
        let copy = try DatabaseFile(path: path)
        #expect(try copy.damages() == [])
        let state = try copy.read { try Ledger.state(in: $0) }
        #expect(state.count == state.total, "a write is in it whole or not at all")
        #expect(state.count >= before)
        let after = progress.written + 4
        #expect(state.count <= after)
      }
      progress.end()
      try await group.waitForAll()
    }
    let total = progress.written
    #expect(try database.readInline { try Ledger.state(in: $0) } == .init(count: total, total: total))
  }

  @Test func `a copy is a database of its own and leaves nothing beside the file`() async throws {
    let database = try folder.open()
    try await database.write { try Ledger.record("a", 5, $0) }
    try await database.copy(to: copyPath)
    #expect(
      try DatabaseFile(path: copyPath).rowCounts().map { "\($0.table) \($0.count)" } == [
        "ledger 1", "schema_migration 1", "total 1",
      ])
    #expect(try DatabaseFile(path: copyPath).migrations() == ["m0001_ledger=\(Ledger.migration.checksum)"])
    #expect(access(copyPath + "-wal", F_OK) != 0 && access(copyPath + "-shm", F_OK) != 0)
    let other = Folder()
    try Files.copy(copyPath, to: other.database)
    let opened = try other.open()
    try await opened.write { try Ledger.record("b", 1, $0) }
    #expect(try opened.readInline { try Ledger.state(in: $0) } == .init(count: 2, total: 6))
  }

  @Test func `a copy that cannot be made fails alone`() async throws {
    let database = try folder.open()
    await #expect(throws: StorageError.self) { try await database.copy(to: "/nowhere/copy.sqlite") }
    try await database.write { try Ledger.record("a", 1, $0) }
    database.close()
    await #expect(throws: StorageError.closed) { try await database.copy(to: copyPath) }
  }

  @Test func `who does not wait for the copy any more ends it`() async throws {
    let database = try folder.open()
    try await database.write { try Ledger.record("a", 1, $0) }
    let path = copyPath
    let copying = Task { try await database.copy(to: path) }
    copying.cancel()
    // Whether it was quick enough to finish is open; that it ends, and that writing goes on, is not.
    _ = await copying.result
    try await database.write { try Ledger.record("b", 1, $0) }
    #expect(try database.readInline { try Ledger.state(in: $0) } == .init(count: 2, total: 2))
  }

  @Test func `closing waits for no copy`() async throws {
    let database = try folder.open()
    for number in 1...50 {
      try await database.write { try Ledger.record("\(number)", 1, note: .init(repeating: 1, count: 100_000), $0) }
    }
    let path = copyPath
    async let copying = told { try await database.copy(to: path) }
    database.close()
    let result = await copying
    #expect(result == nil || result == .closed)
    #expect(try folder.open().readInline { try Ledger.state(in: $0).count } == 50)
  }
}

/// How many writes were acknowledged, and whether that is enough.
private final class Progress: Sendable {
  private let state = Mutex((written: 400, isOver: false))

  var written: Int { state.withLock { $0.written } }
  var isOver: Bool { state.withLock { $0.isOver } }

  func add() { state.withLock { $0.written += 1 } }

  func end() { state.withLock { $0.isOver = true } }
}
