import Access
import DispatchDomain
import DispatchStore
import Kernel
import Runtime

/// Looks at open coordination tasks now and then and says of each, once, that its time and the grace have passed: a silent
/// agency must not hold a case for ever.
struct OverdueWatch: Sendable {
  let shell: DispatchShell
  let county: String

  /// A late word is no later than this.
  private static let pause: Duration = .seconds(20)
  private static let batch = 100

  /// Ends by cancellation.
  func run() async {
    while !Task.isCancelled {
      let said = (try? await look()) ?? 0
      if said < Self.batch { try? await Task.sleep(for: Self.pause) }
    }
  }

  /// One look; how many tasks were spoken of.
  func look() async throws -> Int {
    let policy = shell.policy
    return try await shell.commands.apply(as: .system(county: county)) { command in
      let desk = Desk(command, policy: policy)
      let overdue = try desk.records.tasks.findOverdue(before: desk.now, limit: Self.batch, in: command.tx)
      for task in overdue { try desk.announceOverdue(task) }
      return overdue.count
    }
  }
}
