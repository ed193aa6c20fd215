package import DisputeDomain
package import Kernel
package import Persistence

/// By what cases are counted.
package enum CaseGrouping: String, CaseIterable, Sendable {
  case state = "STATE"
  case level = "LEVEL"
  case township = "TOWNSHIP"
  case organisation = "ORGANISATION"
  case discovery = "DISCOVERY"

  func value(of record: Case) -> String {
    switch self {
    case .state: record.state.rawValue
    case .level: record.level.rawValue
    case .township: record.origin.township.text
    case .organisation: record.handlingOrganisation.text
    case .discovery: record.origin.discovery.rawValue
    }
  }
}

extension CaseStore {
  /// How many cases share a value, in the county or in one township. The counts are kept with the cases: the ten-millionth case
  /// makes this no slower.
  package func count(
    by grouping: CaseGrouping, township: AreaCode?, in reading: some Reading
  ) throws -> [(key: String, count: Int)] {
    let values: [Value] = [.text(county.text), .text(grouping.rawValue)]
    guard let township else { return try reading.all(CaseQueries.counts, values) { ($0.text(0), $0.int(1)) } }
    return try reading.all(CaseQueries.countsInTownship, values + [.text(township.text)]) { ($0.text(0), $0.int(1)) }
  }

  /// A case has come, or what it is counted by has changed.
  func recount(_ record: Case, replacing old: Case?, in transaction: WriteTransaction) throws {
    for grouping in CaseGrouping.allCases {
      let now = (township: record.origin.township, value: grouping.value(of: record))
      if let old {
        let before = (township: old.origin.township, value: grouping.value(of: old))
        if before == now { continue }
        try add(-1, to: grouping, before.township, before.value, in: transaction)
      }
      try add(1, to: grouping, now.township, now.value, in: transaction)
    }
  }

  private func add(
    _ number: Int, to grouping: CaseGrouping, _ township: AreaCode, _ value: String, in transaction: WriteTransaction
  ) throws {
    try transaction.run(
      CaseQueries.addToCount,
      [.text(county.text), .text(grouping.rawValue), .text(township.text), .text(value), .integer(number)])
  }
}
