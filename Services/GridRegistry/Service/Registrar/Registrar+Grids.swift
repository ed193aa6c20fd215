import Runtime
import GridRegistryStore
import Access
import GridRegistryContract
import GridRegistryDomain
import Kernel
import Wire

extension Registrar {
  /// Enters a grid, or corrects an active one. Grids that share a unit with it, or did before, are looked at again: an
  /// overlap is a finding of both.
  func enter(_ action: Grid.Command, _ id: Grid.ID, _ facts: Grid.Facts, over before: Grid?) throws -> Entry<Grid> {
    let entry = try enterAlone(action, id, facts, over: before)
    guard entry.isChanged else { return entry }
    let units = facts.units + (before?.facts.units ?? [])
    for code in Set(try registry.grids.owners(of: units, except: id, in: tx).values).sorted() {
      guard let other = try registry.grids.find(code: code, in: tx) else { continue }
      _ = try enterAlone(.importLegacy, other.id, other.facts, over: other)
    }
    return entry
  }

  private func enterAlone(
    _ action: Grid.Command, _ id: Grid.ID, _ facts: Grid.Facts, over before: Grid?
  ) throws -> Entry<Grid> {
    if let namesake = try registry.grids.find(code: facts.code, in: tx), namesake.id != id {
      throw Refused(.alreadyExists, .gridCodeTaken.at("grid_code"))
    }
    let proposal = try registry.proposal(for: id, facts, over: before, in: tx)
    let events = try Grid.decide(action, on: proposal, as: command.actor.role, at: command.now)
    var grid = before
    for event in events {
      grid = event.grid ?? grid
      guard let grid else { continue }
      try registry.grids.save(grid, in: tx)
      let payload = GridRegistryV1.GridEvent(event, of: grid).encoded()
      try record(event.name, "grid", id.text, grid.version, payload)
    }
    guard let grid else { throw Refused(.notFound, .gridNotFound) }
    if before == nil, grid.state == .active { try staff(grid) }
    return Entry(record: grid, isChanged: !events.isEmpty)
  }

  /// Enters one new grid under the full size rule.
  func create(_ facts: Grid.Facts, id wanted: String) throws -> Grid {
    let id = Grid.ID(try id(wanted))
    guard try registry.grids.load(id, in: tx) == nil else {
      throw Refused(.alreadyExists, .gridIDTaken.at("grid.grid_id"))
    }
    return try enter(.create, id, facts, over: nil).record
  }
}

extension Grid.Event {
  fileprivate var name: String {
    switch self {
    case .activated: "grid.activated"
    case .corrected: "grid.corrected"
    case .pathChanged: "path.changed"
    }
  }

  fileprivate var grid: Grid? {
    switch self {
    case .activated(let grid, _), .corrected(let grid): grid
    case .pathChanged: nil
    }
  }
}
