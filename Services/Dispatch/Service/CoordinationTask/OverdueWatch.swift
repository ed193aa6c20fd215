import Access
import DispatchDomain
import DispatchStore
import Kernel
import Runtime
import WorkClock

/// Says of each open coordination task, once, that its time and the grace have passed: a silent agency must not hold a case for
/// ever. Each is spoken of in a transaction of its own. The clocks of calls only run: what they show is derived at every reading.
struct OverdueWatch: Timers {
  let shell: DispatchShell
  let county: String

  private var tasks: CoordinationTaskStore { CoordinationTaskStore(county: county) }

  func fire(at now: Timestamp) async throws -> Int {
    let policy = shell.policy
    return try await fireEach { limit in
      try await shell.commands.read { try tasks.listOverdue(before: now, limit: limit, in: $0) }
    } fire: { id in
      try await shell.commands.apply(as: .system(county: county), at: now) { command in
        let desk = Desk(command, policy: policy)
        return try desk.announceOverdue(desk.records.task(id.text)) ? 1 : 0
      }
    }
  }

  func next() async throws -> Timestamp? { try await shell.commands.read { try tasks.nextOverdue(in: $0) } }

  func count(before instant: Timestamp) async throws -> Int? {
    try await shell.commands.read { reading in
      let calendar = try CalendarStore(county: county).load(in: reading)
      let running = try CallStore(county: county).runningClocks(in: reading)
      let due = running.count { clock in clock.dueTime(in: calendar).map { $0 < instant } ?? false }
      return due + (try tasks.countOverdue(before: instant, in: reading))
    }
  }
}
