import CSQLite
import Glibc
package import Kernel

/// What can go wrong between the program and its file: a closed list, told apart by the engine's class of error, never by
/// its text.
package enum StorageError: Error, Equatable, Sendable {
  /// A rule of the tables was broken. Only this statement was undone.
  case constraint(ConstraintKind, name: String)
  /// No room on the disk, or the page limit was reached.
  case full
  /// Somebody else holds the file for longer than we wait.
  case busy
  /// The disk or the file system failed.
  case inputOutput(code: Int32)
  /// The file may not be written.
  case readOnly
  /// Out of memory.
  case outOfMemory
  /// A read took longer than any read may.
  case tooSlow(statement: String)
  /// The file's content contradicts itself.
  case corrupt(String)
  /// There is a file of that name, and it is something else.
  case notADatabase(path: String)
  /// There is no file, but what a restore has not put in its place yet.
  case restoreBrokenOff(path: String)
  /// Another process works with the file.
  case locked(path: String, processID: Int32)
  /// A program that is none of ours holds the file.
  case lockedElsewhere(path: String)
  /// The file cannot be opened or made; the system's code, 0 where it has none.
  case cannotOpen(path: String, code: Int32)
  /// The file was written by a newer program, which knew this migration.
  case newerSchema(migration: String)
  /// The file is a sound database, but not of this service: what stands in it that we do not know.
  case foreignSchema(table: String)
  /// There has to be a copy before the tables are changed, and there could not be one.
  case noCopyBeforeUpgrade(String)
  /// A migration is not the one that this file was made with.
  case changedMigration(String)
  /// A migration could not be carried out; the file is as before.
  case failedMigration(String, code: Int32)
  /// A COMMIT failed: nobody knows whether it is on disk. The database takes no more writes until it is opened again.
  case outcomeUnknown
  /// The database has been closed, or has stopped after an unknown outcome.
  case closed
  /// A column does not hold what the program reads from it.
  case mismatch(statement: String, column: Int)
  /// Our bug: a statement or its values are wrong.
  case misuse(String)
  /// Anything else the engine says, by its code.
  case engine(code: Int32)
}

/// Which kind of rule was broken.
package enum ConstraintKind: Sendable, Hashable {
  case unique, foreignKey, check, notNull, other
}

extension StorageError {
  /// What a caller may be told, where it is about the storage and not about a bug of ours; `nil` means INTERNAL.
  package var refusal: Refused? {
    switch self {
    case .full:
      Refused(.resourceExhausted, Reason("STORAGE_FULL", zh: "存储空间已满", en: "the storage has no room left"))
    case .busy, .inputOutput, .outOfMemory, .readOnly, .tooSlow, .closed:
      Refused(.unavailable, Reason("STORAGE_UNAVAILABLE", zh: "存储暂不可用，请稍后再试", en: "the storage is not available now"))
    case .outcomeUnknown:
      Refused(
        .unavailable,
        Reason(
          "OUTCOME_UNKNOWN", zh: "写入结果不明，请以同一请求编号重试",
          en: "it is not known whether the write was stored; repeat it with the same request id"))
    default: nil
    }
  }
}

extension StorageError: LoggableError {
  /// One line for the operator: what is wrong and, where something can be done, what to do.
  package var description: String {
    switch self {
    case .constraint(let kind, let name): "a \(kind) constraint was broken: \(name)"
    case .full: "no room left for the database; free some disk space"
    case .busy: "the database is busy"
    case .inputOutput(let code): "the disk failed under the database (\(code))"
    case .readOnly: "the database may not be written; check the file's owner and permissions"
    case .outOfMemory: "no memory left for the database"
    case .tooSlow(let statement): "the read \(statement) took too long and was stopped"
    case .corrupt(let what): "the database is damaged: \(what); restore a backup, keep this file for inquiry"
    case .notADatabase(let path): "\(path) is not a database; move it away or restore a backup"
    case .restoreBrokenOff(let path):
      "a restore of \(path) was broken off: run huying restore again, or remove \(path)\(RestoreDraft.ending) to begin anew without it"
    case .locked(let path, let processID): "\(path) is in use by process \(processID); stop it first"
    case .lockedElsewhere(let path):
      "\(path) is locked by another program, such as sqlite3 or a copying tool; end it, then start again"
    case .cannotOpen(let path, let code):
      "\(path) cannot be opened\(code == 0 ? "" : ": \(String(cString: strerror(code)))"); check the folder and its permissions"
    case .newerSchema(let name): "the database knows migration \(name), this program does not; run the newer program"
    case .foreignSchema(let name):
      "the database has \(name), which is not this service's: another service's file, or another program's; check the data folder"
    case .noCopyBeforeUpgrade(let why):
      "the file could not be copied before its upgrade: \(why); the database is as before"
    case .changedMigration(let name): "migration \(name) differs from the one the database was made with"
    case .failedMigration(let name, let code): "migration \(name) failed (\(code)); the database is as before"
    case .outcomeUnknown: "a commit failed and its outcome is unknown; the service must start again"
    case .closed: "the database is closed"
    case .mismatch(let statement, let column): "\(statement): column \(column) holds something unexpected"
    case .misuse(let what): what
    case .engine(let code): "the storage engine failed (\(code))"
    }
  }
}

extension StorageError {
  /// SQLITE_IOERR_SHMSIZE, a macro that is not imported.
  private static let noRoomForIndex: Int32 = SQLITE_IOERR | (19 << 8)

  /// The class that the engine's last error on `handle` belongs to.
  init(_ handle: OpaquePointer, statement: StaticString) {
    let code = sqlite3_extended_errcode(handle)
    switch code & 0xff {
    case SQLITE_CONSTRAINT: self = .constraint(ConstraintKind(code), name: Self.constraintName(handle))
    case SQLITE_FULL: self = .full
    case SQLITE_BUSY, SQLITE_LOCKED: self = .busy
    // The index beside the file, which has to be there before anything is read.
    case SQLITE_IOERR where code == Self.noRoomForIndex: self = .full
    case SQLITE_IOERR: self = .inputOutput(code: code)
    case SQLITE_READONLY: self = .readOnly
    case SQLITE_NOMEM: self = .outOfMemory
    case SQLITE_INTERRUPT: self = .tooSlow(statement: statement.description)
    case SQLITE_CORRUPT: self = .corrupt(String(cString: sqlite3_errmsg(handle)))
    case SQLITE_NOTADB: self = .corrupt("not a database")
    case SQLITE_ERROR, SQLITE_MISUSE, SQLITE_RANGE, SQLITE_MISMATCH, SQLITE_TOOBIG:
      self = .misuse("\(statement): \(String(cString: sqlite3_errmsg(handle)))")
    default: self = .engine(code: code)
    }
  }

  /// What the engine says was broken: the constraint's name, or its table and columns. For people and metrics;
  /// nothing is decided by it.
  private static func constraintName(_ handle: OpaquePointer) -> String {
    let message = String(cString: sqlite3_errmsg(handle))
    guard let colon = message.firstIndex(of: ":") else { return "" }
    return String(message[message.index(after: colon)...].drop { $0 == " " })
  }
}

extension ConstraintKind {
  /// From the engine's extended code: the class in the low byte, the kind above it.
  fileprivate init(_ code: Int32) {
    switch code >> 8 {
    case 8, 6, 10: self = .unique
    case 3: self = .foreignKey
    case 1: self = .check
    case 5: self = .notNull
    default: self = .other
    }
  }
}
