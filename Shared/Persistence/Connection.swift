import CSQLite

/// One connection to the file and the statements prepared on it. Used by one thread at a time; whoever hands it on says so.
final class Connection {
  let handle: OpaquePointer
  private var prepared: [UnsafePointer<UInt8>: PreparedStatement] = [:]
  private let faults: FaultInjection?
  private var isClosed = false
  private(set) var isInTransaction = false
  /// The error that took the whole transaction with it; until it is ended nothing more runs, or it would run outside of it.
  private(set) var loss: StorageError?
  /// Monotonic nanoseconds after which a read is stopped; read by the engine's progress callback on the same thread.
  private let deadline: UnsafeMutablePointer<UInt64>

  /// Opens `path`; `flags` say whether it may be made and written. With `sumsPages` a new file's pages will have sums.
  init(path: String, flags: Int32, faults: FaultInjection?, sumsPages: Bool = true) throws(StorageError) {
    _ = Self.engine
    _ = PageSums.registration
    var opened: OpaquePointer?
    let result = sqlite3_open_v2(
      path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, sumsPages ? PageSums.name : nil)
    guard result == SQLITE_OK, let opened else {
      let code = opened.map { sqlite3_system_errno($0) } ?? 0
      sqlite3_close_v2(opened)
      throw .cannotOpen(path: path, code: code)
    }
    if sumsPages, flags & SQLITE_OPEN_CREATE != 0 {
      var reserved = PageSums.reservedBytes
      sqlite3_file_control(opened, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved)
    }
    handle = opened
    self.faults = faults
    deadline = .allocate(capacity: 1)
    deadline.initialize(to: .max)
    sqlite3_busy_timeout(handle, Self.busyMilliseconds)
  }

  deinit {
    close()
    deadline.deallocate()
  }

  /// Lets go of the file. Nothing is run on the connection afterwards.
  func close() {
    guard !isClosed else { return }
    isClosed = true
    prepared.removeAll()
    sqlite3_close_v2(handle)
  }

  /// Whether the file and its log stay as they are when this connection, the last one, is closed.
  func leaveLog(_ leaves: Bool) { _ = huying_sqlite3_leave_log(handle, leaves ? 1 : 0) }

  /// What is set for the whole process, once, before the first connection.
  private static let engine: Int32 = huying_sqlite3_count_no_memory()

  /// How long we wait for a lock: only recovery and the last checkpoint ever hold one against us.
  private static let busyMilliseconds: Int32 = 2_000
  /// Engine instructions between two looks at the clock: about a tenth of a millisecond.
  private static let progressInstructions: Int32 = 10_000

  /// Stops statements that run past the time given to `reading`.
  func limitReads() {
    sqlite3_progress_handler(
      handle, Self.progressInstructions,
      { context in
        guard let deadline = context?.assumingMemoryBound(to: UInt64.self) else { return 0 }
        return monotonicNanoseconds() > deadline.pointee ? 1 : 0
      }, deadline)
  }

  /// Runs SQL of the layer itself (pragmas, migrations), which is not kept prepared.
  func execute(_ sql: String) throws(StorageError) {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure("execute") }
  }

  /// The first column of the rows that layer-owned SQL gives, as text.
  func texts(_ sql: String, column: Int32 = 0) throws(StorageError) -> [String] {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else { throw failure("texts") }
    defer { sqlite3_finalize(statement) }
    var result = [String]()
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: result.append(sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "")
      case SQLITE_DONE: return result
      default: throw failure("texts")
      }
    }
  }
}

// MARK: - Statements

extension Connection {
  func first<T>(_ statement: Statement, _ values: [Value], _ map: (borrowing Row) throws -> T) throws -> T? {
    try with(statement, values) { prepared in
      guard try step(prepared) else { return nil }
      return try mapped(prepared, map)
    }
  }

  func all<T>(_ statement: Statement, _ values: [Value], _ map: (borrowing Row) throws -> T) throws -> [T] {
    try with(statement, values) { prepared in
      var result = [T]()
      while try step(prepared) { result.append(try mapped(prepared, map)) }
      return result
    }
  }

  func run(_ statement: Statement, _ values: [Value]) throws -> Int {
    try with(statement, values) { prepared in
      while try step(prepared) {}
      return Int(sqlite3_changes64(handle))
    }
  }

  private func with<R>(
    _ statement: Statement, _ values: [Value], _ body: (PreparedStatement) throws -> R
  ) throws -> R {
    let prepared = try prepare(statement)
    prepared.isBusy = true
    defer { prepared.reset() }
    try prepared.bind(values)
    return try body(prepared)
  }

  private func mapped<T>(_ prepared: PreparedStatement, _ map: (borrowing Row) throws -> T) throws -> T {
    let value = try map(Row(prepared))
    if let column = prepared.mismatchedColumn {
      throw StorageError.mismatch(statement: prepared.name.description, column: column)
    }
    return value
  }

  /// The literal's address is the key: two statements with the same text may share one.
  private func prepare(_ statement: Statement) throws(StorageError) -> PreparedStatement {
    if let loss { throw loss }
    let key = statement.sql.utf8Start
    if let known = prepared[key], !known.isBusy { return known }
    var made: OpaquePointer?
    let text = UnsafeRawPointer(key).assumingMemoryBound(to: CChar.self)
    let result = sqlite3_prepare_v3(
      handle, text, Int32(statement.sql.utf8CodeUnitCount), UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
    guard result == SQLITE_OK, let made else { throw failure(statement.name) }
    let fresh = try PreparedStatement(statement.name, made)
    if prepared[key] == nil { prepared[key] = fresh }
    return fresh
  }

  private func step(_ prepared: PreparedStatement) throws(StorageError) -> Bool {
    if let loss { throw loss }
    if let fault = faults?.beforeStep(prepared.name) { throw suffer(fault, prepared.name) }
    switch sqlite3_step(prepared.handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw failure(prepared.name)
    }
  }

  /// The engine's last error; notes whether the whole transaction went with it (FULL, IOERR and NOMEM do that).
  private func failure(_ name: StaticString) -> StorageError {
    let error = StorageError(handle, statement: name)
    if isInTransaction, sqlite3_get_autocommit(handle) != 0 { loss = error }
    return error
  }

  private func suffer(_ fault: Fault, _ name: StaticString) -> StorageError {
    switch fault {
    case .interrupted: return .tooSlow(statement: name.description)
    case .full, .inputOutput:
      let error: StorageError = if case .full = fault { .full } else { .inputOutput(code: SQLITE_IOERR) }
      if isInTransaction {
        sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
        loss = error
      }
      return error
    }
  }
}

// MARK: - Transactions

extension Connection {
  private static let beginRead = Statement("transaction.begin_read", "BEGIN DEFERRED")
  private static let begin = Statement("transaction.begin", "BEGIN IMMEDIATE")
  private static let commit = Statement("transaction.commit", "COMMIT")
  private static let rollback = Statement("transaction.rollback", "ROLLBACK")
  private static let savepoint = Statement("transaction.savepoint", "SAVEPOINT write_of_group")
  private static let release = Statement("transaction.release", "RELEASE write_of_group")
  private static let undo = Statement("transaction.undo", "ROLLBACK TO write_of_group")
  private static let innerSavepoint = Statement("transaction.inner_savepoint", "SAVEPOINT part_of_write")
  private static let innerRelease = Statement("transaction.inner_release", "RELEASE part_of_write")
  private static let innerUndo = Statement("transaction.inner_undo", "ROLLBACK TO part_of_write")

  /// Whether the engine itself has no transaction open.
  var isAutocommitting: Bool { sqlite3_get_autocommit(handle) != 0 }

  /// Runs `body` in a read transaction of at most `nanoseconds`; inside one already open it just runs.
  func reading<R>(nanoseconds: UInt64, _ body: (ReadTransaction) throws -> R) throws -> R {
    guard !isInTransaction else { return try body(ReadTransaction(connection: self)) }
    deadline.pointee = monotonicNanoseconds() + nanoseconds
    defer { deadline.pointee = .max }
    _ = try run(Self.beginRead, [])
    isInTransaction = true
    defer { endQuietly() }
    return try body(ReadTransaction(connection: self))
  }

  func beginWriting() throws {
    _ = try run(Self.begin, [])
    isInTransaction = true
  }

  func commitWriting() throws {
    _ = try run(Self.commit, [])
    isInTransaction = false
  }

  /// Ends whatever transaction there is, undoing it; never fails, because a lost one is ended already.
  func endQuietly() {
    loss = nil
    isInTransaction = false
    if !isAutocommitting { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
  }

  /// Runs `body` so that it can be undone alone. If undoing fails too, the transaction counts as lost.
  func inSavepoint<R>(nested: Bool = false, _ body: () throws -> R) throws -> R {
    _ = try run(nested ? Self.innerSavepoint : Self.savepoint, [])
    do {
      let result = try body()
      if let loss { throw loss }
      _ = try run(nested ? Self.innerRelease : Self.release, [])
      return result
    } catch {
      if loss == nil {
        do {
          _ = try run(nested ? Self.innerUndo : Self.undo, [])
          _ = try run(nested ? Self.innerRelease : Self.release, [])
        } catch let undoing as StorageError {
          loss = loss ?? undoing
        }
      }
      throw error
    }
  }
}
