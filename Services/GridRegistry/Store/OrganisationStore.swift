package import GridRegistryDomain
package import Kernel
package import Persistence

/// Organisations as rows.
package struct OrganisationStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  package func load(_ id: Organisation.ID, in reading: some Reading) throws -> Organisation? {
    try reading.first(OrganisationQueries.load, [.text(county.text), .id(id)], OrganisationRows.organisation)
  }

  /// At most `limit` organisations after an id, in order, of one township and one kind where given.
  package func list(
    township: AreaCode?, kind: Organisation.Kind?, after id: String, limit: Int, in reading: some Reading
  ) throws -> [Organisation] {
    let page: [Value] = [.text(id), .integer(limit)]
    let (statement, filters): (Statement, [Value]) =
      switch (township, kind) {
      case (nil, nil): (OrganisationQueries.list, [])
      case (nil, let kind?): (OrganisationQueries.listOfType, [.text(kind.rawValue)])
      case (let township?, nil): (OrganisationQueries.listOfTownship, [.text(township.text)])
      case (let township?, let kind?):
        (OrganisationQueries.listOfTownshipAndType, [.text(township.text), .text(kind.rawValue)])
      }
    return try reading.all(statement, [.text(county.text)] + filters + page, OrganisationRows.organisation)
  }

  /// The organisation and its daily parents, up to the county; ends early where a parent is missing or the line turns back.
  package func dailyChain(from id: Organisation.ID?, in reading: some Reading) throws -> [Organisation] {
    try chain(from: id, in: reading, \.facts.dailyParentID)
  }

  /// The organisation and its business parents, up to the county.
  package func businessChain(from id: Organisation.ID?, in reading: some Reading) throws -> [Organisation] {
    try chain(from: id, in: reading, \.facts.businessParentID)
  }

  private func chain(
    from id: Organisation.ID?, in reading: some Reading, _ parent: (Organisation) -> Organisation.ID?
  ) throws -> [Organisation] {
    var chain: [Organisation] = []
    var next = id
    while let id = next, chain.count < Self.deepestTree, let found = try load(id, in: reading) {
      chain.append(found)
      next = parent(found)
    }
    return chain
  }

  /// More levels than any county has: a line that is longer turns in a circle.
  private static let deepestTree = 16

  /// The active organisation of one kind under a daily parent: its room.
  package func find(
    _ kind: Organisation.Kind, under parent: Organisation.ID, in reading: some Reading
  ) throws -> Organisation? {
    try reading.first(
      OrganisationQueries.findUnder, [.text(county.text), .id(parent), .text(kind.rawValue)],
      OrganisationRows.organisation)
  }

  /// The active township organisation of a code.
  package func findTownship(_ code: AreaCode, in reading: some Reading) throws -> Organisation? {
    try reading.first(
      OrganisationQueries.findTownship, [.text(county.text), .text(code.text)], OrganisationRows.organisation)
  }

  /// The active dispatched agencies of a township, by id. A township has few.
  package func listAgencies(_ township: AreaCode, in reading: some Reading) throws -> [Organisation] {
    try reading.all(
      OrganisationQueries.listAgencies, [.text(county.text), .text(township.text)], OrganisationRows.organisation)
  }

  /// Whether an active organisation has this one as a parent on either line.
  package func hasActiveChildren(_ id: Organisation.ID, in reading: some Reading) throws -> Bool {
    let key: [Value] = [.text(county.text), .id(id)]
    return try reading.exists(OrganisationQueries.dailyChild, key)
      || reading.exists(OrganisationQueries.businessChild, key)
  }

  package func save(_ organisation: Organisation, in transaction: WriteTransaction) throws {
    try transaction.run(OrganisationQueries.save, [.text(county.text)] + OrganisationRows.values(of: organisation))
  }

  static let statements = OrganisationQueries.all
}

/// Rows of organisations and back.
enum OrganisationRows {
  static func values(of organisation: Organisation) -> [Value] {
    let facts = organisation.facts
    return [
      .id(organisation.id), .text(facts.name), .text(facts.kind?.rawValue ?? ""), .optionalID(facts.businessParentID),
      .optionalID(facts.dailyParentID), .text(TextColumn.encode(facts.areaCodes)),
      .optionalText(organisation.townshipCode?.text), .text(facts.agencyType), .optionalID(organisation.departmentID),
      .optionalText(facts.industryKind?.rawValue), .text(TextColumn.encode(facts.phones)),
      .text(TextColumn.encode(facts.externalIDs)), .text(organisation.state.rawValue), .integer(organisation.version),
    ]
  }

  static func organisation(_ row: borrowing Row) -> Organisation {
    let facts = Organisation.Facts(
      name: row.text(1), kind: row.named(2, or: .office), businessParentID: row.optionalID(3),
      dailyParentID: row.optionalID(4), areaCodes: TextColumn.decode(row.text(5)), agencyType: row.text(7),
      industryKind: row.isNull(9) ? nil : row.named(9, or: .industrySystem), phones: TextColumn.decode(row.text(10)),
      externalIDs: TextColumn.pairs(row.text(11)))
    return Organisation(
      id: row.id(0), facts: facts, townshipCode: row.optionalText(6).flatMap(AreaCode.init),
      departmentID: row.optionalID(8), state: row.named(12, or: .closed), version: row.int(13))
  }
}
