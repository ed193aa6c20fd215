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

  /// What one look takes on; the rest follows at the next.
  private static let most = 100

  func fire(at now: Timestamp) async throws -> Int {
    var count = 0
    for county in try await counties() {
      while true {
        let due = try await commands.read { try pending(in: county, $0).filter { $0.time < now } }
        for (time, what) in due.sorted(by: { $0.time < $1.time }) {
          try await commands.apply(as: .system(county: county.text), at: now) { command in
            try Registrar(command).attend(to: what, since: time)
          }
        }
        count += due.count
        if due.count < Self.most { break }
      }
    }
    return count
  }

  func next() async throws -> Timestamp? {
    var next: Timestamp?
    for county in try await counties() {
      let first = try await commands.read { try pending(in: county, $0).map(\.time).min() }
      if let first { next = min(next ?? first, first) }
    }
    return next
  }

  private func counties() async throws -> [AreaCode] {
    try await commands.read { try TeamCounties.list(in: $0) }
  }

  private func pending(in county: AreaCode, _ reading: ReadTransaction) throws -> [(time: Timestamp, what: TeamDue)] {
    let registry = Registry(county: county)
    let calendar = try registry.calendar(in: reading)
    let days = TeamPolicy.first.reminderDays
    let resumed = try registry.members.suspended(limit: Self.most, in: reading).map {
      (time: $0.until.instant(), what: TeamDue.resume($0.member))
    }
    let overdue = try registry.vacancies.running(limit: Self.most, in: reading).compactMap { vacancy in
      vacancy.clock.dueTime(in: calendar).map { (time: $0, what: TeamDue.overdue(vacancy)) }
    }
    let expiring = try registry.training.toRemind(limit: Self.most, in: reading).map {
      (time: ($0.expires + (-days)).instant(), what: TeamDue.expiring($0))
    }
    return resumed + overdue + expiring
  }
}

/// Something that has become due in the team.
enum TeamDue: Sendable {
  case resume(GridMember.ID)
  case overdue(Vacancy)
  case expiring(Certificate)
}

extension Registrar {
  /// Does what has become due, unless somebody was faster.
  func attend(to due: TeamDue, since time: Timestamp) throws {
    switch due {
    case .resume(let id):
      guard let member = try registry.members.load(id, in: tx), member.state == .suspended,
        let until = member.suspendedUntil, until.instant() <= time
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
