import Glibc
import Persistence
import Testing

/// A file that something has happened to: what was written is served, or an error.
@Suite struct PageDamageTests {
  private static let page = 4_096

  /// A file with a few hundred lines, closed; some of them longer than a page.
  private func filled() async throws -> Folder {
    let folder = Folder()
    let database = try folder.open()
    for number in 1...120 {
      try await database.write {
        try Ledger.record("\(number)", number, note: .init(repeating: 7, count: number % 10 == 0 ? 20_000 : 200), $0)
      }
    }
    database.close()
    return folder
  }

  @Test func `a bit anywhere in the file is refused, or nobody's`() async throws {
    let folder = try await filled()
    let whole = try Files.read(folder.database)
    var dice = SystemRandomNumberGenerator()
    for round in 0..<150 {
      var bytes = whole
      // Every page in turn, then anywhere.
      let start = round < whole.count / Self.page ? round * Self.page : Int.random(in: 0..<whole.count, using: &dice)
      let place = min(start + Int.random(in: 0..<Self.page, using: &dice), whole.count - 1)
      bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
      try Files.write(bytes, to: folder.database)
      do {
        let database = try folder.open()
        defer { database.close() }
        #expect(
          try database.readInline { try Ledger.state(in: $0) } == .init(count: 120, total: 120 * 121 / 2),
          "byte \(place)")
      } catch {
        #expect(try Files.read(folder.database) == bytes, "byte \(place): what is refused was changed")
      }
    }
  }

  @Test func `a bit in a line is refused at the start, and in a file too large for that when the line is read`()
    async throws
  {
    let folder = try await filled()
    var bytes = try Files.read(folder.database)
    // In the middle of the last page that somebody's note fills: no tree, no index says anything of it.
    let note = try #require(
      bytes.indices.reversed().first { index in
        index + 100 < bytes.count && bytes[index..<index + 100].allSatisfy { $0 == 7 }
      })
    bytes[note + 50] ^= 0x20
    try Files.write(bytes, to: folder.database)
    guard case .corrupt = #expect(throws: StorageError.self, performing: { _ = try folder.open() }) else {
      Issue.record("not called damaged")
      return
    }
    let database = try folder.open { $0.checkedBytes = 0 }
    let notes = Statement("ledger.notes", "SELECT note FROM ledger WHERE county_code = $1 ORDER BY line_id")
    let error = #expect(throws: StorageError.self) {
      try database.readInline { try $0.all(notes, [.text("321322")]) { try $0.bytes(0) } }
    }
    guard case .corrupt = error else { return #expect(error == nil, "should be corrupt") }
    database.close()
  }

  @Test func `pages in each other's place are refused`() async throws {
    let folder = try await filled()
    let whole = try Files.read(folder.database)
    let count = whole.count / Self.page
    for first in 1..<count - 1 {
      var bytes = whole
      for index in 0..<Self.page { bytes.swapAt(first * Self.page + index, (first + 1) * Self.page + index) }
      try Files.write(bytes, to: folder.database)
      guard bytes != whole else { continue }
      #expect(throws: StorageError.self, "page \(first + 1)") { _ = try folder.open() }
    }
  }

  @Test func `a copy and a copy's copy have sums too, whether pages came from the file or its log`() async throws {
    let folder = try await filled()
    let database = try folder.open()
    for number in 200...240 { try await database.write { try Ledger.record("\(number)", 1, $0) } }
    let first = Folder()
    try await database.copy(to: first.database)
    let second = Folder()
    let copy = try first.open()
    try await copy.write { try Ledger.record("more", 1, $0) }
    try await copy.copy(to: second.database)
    copy.close()
    for folder in [first, second] {
      let database = try folder.open()
      #expect(try database.readInline { try Ledger.state(in: $0).total } >= 120 * 121 / 2 + 41)
      database.close()
      let file = try DatabaseFile(path: folder.database)
      #expect(try file.damages() == [])
      #expect(try Files.read(folder.database)[20] == 8)
    }
  }

  @Test func `a file of an earlier version, without sums, goes on as it is`() async throws {
    let folder = Folder()
    try folder.open { $0.sumsPages = false }.close()
    for number in 1...2 {
      let database = try folder.open()
      try await database.write { try Ledger.record("\(number)", 1, note: .init(repeating: 1, count: 9_000), $0) }
      let copy = Folder()
      try await database.copy(to: copy.database)
      #expect(try DatabaseFile(path: copy.database).damages() == [])
      database.close()
    }
    #expect(try Files.read(folder.database)[20] == 0)
    let again = try folder.open()
    #expect(try again.readInline { try Ledger.state(in: $0).count } == 2)
  }
}
