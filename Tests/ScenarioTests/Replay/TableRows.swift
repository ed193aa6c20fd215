import CSQLite
import Foundation
import Persistence

/// The rows of a database file as they lie there, read without any of the services' own code.
struct TableRows {
  /// A row: its key as text, and every column's value.
  typealias Rows = [String: [String: String]]

  private let connection: OpaquePointer

  /// Opens a file that no process has open; it is not changed.
  init(_ path: String) throws {
    var handle: OpaquePointer?
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, nil) == SQLITE_OK, let handle else {
      throw CocoaError(.fileReadUnknown, userInfo: [NSFilePathErrorKey: path])
    }
    connection = handle
  }

  func close() { sqlite3_close_v2(connection) }

  /// Changes a file behind its service's back.
  static func tamper(_ path: String, _ sql: String) throws {
    var handle: OpaquePointer?
    defer { sqlite3_close_v2(handle) }
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, DatabaseFile.wayToFiles) == SQLITE_OK,
      sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK, sqlite3_changes(handle) == 1
    else { throw CocoaError(.fileWriteUnknown, userInfo: [NSLocalizedDescriptionKey: sql]) }
  }

  /// Runs `body` while another program holds the file open for writing.
  static func held(_ path: String, _ body: () async throws -> Void) async throws {
    var handle: OpaquePointer?
    defer { sqlite3_close_v2(handle) }
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, DatabaseFile.wayToFiles) == SQLITE_OK,
      sqlite3_exec(handle, "BEGIN IMMEDIATE", nil, nil, nil) == SQLITE_OK
    else { throw CocoaError(.fileWriteUnknown, userInfo: [NSLocalizedDescriptionKey: path]) }
    try await body()
  }

  /// The tables of the file.
  func tables() throws -> [String] {
    try query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
      .compactMap { $0["name"] }
  }

  /// Every row of a table under its key, without `omitting`.
  func rows(of table: String, omitting: Set<String> = []) throws -> Rows {
    let columns = try query("SELECT name, pk FROM pragma_table_info('\(table)') ORDER BY pk")
    let key = columns.filter { $0["pk"] != "0" }.compactMap { $0["name"] }
    var rows: Rows = [:]
    for row in try query("SELECT * FROM \(table)") {
      let name = key.filter { $0 != "county_code" }.map { "\($0)=\(row[$0] ?? "")" }.joined(separator: ",")
      rows[name] = row.filter { !omitting.contains($0.key) }
    }
    return rows
  }

  private func query(_ sql: String) throws -> [[String: String]] {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK else {
      throw CocoaError(.fileReadCorruptFile, userInfo: [NSLocalizedDescriptionKey: sql])
    }
    defer { sqlite3_finalize(statement) }
    var rows: [[String: String]] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      var row: [String: String] = [:]
      for index in 0..<sqlite3_column_count(statement) {
        row[String(cString: sqlite3_column_name(statement, index))] = value(statement, index)
      }
      rows.append(row)
    }
    return rows
  }

  private func value(_ statement: OpaquePointer?, _ index: Int32) -> String {
    switch sqlite3_column_type(statement, index) {
    case SQLITE_NULL: return "null"
    case SQLITE_BLOB:
      let count = Int(sqlite3_column_bytes(statement, index))
      guard let start = sqlite3_column_blob(statement, index) else { return "x''" }
      return
        "x'\(UnsafeRawBufferPointer(start: start, count: count).map { String($0, radix: 16) }.joined(separator: "."))'"
    default: return sqlite3_column_text(statement, index).map { String(cString: $0) } ?? ""
    }
  }
}
