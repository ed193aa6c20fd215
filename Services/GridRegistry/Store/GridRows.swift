import GridRegistryDomain
import Kernel
import Persistence

/// Rows of grids and back.
enum GridRows {
  /// Everything after county and id, in the order of `GridQueries.save`.
  static func values(of grid: Grid) -> [Value] {
    let facts = grid.facts
    return [
      .text(facts.code), .text(facts.name), .text(facts.kind?.rawValue ?? ""), .id(facts.organisationID),
      .text(facts.areaCode), .text(grid.townshipCode.text), .integer(facts.households), .integer(facts.population),
      .text(TextColumn.encode(facts.naturalVillages)), .optionalText(facts.subjectType?.rawValue),
      .optionalID(facts.hostID), .optionalID(facts.partyOrganisationID), .text(facts.effectiveFrom),
      .text(facts.sizeExceptionReason), .text(encode(grid.path)), .text(grid.state.rawValue), .integer(grid.version),
      .text(grid.effectiveTo), .optionalID(grid.planID),
    ]
  }

  static func grid(_ row: borrowing Row) -> Grid {
    let township = AreaCode(row.text(6))
    if township == nil { row.reject(6) }
    let facts = Grid.Facts(
      code: row.text(1), name: row.text(2), kind: row.named(3, or: .urban), organisationID: row.id(4),
      areaCode: row.text(5), households: row.int(7), population: row.int(8),
      naturalVillages: TextColumn.decode(row.text(9)), subjectType: row.isNull(10) ? nil : row.named(10, or: .other),
      hostID: row.optionalID(11), partyOrganisationID: row.optionalID(12), effectiveFrom: row.text(13),
      sizeExceptionReason: row.text(14))
    return Grid(
      id: row.id(0), facts: facts, townshipCode: township ?? .unreadable, state: row.named(16, or: .retired),
      findings: [], path: path(row.text(15)), effectiveTo: row.text(18), planID: row.optionalID(19),
      version: row.int(17))
  }

  /// Four texts a step (`step`, level, room, name), three a skipped level (`skip`, level, reason).
  static func encode(_ path: MediationPath) -> String {
    TextColumn.encode(
      path.steps.flatMap { ["step", $0.level.rawValue, $0.organisationID.text, $0.name] }
        + path.skipped.flatMap { ["skip", $0.level.rawValue, $0.reason.rawValue] })
  }

  static func path(_ column: String) -> MediationPath {
    var path = MediationPath()
    var texts = TextColumn.decode(column)[...]
    while let mark = texts.popFirst() {
      guard let level = texts.popFirst().flatMap(MediationPath.Level.init), let third = texts.popFirst() else { break }
      if mark == "step" {
        path.steps.append(.init(level: level, organisationID: Organisation.ID(third), name: texts.popFirst() ?? ""))
      } else if let reason = MediationPath.SkipReason(rawValue: third) {
        path.skipped.append(.init(level: level, reason: reason))
      }
    }
    return path
  }
}
