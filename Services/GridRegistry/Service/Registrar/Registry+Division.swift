import GridRegistryDomain
import GridRegistryStore
import Kernel
import Persistence

extension Registry {
  /// The grid that an id or a code names, if there is one.
  func findGrid(_ reference: String, in reading: some Reading) throws -> Grid? {
    try grids.load(Grid.ID(reference), in: reading) ?? grids.find(code: reference, in: reading)
  }

  /// The registry around a plan on a day: every active grid and every unit of the townships that it touches, and what the
  /// directory says to each grid that it will make.
  func divisionBase(
    of content: DivisionPlan.Content, plan: DivisionPlan.ID?, township: AreaCode, on day: CivilDate,
    staleCases: Bool, in reading: some Reading
  ) throws -> DivisionPlan.Base {
    var base = DivisionPlan.Base(day: day, openCasesAreStale: staleCases)
    let references = content.changes.flatMap { change in change.grids + change.moves.flatMap { [$0.from, $0.to] } }
    for reference in Set(references) where !reference.isEmpty {
      if let grid = try findGrid(reference, in: reading), !grid.wasDropped { base.grids[grid.id] = grid }
    }
    let named = Set(content.changes.flatMap { $0.moves.map(\.unitID) + $0.plannedGrids.flatMap(\.unitIDs) })
    for id in named {
      if let unit = try units.load(.init(id), in: reading) { base.units[id] = unit }
    }
    var townships: Set<AreaCode> = [township]
    townships.formUnion(base.grids.values.map(\.townshipCode))
    townships.formUnion(base.units.values.map(\.townshipCode))
    townships.formUnion(content.plannedGrids.compactMap { AreaCode($0.areaCode)?.ancestor(.township) })
    for township in townships {
      for unit in try units.list(township: township, in: reading) { base.units[unit.id.text] = unit }
      for grid in try grids.list(township: township, kind: nil, after: "", limit: Self.mostGrids, in: reading)
      where grid.state == .active && base.grids[grid.id] == nil {
        base.grids[grid.id] = grid
      }
    }
    // Units of these townships may lie in a grid of another one; and grids whose units change are needed with all of them.
    for id in Set(base.units.values.flatMap { $0.grids(on: day) }) where base.grids[id]?.facts.units.isEmpty ?? true {
      if let grid = try grids.load(id, in: reading) { base.grids[id] = grid }
    }
    for planned in content.plannedGrids {
      let households = planned.unitIDs.reduce(0) { $0 + (base.units[$1]?.households ?? 0) }
      base.proposals[planned.id] = try proposal(
        for: planned.id, .init(planned, from: content.effectiveDate, households: households), over: nil, in: reading)
      if let namesake = try grids.find(code: planned.code, in: reading), !namesake.wasDropped,
        plan == nil || namesake.planID != plan
      {
        base.takenCodes.insert(planned.code)
      }
    }
    base.members = try assignedMembers(of: base.grids.keys.sorted(), in: reading)
    for grid in content.changes.filter({ $0.kind == .retire }).flatMap(\.grids).compactMap({ reference in
      base.grids.values.first { $0.id.text == reference || $0.facts.code == reference }
    }) {
      base.openCases[grid.id] = try casesWithMembers(of: grid.id, in: reading)
    }
    return base
  }

  /// Twice as many grids as a registry is built for (G08).
  private static let mostGrids = 10_000
}

extension Grid.Facts {
  /// What a plan says of a grid that it will make.
  init(_ planned: DivisionPlan.PlannedGrid, from day: String, households: Int, units: [Grid.Unit] = []) {
    self.init(
      code: planned.code, name: planned.name, kind: planned.kind, organisationID: planned.organisationID,
      areaCode: planned.areaCode, households: households, population: planned.population,
      naturalVillages: planned.naturalVillages, subjectType: planned.subjectType, hostID: planned.hostID,
      partyOrganisationID: planned.partyOrganisationID, units: units, effectiveFrom: day)
  }
}
