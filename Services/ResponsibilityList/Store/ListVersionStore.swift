package import Kernel
package import Persistence
package import ResponsibilityListDomain

/// List versions as rows.
package struct ListVersionStore: Sendable {
  private let county: String

  package init(county: String) { self.county = county }

  package func load(_ id: String, in reading: some Reading) throws -> ListVersion? {
    try reading.first(Self.load, [.text(county), .text(id)], Self.map)
  }

  package func find(number: String, in reading: some Reading) throws -> ListVersion? {
    try reading.first(Self.findByNumber, [.text(county), .text(number)], Self.map)
  }

  /// The version that holds on `date`.
  package func inForce(on date: CivilDate, in reading: some Reading) throws -> ListVersion? {
    try reading.first(Self.inForce, [.text(county), .date(date)], Self.map)
  }

  /// All versions of the county: a few a year.
  package func all(in reading: some Reading) throws -> [ListVersion] {
    try list(before: nil, limit: 1_000, in: reading)
  }

  /// At most `limit` versions before a number, the last number first.
  package func list(before number: String?, limit: Int, in reading: some Reading) throws -> [ListVersion] {
    if let number {
      return try reading.all(Self.listBefore, [.text(county), .text(number), .integer(limit)], Self.map)
    }
    return try reading.all(Self.list, [.text(county), .integer(limit)], Self.map)
  }

  /// The first day on which a published list is over.
  package func nextEnd(in reading: some Reading) throws -> CivilDate? {
    try reading.first(Self.nextEnd, [.text(county)]) { $0.optionalDate(0) } ?? nil
  }

  /// How many published lists are over on `day` or before.
  package func countEnds(until day: CivilDate, in reading: some Reading) throws -> Int {
    try reading.first(Self.countEnds, [.text(county), .date(day)]) { $0.int(0) } ?? 0
  }

  package func save(_ list: ListVersion, in transaction: WriteTransaction) throws {
    try transaction.run(
      Self.save,
      [
        .text(county), .text(list.id), .text(list.number), .text(list.title), .text(list.parentPolicy),
        .bool(list.isLegacy), .text(list.state.rawValue), .optionalDate(list.effectiveDate),
        .optionalDate(list.supersedeDate), .text(list.approvalNumber), .integer(list.itemCount),
        .text(list.contentDigest), .text(list.submitterID), .integer(list.version), .time(list.createTime),
        .optionalTime(list.submitTime), .optionalTime(list.approveTime), .optionalTime(list.publishTime),
      ])
  }

  private static func map(_ row: borrowing Row) -> ListVersion {
    ListVersion(
      id: row.text(0), number: row.text(1), title: row.text(2), parentPolicy: row.text(3), isLegacy: row.bool(4),
      state: row.named(5, or: .discarded), effectiveDate: row.optionalDate(6), supersedeDate: row.optionalDate(7),
      approvalNumber: row.text(8), itemCount: row.int(9), contentDigest: row.text(10), submitterID: row.text(11),
      version: row.integer(12), createTime: row.time(13), submitTime: row.optionalTime(14),
      approveTime: row.optionalTime(15), publishTime: row.optionalTime(16))
  }
}

extension ListVersionStore {
  private static let load = Statement(
    "list_version.load",
    """
    SELECT list_version_id, number, title, parent_policy, legacy, state, effective_date, supersede_date,
      approval_number, item_count, content_digest, submitter_id, version, create_time, submit_time, approve_time,
      publish_time
    FROM list_versions WHERE county_code = $1 AND list_version_id = $2
    """)
  private static let findByNumber = Statement(
    "list_version.find_by_number",
    """
    SELECT list_version_id, number, title, parent_policy, legacy, state, effective_date, supersede_date,
      approval_number, item_count, content_digest, submitter_id, version, create_time, submit_time, approve_time,
      publish_time
    FROM list_versions WHERE county_code = $1 AND number = $2
    """)
  private static let inForce = Statement(
    "list_version.in_force",
    """
    SELECT list_version_id, number, title, parent_policy, legacy, state, effective_date, supersede_date,
      approval_number, item_count, content_digest, submitter_id, version, create_time, submit_time, approve_time,
      publish_time
    FROM list_versions
    WHERE county_code = $1 AND effective_date <= $2 AND state IN ('PUBLISHED', 'SUPERSEDED')
    ORDER BY effective_date DESC LIMIT 1
    """)
  private static let list = Statement(
    "list_version.list",
    """
    SELECT list_version_id, number, title, parent_policy, legacy, state, effective_date, supersede_date,
      approval_number, item_count, content_digest, submitter_id, version, create_time, submit_time, approve_time,
      publish_time
    FROM list_versions WHERE county_code = $1 ORDER BY number DESC LIMIT $2
    """)
  private static let listBefore = Statement(
    "list_version.list_before",
    """
    SELECT list_version_id, number, title, parent_policy, legacy, state, effective_date, supersede_date,
      approval_number, item_count, content_digest, submitter_id, version, create_time, submit_time, approve_time,
      publish_time
    FROM list_versions WHERE county_code = $1 AND number < $2 ORDER BY number DESC LIMIT $3
    """)
  private static let nextEnd = Statement(
    "list_version.next_end",
    "SELECT min(supersede_date) FROM list_versions WHERE county_code = $1 AND state = 'PUBLISHED'")
  private static let countEnds = Statement(
    "list_version.count_ends",
    "SELECT count(*) FROM list_versions WHERE county_code = $1 AND state = 'PUBLISHED' AND supersede_date <= $2")
  private static let save = Statement(
    "list_version.save",
    """
    INSERT INTO list_versions (county_code, list_version_id, number, title, parent_policy, legacy, state,
      effective_date, supersede_date, approval_number, item_count, content_digest, submitter_id, version, create_time,
      submit_time, approve_time, publish_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
    ON CONFLICT (county_code, list_version_id) DO UPDATE SET state = $7, effective_date = $8, supersede_date = $9,
      approval_number = $10, item_count = $11, content_digest = $12, submitter_id = $13, version = $14,
      submit_time = $16, approve_time = $17, publish_time = $18
    """)

  static let statements = [load, findByNumber, inForce, list, listBefore, nextEnd, countEnds, save]
}
