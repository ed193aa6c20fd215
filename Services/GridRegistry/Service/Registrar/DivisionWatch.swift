import Access
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Runtime

/// The days of approved plans, and the days on which changed grids are archived: acts of the system, each once, in a transaction
/// of its own. A plan that has to wait for word of open cases is looked at again each time.
struct DivisionWatch: Timers {
  let shell: GridRegistryShell
  let county: String

  private static let batch = 100

  func fire(at now: Timestamp) async throws -> Int {
    guard let code = AreaCode(county) else { return 0 }
    let system = Actor.system(county: county)
    // What is due at 00:00 happens when 00:00 has passed.
    let day = CivilDate(now - .instant)
    let due = try await shell.commands.read { reading in
      let registry = Registry(county: code)
      return (
        plans: try registry.plans.listDue(on: day, limit: Self.batch, in: reading),
        grids: try registry.grids.listChanged(
          endedBefore: day + -Grid.daysUntilArchived, limit: Self.batch, in: reading)
      )
    }
    var count = 0
    for plan in due.plans {
      let effect = try await shell.act(as: system) { try $0.takeEffect(plan) }
      if effect == .inEffect || effect == .blocked { count += 1 }
    }
    for grid in due.grids where try await shell.act(as: system, { try $0.archive(grid) }) { count += 1 }
    return count
  }

  func count(before instant: Timestamp) async throws -> Int? {
    guard let code = AreaCode(county) else { return nil }
    let day = CivilDate(instant - .instant)
    return try await shell.commands.read { reading in
      let registry = Registry(county: code)
      return try registry.plans.countDue(on: day, in: reading)
        + registry.grids.countChanged(endedBefore: day + -Grid.daysUntilArchived, in: reading)
    }
  }

  func next() async throws -> Timestamp? {
    guard let code = AreaCode(county) else { return nil }
    let today = CivilDate(shell.commands.time.now() - .instant)
    return try await shell.commands.read { reading in
      let registry = Registry(county: code)
      let plan = try registry.plans.nextDay(after: today, in: reading)
      let grid = try registry.grids.firstChangedDay(in: reading).map { $0 + Grid.daysUntilArchived + 1 }
      return [plan, grid].compactMap { $0?.instant() }.min()
    }
  }
}
