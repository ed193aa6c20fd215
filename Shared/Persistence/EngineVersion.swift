import CSQLite

extension Database {
  /// The version of the storage engine that is loaded: `3.40.1`.
  package static var engineVersion: String { String(cString: sqlite3_libversion()) }
}
