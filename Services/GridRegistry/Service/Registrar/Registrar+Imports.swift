import GridRegistryStore
import CommonContract
import GridRegistryContract
import GridRegistryDomain
import Kernel
import Runtime
import Wire

extension Registrar {
  func importAreas(_ request: GridRegistryV1.ImportAreasRequest) throws -> GridRegistryV1.ImportAreasResponse {
    let batch = try ImportBatch(source: request.source, rowCount: request.rows.count, self)
    return .init(
      outcomes: try batch.run(request.rows, ref: { $0.externalRef.isEmpty ? $0.areaCode : $0.externalRef }) { row, _ in
        let isKnown = try AreaCode(row.areaCode).flatMap { try registry.areas.load($0, in: tx) } != nil
        return .init(recordID: row.areaCode, isChanged: try enter(Area.Facts(row)).isChanged, isKnown: isKnown)
      })
  }

  func importOrganisations(
    _ request: GridRegistryV1.ImportOrganisationsRequest
  ) throws -> GridRegistryV1.ImportOrganisationsResponse {
    let batch = try ImportBatch(source: request.source, rowCount: request.rows.count, self)
    var touched: [Organisation] = []
    let outcomes = try batch.run(
      request.rows, ref: { $0.externalRef.isEmpty ? $0.organisation?.orgID ?? "" : $0.externalRef }
    ) { row, externalRef in
      let message = row.organisation ?? .init()
      let id = Organisation.ID(
        try batch.recordID(.organisation, externalRef: externalRef, wanted: message.orgID))
      let before = try registry.organisations.load(id, in: tx)
      let entry = try carryOut(before == nil ? .enter : .update, on: id, .init(message), over: before)
      if entry.isChanged { touched += [before, entry.record].compactMap { $0 } }
      return .init(recordID: id.text, isChanged: entry.isChanged, isKnown: before != nil)
    }
    try refreshPaths(around: touched)
    return .init(outcomes: outcomes)
  }

  func importPersons(_ request: GridRegistryV1.ImportPersonsRequest) throws -> GridRegistryV1.ImportPersonsResponse {
    let batch = try ImportBatch(source: request.source, rowCount: request.rows.count, self)
    return .init(
      outcomes: try batch.run(
        request.rows, ref: { $0.externalRef.isEmpty ? $0.person?.personID ?? "" : $0.externalRef }
      ) { row, externalRef in
        let id = Person.ID(
          try batch.recordID(.person, externalRef: externalRef, wanted: row.person?.personID ?? ""))
        let before = try registry.persons.load(id, in: tx)
        let entry = try enter(Person.Facts(row.person, phone: row.phone), id: id, over: before)
        return .init(recordID: id.text, isChanged: entry.isChanged, isKnown: before != nil)
      })
  }

  func importGrids(_ request: GridRegistryV1.ImportGridsRequest) throws -> GridRegistryV1.ImportGridsResponse {
    guard request.unitRows.count <= Self.mostUnitRows else {
      throw Refused(.invalidArgument, .tooManyRows.at("unit_rows"))
    }
    let batch = try ImportBatch(source: request.source, rowCount: request.rows.count, self)
    var findings = 0
    var units: Set<String> = []
    let outcomes = try batch.run(
      request.rows, ref: { $0.externalRef.isEmpty ? $0.grid?.gridCode ?? "" : $0.externalRef }
    ) { row, externalRef in
      let message = row.grid ?? .init()
      let id = Grid.ID(try batch.recordID(.grid, externalRef: externalRef, wanted: message.gridID))
      let before = try registry.grids.load(id, in: tx)
      // A grid that a plan has changed since then is not the import's to correct any more.
      if let before, before.state != .active { return .init(recordID: id.text, isChanged: false, isKnown: true) }
      let facts = Grid.Facts(message)
      let predecessors =
        before != nil || row.predecessorIDs.isEmpty
        ? nil : try succeed(row.predecessorIDs, by: id, on: CivilDate(facts.effectiveFrom))
      let entry = try enter(.importLegacy, id, facts, over: before, predecessors: predecessors)
      findings += entry.record.findings.count
      units.formUnion(message.units.map(\.unitID))
      return .init(recordID: id.text, isChanged: entry.isChanged, isKnown: before != nil)
    }
    let unitOutcomes = try importUnits(request, batch)
    units.formUnion(request.unitRows.compactMap { $0.unit?.unitID })
    let today = CivilDate(command.now)
    let unmatched = try units.sorted().filter { id in
      try registry.units.load(.init(id), in: tx).map { $0.grids(on: today).isEmpty } ?? false
    }
    return .init(
      outcomes: outcomes, findingCount: Int32(findings), unitOutcomes: unitOutcomes, unmatchedUnitIDs: unmatched)
  }

  /// Units have names of their own: (source, external_ref) only guards against one row becoming two units.
  private func importUnits(
    _ request: GridRegistryV1.ImportGridsRequest, _ batch: ImportBatch
  ) throws -> [CommonV1.ImportOutcome] {
    try batch.run(
      request.unitRows, ref: { $0.externalRef.isEmpty ? $0.unit?.unitID ?? "" : $0.externalRef }
    ) { row, externalRef in
      let message = row.unit ?? .init()
      let id = try batch.recordID(.unit, externalRef: externalRef, wanted: message.unitID)
      var facts = CoverageUnit.Facts(message)
      facts.id = id
      let isKnown = try registry.units.load(.init(id), in: tx) != nil
      return .init(recordID: id, isChanged: try enter(facts).isChanged, isKnown: isKnown)
    }
  }

  /// More would hold the writer for too long.
  private static let mostUnitRows = 2_000

  func importCalendar(_ request: GridRegistryV1.ImportCalendarRequest) throws -> GridRegistryV1.ImportCalendarResponse {
    let batch = try ImportBatch(source: request.source, rowCount: request.rows.count, self)
    var changedDays = 0
    let outcomes = try batch.run(request.rows, ref: { String($0.year) }) { row, externalRef in
      let isKnown = try registry.calendars.list(in: tx).contains { $0.year == Int(row.year) }
      let result = try enter(CalendarYear.Facts(row))
      changedDays += result.changedDays
      return .init(recordID: externalRef, isChanged: result.entry.isChanged, isKnown: isKnown)
    }
    return .init(outcomes: outcomes, changedDayCount: Int32(changedDays))
  }

  func importMembers(_ request: GridRegistryV1.ImportMembersRequest) throws -> GridRegistryV1.ImportMembersResponse {
    let batch = try ImportBatch(source: request.source, rowCount: request.rows.count, self)
    return .init(
      outcomes: try batch.run(
        request.rows, ref: { $0.externalRef.isEmpty ? $0.personID : $0.externalRef }
      ) { row, externalRef in
        let id = GridMember.ID(try batch.recordID(.member, externalRef: externalRef, wanted: row.memberID))
        let entry = try importMember(
          id, person: .init(row.personID), .init(nonEmpty: row.gridID, row.post, row.fromDate),
          grade: row.grade.word(prefix: "GRADE_") ?? .member)
        return .init(recordID: id.text, isChanged: entry.isChanged, isKnown: !entry.isChanged)
      })
  }
}
