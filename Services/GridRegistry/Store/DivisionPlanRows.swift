import GridRegistryDomain
import Kernel
import Persistence

/// Rows of plans and back.
enum DivisionPlanRows {
  /// Everything after county and id, in the order of `DivisionPlanQueries.save`.
  static func values(of plan: DivisionPlan) -> [Value] {
    [
      .text(plan.content.title), .text(plan.townshipCode.text), .text(plan.content.effectiveDate),
      .text(encode(plan.content)), .bool(plan.isCountyWide), .text(plan.state.rawValue), .text(plan.authorID),
      .text(plan.authorOrganisationID), .text(plan.submitterID), .text(plan.deciderID), .text(plan.decisionReason),
      .optionalTime(plan.check?.time), .time(plan.createTime), .optionalTime(plan.submitTime),
      .optionalTime(plan.decideTime), .optionalTime(plan.effectTime), .integer(plan.version),
    ]
  }

  /// The plan with an empty check, if it was checked.
  static func plan(_ row: borrowing Row) -> DivisionPlan {
    let township = AreaCode(row.text(2))
    if township == nil { row.reject(2) }
    var content = DivisionPlan.Content(title: row.text(1), effectiveDate: row.text(3))
    if !decode(row.text(4), into: &content) { row.reject(4) }
    return DivisionPlan(
      id: row.id(0), content: content, townshipCode: township ?? .unreadable, isCountyWide: row.bool(5),
      state: row.named(6, or: .withdrawn), authorID: row.text(7), authorOrganisationID: row.text(8),
      submitterID: row.text(9), deciderID: row.text(10), decisionReason: row.text(11),
      check: row.optionalTime(12).map { .init(time: $0) }, createTime: row.time(13), submitTime: row.optionalTime(14),
      decideTime: row.optionalTime(15), effectTime: row.optionalTime(16), version: row.int(17))
  }

  /// Changes and exceptions as texts in one column, each list with its length before it.
  static func encode(_ content: DivisionPlan.Content) -> String {
    var texts: [String] = []
    func write(_ list: [String]) { texts += [String(list.count)] + list }
    texts.append(String(content.changes.count))
    for change in content.changes {
      texts.append(change.kind?.rawValue ?? "")
      write(change.grids)
      texts.append(String(change.plannedGrids.count))
      for grid in change.plannedGrids {
        texts += [
          grid.id.text, grid.code, grid.name, grid.kind?.rawValue ?? "", grid.organisationID.text, grid.areaCode,
          String(grid.population), grid.subjectType?.rawValue ?? "", grid.hostID?.text ?? "",
          grid.partyOrganisationID?.text ?? "",
        ]
        write(grid.naturalVillages)
        write(grid.unitIDs)
      }
      write(change.moves.flatMap { [$0.unitID, $0.from, $0.to] })
    }
    write(content.exceptions.flatMap { [$0.rule, $0.gridCode, $0.reason, $0.approverID] })
    return TextColumn.encode(texts)
  }

  private static func decode(_ column: String, into content: inout DivisionPlan.Content) -> Bool {
    var texts = Texts(rest: TextColumn.decode(column)[...])
    for _ in 0..<texts.count() {
      var change = DivisionPlan.Change(kind: .init(rawValue: texts.next()), grids: texts.list())
      for _ in 0..<texts.count() {
        var grid = DivisionPlan.PlannedGrid(
          id: .init(texts.next()), code: texts.next(), name: texts.next(), kind: .init(rawValue: texts.next()),
          organisationID: .init(texts.next()), areaCode: texts.next(), population: texts.count(),
          subjectType: .init(rawValue: texts.next()), hostID: texts.id(), partyOrganisationID: texts.id(), unitIDs: [])
        grid.naturalVillages = texts.list()
        grid.unitIDs = texts.list()
        change.plannedGrids.append(grid)
      }
      let moves = texts.list()
      change.moves = stride(from: 0, to: moves.count - 2, by: 3).map {
        .init(unitID: moves[$0], from: moves[$0 + 1], to: moves[$0 + 2])
      }
      content.changes.append(change)
    }
    let exceptions = texts.list()
    content.exceptions = stride(from: 0, to: exceptions.count - 3, by: 4).map {
      .init(
        rule: exceptions[$0], gridCode: exceptions[$0 + 1], reason: exceptions[$0 + 2], approverID: exceptions[$0 + 3])
    }
    return texts.isWhole && texts.rest.isEmpty
  }

  private struct Texts {
    var rest: ArraySlice<String>
    /// Nothing that was expected was missing.
    var isWhole = true

    mutating func next() -> String {
      guard let text = rest.popFirst() else {
        isWhole = false
        return ""
      }
      return text
    }

    mutating func count() -> Int {
      guard let count = Int(next()), count >= 0 else {
        isWhole = false
        return 0
      }
      return count
    }

    mutating func list() -> [String] {
      let wanted = count()
      let list = Array(rest.prefix(wanted))
      if list.count < wanted { isWhole = false }
      rest = rest.dropFirst(list.count)
      return list
    }

    mutating func id<Subject>() -> ID<Subject>? {
      let text = next()
      return text.isEmpty ? nil : ID(text)
    }
  }
}
