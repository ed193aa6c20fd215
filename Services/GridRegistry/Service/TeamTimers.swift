import Kernel
import Access
import GridRegistryDomain
import GridRegistryStore
import Persistence
import Runtime
import WorkClock

/// What becomes due in the team by itself: suspensions end, vacancies run over, certificates come to their end.
struct TeamTimers: Timers {
  let commands: CommandShell

  func fire(at now: Timestamp) async throws -> Int {
    var count = 0
    for county in try await counties() {
      count += try await fireEach { limit in
        try await commands.read { reading in
          try pending(in: county, limit: limit, reading).filter { $0.time < now }.sorted { $0.time < $1.time }
        }
      } fire: { due in
        try await commands.apply(as: .system(county: county.text), at: now) { try Registrar($0).attend(to: due) }
        return 1
      }
    }
    return count
  }

  func next() async throws -> Timestamp? {
    var next: Timestamp?
    for county in try await counties() {
      let first = try await commands.read { try pending(in: county, limit: 1, $0).map(\.time).min() }
      if let first { next = min(next ?? first, first) }
    }
    return next
  }

  func count(before instant: Timestamp) async throws -> Int? {
    // What is due at the beginning of a day is due before `instant` if that day has begun then.
    let day = CivilDate(instant - .instant)
    var count = 0
    for county in try await counties() {
      count += try await commands.read { reading in
        let registry = Registry(county: county)
        return try registry.members.countSuspended(until: day, in: reading)
          + registry.training.countToRemind(until: day + TeamPolicy.first.reminderDays, in: reading)
          + countVacancies(before: instant, of: registry, reading)
      }
    }
    return count
  }

  /// As many are read as are due, the oldest first, and some more.
  private func countVacancies(
    before instant: Timestamp, of registry: Registry, _ reading: ReadTransaction
  ) throws -> Int {
    let calendar = try registry.calendar(in: reading)
    var limit = 100
    while true {
      let running = try registry.vacancies.running(limit: limit, in: reading)
      let due = running.count { vacancy in vacancy.clock.dueTime(in: calendar).map { $0 < instant } ?? false }
      guard due == limit else { return due }
      limit *= 4
    }
  }

  private func counties() async throws -> [AreaCode] {
    try await commands.read { try TeamCounties.list(in: $0) }
  }

  /// Of each kind at most `limit`, the earliest.
  private func pending(in county: AreaCode, limit: Int, _ reading: ReadTransaction) throws -> [TeamDue] {
    let registry = Registry(county: county)
    let calendar = try registry.calendar(in: reading)
    let days = TeamPolicy.first.reminderDays
    let resumed = try registry.members.suspended(limit: limit, in: reading).map {
      TeamDue(time: $0.until.instant(), what: .resume($0.member))
    }
    let overdue = try registry.vacancies.running(limit: limit, in: reading).compactMap { vacancy in
      vacancy.clock.dueTime(in: calendar).map { TeamDue(time: $0, what: .overdue(vacancy)) }
    }
    let expiring = try registry.training.toRemind(limit: limit, in: reading).map {
      TeamDue(time: ($0.expires + (-days)).instant(), what: .expiring($0))
    }
    return resumed + overdue + expiring
  }
}

/// Something that has become due in the team.
struct TeamDue: Hashable, Sendable {
  enum Matter: Hashable, Sendable {
    case resume(GridMember.ID)
    case overdue(Vacancy)
    case expiring(Certificate)
  }

  let time: Timestamp
  let what: Matter
}

extension Registrar {
  /// Does what has become due, unless somebody was faster.
  func attend(to due: TeamDue) throws {
    switch due.what {
    case .resume(let id):
      guard let member = try registry.members.load(id, in: tx), member.state == .suspended,
        let until = member.suspendedUntil, until.instant() <= due.time
      else { return }
      _ = try carryOut(.resume, on: id, expected: UInt64(member.version))
    case .overdue(let vacancy):
      guard let known = try registry.vacancies.load(vacancy.id, in: tx), known.state == .open, known.overdueTime == nil
      else { return }
      try reportOverdue(known)
    case .expiring(let certificate):
      let known = try registry.training.certificates(of: certificate.personID, in: tx).first { $0.id == certificate.id }
      guard let known, known.reminderTime == nil else { return }
      try remind(known)
    }
  }
}
