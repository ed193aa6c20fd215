package import GridRegistryDomain
package import Kernel
package import Persistence

/// Lines of work, liaisons and agencies' rights as rows.
package struct CapabilityStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  /// The lines that were added or renamed.
  package func lines(in reading: some Reading) throws -> [LineOfWork] {
    try reading.all(CapabilityQueries.lines, [.text(county.text)]) { row in
      LineOfWork(code: row.text(0), name: row.text(1), version: row.int(2))
    }
  }

  package func save(_ line: LineOfWork, in transaction: WriteTransaction) throws {
    try transaction.run(
      CapabilityQueries.saveLine, [.text(county.text), .text(line.code), .text(line.name), .integer(line.version)])
  }

  package func load(_ id: Liaison.ID, in reading: some Reading) throws -> Liaison? {
    try reading.first(CapabilityQueries.loadLiaison, [.text(county.text), .id(id)], Self.liaison)
  }

  /// At most `limit` liaisons after an id, in order; only of one township if one is given.
  package func liaisons(
    township: AreaCode?, after id: String, limit: Int, in reading: some Reading
  ) throws -> [Liaison] {
    let page: [Value] = [.text(id), .integer(limit)]
    guard let township else {
      return try reading.all(CapabilityQueries.listLiaisons, [.text(county.text)] + page, Self.liaison)
    }
    return try reading.all(
      CapabilityQueries.liaisonsOfTownship, [.text(county.text), .text(township.text)] + page, Self.liaison)
  }

  /// Everybody who was or is liaison of a place; only for one line if one is given.
  package func liaisons(at place: Liaison.Place, line: String? = nil, in reading: some Reading) throws -> [Liaison] {
    let (every, ofLine, id): (Statement, Statement, Value) =
      switch place {
      case .grid(let id): (CapabilityQueries.everyLiaisonOfGrid, CapabilityQueries.liaisonsOfGrid, .id(id))
      case .organisation(let id):
        (CapabilityQueries.everyLiaisonOfOrganisation, CapabilityQueries.liaisonsOfOrganisation, .id(id))
      }
    guard let line else { return try reading.all(every, [.text(county.text), id], Self.liaison) }
    return try reading.all(ofLine, [.text(county.text), id, .text(line)], Self.liaison)
  }

  package func save(_ liaison: Liaison, in transaction: WriteTransaction) throws {
    let (grid, organisation): (Grid.ID?, Organisation.ID?) =
      switch liaison.place {
      case .grid(let id): (id, nil)
      case .organisation(let id): (nil, id)
      }
    try transaction.run(
      CapabilityQueries.saveLiaison,
      [
        .text(county.text), .id(liaison.id), .text(liaison.lineCode), .optionalID(grid), .optionalID(organisation),
        .optionalText(liaison.townshipCode?.text), .id(liaison.personID), .date(liaison.from),
        .optionalDate(liaison.to), .integer(liaison.version),
      ])
  }

  /// Every setting of an agency's rights, the oldest first.
  package func rights(of agency: Organisation.ID, in reading: some Reading) throws -> [AgencyRights] {
    try reading.all(CapabilityQueries.rights, [.text(county.text), .id(agency)]) { row in
      AgencyRights(
        agencyID: row.id(0), directiveScopes: TextColumn.decode(row.text(3)), evaluationWeight: row.int(4),
        personnelScopes: TextColumn.decode(row.text(5)), policyRef: row.text(6), from: row.date(1),
        to: row.optionalDate(2), version: row.int(7))
    }
  }

  package func save(_ rights: AgencyRights, in transaction: WriteTransaction) throws {
    try transaction.run(
      CapabilityQueries.saveRights,
      [
        .text(county.text), .id(rights.agencyID), .date(rights.from), .optionalDate(rights.to),
        .text(TextColumn.encode(rights.directiveScopes)), .integer(rights.evaluationWeight),
        .text(TextColumn.encode(rights.personnelScopes)), .text(rights.policyRef), .integer(rights.version),
      ])
  }

  private static func liaison(_ row: borrowing Row) -> Liaison {
    let organisation: Organisation.ID = row.optionalID(3) ?? .init("")
    let place: Liaison.Place = row.optionalID(2).map { .grid($0) } ?? .organisation(organisation)
    return Liaison(
      id: row.id(0), lineCode: row.text(1), place: place, townshipCode: row.optionalText(4).flatMap(AreaCode.init),
      personID: row.id(5), from: row.date(6), to: row.optionalDate(7), version: row.int(8))
  }

  static let statements = CapabilityQueries.all
}
