import CSQLite
import Glibc

extension Database {
  /// Makes the file with all its tables beside its name, and gives it the name when it is whole and on the disk: whoever ends the
  /// process meanwhile leaves no file that the next start would have to refuse.
  static func made(
    _ path: String, _ migrations: [Migration], _ configuration: DatabaseConfiguration
  ) throws(StorageError) {
    let draft = path + ".making"
    unlink(draft)
    unlink(draft + "-journal")
    do throws(StorageError) {
      try FileLook.makePrivate(draft)
      let connection = try Connection(
        path: draft, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, faults: configuration.faults,
        sumsPages: configuration.sumsPages)
      defer { connection.close() }
      try connection.prepareForReading()
      try connection.prepareForChanging(configuration)
      try connection.carryOut(try connection.missing(of: migrations))
      try DiskSync.wait(for: draft)
    } catch {
      unlink(draft)
      unlink(draft + "-journal")
      throw error
    }
    guard rename(draft, path) == 0 else { throw .cannotOpen(path: path, code: errno) }
    try DiskSync.wait(
      for: path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/"))
  }
}

extension Connection {
  /// The migrations that the file does not have yet. Refuses a file that was made with another text of one of them.
  func missing(of migrations: [Migration]) throws(StorageError) -> [Migration] {
    try execute(
      """
      CREATE TABLE IF NOT EXISTS schema_migration (
        name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL, apply_time INTEGER NOT NULL
      ) STRICT
      """)
    let names = try texts("SELECT name, checksum FROM schema_migration ORDER BY name")
    let checksums = try texts("SELECT name, checksum FROM schema_migration ORDER BY name", column: 1)
    let known = Dictionary(zip(names, checksums)) { first, _ in first }
    for migration in migrations {
      guard known[migration.name, default: migration.checksum] == migration.checksum else {
        throw .changedMigration(migration.name)
      }
    }
    return migrations.filter { known[$0.name] == nil }
  }

  /// Lays a copy of the file beside it, as it is before an upgrade: `before-upgrade/NAME-TIME.sqlite`; the three last ones stay.
  func copyBeforeUpgrade(of path: String) throws(StorageError) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let folder = (parts.dropLast() + ["before-upgrade"]).joined(separator: "/")
    let name = String(parts.last ?? "")
    let stem = name.hasSuffix(".sqlite") ? String(name.dropLast(7)) : name
    mkdir(folder, 0o700)
    let goal = "\(folder)/\(stem)-\(FileTime.now()).sqlite"
    let length = stem.utf8.count + 1 + FileTime.length + 7
    let ending = ".making"
    // What a killed start was copying.
    for draft in FileTime.files(in: folder, startingWith: stem + "-", count: length + ending.utf8.count) {
      unlink("\(folder)/\(draft)")
    }
    do {
      try FileCopy.whole(of: handle, to: goal + ending)
      guard rename(goal + ending, goal) == 0 else { throw StorageError.cannotOpen(path: goal, code: errno) }
      try DiskSync.wait(for: folder)
    } catch {
      unlink(goal + ending)
      throw .noCopyBeforeUpgrade("\(error)")
    }
    let earlier = FileTime.files(in: folder, startingWith: stem + "-", count: length)
    for old in earlier.dropLast(3) { unlink("\(folder)/\(old)") }
  }

  /// Carries out all of them with their records in one transaction: a file is as before or as after, and the copy that is made before
  /// is never one of something between.
  func carryOut(_ migrations: [Migration]) throws(StorageError) {
    guard var current = migrations.first else { return }
    do {
      try execute("BEGIN IMMEDIATE")
      for migration in migrations {
        current = migration
        try execute(String(decoding: migration.sql, as: UTF8.self))
        try execute(
          """
          INSERT INTO schema_migration (name, checksum, apply_time)
          VALUES ('\(migration.name)', '\(migration.checksum)', \(time(nil) * 1_000_000))
          """)
      }
      try execute("COMMIT")
    } catch {
      let code = sqlite3_extended_errcode(handle)
      endQuietly()
      if case .misuse(let text) = error { throw .misuse("migration \(current.name): \(text)") }
      throw .failedMigration(current.name, code: code)
    }
  }
}
