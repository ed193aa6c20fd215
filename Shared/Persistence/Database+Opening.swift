import CSQLite
import Glibc

extension Database {
  /// Opens the file, or makes it, and brings its tables up to `migrations`. Refuses a file that another process works with,
  /// that is damaged, that is no database, or that a newer program has written.
  package static func open(
    path: String, migrations: [Migration], configuration: DatabaseConfiguration = .init()
  ) throws(StorageError) -> Database {
    let lock = try LockFile(guarding: path)
    try refuseForeignFile(path)
    let writing = try Connection(
      path: path, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, faults: configuration.faults)
    try writing.prepareForWriting(configuration)
    try writing.check(path: path, upTo: configuration.checkedBytes)
    try writing.migrate(migrations)
    var reading = [Connection]()
    for _ in 0..<configuration.readerThreads { reading.append(try reader(path, configuration)) }
    return try Database(
      path: path, configuration: configuration, lock: lock, writing: Confined(writing),
      reading: reading.map(Confined.init)
    ) { () throws(StorageError) in try reader(path, configuration) }
  }

  private static func reader(_ path: String, _ configuration: DatabaseConfiguration) throws(StorageError) -> Connection
  {
    let connection = try Connection(path: path, flags: SQLITE_OPEN_READONLY, faults: configuration.faults)
    try connection.execute("PRAGMA query_only = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;")
    connection.limitReads()
    return connection
  }

  /// The engine would take an empty file for a new database and some others for damaged ones: look ourselves.
  private static func refuseForeignFile(_ path: String) throws(StorageError) {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      guard errno == ENOENT else { throw .cannotOpen(path: path, code: errno) }
      return
    }
    defer { Glibc.close(descriptor) }
    var header = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &header, header.count, 0)
    guard count == 0 || header == Array("SQLite format 3\0".utf8) else { throw .notADatabase(path: path) }
  }
}

extension Connection {
  /// Acknowledged means on disk; the writer alone decides when the log is copied.
  fileprivate func prepareForWriting(_ configuration: DatabaseConfiguration) throws(StorageError) {
    guard try texts("PRAGMA journal_mode = WAL") == ["wal"] else { throw .readOnly }
    try execute(
      """
      PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA mmap_size = 0; PRAGMA foreign_keys = ON;
      PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;
      """)
    if configuration.overwritesDeleted { try execute("PRAGMA secure_delete = ON") }
    if let pages = configuration.maximumPages { try execute("PRAGMA max_page_count = \(pages)") }
  }

  /// A damaged file is refused before anybody is served from it.
  fileprivate func check(path: String, upTo limit: Int) throws(StorageError) {
    var status = stat()
    guard stat(path, &status) == 0, Int(status.st_size) <= limit else { return }
    let answer = try texts("PRAGMA quick_check(1)")
    guard answer == ["ok"] else { throw .corrupt(answer.first ?? "no answer from the check") }
  }

  /// Carries out the migrations that the file does not have yet, each in a transaction of its own with its record.
  fileprivate func migrate(_ migrations: [Migration]) throws(StorageError) {
    try execute(
      """
      CREATE TABLE IF NOT EXISTS schema_migration (
        name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL, apply_time INTEGER NOT NULL
      ) STRICT
      """)
    let names = try texts("SELECT name, checksum FROM schema_migration ORDER BY name")
    let checksums = try texts("SELECT name, checksum FROM schema_migration ORDER BY name", column: 1)
    var known = Dictionary(zip(names, checksums)) { first, _ in first }
    for migration in migrations {
      guard let checksum = known.removeValue(forKey: migration.name) else {
        try carryOut(migration)
        continue
      }
      guard checksum == migration.checksum else { throw .changedMigration(migration.name) }
    }
    if let unknown = known.keys.min() { throw .newerSchema(migration: unknown) }
  }

  private func carryOut(_ migration: Migration) throws(StorageError) {
    let script = String(decoding: migration.sql, as: UTF8.self)
    do {
      try execute("BEGIN IMMEDIATE")
      try execute(script)
      try execute(
        """
        INSERT INTO schema_migration (name, checksum, apply_time)
        VALUES ('\(migration.name)', '\(migration.checksum)', \(time(nil) * 1_000_000)); COMMIT
        """)
    } catch {
      let code = sqlite3_extended_errcode(handle)
      endQuietly()
      if case .misuse(let text) = error { throw .misuse("migration \(migration.name): \(text)") }
      throw .failedMigration(migration.name, code: code)
    }
  }
}
