import Access
import DisputeDomain
import DisputeStore
import Kernel
import Persistence
import Runtime
import WorkClock

/// A version of the policy that applies to open clocks takes them over when it takes effect, all in one transaction.
struct PolicyTimers: Timers {
  let dispute: DisputeShell

  func fire(at now: Timestamp) async throws -> Int {
    var count = 0
    while let waiting = try await waiting(), waiting.time < now {
      count += try await apply(waiting.version, at: now)
    }
    return count
  }

  func next() async throws -> Timestamp? { try await waiting()?.time }

  private func waiting() async throws -> (version: Int, time: Timestamp)? {
    try await dispute.shell.read { try dispute.policyStore.waiting(in: $0) }
  }

  private func apply(_ version: Int, at now: Timestamp) async throws -> Int {
    try await dispute.shell.apply(as: .system(county: dispute.county.text), at: now) { transaction in
      let world = try dispute.world(in: transaction.tx)
      var count = 0
      if let policy = world.policies.versions.first(where: { $0.version == version }) {
        for id in try dispute.cases.findRunning(in: transaction.tx) {
          guard let record = try dispute.cases.load(id, in: transaction.tx),
            let event = record.rebudgeted(under: policy, in: world.calendar, at: now)
          else { continue }
          _ = try dispute.save(event, on: record, world, transaction)
          count += 1
        }
        count += try Alerting(dispute, transaction, world).rederive { $0.rebudgeted(under: policy) }
        count += try PartyRights(dispute, transaction).rederive { $0.rebudgeted(under: policy) }
      }
      try dispute.policyStore.applied(version: version, in: transaction.tx)
      return max(1, count)
    }
  }
}
