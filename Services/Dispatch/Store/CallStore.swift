package import DispatchDomain
package import Kernel
package import Persistence
package import WorkClock

/// Calls as rows.
package struct CallStore: Sendable {
  /// Which calls a list shows.
  package enum Filter: Hashable, Sendable {
    case all(Call.State?)
    case township(String, Call.State?)
    case main(String, Call.State?)
    case ofCase(String)
  }

  let county: String

  package init(county: String) { self.county = county }

  package func load(_ id: ID<Call>, in reading: some Reading) throws -> Call? {
    let key: [Value] = [.text(county), .id(id)]
    guard var call = try reading.first(CallQueries.load, key, CallRows.call) else { return nil }
    try loadParts(of: &call, key, in: reading)
    return call
  }

  package func find(number: String, in reading: some Reading) throws -> ID<Call>? {
    try reading.first(CallQueries.findByNumber, [.text(county), .text(number)]) { $0.id(0) }
  }

  /// The call that another system has named before: by an import's source or by its channel.
  package func find(
    importSource: String, channel: Call.Channel, externalRef: String, in reading: some Reading
  ) throws -> ID<Call>? {
    try reading.first(
      CallQueries.findExternal,
      [.text(county), .text(Self.externalSource(importSource, channel)), .text(externalRef)]
    ) { $0.id(0) }
  }

  /// The calls in which a clock runs.
  package func findRunning(in reading: some Reading) throws -> [ID<Call>] {
    try reading.all(CallPartQueries.runningClocks, [.text(county)]) { $0.id(0) }
  }

  /// The clocks that run: of open calls, one or two each.
  package func runningClocks(in reading: some Reading) throws -> [Clock] {
    try reading.all(CallPartQueries.allRunningClocks, [.text(county)], Self.clock)
  }

  /// Whether a call that has not ended names the case.
  package func openCallExists(caseID: String, in reading: some Reading) throws -> Bool {
    try reading.exists(CallQueries.openCallOfCase, [.text(county), .text(caseID)])
  }

  /// At most `limit` calls drafted before (`time`, `id`), newest first.
  package func list(
    _ filter: Filter, before time: Timestamp, _ id: String, limit: Int, in reading: some Reading
  ) throws -> [Call] {
    let (statement, values): (Statement, [Value]) =
      switch filter {
      case .all(nil): (CallQueries.list, [])
      case .all(let state?): (CallQueries.listInState, [.text(state.rawValue)])
      case .township(let code, nil): (CallQueries.listOfTownship, [.text(code)])
      case .township(let code, let state?): (CallQueries.listOfTownshipInState, [.text(code), .text(state.rawValue)])
      case .main(let orgID, nil): (CallQueries.listOfMain, [.text(orgID)])
      case .main(let orgID, let state?): (CallQueries.listOfMainInState, [.text(orgID), .text(state.rawValue)])
      case .ofCase(let caseID): (CallQueries.listOfCase, [.text(caseID)])
      }
    let page: [Value] = [.time(time), .text(id), .integer(limit)]
    return try reading.all(statement, [.text(county)] + values + page) { row in row.id(0, of: Call.self) }
      .compactMap { try load($0, in: reading) }
  }

  /// The next number of a year.
  package func nextNumber(year: Int, in transaction: WriteTransaction) throws -> String {
    let sequence = try transaction.first(CallQueries.nextNumber, [.text(county), .integer(year)]) { $0.int(0) }
    return Call.number(year: year, sequence: sequence ?? 1)
  }

  /// Writes what differs from `before`; `nil`: the call is new.
  package func save(_ call: Call, after before: Call?, in transaction: WriteTransaction) throws {
    if before == nil {
      try transaction.run(CallQueries.insert, CallRows.values(call, county: county) + CallRows.identity(call))
    } else {
      try transaction.run(CallQueries.update, CallRows.values(call, county: county))
    }
    try saveParts(of: call, after: before, in: transaction)
  }

  static func externalSource(_ importSource: String, _ channel: Call.Channel) -> String {
    importSource.isEmpty ? "channel/\(channel.rawValue)" : "import/\(importSource)"
  }
}
