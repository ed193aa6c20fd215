package import DisputeDomain
package import Kernel
package import Persistence

/// Cases as rows: one in `cases`, the others hang on it by county and case.
package struct CaseStore: Sendable {
  let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  /// The whole case.
  package func load(_ id: ID<Case>, in reading: some Reading) throws -> Case? {
    guard var record = try head(id, in: reading) else { return nil }
    let key = key(id)
    record.parties = try reading.all(CaseChildQueries.parties, key, CaseRows.party)
    record.attempts = try reading.all(CaseChildQueries.attempts, key, CaseRows.attempt)
    record.escalations = try reading.all(CaseChildQueries.escalations, key, CaseRows.escalation)
    record.clocks = try reading.all(CaseChildQueries.clocks, key, CaseRows.clock)
    record.rungs = Set(try reading.all(TimerQueries.rungs, key, TimerStore.rung))
    record.links = try reading.all(CaseChildQueries.links, key, CaseRows.link)
    record.settlement = try reading.first(CaseChildQueries.settlement, key, CaseRows.settlement)
    record.closure = try reading.first(CaseChildQueries.closure, key, CaseRows.closure)
    try loadHandling(into: &record, key, in: reading)
    return record
  }

  /// The case without parties, attempts, escalations and links: what a list shows.
  package func head(_ id: ID<Case>, in reading: some Reading) throws -> Case? {
    try reading.first(CaseQueries.load, key(id), CaseRows.head)
  }

  package func find(number: String, in reading: some Reading) throws -> ID<Case>? {
    try reading.first(CaseQueries.find, [.text(county.text), .text(number)]) { $0.id(0) }
  }

  package func find(source: String, externalRef: String, in reading: some Reading) throws -> ID<Case>? {
    try reading.first(CaseQueries.findImport, [.text(county.text), .text(source), .text(externalRef)]) { $0.id(0) }
  }

  /// The cases with a clock that has not stopped.
  package func findRunning(in reading: some Reading) throws -> [ID<Case>] {
    try reading.all(CaseChildQueries.running, [.text(county.text)]) { $0.id(0) }
  }

  /// The cases that somebody answers, or answered, for.
  package func find(answeredBy person: ID<Person>, in reading: some Reading) throws -> [ID<Case>] {
    try reading.all(CaseQueries.answeredBy, [.text(county.text), .id(person)]) { $0.id(0) }
  }

  /// The next number of a township's year; free again if the transaction fails.
  package func nextNumber(township: AreaCode, year: Int, in transaction: WriteTransaction) throws -> String {
    let values: [Value] = [.text(county.text), .text(township.text), .integer(year)]
    let number = try transaction.first(CaseQueries.nextNumber, values) { $0.int(0) } ?? 1
    return "DJ-\(township.prefix)-\(year)-\(padded(number, 6))"
  }

  // MARK: - Saving

  /// Writes what has changed since `old`; everything if there was none. `false`: somebody else has changed the case meanwhile.
  package func save(_ record: Case, replacing old: Case?, in transaction: WriteTransaction) throws -> Bool {
    if let old {
      let values = key(record.caseID) + CaseRows.changedValues(of: record, from: old)
      guard try transaction.run(CaseQueries.update, values) == 1 else { return false }
    } else {
      try transaction.run(CaseQueries.insert, [.text(county.text)] + CaseRows.values(of: record))
    }
    try saveChildren(of: record, replacing: old, in: transaction)
    try recount(record, replacing: old, in: transaction)
    return true
  }

  private func saveChildren(of record: Case, replacing old: Case?, in transaction: WriteTransaction) throws {
    let key = key(record.caseID)
    func save<Child: Equatable>(
      _ statement: Statement, _ children: [Child], _ before: [Child]?, _ values: (Child) -> [Value]
    ) throws {
      for (index, child) in children.enumerated() where index >= (before?.count ?? 0) || before?[index] != child {
        try transaction.run(statement, key + [.integer(index + 1)] + values(child))
      }
    }
    try save(CaseChildQueries.saveParty, record.parties, old?.parties, CaseRows.values)
    try save(CaseChildQueries.saveAttempt, record.attempts, old?.attempts, CaseRows.values)
    try save(CaseChildQueries.saveEscalation, record.escalations, old?.escalations, CaseRows.values)
    try save(CaseChildQueries.saveClock, record.clocks, old?.clocks, CaseRows.values)
    try save(CaseChildQueries.saveLink, record.links, old?.links, CaseRows.values)
    if record.settlement != old?.settlement {
      if let settlement = record.settlement {
        try transaction.run(CaseChildQueries.saveSettlement, key + CaseRows.values(of: settlement))
      } else {
        try transaction.run(CaseChildQueries.clearSettlement, key)
      }
    }
    if record.closure != old?.closure {
      if let closure = record.closure {
        try transaction.run(CaseChildQueries.saveClosure, key + CaseRows.values(of: closure))
      } else {
        try transaction.run(CaseChildQueries.clearClosure, key)
      }
    }
    try saveHandling(of: record, replacing: old, key, in: transaction)
  }

  func key(_ id: ID<Case>) -> [Value] { [.text(county.text), .id(id)] }
}
