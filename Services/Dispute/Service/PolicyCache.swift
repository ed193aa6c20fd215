import DisputeDomain
import DisputeStore
import Persistence
import Synchronization

/// The versions of the clocks' policy, read again only when there is a new one.
final class PolicyCache: Sendable {
  private let store: PolicyStore
  private let known = Mutex<ClockPolicies>(ClockPolicies())

  init(_ store: PolicyStore) { self.store = store }

  func policies(in reading: some Reading) throws -> ClockPolicies {
    let newest = try store.newest(in: reading)
    if let policies = known.withLock({ $0.versions.last?.version == newest ? $0 : nil }) { return policies }
    let policies = ClockPolicies(try store.list(in: reading).map(\.policy))
    known.withLock { $0 = policies }
    return policies
  }
}
