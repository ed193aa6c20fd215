package import Kernel

/// One step of the way up: a level and the organisation that mediates there.
package struct PathStep: Hashable, Sendable {
  package let level: Case.Level
  package let organisation: ID<Organisation>

  package init(_ level: Case.Level, _ organisation: ID<Organisation>) {
    self.level = level
    self.organisation = organisation
  }
}

/// A grid as grid-registry has told of it, with its mediation path from the own level up.
package struct Grid: Hashable, Sendable {
  package let gridID: ID<Grid>
  package let code: String
  package let area: AreaCode
  /// The community, village or host it belongs to.
  package let organisation: ID<Organisation>
  package let members: [ID<Person>]
  package let path: [PathStep]
  package let isClosed: Bool

  package init(
    gridID: ID<Grid>, code: String, area: AreaCode, organisation: ID<Organisation>, members: [ID<Person>] = [],
    path: [PathStep], isClosed: Bool = false
  ) {
    self.gridID = gridID
    self.code = code
    self.area = area
    self.organisation = organisation
    self.members = members
    self.path = path
    self.isClosed = isClosed
  }

  /// Where a case of this grid is taken in. The industry's room comes first for what the industry itself found or a clerk has
  /// flagged; for a MATTER only where it is a petition too.
  /// An emergency waits for no room.
  package func ownStep(kind: Case.Kind, flags: Set<Case.Flag>, room: ID<Organisation>? = nil) -> PathStep? {
    if Case.isIndustryFirst(kind, flags) {
      if let room { return PathStep(.industry, room) }
      if let room = path.first(where: { $0.level == .industry }) { return room }
    }
    return path.first
  }

  /// The step above `organisation` at `level`. From the industry's room it is the township.
  package func step(above organisation: ID<Organisation>, at level: Case.Level) -> PathStep? {
    if level == .industry { return townshipStep }
    guard let index = path.firstIndex(where: { $0.organisation == organisation }) else {
      return path.first { $0.level.rank > level.rank }
    }
    return path.dropFirst(index + 1).first { $0.level != .industry }
  }

  /// The township's mediation centre.
  package var townshipStep: PathStep? { path.last { $0.level == .township } }
}
