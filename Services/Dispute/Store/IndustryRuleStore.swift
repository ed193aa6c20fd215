package import DisputeDomain
package import Kernel
package import Persistence

/// Which categories an industry's room tries first, as the county has last put it.
package struct IndustryRuleStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  /// The rules in force: category → room, `nil`: the room of the grid's path.
  package func rules(in reading: some Reading) throws -> [String: ID<Organisation>?] {
    let rows: [(String, ID<Organisation>?)] = try reading.all(IndustryRuleQueries.list, [.text(county.text)]) {
      ($0.text(0), $0.optionalID(1))
    }
    return Dictionary(rows) { first, _ in first }
  }

  /// The version in force and since when; `nil`: never put.
  package func version(in reading: some Reading) throws -> (number: Int, putTime: Timestamp)? {
    try reading.first(IndustryRuleQueries.version, [.text(county.text)]) { ($0.int(0), $0.time(1)) }
  }

  /// Puts all rules anew.
  package func put(
    _ rules: [String: ID<Organisation>?], version: Int, at time: Timestamp, in transaction: WriteTransaction
  ) throws {
    try transaction.run(
      IndustryRuleQueries.saveVersion, [.text(county.text), .integer(version), .time(time)])
    try transaction.run(IndustryRuleQueries.clear, [.text(county.text)])
    for (category, room) in rules.sorted(by: { $0.key < $1.key }) {
      try transaction.run(
        IndustryRuleQueries.save,
        [.text(county.text), .text(category), .optionalID(room), .integer(version), .time(time)])
    }
  }
}

/// The statements of the industry rules.
enum IndustryRuleQueries {
  static let list = Statement(
    "industry_rule.list",
    "SELECT category, room_org_id FROM industry_rules WHERE county_code = $1 ORDER BY category")
  static let version = Statement(
    "industry_rule.version",
    """
    SELECT policy_version, put_time FROM industry_rule_versions
    WHERE county_code = $1 ORDER BY policy_version DESC LIMIT 1
    """)
  static let saveVersion = Statement(
    "industry_rule.save_version",
    "INSERT INTO industry_rule_versions (county_code, policy_version, put_time) VALUES ($1, $2, $3)")
  static let clear = Statement("industry_rule.clear", "DELETE FROM industry_rules WHERE county_code = $1")
  static let save = Statement(
    "industry_rule.save",
    """
    INSERT INTO industry_rules (county_code, category, room_org_id, policy_version, put_time)
    VALUES ($1, $2, $3, $4, $5)
    """)

  static let all = [list, version, saveVersion, clear, save]
}
