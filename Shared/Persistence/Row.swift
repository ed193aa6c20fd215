import CSQLite
package import Kernel

/// One row of an answer, alive inside the closure that maps it.
///
/// Reading a column as what it is not gives an empty value and makes the whole read fail with `StorageError.mismatch`
/// afterwards: a damaged row is an error, never a crash and never a wrong answer.
package struct Row: ~Copyable {
  let statement: PreparedStatement

  init(_ statement: PreparedStatement) { self.statement = statement }

  /// Whether column `index` holds nothing.
  package func isNull(_ index: Int) -> Bool { kind(index) == SQLITE_NULL }

  /// A text column.
  package func text(_ index: Int) -> String {
    guard expect(SQLITE_TEXT, index) else { return "" }
    return unchecked(text: index)
  }

  /// An integer column.
  package func integer(_ index: Int) -> Int64 {
    guard expect(SQLITE_INTEGER, index) else { return 0 }
    return sqlite3_column_int64(statement.handle, Int32(index))
  }

  /// An integer column as `Int`.
  package func int(_ index: Int) -> Int { Int(integer(index)) }

  /// A truth value, stored as 0 or 1.
  package func bool(_ index: Int) -> Bool { integer(index) != 0 }

  /// A blob column, copied.
  package func bytes(_ index: Int) -> [UInt8] {
    guard expect(SQLITE_BLOB, index) else { return [] }
    guard let start = sqlite3_column_blob(statement.handle, Int32(index)) else { return [] }
    let count = Int(sqlite3_column_bytes(statement.handle, Int32(index)))
    return Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// An instant, stored in microseconds.
  package func time(_ index: Int) -> Timestamp { Timestamp(microseconds: integer(index)) }

  /// A date, stored in days.
  package func date(_ index: Int) -> CivilDate { CivilDate(dayNumber: int(index)) }

  /// An identifier, stored as text.
  package func id<Subject>(_ index: Int, of subject: Subject.Type = Subject.self) -> ID<Subject> { ID(text(index)) }

  // The same columns where they may hold nothing.

  package func optionalText(_ index: Int) -> String? { isNull(index) ? nil : text(index) }
  package func optionalInteger(_ index: Int) -> Int64? { isNull(index) ? nil : integer(index) }
  package func optionalInt(_ index: Int) -> Int? { isNull(index) ? nil : int(index) }
  package func optionalBool(_ index: Int) -> Bool? { isNull(index) ? nil : bool(index) }
  package func optionalBytes(_ index: Int) -> [UInt8]? { isNull(index) ? nil : bytes(index) }
  package func optionalTime(_ index: Int) -> Timestamp? { isNull(index) ? nil : time(index) }
  package func optionalDate(_ index: Int) -> CivilDate? { isNull(index) ? nil : date(index) }
  package func optionalID<Subject>(_ index: Int, of subject: Subject.Type = Subject.self) -> ID<Subject>? {
    isNull(index) ? nil : id(index)
  }

  /// Says that column `index` holds something the program has no meaning for, such as a state it does not know:
  /// the read fails with `StorageError.mismatch`.
  package func reject(_ index: Int) {
    if statement.mismatchedColumn == nil { statement.mismatchedColumn = index }
  }

  /// A text column that names a case of `Kind`; a name it does not have makes the read fail.
  package func named<Kind: RawRepresentable<String>>(_ index: Int, or fallback: Kind) -> Kind {
    if let value = Kind(rawValue: text(index)) { return value }
    reject(index)
    return fallback
  }

  private func kind(_ index: Int) -> Int32 { sqlite3_column_type(statement.handle, Int32(index)) }

  private func expect(_ expected: Int32, _ index: Int) -> Bool {
    if kind(index) == expected { return true }
    reject(index)
    return false
  }

  private func unchecked(text index: Int) -> String {
    guard let start = sqlite3_column_text(statement.handle, Int32(index)) else { return "" }
    let count = Int(sqlite3_column_bytes(statement.handle, Int32(index)))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }
}
