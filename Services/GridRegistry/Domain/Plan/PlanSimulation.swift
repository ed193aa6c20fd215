import Kernel

extension DivisionPlan {
  /// The grids of one moment, counted.
  package struct Picture: Hashable, Sendable {
    /// How many urban grids have so many households.
    package struct Band: Hashable, Sendable {
      package var from: Int
      /// Inclusive; `nil`: no end.
      package var to: Int?
      package var count: Int
    }

    /// Each grid's households, by type.
    package var grids: [Grid.Kind: [Int]]

    package var gridCount: Int { grids.values.reduce(0) { $0 + $1.count } }
    package var households: Int { grids.values.joined().reduce(0, +) }

    /// Below the rule, in steps of fifty within it, above it.
    package var bands: [Band] {
      let rule = SizeRule.urbanHouseholds
      var bands = [Band(from: 0, to: rule.lowerBound - 1, count: 0)]
      bands += stride(from: rule.lowerBound, to: rule.upperBound, by: 50).map {
        Band(from: $0, to: min($0 + 49, rule.upperBound), count: 0)
      }
      bands[bands.count - 1].to = rule.upperBound
      bands.append(Band(from: rule.upperBound + 1, to: nil, count: 0))
      return bands.map { band in
        var band = band
        band.count = (grids[.urban] ?? []).filter { $0 >= band.from && $0 <= band.to ?? .max }.count
        return band
      }
    }
  }

  /// Where the open cases of a grid that ends would have lain, by households: an estimate, cases keep their grid.
  package struct OpenCaseEstimate: Hashable, Sendable {
    /// What one of its heirs would have.
    package struct Share: Hashable, Sendable {
      package var gridCode: String
      package var households: Int
      package var openCases: Int
    }

    package var gridID: Grid.ID
    package var gridCode: String
    package var openCases: Int
    package var shares: [Share]
  }
}

extension DivisionPlan.Outcome {
  /// The grids of the townships that the plan touches, before and after.
  package var pictures: (before: DivisionPlan.Picture, after: DivisionPlan.Picture) {
    var before = DivisionPlan.Picture(grids: [:])
    var after = before
    for (id, grid) in base.grids where grid.state == .active {
      guard let kind = grid.facts.kind else { continue }
      before.grids[kind, default: []].append(grid.facts.households)
      if ended[id] == nil { after.grids[kind, default: []].append(kept[id]?.households ?? grid.facts.households) }
    }
    for planned in content.plannedGrids {
      if let kind = planned.kind, let part = made[planned.id] { after.grids[kind, default: []].append(part.households) }
    }
    return (before, after)
  }

  /// `openCases` of a grid that ends, split among the grids that get its units, by households; the sum stays whole.
  package func estimate(of grid: Grid.ID, openCases: Int) -> DivisionPlan.OpenCaseEstimate {
    var heirs: [Grid.ID: Int] = [:]
    for (unit, grids) in left where grids.contains(grid) {
      for heir in holders[unit] ?? [] { heirs[heir, default: 0] += base.units[unit]?.households ?? 0 }
    }
    let total = heirs.values.reduce(0, +)
    var shares = heirs.sorted { $0.key < $1.key }.map { id, households in
      DivisionPlan.OpenCaseEstimate.Share(
        gridCode: code(id) ?? "", households: households, openCases: total == 0 ? 0 : openCases * households / total)
    }
    // What rounding left over goes to the largest remainders, one each.
    let missing = total == 0 ? 0 : openCases - shares.reduce(0) { $0 + $1.openCases }
    let byRemainder = shares.indices.sorted {
      let first = openCases * shares[$0].households % total
      let second = openCases * shares[$1].households % total
      return (first, $1) > (second, $0)
    }
    for index in byRemainder.prefix(missing) { shares[index].openCases += 1 }
    return .init(gridID: grid, gridCode: code(grid) ?? "", openCases: openCases, shares: shares)
  }
}
