import Access
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Persistence
import Runtime

/// Grids that came into effect before places in the team were kept: each that has neither a primary member nor an open place for one gets
/// the place (I1). Looked for at every start; where all is well there is nothing to do.
struct StaffingAtStart: Sendable {
  let commands: CommandShell
  let county: String

  /// Grids in one transaction.
  private static let batch = 200

  func run() async {
    guard let county = AreaCode(county) else { return }
    var after = ""
    while !Task.isCancelled {
      let (start, store) = (after, VacancyStore(county: county))
      let staffed = try? await commands.apply(as: .system(county: county.text)) { command in
        let registrar = try Registrar(command)
        let grids = try store.unstaffed(after: start, limit: Self.batch, in: command.tx)
        for id in grids {
          guard let grid = try registrar.registry.grids.load(id, in: command.tx) else { continue }
          try registrar.staff(grid, cause: .noPrimary)
        }
        return grids
      }
      guard let staffed, let last = staffed.last else { return }
      after = last.text
    }
  }
}
