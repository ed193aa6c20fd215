import CSQLite

/// A database file that nobody works with: a copy that was just made, or one that lies in a backup. It is read as it is; nothing
/// is written beside it either. For one thread, which may take its time.
package final class DatabaseFile {
  private let connection: Connection

  /// Opens the file at `path`. Throws what is wrong with it if it cannot be read as a database at all.
  package init(path: String) throws(StorageError) {
    var escaped = ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "%"): escaped += "%25"
      case UInt8(ascii: "?"): escaped += "%3f"
      case UInt8(ascii: "#"): escaped += "%23"
      case 0x21...0x7e: escaped.unicodeScalars.append(Unicode.Scalar(byte))
      default: escaped += "%" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
      }
    }
    // Without the flag the engine would make files for a log beside it.
    connection = try Connection(
      path: "file:\(escaped)?immutable=1", flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, faults: nil)
    try connection.execute("PRAGMA query_only = ON; PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON;")
  }

  deinit { connection.close() }

  /// What the engine finds wrong with tables, indexes and pages; nothing if all is well. Reads the whole file.
  package func damages() throws(StorageError) -> [String] {
    let answer = try connection.texts("PRAGMA integrity_check(20)")
    return answer == ["ok"] ? [] : answer
  }

  /// How many rows each table has.
  package func rowCounts() throws(StorageError) -> [(table: String, count: Int64)] {
    let names = try connection.texts(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name")
    var counts: [(table: String, count: Int64)] = []
    for name in names {
      let text = try connection.texts("SELECT count(*) FROM \"\(name)\"").first ?? ""
      counts.append((name, Int64(text) ?? 0))
    }
    return counts
  }

  /// The migrations that made its tables, each with its checksum: `m0001_cases=1f…`.
  package func migrations() throws(StorageError) -> [String] {
    try connection.texts("SELECT name || '=' || checksum FROM schema_migration ORDER BY name")
  }

  /// Whether there is a table of that name.
  package func hasTable(_ name: String) throws(StorageError) -> Bool {
    try connection.texts("SELECT name FROM sqlite_schema WHERE type = 'table'").contains(name)
  }

  /// Runs `body` over the file's one picture.
  package func read<R>(_ body: (ReadTransaction) throws -> R) throws -> R {
    try body(ReadTransaction(connection: connection))
  }

  /// The engine's name for our way to files (`PageSums`): who changes a file past this module, and means it to be read again, opens
  /// it that way.
  package static var wayToFiles: String {
    _ = PageSums.registration
    return PageSums.name
  }

  /// The version of the engine that this program runs with.
  package static var engineVersion: String { String(cString: sqlite3_libversion()) }
}

/// Runs `body` on a thread of its own and returns what it returns: for work that would hold up whoever else shares a thread.
package func onOwnThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
  try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<R, any Error>) in
    let thread = WorkerThread { continuation.resume(with: Result { try body() }) }
    guard let thread else { return continuation.resume(throwing: StorageError.outOfMemory) }
    thread.detach()
  }
}
