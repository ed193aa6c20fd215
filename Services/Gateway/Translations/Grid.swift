import Wire
import DisputeContract
import GridRegistryContract

// When grid-registry says that a grid is in effect, was corrected, has other units, or is no more, dispute hears GridHeard; when it
// says `path.changed`, GridPathHeard. A planned grid is nobody's business yet.

extension Translation where Message == DisputeV1.Message {
  /// dispute: where a case is found, and who mediates it level by level.
  static let grid = Translation(
    of: "grid.activated", "grid.corrected", "grid.units_moved", "grid.changed", "grid.retired"
  ) { event throws(WireError) in
    let grid: GridRegistryV1.Grid?
    switch try GridRegistryV1.GridEvent(event).event {
    case .activated(let activated): grid = activated.grid
    case .corrected(let corrected): grid = corrected.grid
    case .unitsMoved(let moved): grid = moved.grid
    case .changed(let changed): grid = changed.grid
    case .retired(let retired):
      guard retired.cause != .dropped else { return nil }
      grid = retired.grid
    case .planned, .pathChanged, nil: return nil
    }
    guard let grid else { return nil }
    return .grid(
      .init(
        gridID: grid.gridID, code: grid.gridCode, name: grid.name, areaCode: grid.areaCode, orgID: grid.orgID,
        path: (grid.mediationPath?.steps ?? []).map(DisputeV1.PathStep.init),
        closed: grid.state == .changed || grid.state == .retired,
        gridType: String(grid.gridType.protoName.dropFirst("TYPE_".count)),
        units: grid.units.map { .init(unitID: $0.unitID, name: $0.name, householdCount: $0.householdCount) }))
  }

  /// dispute: the way up has changed, the grid has not.
  static let gridPath = Translation(of: "path.changed") { event throws(WireError) in
    guard case .pathChanged(let change) = try GridRegistryV1.GridEvent(event).event else { return nil }
    return .gridPath(
      .init(
        gridID: change.gridID, path: (change.mediationPath?.steps ?? []).map(DisputeV1.PathStep.init)))
  }
}

extension DisputeV1.PathStep {
  fileprivate init(_ step: GridRegistryV1.MediationStep) {
    let level: DisputeV1.Case.Level =
      switch step.level {
      case .village: .village
      case .community: .community
      case .industry: .industry
      case .township: .township
      case .unspecified, .unrecognized: .unspecified
      }
    self.init(level: level, orgID: step.orgID)
  }
}
