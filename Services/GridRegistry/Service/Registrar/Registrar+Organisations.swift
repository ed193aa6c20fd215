import Runtime
import GridRegistryStore
import Access
import GridRegistryContract
import GridRegistryDomain
import Kernel
import Wire

extension Registrar {
  /// Carries out a command on the organisation; nothing is written if nothing would change.
  func carryOut(
    _ action: Organisation.Command, on id: Organisation.ID, _ facts: Organisation.Facts, over before: Organisation?
  ) throws -> Entry<Organisation> {
    let proposal = try registry.proposal(for: id, facts, over: before, in: tx)
    let events = try Organisation.decide(action, on: proposal, as: command.actor.role)
    var organisation = before
    for case .changed(let changed) in events {
      organisation = changed
      try registry.organisations.save(changed, in: tx)
      let payload = GridRegistryV1.OrganisationEvent(.changed(changed)).encoded()
      try record("org.changed", "organisation", id.text, changed.version, payload)
    }
    guard let organisation else { throw Refused(.notFound, .orgNotFound) }
    return Entry(record: organisation, isChanged: !events.isEmpty)
  }

  /// Enters a new organisation.
  func create(_ facts: Organisation.Facts, id wanted: String) throws -> Organisation {
    let id = Organisation.ID(try id(wanted))
    guard try registry.organisations.load(id, in: tx) == nil else {
      throw Refused(.alreadyExists, .orgIDTaken.at("organisation.org_id"))
    }
    let entry = try carryOut(.enter, on: id, facts, over: nil)
    try refreshPaths(around: [entry.record])
    return entry.record
  }

  /// Replaces what is known of an organisation, or closes it.
  func change(
    _ action: Organisation.Command, _ id: Organisation.ID, expected: UInt64, to facts: Organisation.Facts?
  ) throws -> Organisation {
    guard let before = try registry.organisations.load(id, in: tx) else {
      throw Refused(.notFound, .orgNotFound.at("org_id"))
    }
    try Self.check(expected, against: before.version)
    let entry = try carryOut(action, on: id, facts ?? before.facts, over: before)
    if entry.isChanged { try refreshPaths(around: [before, entry.record]) }
    return entry.record
  }

  /// Mediation paths that run through these organisations are found anew; grids whose path changed are saved and journaled.
  func refreshPaths(around organisations: [Organisation]) throws {
    let mediating = organisations.filter { $0.kind?.room != nil || $0.kind?.roomOf != nil }
    let directory = registry.directory(tx)
    var grids: [Grid.ID: Grid] = [:]
    for township in Set(mediating.compactMap(\.townshipCode)) {
      for grid in try registry.grids.list(township: township, kind: nil, after: "", limit: Self.mostGrids, in: tx) {
        grids[grid.id] = grid
      }
    }
    if mediating.contains(where: { $0.townshipCode == nil }) {
      for grid in try registry.grids.list(township: nil, kind: .dedicated, after: "", limit: Self.mostGrids, in: tx) {
        grids[grid.id] = grid
      }
    }
    for var grid in grids.values.sorted(by: { $0.id < $1.id }) {
      for event in grid.decide(newPath: try MediationPath.of(grid.facts, in: directory)) {
        grid.apply(event)
        try registry.grids.savePath(of: grid, in: tx)
        let payload = GridRegistryV1.GridEvent(event, of: grid).encoded()
        try record("path.changed", "grid", grid.id.text, grid.version, payload)
      }
    }
  }

  /// Twice as many grids as a registry is built for (G08).
  private static let mostGrids = 10_000
}
