package import Kernel
package import Persistence

/// Which record an imported row became: rows are unique by (source, external_ref).
package struct ImportedRows: Sendable {
  /// What the row was about; part of the key, so that an area and a grid may have the same name at their source.
  package enum Kind: String, Sendable {
    case organisation
    case person
    case grid
    case member
    case unit
  }

  private let county: AreaCode
  private let kind: Kind

  package init(county: AreaCode, kind: Kind) {
    self.county = county
    self.kind = kind
  }

  /// The record that the row became, if it came in before.
  package func find(source: String, externalRef: String, in reading: some Reading) throws -> String? {
    try reading.first(Self.find, key(source, externalRef)) { $0.text(0) }
  }

  /// Remembers what the row became.
  package func save(recordID: String, source: String, externalRef: String, in transaction: WriteTransaction) throws {
    try transaction.run(Self.save, key(source, externalRef) + [.text(recordID)])
  }

  private func key(_ source: String, _ externalRef: String) -> [Value] {
    [.text(county.text), .text(kind.rawValue), .text(source), .text(externalRef)]
  }

  private static let find = Statement(
    "imported_row.find",
    """
    SELECT record_id FROM imported_rows
    WHERE county_code = $1 AND kind = $2 AND source = $3 AND external_ref = $4
    """)
  private static let save = Statement(
    "imported_row.save",
    """
    INSERT INTO imported_rows (county_code, kind, source, external_ref, record_id) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (county_code, kind, source, external_ref) DO NOTHING
    """)

  static let statements = [find, save]
}
