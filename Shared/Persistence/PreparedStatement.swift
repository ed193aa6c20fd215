import CSQLite

/// A compiled statement of one connection, used by that connection's thread only.
final class PreparedStatement {
  let name: StaticString
  let handle: OpaquePointer
  /// For each parameter of the engine, in its order, the index of the value that it takes.
  let valueIndices: [Int]
  /// How many values a caller must give.
  let valueCount: Int
  /// Being stepped through: a second use at the same time needs another copy.
  var isBusy = false
  /// The first column that was read as something it is not.
  var mismatchedColumn: Int?

  init(_ name: StaticString, _ handle: OpaquePointer) throws(StorageError) {
    self.name = name
    self.handle = handle
    var indices = [Int]()
    for parameter in 0..<sqlite3_bind_parameter_count(handle) {
      guard let text = sqlite3_bind_parameter_name(handle, parameter + 1), text[0] == UInt8(ascii: "$"),
        let number = Int(String(cString: text + 1)), number >= 1
      else {
        sqlite3_finalize(handle)
        throw .misuse("\(name): parameters are written $1, $2, …")
      }
      indices.append(number - 1)
    }
    valueIndices = indices
    valueCount = (indices.max() ?? -1) + 1
  }

  deinit { sqlite3_finalize(handle) }

  /// Gives the parameters their values. The engine keeps copies.
  func bind(_ values: [Value]) throws(StorageError) {
    guard values.count == valueCount else {
      throw .misuse("\(name): \(valueCount) values are needed, \(values.count) were given")
    }
    for (position, index) in valueIndices.enumerated() {
      let result = bind(values[index], at: Int32(position + 1))
      guard result == SQLITE_OK else { throw .misuse("\(name): $\(index + 1) cannot be bound (\(result))") }
    }
  }

  private func bind(_ value: Value, at parameter: Int32) -> Int32 {
    switch value {
    case .null: return sqlite3_bind_null(handle, parameter)
    case .integer(let number): return sqlite3_bind_int64(handle, parameter, number)
    case .bool(let value): return sqlite3_bind_int64(handle, parameter, value ? 1 : 0)
    case .bytes(let bytes):
      // A null pointer would bind NULL: no bytes are not nothing.
      guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(handle, parameter, 0) }
      return bytes.withUnsafeBytes {
        sqlite3_bind_blob64(handle, parameter, $0.baseAddress, UInt64($0.count), Self.copied)
      }
    case .text(var text):
      guard !text.isEmpty else { return sqlite3_bind_text(handle, parameter, "", 0, nil) }
      return text.withUTF8 { utf8 in
        utf8.withMemoryRebound(to: CChar.self) {
          sqlite3_bind_text64(handle, parameter, $0.baseAddress, UInt64($0.count), Self.copied, UInt8(SQLITE_UTF8))
        }
      }
    }
  }

  /// Ready for the next use; the values are let go, so that no personal text stays behind.
  func reset() {
    sqlite3_reset(handle)
    if valueCount > 0 { sqlite3_clear_bindings(handle) }
    isBusy = false
    mismatchedColumn = nil
  }

  /// SQLITE_TRANSIENT: the engine copies what it is given.
  private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}
