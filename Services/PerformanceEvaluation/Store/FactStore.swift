package import Kernel
package import Persistence

/// Facts as they were received: written once, never changed; forgotten only if their source knows them no more.
package struct FactStore: Sendable {
  /// Whose facts they are. The raw value is the word in rows; facts are folded in this order.
  package enum RecordKind: String, Hashable, Sendable, CaseIterable {
    case call = "CALL"
    case `case` = "CASE"
  }

  /// One fact as a row.
  package struct Row: Hashable, Sendable {
    package let kind: RecordKind
    package let recordID: String
    package let seq: Int64
    package let eventID: String
    package let occurTime: Timestamp
    package let payload: [UInt8]

    package init(
      kind: RecordKind, recordID: String, seq: Int64, eventID: String, occurTime: Timestamp, payload: [UInt8]
    ) {
      self.kind = kind
      self.recordID = recordID
      self.seq = seq
      self.eventID = eventID
      self.occurTime = occurTime
      self.payload = payload
    }
  }

  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  /// Keeps a fact. `false`: its event is there already, and nothing was changed.
  package func add(_ row: Row, in transaction: WriteTransaction) throws -> Bool {
    try transaction.run(
      FactQueries.add,
      [
        .text(county.text), .text(row.kind.rawValue), .text(row.recordID), .integer(row.seq), .text(row.eventID),
        .time(row.occurTime), .bytes(row.payload),
      ]) > 0
  }

  /// Forgets one kind's facts after `seq`, and answers of which records they were.
  package func forget(_ kind: RecordKind, after seq: Int64, in transaction: WriteTransaction) throws -> [String] {
    let values: [Value] = [.text(county.text), .text(kind.rawValue), .integer(seq)]
    let records = try transaction.all(FactQueries.recordsAfter, values) { $0.text(0) }
    try transaction.run(FactQueries.forget, values)
    return records
  }

  /// One record's facts, in their order.
  package func list(_ kind: RecordKind, _ recordID: String, in reading: some Reading) throws -> [Row] {
    try reading.all(
      FactQueries.listOfRecord, [.text(county.text), .text(kind.rawValue), .text(recordID)], Self.row)
  }

  /// Hands every fact to `body`, record by record, each record's in their order.
  package func forEach(in reading: some Reading, _ body: (Row) throws -> Void) throws {
    var (kind, recordID, seq) = ("", "", Int64.min)
    while true {
      let page = try reading.all(
        FactQueries.page,
        [.text(county.text), .text(kind), .text(recordID), .integer(seq), .integer(Self.pageSize)], Self.row)
      for row in page { try body(row) }
      guard let last = page.last, page.count == Self.pageSize else { return }
      (kind, recordID, seq) = (last.kind.rawValue, last.recordID, last.seq)
    }
  }

  package func count(in reading: some Reading) throws -> Int {
    try reading.first(FactQueries.count, [.text(county.text)]) { $0.int(0) } ?? 0
  }

  /// Facts in memory at a time while all are read.
  private static let pageSize = 2_000

  private static func row(_ row: borrowing Persistence.Row) -> Row {
    Row(
      kind: row.named(0, or: .case), recordID: row.text(1), seq: row.integer(2), eventID: row.text(3),
      occurTime: row.time(4), payload: row.bytes(5))
  }
}

/// The SQL of facts.
enum FactQueries {
  static let add = Statement(
    "fact.add",
    """
    INSERT INTO facts (county_code, record_kind, record_id, seq, event_id, occur_time, payload)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (county_code, event_id) DO NOTHING
    """)
  static let recordsAfter = Statement(
    "fact.records_after",
    """
    SELECT DISTINCT record_id FROM facts WHERE county_code = $1 AND record_kind = $2 AND seq > $3 ORDER BY record_id
    """)
  static let forget = Statement(
    "fact.forget", "DELETE FROM facts WHERE county_code = $1 AND record_kind = $2 AND seq > $3")
  static let listOfRecord = Statement(
    "fact.list_of_record",
    """
    SELECT record_kind, record_id, seq, event_id, occur_time, payload
    FROM facts WHERE county_code = $1 AND record_kind = $2 AND record_id = $3 ORDER BY seq
    """)
  static let page = Statement(
    "fact.page",
    """
    SELECT record_kind, record_id, seq, event_id, occur_time, payload
    FROM facts WHERE county_code = $1 AND (record_kind, record_id, seq) > ($2, $3, $4)
    ORDER BY record_kind, record_id, seq LIMIT $5
    """)
  static let count = Statement("fact.count", "SELECT count(*) FROM facts WHERE county_code = $1")

  static let all = [add, recordsAfter, forget, listOfRecord, page, count]
}
