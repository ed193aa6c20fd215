import Glibc
import Persistence
import Testing

/// A log that something has happened to: nothing that was acknowledged goes missing without a word.
@Suite struct LogDamageTests {
  private static let page = 4_096
  private static let frame = page + 24

  /// File, log and index as a killed process leaves them after twenty writes; where the log's last frame begins.
  private func killed() async throws -> (Folder, last: Int) {
    let folder = Folder()
    let database = try folder.open()
    for number in 1...20 { try await database.write { try Ledger.record("\(number)", 1, $0) } }
    let copy = Folder()
    for suffix in ["", "-wal", "-shm"] { try Files.copy(folder.database + suffix, to: copy.database + suffix) }
    return (copy, Size.of(copy.database + "-wal") - Self.frame)
  }

  private func change(_ folder: Folder, _ suffix: String = "-wal", _ body: (inout [UInt8]) -> Void) throws {
    var bytes = try Files.read(folder.database + suffix)
    body(&bytes)
    try Files.write(bytes, to: folder.database + suffix)
  }

  private func expectRefusal(_ folder: Folder, _ words: String, sourceLocation: SourceLocation = #_sourceLocation)
    throws
  {
    let before = try ["", "-wal"].map { try? Files.read(folder.database + $0) }
    let error = #expect(throws: StorageError.self, sourceLocation: sourceLocation) { _ = try folder.open() }
    guard case .corrupt(let text) = error else {
      Issue.record("\(String(describing: error))", sourceLocation: sourceLocation)
      return
    }
    #expect(text.contains(words), sourceLocation: sourceLocation)
    #expect(try ["", "-wal"].map { try? Files.read(folder.database + $0) } == before, sourceLocation: sourceLocation)
  }

  private func count(_ folder: Folder) throws -> Int {
    let database = try folder.open()
    defer { database.close() }
    return try database.readInline { try Ledger.state(in: $0).count }
  }

  @Test func `a whole log is taken`() async throws {
    let (folder, _) = try await killed()
    #expect(try count(folder) == 20)
  }

  @Test(arguments: [32 + 4, 32 + 9, 32 + 20, 32 + 24 + 100])
  func `a bit in a frame with writes behind it is refused, with and without the index`(offset: Int) async throws {
    for hasIndex in [true, false] {
      let (folder, last) = try await killed()
      if !hasIndex { unlink(folder.database + "-shm") }
      for start in [0, last / 2 / Self.frame * Self.frame] {
        let (original, _) = (try Files.read(folder.database + "-wal"), 0)
        try change(folder) { $0[start + offset] ^= 0x10 }
        try expectRefusal(folder, "does not hold")
        try Files.write(original, to: folder.database + "-wal")
      }
      #expect(try count(folder) == 20)
    }
  }

  @Test
  func `a bit in the last frame is refused by what the index knows; after a power cut it is no acknowledged write`()
    async throws
  {
    let (folder, last) = try await killed()
    try change(folder) { $0[last + 500] ^= 1 }
    try expectRefusal(folder, "does not hold behind page")
    unlink(folder.database + "-shm")
    #expect(try count(folder) == 19)
  }

  @Test(arguments: [0, 31, 32, 60, 5_000, 30_000])
  func `a log that is cut off is refused by what the index knows`(length: Int) async throws {
    let (folder, _) = try await killed()
    try change(folder) { $0.removeSubrange(length...) }
    try expectRefusal(folder, "log (-wal)")
  }

  @Test func `a log that is gone is refused, and taken for what it is when its index is gone as well`() async throws {
    let (folder, _) = try await killed()
    unlink(folder.database + "-wal")
    try expectRefusal(folder, "is missing")
    unlink(folder.database + "-shm")
    #expect(throws: Never.self) { try folder.open().close() }
  }

  @Test(arguments: [0, 8, 16, 27])
  func `a bit in the log's head is refused`(offset: Int) async throws {
    let (folder, _) = try await killed()
    try change(folder) { $0[offset] ^= 2 }
    try expectRefusal(folder, "")
    unlink(folder.database + "-shm")
    try expectRefusal(folder, "the head of its log")
  }

  @Test func `a file that is refused keeps its log`() async throws {
    let (folder, _) = try await killed()
    let log = try Files.read(folder.database + "-wal")
    #expect(log.count > 0)
    let other = Migration(name: "m0001_other", sql: "CREATE TABLE other (a TEXT) STRICT")
    #expect(throws: StorageError.self) { _ = try folder.open([other]) }
    #expect(try Files.read(folder.database + "-wal") == log)
    let accepted = try folder.open()
    accepted.close(leavingLog: true)
    #expect(try Files.read(folder.database + "-wal") == log)
    #expect(try count(folder) == 20)
    #expect(Size.of(folder.database + "-wal") == 0)
  }

  @Test func `an index that is damaged, old or another log's says nothing`() async throws {
    for change in [{ $0[16] ^= 1 }, { $0[64] ^= 1 }, { $0.removeSubrange(50...) }] as [(inout [UInt8]) -> Void] {
      let (folder, _) = try await killed()
      try self.change(folder, "-shm", change)
      #expect(try count(folder) == 20)
    }
  }

  @Test func `frames of the log before, behind the end of a new one, are no damage`() async throws {
    let folder = Folder()
    let database = try folder.open { $0.checkpointPages = 20 }
    for number in 1...200 { try await database.write { try Ledger.record("\(number)", 1, $0) } }
    for _ in 0..<40 {
      let copy = Folder()
      try await database.write { _ = try Ledger.state(in: $0) }
      try await database.write { try Ledger.record("more-\(copy.path)", 1, $0) }
      for suffix in ["", "-wal", "-shm"] { try Files.copy(folder.database + suffix, to: copy.database + suffix) }
      let expected = try database.readInline { try Ledger.state(in: $0).count }
      #expect(try count(copy) == expected)
      for suffix in ["", "-wal"] { try Files.copy(folder.database + suffix, to: copy.database + suffix) }
      unlink(copy.database + "-shm")
      #expect(try count(copy) == expected)
    }
    #expect(database.statistics.checkpointCount > 1)
  }
}
