import Glibc
import Persistence
import Testing

@Suite struct OpeningTests {
  let folder = Folder()

  @Test func `a file in use is refused, and free again after closing`() throws {
    let database = try folder.open()
    let refused = #expect(throws: StorageError.self) { _ = try folder.open() }
    #expect(refused == .locked(path: folder.database, processID: getpid()))
    database.close()
    _ = try folder.open()
  }

  @Test func `a file that another program writes into is refused with what to do`() async throws {
    try folder.open().close()
    // By another name our own lock does not see it, as it does not see a stranger's.
    let alias = "\(folder.path)/alias.sqlite"
    #expect(symlink(folder.database, alias) == 0)
    let stranger = try Database.open(path: alias, migrations: [Ledger.migration])
    let gate = Gate()
    async let writing: Void = stranger.write {
      try Ledger.record("a", 1, $0); gate.wait()
    }
    while !gate.isEntered { usleep(200) }
    let refused = #expect(throws: StorageError.self) { _ = try folder.open() }
    #expect(refused == .lockedElsewhere(path: folder.database))
    gate.open()
    try await writing
    stranger.close()
    _ = try folder.open()
  }

  @Test func `what stands in the way beside the file is named`() throws {
    try folder.open().close()
    #expect(mkdir(folder.database + "-shm", 0o700) == 0)
    let refused = #expect(throws: StorageError.self) { _ = try folder.open() }
    #expect(refused == .cannotOpen(path: folder.database + "-shm", code: EISDIR))
    #expect(rmdir(folder.database + "-shm") == 0)
    _ = try folder.open()
  }

  @Test func `something that is no database is refused and left as it is`() throws {
    try Files.write(Array("this is a letter, not a database".utf8), to: folder.database)
    #expect(throws: StorageError.notADatabase(path: folder.database)) { _ = try folder.open() }
    #expect(try Files.read(folder.database) == Array("this is a letter, not a database".utf8))
  }

  @Test func `a pipe, a folder or a link to nowhere in its place is refused, and nobody waits for it`() throws {
    #expect(mkfifo(folder.database, 0o600) == 0)
    #expect(throws: StorageError.notADatabase(path: folder.database)) { _ = try folder.open() }
    #expect(unlink(folder.database) == 0 && mkdir(folder.database, 0o700) == 0)
    #expect(throws: StorageError.notADatabase(path: folder.database)) { _ = try folder.open() }
    // As a link to a disk that is not there.
    #expect(rmdir(folder.database) == 0 && symlink(folder.path + "/nowhere", folder.database) == 0)
    #expect(throws: StorageError.cannotOpen(path: folder.database, code: ENOENT)) { _ = try folder.open() }
    #expect(access(folder.path + "/nowhere", F_OK) != 0)
  }

  @Test func `a folder that does not exist is one clear error`() {
    let error = #expect(throws: StorageError.self) {
      _ = try Database.open(path: "/nowhere/at/all.sqlite", migrations: [])
    }
    #expect(error?.description.contains("/nowhere/at/all.sqlite.lock cannot be opened") == true)
  }

  @Test func `a file of no bytes is not taken for a new one, and a start that fails leaves none`() throws {
    let closed = try folder.open()
    closed.close()
    var status = stat()
    #expect(stat(folder.database, &status) == 0 && status.st_mode & 0o777 == 0o600)
    try Files.write([], to: folder.database)
    let error = #expect(throws: StorageError.self) { _ = try folder.open() }
    #expect(error?.description.contains("the file is empty") == true, "\(String(describing: error))")
    #expect(try Files.read(folder.database).isEmpty)

    let other = Folder()
    let broken = Migration(name: "m0001_broken", sql: "CREATE TABEL x (y);")
    #expect(throws: StorageError.self) { _ = try Database.open(path: other.database, migrations: [broken]) }
    #expect(throws: StorageError.self) { _ = try Database.open(path: other.database, migrations: [broken]) }
    let whole = Migration(name: "m0001_whole", sql: "CREATE TABLE x (y INTEGER NOT NULL) STRICT;")
    _ = try Database.open(path: other.database, migrations: [whole])
  }

  @Test func `a damaged file is refused`() async throws {
    let database = try folder.open()
    for number in 1...200 {
      try await database.write { try Ledger.record("\(number)", 1, note: .init(repeating: 1, count: 500), $0) }
    }
    database.close()
    var bytes = try Files.read(folder.database)
    for index in 4096 * 4..<4096 * 12 { bytes[index] = 0xee }
    try Files.write(bytes, to: folder.database)
    let error = #expect(throws: StorageError.self) { _ = try folder.open() }
    guard case .corrupt = error else { return #expect(error == nil, "should be corrupt") }
  }

  @Test func `migrations run once, in order, and later ones are added`() async throws {
    let later = Migration(name: "m0002_remark", sql: "ALTER TABLE ledger ADD COLUMN remark TEXT")
    let first = try folder.open()
    try await first.write { try Ledger.record("a", 1, $0) }
    first.close()
    let second = try folder.open([Ledger.migration, later])
    let remark = Statement("ledger.remark", "SELECT remark FROM ledger WHERE county_code = $1")
    #expect(try second.readInline { try $0.first(remark, [.text("321322")]) { $0.isNull(0) } } == true)
    second.close()
    #expect(throws: StorageError.newerSchema(migration: "m0002_remark")) { _ = try folder.open() }
    _ = try folder.open([Ledger.migration, later])
  }

  @Test func `a file that is cut off is refused and left as it is`() async throws {
    let database = try folder.open()
    try await database.write { try Ledger.record("a", 1, note: .init(repeating: 1, count: 50_000), $0) }
    database.close()
    let whole = try Files.read(folder.database)
    for length in [1, 99, 100, 4_095, 4_096, whole.count - 4_096, whole.count - 1] {
      try Files.write(Array(whole.prefix(length)), to: folder.database)
      let error = #expect(throws: StorageError.self) { _ = try folder.open() }
      switch error {
      case .corrupt, .notADatabase: break
      default: Issue.record("\(length) bytes: \(String(describing: error))")
      }
      #expect(try Files.read(folder.database) == Array(whole.prefix(length)), "\(length) bytes were changed")
    }
  }

  @Test func `a log without its file is refused: what it holds would be lost`() async throws {
    let database = try folder.open()
    try await database.write { try Ledger.record("a", 1, $0) }
    let copy = Folder()
    try Files.copy(folder.database + "-wal", to: copy.database + "-wal")
    guard case .corrupt = #expect(throws: StorageError.self, performing: { _ = try copy.open() }) else {
      Issue.record("not called damaged")
      return
    }
    try Files.copy(folder.database + "-wal", to: copy.database + "-journal")
    #expect(unlink(copy.database + "-wal") == 0)
    guard case .corrupt = #expect(throws: StorageError.self, performing: { _ = try copy.open() }) else {
      Issue.record("not called damaged")
      return
    }
    try Files.write([], to: copy.database)
    guard case .corrupt = #expect(throws: StorageError.self, performing: { _ = try copy.open() }) else {
      Issue.record("not called damaged")
      return
    }
  }

  @Test func `another service's file is refused and left as it is`() async throws {
    let other = Migration(name: "m0001_other", sql: "CREATE TABLE other (a TEXT) STRICT")
    let first = try folder.open([other])
    first.close()
    let before = try Files.read(folder.database)
    #expect(throws: StorageError.foreignSchema(table: "m0001_other")) { _ = try folder.open() }
    #expect(try Files.read(folder.database) == before)
  }

  @Test func `before an upgrade a copy is laid beside the file; a new file needs none`() async throws {
    let first = try folder.open()
    try await first.write { try Ledger.record("a", 7, $0) }
    first.close()
    let copies = folder.path + "/before-upgrade"
    #expect(Names.of(copies) == [])
    let later = Migration(name: "m0002_remark", sql: "ALTER TABLE ledger ADD COLUMN remark TEXT")
    try folder.open([Ledger.migration, later]).close()
    let made = Names.of(copies)
    #expect(made.count == 1 && made[0].hasPrefix("ledger-") && made[0].hasSuffix(".sqlite"))
    let copy = try DatabaseFile(path: "\(copies)/\(made[0])")
    #expect(try copy.damages() == [] && copy.migrations().count == 1)
    #expect(try copy.read { try Ledger.state(in: $0) } == .init(count: 1, total: 7))
    // Nothing to migrate: no copy.
    try folder.open([Ledger.migration, later]).close()
    #expect(Names.of(copies) == made)
    // The copy is what an older program goes on with.
    try Files.copy("\(copies)/\(made[0])", to: folder.database)
    #expect(try folder.open().readInline { try Ledger.state(in: $0).total } == 7)
    for name in made { unlink("\(copies)/\(name)") }
    rmdir(copies)
  }

  @Test func `without a copy there is no upgrade`() throws {
    try folder.open().close()
    // A file where the folder of copies would be.
    try Files.write([1], to: folder.path + "/before-upgrade")
    let later = Migration(name: "m0002_remark", sql: "ALTER TABLE ledger ADD COLUMN remark TEXT")
    let error = #expect(throws: StorageError.self) { _ = try folder.open([Ledger.migration, later]) }
    guard case .noCopyBeforeUpgrade = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    _ = try folder.open()
  }

  /// What a killed start has left of its copy is no copy, and goes; those that are whole stay.
  @Test func `half a copy is never taken for one`() throws {
    try folder.open().close()
    let copies = folder.path + "/before-upgrade"
    #expect(mkdir(copies, 0o700) == 0)
    let half = copies + "/ledger-20260101T000000Z.sqlite.making"
    try Files.write([1, 2, 3], to: half)
    try Files.write([4], to: copies + "/ledger-20260101T000000Z.sqlite")
    let later = Migration(name: "m0002_remark", sql: "ALTER TABLE ledger ADD COLUMN remark TEXT")
    try folder.open([Ledger.migration, later]).close()
    let names = Names.of(copies).sorted()
    #expect(names.count == 2 && names[0] == "ledger-20260101T000000Z.sqlite" && names[1].hasSuffix("Z.sqlite"))
  }

  /// Otherwise each start after the failure would copy a file between two versions, until no copy of the one before is left.
  @Test func `all migrations of an upgrade are carried out, or none`() throws {
    try folder.open().close()
    let good = Migration(name: "m0002_remark", sql: "ALTER TABLE ledger ADD COLUMN remark TEXT")
    let broken = Migration(name: "m0003_broken", sql: "CREATE TABEL x (y)")
    for _ in 0..<2 {
      let error = #expect(throws: StorageError.self) { _ = try folder.open([Ledger.migration, good, broken]) }
      #expect(error?.description.contains("m0003_broken") == true, "\(String(describing: error))")
      #expect(try DatabaseFile(path: folder.database).migrations().count == 1)
    }
    _ = try folder.open()
  }

  @Test func `a new file has its name when it has its tables, whatever an earlier start left`() throws {
    let draft = folder.database + ".making"
    try Files.write([1, 2, 3], to: draft)
    try Files.write([1, 2, 3], to: draft + "-journal")
    let broken = Migration(name: "m0002_broken", sql: "CREATE TABEL x (y)")
    #expect(throws: StorageError.self) { _ = try folder.open([Ledger.migration, broken]) }
    #expect(Names.of(folder.path).allSatisfy { $0.hasSuffix(".lock") }, "\(Names.of(folder.path))")
    try folder.open().close()
    #expect(Names.of(folder.path).sorted() == ["ledger.sqlite", "ledger.sqlite.lock"])
    #expect(Names.of(folder.path + "/before-upgrade") == [])
  }

  @Test func `no new file is made where a restore was broken off`() throws {
    try Files.write([1], to: folder.database + ".restoring")
    #expect(throws: StorageError.restoreBrokenOff(path: folder.database)) { _ = try folder.open() }
    #expect(access(folder.database, F_OK) != 0)
    #expect(unlink(folder.database + ".restoring") == 0)
    _ = try folder.open()
  }

  @Test func `a migration that was changed is refused`() throws {
    try folder.open().close()
    let changed = Migration(name: Ledger.migration.name, sql: Ledger.migration.sql + [32])
    #expect(throws: StorageError.changedMigration("m0001_ledger")) { _ = try folder.open([changed]) }
  }

  @Test func `a migration that fails leaves the file as it was`() throws {
    try folder.open().close()
    let broken = Migration(name: "m0002_broken", sql: "CREATE TABLE extra (a TEXT) STRICT; CREATE TABLE extra (a TEXT)")
    #expect(throws: StorageError.self) { _ = try folder.open([Ledger.migration, broken]) }
    let mended = Migration(name: "m0002_broken", sql: "CREATE TABLE extra (a TEXT) STRICT")
    _ = try folder.open([Ledger.migration, mended])
  }
}

/// Whole files, for tests that copy and damage them.
enum Files {
  struct Failure: Error { let code: Int32 }

  static func read(_ path: String) throws -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw Failure(code: errno) }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: Size.of(path))
    guard fread(&bytes, 1, bytes.count, file) == bytes.count else { throw Failure(code: errno) }
    return bytes
  }

  static func write(_ bytes: [UInt8], to path: String) throws {
    guard let file = fopen(path, "wb") else { throw Failure(code: errno) }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw Failure(code: errno) }
  }

  static func copy(_ from: String, to: String) throws { try write(read(from), to: to) }
}

/// What lies in a folder.
enum Names {
  static func of(_ folder: String) -> [String] {
    guard let entries = opendir(folder) else { return [] }
    defer { closedir(entries) }
    var names: [String] = []
    while let entry = readdir(entries) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}

enum Size {
  static func of(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
