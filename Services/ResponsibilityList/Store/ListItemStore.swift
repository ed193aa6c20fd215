package import Persistence
package import ResponsibilityListDomain

/// The items of a list version as rows: what lists filter by in columns, the whole item as the service encodes it.
package struct ListItemStore: Sendable {
  private let county: String

  package init(county: String) { self.county = county }

  package func load(_ code: String, ofList list: String, in reading: some Reading) throws -> [UInt8]? {
    try reading.first(Self.load, [.text(county), .text(list), .text(code)]) { $0.bytes(0) }
  }

  /// All items of a list, in the order of their codes.
  package func all(ofList list: String, in reading: some Reading) throws -> [[UInt8]] {
    try reading.all(Self.all, [.text(county), .text(list)]) { $0.bytes(0) }
  }

  /// At most `limit` items after a code, of one field of work and one level where given.
  package func list(
    ofList list: String, domainName: String?, mainLevel: SubjectLevel?, after code: String, limit: Int,
    in reading: some Reading
  ) throws -> [[UInt8]] {
    let page: [Value] = [.text(code), .integer(limit)]
    let (statement, filters): (Statement, [Value]) =
      switch (domainName, mainLevel) {
      case (nil, nil): (Self.list, [])
      case (let domain?, nil): (Self.listOfDomain, [.text(domain)])
      case (nil, let level?): (Self.listOfLevel, [.text(level.rawValue)])
      case (let domain?, let level?): (Self.listOfDomainAndLevel, [.text(domain), .text(level.rawValue)])
      }
    return try reading.all(statement, [.text(county), .text(list)] + filters + page) { $0.bytes(0) }
  }

  /// Puts an item in, or in the place of the one with its code.
  package func save(
    _ item: ListItem, content: [UInt8], ofList list: String, in transaction: WriteTransaction
  ) throws {
    try transaction.run(
      Self.save,
      [
        .text(county), .text(list), .text(item.code), .text(item.domainName),
        .text(item.main?.level.rawValue ?? ""), .bytes(content),
      ])
  }

  /// The item that an imported row became in this list.
  package func imported(
    source: String, externalRef: String, ofList list: String, in reading: some Reading
  ) throws -> String? {
    try reading.first(
      Self.imported, [.text(county), .text(list), .text(source), .text(externalRef)]
    ) { $0.text(0) }
  }

  /// Remembers what an imported row became.
  package func saveImported(
    source: String, externalRef: String, code: String, ofList list: String, in transaction: WriteTransaction
  ) throws {
    try transaction.run(
      Self.saveImported, [.text(county), .text(list), .text(source), .text(externalRef), .text(code)])
  }
}

extension ListItemStore {
  private static let load = Statement(
    "list_item.load",
    "SELECT content FROM list_items WHERE county_code = $1 AND list_version_id = $2 AND item_code = $3")
  private static let all = Statement(
    "list_item.all",
    "SELECT content FROM list_items WHERE county_code = $1 AND list_version_id = $2 ORDER BY item_code")
  private static let list = Statement(
    "list_item.list",
    """
    SELECT content FROM list_items WHERE county_code = $1 AND list_version_id = $2 AND item_code > $3
    ORDER BY item_code LIMIT $4
    """)
  private static let listOfDomain = Statement(
    "list_item.list_of_domain",
    """
    SELECT content FROM list_items
    WHERE county_code = $1 AND list_version_id = $2 AND domain_name = $3 AND item_code > $4
    ORDER BY item_code LIMIT $5
    """)
  private static let listOfLevel = Statement(
    "list_item.list_of_level",
    """
    SELECT content FROM list_items
    WHERE county_code = $1 AND list_version_id = $2 AND main_level = $3 AND item_code > $4
    ORDER BY item_code LIMIT $5
    """)
  private static let listOfDomainAndLevel = Statement(
    "list_item.list_of_domain_and_level",
    """
    SELECT content FROM list_items
    WHERE county_code = $1 AND list_version_id = $2 AND domain_name = $3 AND main_level = $4 AND item_code > $5
    ORDER BY item_code LIMIT $6
    """)
  private static let save = Statement(
    "list_item.save",
    """
    INSERT INTO list_items (county_code, list_version_id, item_code, domain_name, main_level, content)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (county_code, list_version_id, item_code) DO UPDATE SET domain_name = $4, main_level = $5,
      content = $6
    """)
  private static let imported = Statement(
    "imported_item.find",
    """
    SELECT item_code FROM imported_items
    WHERE county_code = $1 AND list_version_id = $2 AND source = $3 AND external_ref = $4
    """)
  private static let saveImported = Statement(
    "imported_item.save",
    """
    INSERT INTO imported_items (county_code, list_version_id, source, external_ref, item_code)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (county_code, list_version_id, source, external_ref) DO UPDATE SET item_code = $5
    """)

  static let statements = [
    load, all, list, listOfDomain, listOfLevel, listOfDomainAndLevel, save, imported, saveImported,
  ]
}
