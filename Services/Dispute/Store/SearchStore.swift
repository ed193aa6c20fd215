package import Kernel
package import Persistence

/// Which lines of the journal are searches, and whose.
package struct SearchStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  package func save(_ seq: Int64, of person: String, in transaction: WriteTransaction) throws {
    try transaction.run(SearchQueries.save, [.text(county.text), .integer(seq), .text(person)])
  }

  /// The latest first.
  package func list(
    of person: String?, below seq: Int64, limit: Int, in reading: some Reading
  ) throws -> [Int64] {
    let values: [Value] = [.text(county.text), .integer(seq), .integer(limit)]
    guard let person else { return try reading.all(SearchQueries.list, values) { $0.integer(0) } }
    return try reading.all(SearchQueries.ofPerson, values + [.text(person)]) { $0.integer(0) }
  }
}

/// The statements of searches.
enum SearchQueries {
  static let save = Statement(
    "search.save", "INSERT INTO searches (county_code, seq, person_id) VALUES ($1, $2, $3)")
  static let list = Statement(
    "search.list", "SELECT seq FROM searches WHERE county_code = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3")
  static let ofPerson = Statement(
    "search.of_person",
    """
    SELECT seq FROM searches WHERE county_code = $1 AND seq < $2 AND person_id = $4 ORDER BY seq DESC LIMIT $3
    """)

  static let all = [save, list, ofPerson]
}
