import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Journal
import Kernel
import Persistence
import Wire

extension Registry {
  /// A grid as it was on a day: what the journal says of it until then, with the units that lay in it; `nil` if it was not in
  /// effect. A legacy grid is taken to have been since its first day what it was when it came in.
  func grid(_ grid: Grid, on day: CivilDate, in reading: some Reading) throws -> Grid? {
    guard grid.state != .planned, !grid.wasDropped, grid.facts.effectiveFrom <= day.description,
      grid.effectiveTo.isEmpty || grid.effectiveTo > day.description
    else { return nil }
    var past: Grid?
    for entry in try Journal.entries(ofAggregate: "grid", grid.id.text, in: reading) {
      guard let event = Grid.Event(try GridRegistryV1.GridEvent(decoding: entry.draft.payload)) else { continue }
      guard var known = past else {
        if let first = event.whole { past = first }
        continue
      }
      guard CivilDate(entry.draft.occurTime) <= day || known.state == .planned else { break }
      known.apply(event)
      past = known
    }
    guard var past, past.id == grid.id else { return grid }
    past.state = .active
    past.effectiveTo = grid.effectiveTo
    past.successors = grid.successors
    past.facts.units = try units.units(of: grid.id, on: day, in: reading).map(\.summary)
    return past
  }

  /// At most `limit` grids after an id that pass the filter, in order.
  func grids(
    township: AreaCode?, kind: Grid.Kind?, after id: String, limit: Int, in reading: some Reading,
    matching: (Grid) throws -> Grid?
  ) throws -> [Grid] {
    var found: [Grid] = []
    var last = id
    while found.count < limit {
      let chunk = try grids.list(township: township, kind: kind, after: last, limit: limit, in: reading)
      for grid in chunk where found.count < limit {
        if let match = try matching(grid) { found.append(match) }
      }
      guard chunk.count == limit, let end = chunk.last else { break }
      last = end.id.text
    }
    return found
  }

  /// Links from a grid outwards, the nearest first; a link that was seen is not followed again.
  func lineage(
    from grid: Grid.ID, _ next: (Grid.ID) throws -> [GridStore.Link], _ end: (GridStore.Link) -> Grid.ID
  ) rethrows -> [GridStore.Link] {
    var links: [GridStore.Link] = []
    var front = [grid]
    while !front.isEmpty {
      let found = try front.flatMap(next).filter { !links.contains($0) }
      links += found
      front = Set(found.map(end)).sorted()
    }
    return links
  }

  /// What took the place of a grid that is no more: its successors, and theirs, that are in effect (I6).
  func heirs(of grid: Grid, in reading: some Reading) throws -> [Grid] {
    guard grid.state == .changed || grid.state == .retired else { return [] }
    let links = try lineage(from: grid.id, { try grids.successors(of: $0, in: reading) }, \.successor)
    return try Set(links.map(\.successor)).sorted().compactMap { try grids.load($0, in: reading) }
      .filter { $0.state == .active }
  }

  /// The number of grids in effect on a day, and on each later day on which it changed.
  func countHistory(
    from start: CivilDate, township: AreaCode?, in reading: some Reading
  ) throws -> [(date: String, count: Int)] {
    var changes: [String: Int] = [:]
    var count = 0
    for span in try grids.spans(in: reading) where township == nil || span.townshipCode == township?.text {
      if span.from <= start.description { count += span.count } else { changes[span.from, default: 0] += span.count }
      guard !span.to.isEmpty else { continue }
      if span.to <= start.description { count -= span.count } else { changes[span.to, default: 0] -= span.count }
    }
    var history = [(date: start.description, count: count)]
    for (date, change) in changes.sorted(by: { $0.key < $1.key }) where change != 0 {
      count += change
      history.append((date, count))
    }
    return history
  }
}

extension Grid.Event {
  fileprivate var whole: Grid? {
    switch self {
    case .activated(let grid, _), .corrected(let grid), .planned(let grid), .unitsMoved(let grid),
      .changed(let grid, _),
      .retired(let grid, _):
      grid
    case .pathChanged: nil
    }
  }
}
