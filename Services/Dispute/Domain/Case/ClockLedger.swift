import Kernel
import WorkClock

/// What one decision does to the clocks of a case: starts, stops, suspends, resumes, each written down as a change.
struct ClockLedger {
  let origin: Case.Origin
  let level: Case.Level
  private(set) var clocks: [Clock]
  let calendar: WorkCalendar
  let policy: ClockPolicy
  let now: Timestamp
  private(set) var changes: [Case.ClockChange] = []

  init(
    origin: Case.Origin, level: Case.Level, clocks: [Clock], calendar: WorkCalendar, policy: ClockPolicy, now: Timestamp
  ) {
    self.origin = origin
    self.level = level
    self.clocks = clocks
    self.calendar = calendar
    self.policy = policy
    self.now = now
  }

  /// Starts a new round; does nothing while one of this kind runs, or where the policy does not time it.
  mutating func start(_ kind: CaseClock, at other: Case.Level? = nil) {
    let budget = policy.budget(kind, at: other ?? level, isEmergency: origin.flags.contains(.emergency))
    guard let budget, running(kind) == nil else { return }
    let round = clocks.count { $0.kind == kind.rawValue } + 1
    let clock = Clock(
      kind: kind.rawValue, round: round, policyCode: policy.code, policyVersion: policy.version, budget: budget,
      startTime: now)
    clocks.append(clock)
    changes.append(.started(clock, due: clock.dueTime(in: calendar)))
  }

  /// An emergency below the township has to be told there; whatever is none any more, or is there, has not.
  mutating func informTownship(flags: Set<Case.Flag>, standingAt level: Case.Level) {
    if flags.contains(.emergency), level != .township { start(.informTownship) } else { stop(.informTownship) }
  }

  /// Stops what runs of these kinds.
  mutating func stop(_ kinds: CaseClock...) { kinds.forEach { stop($0) } }

  /// Stops everything that runs: the case has ended.
  mutating func stopAll() { CaseClock.allCases.forEach { stop($0) } }

  mutating func suspend(_ kind: CaseClock) {
    guard let index = running(kind), !clocks[index].isSuspended, (try? clocks[index].suspend(at: now)) != nil else {
      return
    }
    changes.append(.suspended(kind: kind.rawValue, round: clocks[index].round, at: now))
  }

  mutating func resume(_ kind: CaseClock) {
    guard let index = running(kind), clocks[index].isSuspended else { return }
    let promise = clocks[index].floorDue
    guard (try? clocks[index].resume(at: now, in: calendar)) != nil else { return }
    changes.append(.resumed(kind: kind.rawValue, round: clocks[index].round, at: now))
    notePromise(of: clocks[index], unless: promise)
  }

  /// A promise that moved on with a suspension is a change of its own, so that a replay needs no calendar.
  private mutating func notePromise(of clock: Clock, unless before: Timestamp?) {
    guard let promise = clock.floorDue, promise != before else { return }
    changes.append(.promised(kind: clock.kind, round: clock.round, due: promise, at: now))
  }

  /// The running clock counts from `start` (merging: the earliest due time wins).
  mutating func adopt(_ start: Timestamp, for kind: CaseClock) {
    guard let index = running(kind), clocks[index].startTime != start else { return }
    clocks[index] = clocks[index].counting(from: start)
    changes.append(.adopted(kind: kind.rawValue, round: clocks[index].round, start: start, at: now))
  }

  private func running(_ kind: CaseClock) -> Int? {
    clocks.lastIndex { $0.kind == kind.rawValue && !$0.isStopped }
  }

  private mutating func stop(_ kind: CaseClock) {
    guard let index = running(kind) else { return }
    let promise = clocks[index].floorDue
    guard (try? clocks[index].stop(at: now, in: calendar)) != nil else { return }
    let clock = clocks[index]
    notePromise(of: clock, unless: promise)
    changes.append(
      .stopped(
        kind: kind.rawValue, round: clock.round, at: now, due: clock.dueTime(in: calendar),
        isOnTime: clock.isOnTime(in: calendar) ?? false))
  }
}
