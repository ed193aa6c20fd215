import CSQLite
import Glibc

extension Database {
  /// Opens the file, or makes it, and brings its tables up to `migrations`; where that changes a file that was there, a copy is
  /// laid beside it first. Refuses a file that another process works with, that may not be written, that is damaged or cut off,
  /// that is no database or another service's, or that a newer program has written; what it refuses it leaves as it is.
  package static func open(
    path: String, migrations: [Migration], configuration: DatabaseConfiguration = .init()
  ) throws(StorageError) -> Database {
    let lock = try LockFile(guarding: path)
    let isNew = try FileLook.refuseForeign(path)
    // Whatever ends a start, the file is there with all its tables or not at all.
    if isNew { try made(path, migrations, configuration) }
    try FileLook.refuseBlocked(path)
    if !isNew { try LogLook.refuseDamaged(path) }
    do throws(StorageError) { return try opened(path, isNew: isNew, migrations, configuration, lock) } catch {
      throw error == .busy ? .lockedElsewhere(path: path) : error
    }
  }

  private static func opened(
    _ path: String, isNew: Bool, _ migrations: [Migration], _ configuration: DatabaseConfiguration, _ lock: LockFile
  ) throws(StorageError) -> Database {
    let writing = try Connection(
      path: path, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, faults: configuration.faults,
      sumsPages: configuration.sumsPages)
    // What is refused is left as it is, log and all.
    writing.leaveLog(true)
    try writing.prepareForReading()
    if !isNew {
      try writing.check(path: path, upTo: configuration.checkedBytes)
      try writing.refuseOthers(migrations)
    }
    try writing.prepareForWriting(configuration)
    // Whoever else writes would be noticed by the first caller only.
    try writing.execute("BEGIN IMMEDIATE; COMMIT")
    let missing = try writing.missing(of: migrations)
    // A file without any of them holds nothing that could be lost.
    if !missing.isEmpty, missing.count < migrations.count { try writing.copyBeforeUpgrade(of: path) }
    try writing.carryOut(missing)
    var reading = [Connection]()
    for _ in 0..<configuration.readerThreads {
      reading.append(try reader(path, configuration, cache: configuration.readerCache))
    }
    writing.leaveLog(false)
    return try Database(
      path: path, configuration: configuration, lock: lock, writing: Confined(writing),
      reading: reading.map(Confined.init)
    ) { () throws(StorageError) in try reader(path, configuration, cache: configuration.inlineCache) }
  }

  private static func reader(
    _ path: String, _ configuration: DatabaseConfiguration, cache: Int
  ) throws(StorageError) -> Connection {
    let connection = try Connection(path: path, flags: SQLITE_OPEN_READONLY, faults: configuration.faults)
    try connection.execute("PRAGMA query_only = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;")
    try connection.execute("PRAGMA cache_size = -\(cache)")
    connection.limitReads()
    return connection
  }
}

/// What can be seen of a file before the engine touches it.
enum FileLook {
  /// Makes an empty file that its owner alone may read; the engine gives its log the same mode, and would itself ask the umask.
  static func makePrivate(_ path: String) throws(StorageError) {
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw errno == ENOSPC ? .full : errno == EACCES ? .readOnly : .cannotOpen(path: path, code: errno)
    }
    Glibc.close(descriptor)
  }

  /// Names which of the engine's own files beside it stands in the way: the engine says only that it could not open one.
  static func refuseBlocked(_ path: String) throws(StorageError) {
    for name in ["-wal", "-shm"].map({ path + $0 }) {
      var status = stat()
      // A link that leads nowhere is in the way as well.
      guard lstat(name, &status) == 0 else { continue }
      let kind = status.st_mode & S_IFMT
      guard kind == S_IFREG else { throw .cannotOpen(path: name, code: kind == S_IFDIR ? EISDIR : EEXIST) }
      guard access(name, R_OK | W_OK) == 0 else { throw .cannotOpen(path: name, code: errno) }
    }
  }

  /// Whether there is nothing yet. The engine would take an empty file for a new database, make a file that was cut off longer
  /// again, and change others that are not ours: look ourselves.
  static func refuseForeign(_ path: String) throws(StorageError) -> Bool {
    // Of a pipe the opening alone would wait for ever.
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == EACCES { throw .readOnly }
      guard errno == ENOENT else { throw .cannotOpen(path: path, code: errno) }
      // A link that leads nowhere: what it should lead to may be on a disk that is not there.
      var link = stat()
      guard lstat(path, &link) != 0 else { throw .cannotOpen(path: path, code: ENOENT) }
      // A log without its file holds writes that would be lost with it, and a journal would be played back into the new one.
      for ending in ["-wal", "-journal"] where access(path + ending, F_OK) == 0 {
        throw .corrupt("\(path) is missing, but its log (\(ending)) is there")
      }
      // A new file in its place would be served, and the restore refused for it.
      guard access(path + RestoreDraft.ending, F_OK) != 0 else { throw .restoreBrokenOff(path: path) }
      return true
    }
    defer { Glibc.close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .cannotOpen(path: path, code: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notADatabase(path: path) }
    guard access(path, W_OK) == 0 else { throw .readOnly }
    // The engine would take it for a new one; a full disk and a broken copy leave such.
    guard status.st_size > 0 else {
      throw .corrupt("the file is empty (of a service that has never run, remove it)")
    }
    var header = [UInt8](repeating: 0, count: 100)
    let count = pread(descriptor, &header, header.count, 0)
    guard header.starts(with: Array("SQLite format 3\0".utf8)) else { throw .notADatabase(path: path) }
    guard count == 100 else { throw .corrupt("the file is cut off: it has \(status.st_size) bytes") }
    // With a log, pages may be missing in the file that the log still has.
    let page = Int(header[16]) << 8 | Int(header[17])
    let pages = header[28...31].reduce(0) { $0 << 8 | Int($1) }
    let size = page == 1 ? 65_536 : page
    var log = stat()
    let hasLog = stat(path + "-wal", &log) == 0 && log.st_size > 0
    guard hasLog || Int(status.st_size) >= size * pages else {
      throw .corrupt("the file is cut off: it has \(status.st_size) bytes of \(size * pages)")
    }
    return false
  }
}

extension Connection {
  /// What holds for the first look, before anything may be changed.
  func prepareForReading() throws(StorageError) {
    try execute(
      "PRAGMA mmap_size = 0; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;")
  }

  /// Acknowledged means on disk; the writer alone decides when the log is copied.
  fileprivate func prepareForWriting(_ configuration: DatabaseConfiguration) throws(StorageError) {
    guard try texts("PRAGMA journal_mode = WAL") == ["wal"] else { throw .readOnly }
    try execute("PRAGMA wal_autocheckpoint = 0")
    try prepareForChanging(configuration)
  }

  /// The same for a file that has no log yet.
  func prepareForChanging(_ configuration: DatabaseConfiguration) throws(StorageError) {
    try execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
    try execute("PRAGMA cache_size = -\(configuration.writerCache)")
    if configuration.overwritesDeleted { try execute("PRAGMA secure_delete = ON") }
    if let pages = configuration.maximumPages { try execute("PRAGMA max_page_count = \(pages)") }
  }

  /// A damaged file is refused before anybody is served from it.
  fileprivate func check(path: String, upTo limit: Int) throws(StorageError) {
    var status = stat()
    guard stat(path, &status) == 0, Int(status.st_size) <= limit else { return }
    let answer = try texts("PRAGMA integrity_check(1)")
    guard answer == ["ok"] else {
      // One line, without the engine's heading of which database it is.
      let lines = (answer.first ?? "no answer from the check").split(separator: "\n").filter { !$0.hasPrefix("***") }
      throw .corrupt(lines.joined(separator: " "))
    }
  }

  /// A file of somebody else's, or of a newer program of ours, is refused before anything of it is changed.
  fileprivate func refuseOthers(_ migrations: [Migration]) throws(StorageError) {
    let tables = try texts("SELECT name FROM sqlite_schema WHERE type = 'table'")
    guard tables.contains("schema_migration") else {
      guard tables.isEmpty else { throw .foreignSchema(table: tables.min() ?? "") }
      return
    }
    let known = try texts("SELECT name FROM schema_migration ORDER BY name")
    let ours = Set(migrations.map(\.name))
    guard let unknown = known.first(where: { !ours.contains($0) }) else { return }
    // Every migration of a file of ours that is newer stands beside all of ours; another service's file lacks our first tables.
    let isOurs =
      migrations.allSatisfy { known.contains($0.name) }
      || !Set(known).isDisjoint(with: migrations.map(\.name).filter { $0.hasPrefix("m") })
    throw isOurs ? .newerSchema(migration: unknown) : .foreignSchema(table: unknown)
  }
}
