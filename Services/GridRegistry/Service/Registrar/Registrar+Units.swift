import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Runtime
import Wire

extension Registrar {
  /// Saves and journals what became of a unit. Whether anything did.
  @discardableResult
  func keep(_ events: [CoverageUnit.Event]) throws -> Bool {
    for case .changed(let unit) in events {
      try registry.units.save(unit, in: tx)
      let payload = GridRegistryV1.UnitEvent(.changed(unit)).encoded()
      try record("unit.changed", "unit", unit.id.text, unit.version, payload)
    }
    return !events.isEmpty
  }

  /// Makes the list of units say what an entered or corrected grid says: what it lists belongs to it from its first day on,
  /// what it listed before and does not list any more belongs to it no longer.
  func settleUnits(of grid: Grid, before: Grid?) throws {
    let today = CivilDate(command.now)
    let listed = Set(grid.facts.units.map(\.id))
    for gone in (before?.facts.units ?? []) where !listed.contains(gone.id) {
      guard var unit = try registry.units.load(.init(gone.id), in: tx) else { continue }
      let known = unit
      unit.leave(grid.id, on: today)
      try keep(CoverageUnit.decide(from: known, to: unit))
    }
    for summary in grid.facts.units {
      let known = try registry.units.load(.init(summary.id), in: tx)
      guard let area = AreaCode(summary.areaCode), let kind = summary.kind else { continue }
      var unit = CoverageUnit(
        id: .init(summary.id), kind: kind, name: summary.name, areaCode: area, households: summary.households,
        point: known?.point, memberships: known?.memberships ?? [])
      unit.enter(grid.id, on: grid.effectiveDay)
      try keep(CoverageUnit.decide(from: known, to: unit))
    }
  }

  /// Enters a unit for itself, or corrects it; the grids that list it are looked at again when its households changed.
  func enter(_ facts: CoverageUnit.Facts) throws -> Entry<CoverageUnit.ID> {
    let id = CoverageUnit.ID(facts.id)
    let before = try registry.units.load(id, in: tx)
    let isEntered = try AreaCode(facts.areaCode).flatMap { try registry.areas.load($0, in: tx) } != nil
    let events = try CoverageUnit.decide(
      entering: facts, over: before, inCounty: registry.county, areaIsEntered: isEntered)
    return Entry(record: id, isChanged: try keep(events))
  }
}
