import Access
import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Runtime
import Wire

extension Registrar {
  /// Enters a grid, or corrects an active one. Grids that share a unit with it, or did before, are looked at again: an
  /// overlap is a finding of both.
  func enter(
    _ action: Grid.Command, _ id: Grid.ID, _ facts: Grid.Facts, over before: Grid?, predecessors: [Grid.ID]? = nil
  ) throws -> Entry<Grid> {
    if let namesake = try registry.grids.find(code: facts.code, in: tx), namesake.id != id, !namesake.wasDropped {
      throw Refused(.alreadyExists, .gridCodeTaken.at("grid_code"))
    }
    let entry = try carryOut(action, on: id, facts, over: before, as: command.actor.role) {
      $0.predecessors = predecessors
    }
    guard entry.isChanged else { return entry }
    try settleUnits(of: entry.record, before: before)
    let units = facts.units + (before?.facts.units ?? [])
    for code in Set(try registry.grids.owners(of: units, except: id, in: tx).values).sorted() {
      guard let other = try registry.grids.find(code: code, in: tx) else { continue }
      _ = try carryOut(.importLegacy, on: other.id, other.facts, over: other, as: command.actor.role)
    }
    return entry
  }

  /// Carries out one command on one grid: decide, save, journal. `prepare` adds what the command knows of plans.
  func carryOut(
    _ action: Grid.Command, on id: Grid.ID, _ facts: Grid.Facts, over before: Grid?, as role: Role = .system,
    _ prepare: (inout Grid.Proposal) throws -> Void = { _ in }
  ) throws -> Entry<Grid> {
    var proposal = try registry.proposal(for: id, facts, over: before, in: tx)
    try prepare(&proposal)
    let events = try Grid.decide(action, on: proposal, as: role, at: command.now)
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

  /// Says of grids that they went over into another on its first day, as a legacy import knows it. Their ids.
  func succeed(_ predecessors: [String], by successor: Grid.ID, on day: CivilDate?) throws -> [Grid.ID] {
    guard let day else { throw Refused(.failedPrecondition, .dateInvalid.at("effective_from_date")) }
    return try predecessors.map { reference in
      let before = try registry.findGrid(reference, in: tx)
      guard let before, before.id != successor else {
        throw Refused(.failedPrecondition, .predecessorNotFound.at("predecessor_ids").with("grid", reference))
      }
      try link([before.id], to: successor, kind: Self.importKind, on: day, plan: "")
      let entry = try carryOut(
        .change(successors: [successor], day: day, kind: Self.importKind), on: before.id, before.facts, over: before)
      for summary in before.facts.units {
        guard let known = try registry.units.load(.init(summary.id), in: tx) else { continue }
        var unit = known
        unit.leave(before.id, on: day)
        try keep(CoverageUnit.decide(from: known, to: unit))
      }
      if before.state == .active { try unstaff(entry.record) }
      return before.id
    }.sorted()
  }

  /// Writes down that `successor` came out of each of `predecessors`.
  func link(
    _ predecessors: [Grid.ID], to successor: Grid.ID, kind: String, on day: CivilDate, plan: String
  ) throws {
    for predecessor in predecessors {
      try registry.grids.save(
        .init(predecessor: predecessor, successor: successor, kind: kind, day: day.description, planID: plan), in: tx)
    }
  }

  static let importKind = "IMPORT"
}

extension Grid.Event {
  fileprivate var name: String {
    switch self {
    case .activated: "grid.activated"
    case .corrected: "grid.corrected"
    case .pathChanged: "path.changed"
    case .planned: "grid.planned"
    case .unitsMoved: "grid.units_moved"
    case .changed: "grid.changed"
    case .retired: "grid.retired"
    }
  }

  fileprivate var grid: Grid? {
    switch self {
    case .activated(let grid, _), .corrected(let grid), .planned(let grid), .unitsMoved(let grid),
      .changed(let grid, _),
      .retired(let grid, _):
      grid
    case .pathChanged: nil
    }
  }
}

extension Reason {
  /// A row names a grid before it that nobody entered.
  static let predecessorNotFound = Reason(
    "PREDECESSOR_NOT_FOUND", zh: "没有所写的原网格，原网格须先导入。",
    en: "The grid that it came out of is not entered; enter that one first.")
}
