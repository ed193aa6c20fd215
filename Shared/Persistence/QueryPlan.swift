extension Database {
  /// How the engine would go about a statement, step by step: `SEARCH cases USING INDEX case_by_state (county_code=? AND state=?)`.
  package func plan(of statement: Statement) throws -> [String] {
    try readInline { try $0.connection.texts("EXPLAIN QUERY PLAN \(statement.sql)", column: 3) }
  }

  /// Which of `statements` walk over a whole table or index without a condition, except over `smallTables`, which do not
  /// grow: `case.list: SCAN dispute_case`. A store's test refuses any.
  package func unindexedScans(in statements: [Statement], except smallTables: Set<String> = []) throws -> [String] {
    try readInline { transaction in
      try statements.flatMap { statement in
        try transaction.connection.texts("EXPLAIN QUERY PLAN \(statement.sql)", column: 3)
          .filter { step in
            let words = step.split(separator: " ")
            guard words.first == "SCAN", words.count > 1, words[1] != "CONSTANT" else { return false }
            return !smallTables.contains(String(words[1]))
          }
          .map { "\(statement.name): \($0)" }
      }
    }
  }
}
