import Access
import Kernel
import ResponsibilityListStore
import Runtime

/// Lists are superseded when the day of their successor begins. The list in force on a day does not wait for it.
struct ListTimers: Timers {
  let shell: CommandShell
  let content: ListContent
  let county: String

  private var lists: ListVersionStore { ListVersionStore(county: county) }

  func fire(at now: Timestamp) async throws -> Int {
    guard let next = try await next(), next < now else { return 0 }
    return try await shell.apply(as: .system(county: county), at: now) { command in
      try ListKeeper(command, content: content).supersedeEnded()
    }
  }

  func next() async throws -> Timestamp? {
    try await shell.read { try lists.nextEnd(in: $0)?.instant() }
  }

  func count(before instant: Timestamp) async throws -> Int? {
    // The day that begins at `instant` itself is not before it.
    try await shell.read { try lists.countEnds(until: CivilDate(instant - .instant), in: $0) }
  }
}
