import Access
import DisputeDomain
import DisputeStore
import Kernel
import Persistence
import Runtime

/// The clocks' warnings, and mediations that go on because their rest is over. Each case is looked at in a transaction of its own,
/// which claims the rungs and writes the events: once, over any crash; what was missed fires late and in order.
struct CaseTimers: Timers {
  let dispute: DisputeShell

  func fire(at now: Timestamp) async throws -> Int {
    try await fireEach { limit in
      try await dispute.shell.read { try dispute.timers.due(before: now, limit: limit, in: $0) }
    } fire: { id in
      try await fire(id, at: now)
    }
  }

  func next() async throws -> Timestamp? {
    try await dispute.shell.read { try dispute.timers.next(in: $0) }
  }

  func count(before instant: Timestamp) async throws -> Int? {
    try await dispute.shell.read { try dispute.timers.count(before: instant, in: $0) }
  }

  private func fire(_ id: ID<Case>, at now: Timestamp) async throws -> Int {
    let system = Actor.system(county: dispute.county.text)
    return try await dispute.shell.apply(as: system, at: now) { transaction in
      guard var record = try dispute.cases.load(id, in: transaction.tx) else {
        try dispute.timers.set(nil, for: id, in: transaction.tx)
        return 0
      }
      var count = 0
      if let adjournment = record.adjournment, adjournment.resumeTime < now {
        record = try dispute.carryOut(.resume, on: id, transaction)
        count += 1
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
      return count + events.count
    }
  }
}
