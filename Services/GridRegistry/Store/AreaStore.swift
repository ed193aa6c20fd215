package import GridRegistryDomain
package import Kernel
package import Persistence

/// Areas as rows.
package struct AreaStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  package func load(_ code: AreaCode, in reading: some Reading) throws -> Area? {
    try reading.first(Self.load, [.text(county.text), .text(code.text)], Self.area)
  }

  /// At most `limit` areas after a code, in order; only those directly below `parent` if one is given.
  package func list(below parent: AreaCode?, after code: String, limit: Int, in reading: some Reading) throws -> [Area]
  {
    guard let parent else {
      return try reading.all(Self.list, [.text(county.text), .text(code), .integer(limit)], Self.area)
    }
    return try reading.all(
      Self.listBelow, [.text(county.text), .text(parent.text), .text(code), .integer(limit)], Self.area)
  }

  package func save(_ area: Area, in transaction: WriteTransaction) throws {
    try transaction.run(
      Self.save,
      [
        .text(county.text), .text(area.code.text), .text(area.parent?.text ?? ""), .text(area.name),
        .text(area.urbanRuralClass), .optionalDate(area.validFrom), .optionalDate(area.validTo),
        .text(TextColumn.encode(area.successors.map(\.text))), .integer(area.version),
      ])
  }

  private static func area(_ row: borrowing Row) -> Area {
    let text = row.text(0)
    let code = AreaCode(text)
    if code == nil { row.reject(0) }
    return Area(
      code: code ?? AreaCode.unreadable, name: row.text(1), urbanRuralClass: row.text(2),
      validFrom: row.optionalDate(3),
      validTo: row.optionalDate(4), successors: TextColumn.decode(row.text(5)).compactMap(AreaCode.init),
      version: row.int(6))
  }

  private static let load = Statement(
    "area.load",
    """
    SELECT area_code, name, urban_rural_class, valid_from_date, valid_to_date, successor_codes, version
    FROM areas WHERE county_code = $1 AND area_code = $2
    """)
  private static let list = Statement(
    "area.list",
    """
    SELECT area_code, name, urban_rural_class, valid_from_date, valid_to_date, successor_codes, version
    FROM areas WHERE county_code = $1 AND area_code > $2 ORDER BY area_code LIMIT $3
    """)
  private static let listBelow = Statement(
    "area.list_below",
    """
    SELECT area_code, name, urban_rural_class, valid_from_date, valid_to_date, successor_codes, version
    FROM areas WHERE county_code = $1 AND parent_code = $2 AND area_code > $3 ORDER BY area_code LIMIT $4
    """)
  private static let save = Statement(
    "area.save",
    """
    INSERT INTO areas (
      county_code, area_code, parent_code, name, urban_rural_class, valid_from_date, valid_to_date, successor_codes,
      version
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (county_code, area_code) DO UPDATE SET
      name = excluded.name, urban_rural_class = excluded.urban_rural_class, valid_from_date = excluded.valid_from_date,
      valid_to_date = excluded.valid_to_date, successor_codes = excluded.successor_codes, version = excluded.version
    """)

  static let statements = [load, list, listBelow, save]
}
