/// What both kinds of transaction can do: read a consistent picture. A transaction lives inside its closure only.
package protocol Reading {
  /// The first row, mapped; `nil` if there is none.
  func first<T>(_ statement: Statement, _ values: [Value], _ map: (borrowing Row) throws -> T) throws -> T?
  /// All rows, mapped, in the statement's order.
  func all<T>(_ statement: Statement, _ values: [Value], _ map: (borrowing Row) throws -> T) throws -> [T]
}

extension Reading {
  /// Whether there is any row.
  package func exists(_ statement: Statement, _ values: [Value]) throws -> Bool {
    try first(statement, values) { _ in true } ?? false
  }
}

/// A picture of the database at one moment.
package struct ReadTransaction: Reading {
  let connection: Connection

  package func first<T>(_ statement: Statement, _ values: [Value], _ map: (borrowing Row) throws -> T) throws -> T? {
    try connection.first(statement, values, map)
  }

  package func all<T>(_ statement: Statement, _ values: [Value], _ map: (borrowing Row) throws -> T) throws -> [T] {
    try connection.all(statement, values, map)
  }
}

/// A write in progress: it sees its own changes; the world sees them after COMMIT, all or none.
package struct WriteTransaction: Reading {
  let connection: Connection

  package func first<T>(_ statement: Statement, _ values: [Value], _ map: (borrowing Row) throws -> T) throws -> T? {
    try connection.first(statement, values, map)
  }

  package func all<T>(_ statement: Statement, _ values: [Value], _ map: (borrowing Row) throws -> T) throws -> [T] {
    try connection.all(statement, values, map)
  }

  /// Runs a change and says how many rows it touched.
  @discardableResult
  package func run(_ statement: Statement, _ values: [Value]) throws -> Int {
    try connection.run(statement, values)
  }

  /// A part that can fail alone: if `body` throws, what it changed is undone and the rest of the write goes on.
  package func attempt<R>(_ body: (WriteTransaction) throws -> R) throws -> R {
    try connection.inSavepoint(nested: true) { try body(self) }
  }
}
