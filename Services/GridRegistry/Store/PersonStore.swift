package import GridRegistryDomain
import Access
package import Kernel
package import Persistence

/// Persons as rows; the texts themselves lie sealed in their side table.
package struct PersonStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  package func load(_ id: Person.ID, in reading: some Reading) throws -> Person? {
    try reading.first(Self.load, [.text(county.text), .id(id)], Self.person)
  }

  /// At most `limit` persons after an id, in order; only those of one organisation if one is given.
  package func list(
    of organisation: Organisation.ID?, after id: String, limit: Int, in reading: some Reading
  ) throws -> [Person] {
    guard let organisation else {
      return try reading.all(Self.list, [.text(county.text), .text(id), .integer(limit)], Self.person)
    }
    return try reading.all(
      Self.listOfOrganisation, [.text(county.text), .id(organisation), .text(id), .integer(limit)], Self.person)
  }

  package func save(_ person: Person, in transaction: WriteTransaction) throws {
    try transaction.run(
      Self.save,
      [
        .text(county.text), .id(person.id), .id(person.organisationID), .text(person.post),
        .text(TextColumn.encode(person.roles.map(\.rawValue).sorted())), .optionalText(person.locality?.text),
        .text(person.state.rawValue), .text(person.name.id), .bytes(person.name.digest),
        .optionalText(person.phone?.id), .optionalBytes(person.phone?.digest), .integer(person.version),
      ])
  }

  private static func person(_ row: borrowing Row) -> Person {
    let phone = row.optionalText(8).map { Person.Sealed(id: $0, digest: row.bytes(9)) }
    return Person(
      id: row.id(0), organisationID: row.id(1), post: row.text(2),
      roles: Set(TextColumn.decode(row.text(3)).compactMap(Role.init)),
      locality: row.optionalText(4).flatMap(AreaCode.init), state: row.named(5, or: .left),
      name: Person.Sealed(id: row.text(6), digest: row.bytes(7)), phone: phone, version: row.int(10))
  }

  private static let load = Statement(
    "person.load",
    """
    SELECT person_id, org_id, post, roles, locality_area_code, state, name_sealed_id, name_digest, phone_sealed_id,
      phone_digest, version
    FROM persons WHERE county_code = $1 AND person_id = $2
    """)
  private static let list = Statement(
    "person.list",
    """
    SELECT person_id, org_id, post, roles, locality_area_code, state, name_sealed_id, name_digest, phone_sealed_id,
      phone_digest, version
    FROM persons WHERE county_code = $1 AND person_id > $2 ORDER BY person_id LIMIT $3
    """)
  private static let listOfOrganisation = Statement(
    "person.list_of_organisation",
    """
    SELECT person_id, org_id, post, roles, locality_area_code, state, name_sealed_id, name_digest, phone_sealed_id,
      phone_digest, version
    FROM persons WHERE county_code = $1 AND org_id = $2 AND person_id > $3 ORDER BY person_id LIMIT $4
    """)
  private static let save = Statement(
    "person.save",
    """
    INSERT INTO persons (
      county_code, person_id, org_id, post, roles, locality_area_code, state, name_sealed_id, name_digest,
      phone_sealed_id, phone_digest, version
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    ON CONFLICT (county_code, person_id) DO UPDATE SET
      org_id = excluded.org_id, post = excluded.post, roles = excluded.roles,
      locality_area_code = excluded.locality_area_code, state = excluded.state,
      name_sealed_id = excluded.name_sealed_id, name_digest = excluded.name_digest,
      phone_sealed_id = excluded.phone_sealed_id, phone_digest = excluded.phone_digest, version = excluded.version
    """)

  static let statements = [load, list, listOfOrganisation, save]
}
