import Access
import DisputeDomain
import DisputeStore
import Kernel
import Persistence
import Runtime

/// The clocks' warnings. Each case is looked at in a transaction of its own, which claims the rungs and writes the events: once, over
/// any crash; what was missed fires late and in order.
struct CaseTimers: Timers {
  let dispute: DisputeShell

  /// Cases that are read at once.
  private static let pageSize = 100

  func fire(at now: Timestamp) async throws -> Int {
    var count = 0
    while true {
      let due = try await dispute.shell.read { try dispute.timers.due(before: now, limit: Self.pageSize, in: $0) }
      for id in due { count += try await fire(id, at: now) }
      guard due.count == Self.pageSize else { return count }
    }
  }

  func next() async throws -> Timestamp? {
    try await dispute.shell.read { try dispute.timers.next(in: $0) }
  }

  private func fire(_ id: ID<Case>, at now: Timestamp) async throws -> Int {
    let system = Actor.system(county: dispute.county.text)
    return try await dispute.shell.apply(as: system, at: now) { transaction in
      guard var record = try dispute.cases.load(id, in: transaction.tx) else {
        try dispute.timers.set(nil, for: id, in: transaction.tx)
        return 0
      }
      let world = try dispute.surroundings(of: record, actor: system, in: transaction.tx)
      let events = record.dueRungs(in: world.calendar, world.policies, at: now)
      for event in events {
        guard case .rungFired(let rung) = event.change else { continue }
        record.apply(event)
        try dispute.timers.claim(rung, of: id, in: transaction.tx)
        try dispute.write(event, of: record, world, transaction)
      }
      try dispute.setTimer(of: record, world, transaction)
      return events.count
    }
  }
}
