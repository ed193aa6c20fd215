import CSQLite
import Glibc
import Synchronization

/// One copy of the file under way, made on the writer's connection between its groups.
///
/// `@unchecked Sendable`: `target`, `backup`, `steps` and `over` belong to the writer's thread once the copy was handed to it, and
/// `over` is set before; `isCancelled` is guarded.
final class FileCopy: @unchecked Sendable {
  /// Pages copied between two groups of writes: a mebibyte, about a millisecond.
  private static let pagesPerStep: Int32 = 256
  /// How many times the file's own length may be copied before we give up: a transaction that was too long for memory and then
  /// undone makes the engine begin anew, and nothing else does.
  private static let patience = 8

  private let path: String
  private let isCancelled = Mutex(false)
  private var over: ((Result<Void, any Error>) -> Void)?
  private var target: OpaquePointer?
  private var backup: OpaquePointer?
  private var steps = 0

  init(to path: String) { self.path = path }

  /// Who hears how it ended, once.
  func whenOver(_ hear: @escaping (Result<Void, any Error>) -> Void) { over = hear }

  /// The next step ends it.
  func cancel() { isCancelled.withLock { $0 = true } }

  /// Ends it without a copy. Always true.
  func abandon() -> Bool { end(.failure(StorageError.closed)) }

  /// Copies a few pages; `true` once it is over.
  func step(from source: OpaquePointer) -> Bool {
    guard !isCancelled.withLock({ $0 }) else { return end(.failure(CancellationError())) }
    do {
      let backup = try self.backup ?? begin(source)
      self.backup = backup
      steps += 1
      switch sqlite3_backup_step(backup, Self.pagesPerStep) {
      case SQLITE_DONE:
        self.backup = nil
        let result = sqlite3_backup_finish(backup)
        return end(result == SQLITE_OK ? .success(()) : .failure(error(result)))
      case SQLITE_OK, SQLITE_BUSY, SQLITE_LOCKED:
        let pages = Int(sqlite3_backup_pagecount(backup))
        guard steps <= Self.patience * (pages / Int(Self.pagesPerStep) + 1) else {
          return end(.failure(StorageError.tooSlow(statement: "database.copy")))
        }
        return false
      case let code: return end(.failure(error(code)))
      }
    } catch { return end(.failure(error)) }
  }

  /// The whole of it at once, on the disk when this returns: for a file that nobody writes yet.
  static func whole(of source: OpaquePointer, to path: String) throws {
    let copy = FileCopy(to: path)
    var result: Result<Void, any Error> = .failure(StorageError.closed)
    copy.whenOver { result = $0 }
    while !copy.step(from: source) {}
    try result.get()
    try DiskSync.wait(for: path)
  }

  private func begin(_ source: OpaquePointer) throws(StorageError) -> OpaquePointer {
    // The copy's pages have sums if the file's have.
    let hasSums = sqlite3_db_filename(source, "main").map { PageSums.areIn(String(cString: $0)) } ?? false
    let opened = sqlite3_open_v2(
      path, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      hasSums ? PageSums.name : nil)
    guard opened == SQLITE_OK, let target else {
      let code = target.map { sqlite3_system_errno($0) } ?? 0
      throw code == ENOSPC ? .full : .cannotOpen(path: path, code: code)
    }
    chmod(path, 0o600)
    // A copy that is not finished is thrown away: it needs no journal, and no waiting for the disk.
    sqlite3_exec(
      target, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2048; PRAGMA mmap_size = 0;",
      nil, nil, nil)
    guard let backup = sqlite3_backup_init(target, "main", source, "main") else {
      throw error(sqlite3_extended_errcode(target))
    }
    return backup
  }

  private func error(_ code: Int32) -> StorageError {
    switch code & 0xff {
    case SQLITE_FULL: .full
    case SQLITE_CANTOPEN: target.map { sqlite3_system_errno($0) } == ENOSPC ? .full : .engine(code: code)
    case SQLITE_IOERR: .inputOutput(code: code)
    case SQLITE_NOMEM: .outOfMemory
    case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt("found while it was copied")
    case SQLITE_READONLY: .readOnly
    default: .engine(code: code)
    }
  }

  private func end(_ result: Result<Void, any Error>) -> Bool {
    if let backup { sqlite3_backup_finish(backup) }
    if let target { sqlite3_close_v2(target) }
    (backup, target) = (nil, nil)
    over?(result)
    over = nil
    return true
  }
}

/// Times in names of files: `20261123T141500Z`, so that names in alphabetical order are in order of time.
enum FileTime {
  static let length = 16

  static func now() -> String {
    var seconds = time(nil)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func digits(_ number: Int32, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
    return digits(parts.tm_year + 1900, 4) + digits(parts.tm_mon + 1, 2) + digits(parts.tm_mday, 2) + "T"
      + digits(parts.tm_hour, 2) + digits(parts.tm_min, 2) + digits(parts.tm_sec, 2) + "Z"
  }

  /// Names in `folder` that start so and are that long, in alphabetical order.
  static func files(in folder: String, startingWith start: String, count: Int) -> [String] {
    guard let entries = opendir(folder) else { return [] }
    defer { closedir(entries) }
    var names: [String] = []
    while let entry = readdir(entries) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix(start), name.utf8.count == count { names.append(name) }
    }
    return names.sorted()
  }
}
