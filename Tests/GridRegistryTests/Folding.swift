import GridRegistryContract
import GridRegistryDomain
import GridRegistryService
import GridRegistryStore
import Journal
import Kernel
import Persistence
import TestSupport
import Testing
import Wire

/// The registry as its events tell it, or as its rows do.
struct Folded: Equatable {
  var organisations: [String: Organisation] = [:]
  var grids: [String: Grid] = [:]
  var persons: [String: Person] = [:]
  var units: [String: CoverageUnit] = [:]
  var plans: [String: DivisionPlan] = [:]

  mutating func apply(_ entry: JournalEntry) throws {
    let draft = entry.draft
    switch draft.aggregateType {
    case "organisation":
      let event = try #require(Organisation.Event(.init(decoding: draft.payload)))
      guard case .changed(let organisation) = event else { return }
      organisations[draft.aggregateID] = organisation
    case "person":
      guard case .changed(let person)? = Person.Event(try .init(decoding: draft.payload)) else { return }
      persons[draft.aggregateID] = person
    case "grid":
      let event = try #require(Grid.Event(.init(decoding: draft.payload)))
      switch event {
      case .activated(let grid, _), .corrected(let grid), .planned(let grid): grids[draft.aggregateID] = grid
      case .pathChanged, .unitsMoved, .changed, .retired: grids[draft.aggregateID]?.apply(event)
      }
      #expect(grids[draft.aggregateID]?.version == Int(draft.aggregateVersion))
    case "unit":
      guard case .changed(let unit)? = CoverageUnit.Event(try .init(decoding: draft.payload)) else { return }
      units[draft.aggregateID] = unit
    case "plan":
      let event = try #require(DivisionPlan.Event(.init(decoding: draft.payload)))
      if plans[draft.aggregateID] == nil { plans[draft.aggregateID] = event.plan }
      plans[draft.aggregateID]?.apply(event)
    default: break
    }
  }
}

extension RegistryBench {
  /// What the journal tells from empty.
  func folded() throws -> Folded {
    var folded = Folded()
    for entry in try journal() { try folded.apply(entry) }
    return folded
  }

  /// What the rows say.
  func stored() throws -> Folded {
    try bench.database.readInline { reading in
      var stored = Folded()
      let grids = GridStore(county: .county)
      for grid in try grids.list(township: nil, kind: nil, after: "", limit: 10_000, in: reading) {
        stored.grids[grid.id.text] = try grids.load(grid.id, in: reading)
      }
      let organisations = OrganisationStore(county: .county)
      for organisation in try organisations.list(township: nil, kind: nil, after: "", limit: 1000, in: reading) {
        stored.organisations[organisation.id.text] = organisation
      }
      for person in try PersonStore(county: .county).list(of: nil, after: "", limit: 1000, in: reading) {
        stored.persons[person.id.text] = person
      }
      for unit in try CoverageUnitStore(county: .county).page(township: nil, after: "", limit: 10_000, in: reading) {
        stored.units[unit.id.text] = unit
      }
      let plans = DivisionPlanStore(county: .county)
      let newest = (time: Timestamp(microseconds: .max), id: "")
      for plan in try plans.list(township: nil, state: nil, before: newest, limit: 1000, in: reading) {
        stored.plans[plan.id.text] = try plans.load(plan.id, in: reading)
      }
      return stored
    }
  }
}
