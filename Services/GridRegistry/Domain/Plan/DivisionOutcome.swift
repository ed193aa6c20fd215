package import Kernel

extension DivisionPlan {
  /// What a plan would make of the registry, and everything that is wrong with that.
  package struct Outcome: Sendable {
    /// A grid that ends.
    package struct Ending: Hashable, Sendable {
      package var kind: Change.Kind
      /// The grids that take its place; none for RETIRE.
      package var successors: [Grid.ID]
    }

    /// A grid with what lies in it afterwards.
    package struct Part: Hashable, Sendable {
      package var households: Int
      package var naturalVillages: [String]
      package var units: [Grid.Unit]
    }

    /// The new grids, by id.
    package fileprivate(set) var made: [Grid.ID: Part] = [:]
    /// The grids that stay and have other units afterwards.
    package fileprivate(set) var kept: [Grid.ID: Part] = [:]
    package fileprivate(set) var ended: [Grid.ID: Ending] = [:]
    /// Where each new grid came from.
    package fileprivate(set) var origins: [Grid.ID: [Grid.ID]] = [:]
    /// Units that lie elsewhere afterwards: out of these grids, into those.
    package fileprivate(set) var left: [String: Set<Grid.ID>] = [:]
    package fileprivate(set) var entered: [String: Set<Grid.ID>] = [:]
    package fileprivate(set) var faults: [Check.Finding] = []

    fileprivate(set) var holders: [String: Set<Grid.ID>]
    let base: Base
    let content: Content

    fileprivate init(_ content: Content, on base: Base) {
      self.content = content
      self.base = base
      holders = base.units.mapValues { Set($0.grids(on: base.day)) }
    }
  }

  /// Carries the plan's changes out on `base`, on paper.
  package func outcome(of content: Content, on base: Base) -> Outcome {
    var outcome = Outcome(content, on: base)
    for change in content.changes { outcome.end(change) }
    for change in content.changes { outcome.make(change) }
    for move in content.changes.flatMap(\.moves) { outcome.move(move) }
    outcome.weigh()
    if !isCountyWide { outcome.stayIn(townshipCode) }
    return outcome
  }
}

extension DivisionPlan.Outcome {
  fileprivate mutating func end(_ change: DivisionPlan.Change) {
    guard let kind = change.kind else { return }
    let results = change.plannedGrids.map(\.id)
    for reference in change.grids {
      guard let grid = base.grid(reference) else {
        fault(.gridNotFound.with("grid", reference))
        continue
      }
      guard grid.state == .active else {
        fault(.gridNotActive.with("grid_code", grid.facts.code).with("state", grid.state.rawValue))
        continue
      }
      guard ended[grid.id] == nil else {
        fault(.gridChangedTwice.with("grid_code", grid.facts.code))
        continue
      }
      if kind == .retype, change.plannedGrids.first?.kind == grid.facts.kind {
        fault(.gridTypeUnchanged.with("grid_code", grid.facts.code))
      }
      ended[grid.id] = .init(kind: kind, successors: results.sorted())
      for result in results { origins[result, default: []].append(grid.id) }
      for (unit, grids) in holders where grids.contains(grid.id) { take(unit, outOf: grid.id) }
    }
  }

  fileprivate mutating func make(_ change: DivisionPlan.Change) {
    for planned in change.plannedGrids {
      if base.takenCodes.contains(planned.code) || made[planned.id] != nil {
        fault(.gridCodeTaken.with("grid_code", planned.code))
      }
      for unmet in base.proposals[planned.id]?.planFaults ?? [] {
        fault(unmet.at("").with("grid_code", planned.code))
      }
      made[planned.id] = Part(households: 0, naturalVillages: [], units: [])
      for unit in planned.unitIDs {
        guard base.units[unit] != nil else {
          fault(.unitNotFound.with("unit_id", unit).with("grid_code", planned.code))
          continue
        }
        // A dedicated grid is carved out of the grids around it (G07, I2).
        if planned.kind == .dedicated {
          for holder in holders[unit] ?? [] where base.grids[holder]?.facts.kind != .dedicated {
            take(unit, outOf: holder)
          }
        }
        put(unit, into: planned.id)
      }
    }
  }

  fileprivate mutating func move(_ move: DivisionPlan.UnitMove) {
    guard let unit = base.units[move.unitID] else { return fault(.unitNotFound.with("unit_id", move.unitID)) }
    if !move.from.isEmpty {
      guard let grid = base.grid(move.from) else { return fault(.gridNotFound.with("grid", move.from)) }
      guard unit.grids(on: base.day).contains(grid.id) else {
        return fault(.unitNotInGrid.with("unit_id", move.unitID).with("grid_code", grid.facts.code))
      }
      if ended[grid.id] == nil { take(move.unitID, outOf: grid.id) }
    }
    guard !move.to.isEmpty else { return }
    guard let grid = base.grid(move.to) else { return fault(.gridNotFound.with("grid", move.to)) }
    guard grid.state == .active else {
      return fault(.gridNotActive.with("grid_code", grid.facts.code).with("state", grid.state.rawValue))
    }
    guard ended[grid.id] == nil else { return fault(.gridChangedTwice.with("grid_code", grid.facts.code)) }
    put(move.unitID, into: grid.id)
  }

  private mutating func take(_ unit: String, outOf grid: Grid.ID) {
    holders[unit]?.remove(grid)
    if entered[unit]?.remove(grid) == nil { left[unit, default: []].insert(grid) }
  }

  private mutating func put(_ unit: String, into grid: Grid.ID) {
    guard holders[unit]?.contains(grid) == false else { return }
    holders[unit]?.insert(grid)
    if left[unit]?.remove(grid) == nil { entered[unit, default: []].insert(grid) }
  }

  /// What lies in each new grid and in each that stays and has other units.
  fileprivate mutating func weigh() {
    for planned in content.plannedGrids where made[planned.id] != nil {
      let units = planned.unitIDs.compactMap { base.units[$0]?.summary }
      let villages = units.filter { $0.kind == .naturalVillage }.map(\.name)
      made[planned.id] = Part(
        households: units.reduce(0) { $0 + $1.households },
        naturalVillages: planned.naturalVillages.isEmpty && planned.kind == .rural ? villages : planned.naturalVillages,
        units: units)
    }
    let touched = Set(left.values.joined()).union(entered.values.joined())
    for (id, grid) in base.grids where touched.contains(id) && ended[id] == nil {
      let out = left.filter { $0.value.contains(id) }.keys.compactMap { base.units[$0] }
      let came = entered.filter { $0.value.contains(id) }.keys.sorted().compactMap { base.units[$0] }
      let gone = Set(out.map(\.id.text))
      func villages(_ units: [CoverageUnit]) -> [String] { units.filter { $0.kind == .naturalVillage }.map(\.name) }
      let lost = Set(villages(out))
      kept[id] = Part(
        households: grid.facts.households + came.reduce(0) { $0 + $1.households }
          - out.reduce(0) { $0 + $1.households },
        naturalVillages: grid.facts.naturalVillages.filter { !lost.contains($0) }
          + (grid.facts.kind == .rural ? villages(came) : []),
        units: grid.facts.units.filter { !gone.contains($0.id) } + came.map(\.summary))
    }
  }

  fileprivate mutating func stayIn(_ township: AreaCode) {
    let grids = ended.keys.compactMap { base.grids[$0] } + kept.keys.compactMap { base.grids[$0] }
    for grid in grids.sorted(by: { $0.id < $1.id }) where grid.townshipCode != township {
      fault(.changeOutsideTownship.with("grid_code", grid.facts.code))
    }
    for planned in content.plannedGrids where AreaCode(planned.areaCode).map({ !$0.isWithin(township) }) ?? false {
      fault(.changeOutsideTownship.with("grid_code", planned.code))
    }
    for unit in Set(left.keys).union(entered.keys).sorted()
    where base.units[unit].map({ $0.townshipCode != township }) ?? false {
      fault(.changeOutsideTownship.with("unit_id", unit))
    }
  }

  fileprivate mutating func fault(_ reason: Reason) {
    if !faults.contains(where: { $0.reason == reason }) { faults.append(.init(reason)) }
  }
}

extension DivisionPlan.Outcome {
  /// Everything that is wrong, at once.
  package func check(at now: Timestamp) -> DivisionPlan.Check {
    var check = DivisionPlan.Check(time: now, faults: faults)
    for (id, holders) in holders.sorted(by: { $0.key < $1.key }) {
      guard let unit = base.units[id] else { continue }
      if holders.isEmpty { check.gaps.append(.init(Self.gap(unit))) }
      if holders.count > 1 { check.overlaps.append(.init(Self.overlap(unit, holders.compactMap(code).sorted()))) }
    }
    check.sizeBreaches = sizeBreaches
    for member in base.members.sorted(by: { ($0.gridID, $0.memberID) < ($1.gridID, $1.memberID) })
    where ended[member.gridID] != nil {
      check.orphanMembers.append(
        .init(
          .memberWithoutGrid.with("member_id", member.memberID).with("grid_code", code(member.gridID) ?? "")))
    }
    return check
  }

  /// What stands against retiring grids on the day: who is responsible for their cases has to be somebody else by then.
  package var retirementFaults: [DivisionPlan.Check.Finding] {
    ended.filter { $0.value.kind == .retire }.keys.sorted().compactMap { id in
      if base.openCasesAreStale { return .init(.caseCountsStale.with("grid_code", code(id) ?? "")) }
      guard let count = base.openCases[id], count > 0 else { return nil }
      return .init(.gridHasOpenCases.with("grid_code", code(id) ?? "").with("open_case_count", String(count)))
    }
  }

  func code(_ id: Grid.ID) -> String? {
    content.plannedGrids.first { $0.id == id }?.code ?? base.grids[id]?.facts.code
  }

  private var sizeBreaches: [DivisionPlan.Check.Finding] {
    let planned = content.plannedGrids.compactMap { grid in made[grid.id].map { (grid.code, grid.kind, $0) } }
    let changed = kept.sorted { $0.key < $1.key }.compactMap { id, part in
      base.grids[id].map { ($0.facts.code, $0.facts.kind, part) }
    }
    return (planned + changed).compactMap { code, kind, part in
      guard let breach = SizeRule.breach(kind, households: part.households, villages: part.naturalVillages.count)
      else { return nil }
      let isExcused = content.exceptions.contains { $0.rule == breach.code && $0.gridCode == code }
      return .init(breach.at("").with("grid_code", code), isExcused: isExcused)
    }
  }

  private static func gap(_ unit: CoverageUnit) -> Reason {
    Reason.unitInNoGrid.with("unit_id", unit.id.text).with("unit_name", unit.name)
      .with("area_code", unit.areaCode.text).with("household_count", String(unit.households))
  }

  private static func overlap(_ unit: CoverageUnit, _ codes: [String]) -> Reason {
    Reason.unitInTwoGrids.with("unit_id", unit.id.text).with("unit_name", unit.name)
      .with("grid_codes", codes.joined(separator: ","))
  }
}
