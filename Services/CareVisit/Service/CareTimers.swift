import WorkClock
import CareVisitStore
import Access
import CareVisitDomain
import Kernel
import Persistence
import Runtime

/// What becomes due by itself: identities are destroyed when they have been kept long enough, answers to rights run late.
struct CareTimers: Timers {
  let register: CareRegister

  /// What one transaction takes on; the rest follows at once.
  private static let most = 100

  func fire(at now: Timestamp) async throws -> Int {
    var count = 0
    while true {
      let done = try await register.commands.apply(as: .system(county: register.county.text), at: now) { command in
        try CareClerk(command, register).sweep(limit: Self.most)
      }
      count += done
      if done == 0 { break }
    }
    try await register.overwriteErased()
    return count
  }

  func count(before instant: Timestamp) async throws -> Int? {
    try await register.commands.read { reading in
      let erasures = try register.enrolments.countForErasure(before: instant, in: reading)
      let calendar = try register.directory.calendar()
      let answers = try register.rights.running(limit: 10 * Self.most, in: reading).count { right in
        right.clock.dueTime(in: calendar).map { $0 < instant } ?? false
      }
      return erasures + answers
    }
  }

  func next() async throws -> Timestamp? {
    try await register.commands.read { reading in
      let erasure = try register.enrolments.dueForErasure(
        before: Timestamp(microseconds: .max), limit: 1, in: reading
      ).first?.eraseDueTime
      let calendar = try register.directory.calendar()
      let answer = try register.rights.running(limit: Self.most, in: reading)
        .compactMap { $0.clock.dueTime(in: calendar) }.min()
      return [erasure, answer].compactMap(\.self).min()
    }
  }
}
