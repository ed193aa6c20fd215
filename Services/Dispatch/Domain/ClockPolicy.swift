package import Kernel
package import WorkClock

/// DP-CLOCK-1 (D§2.4.4): how much time every duty in this service has. Versioned data; each clock stores code and version.
package struct ClockPolicy: Hashable, Sendable {
  /// The times of one kind of call.
  package struct Response: Hashable, Sendable {
    package let sign: Budget
    package let respond: Budget
    /// An emergency's response counts from the call itself, another's from the department's signature.
    package let respondsFromDispatch: Bool

    package init(sign: Budget, respond: Budget, respondsFromDispatch: Bool) {
      self.sign = sign
      self.respond = respond
      self.respondsFromDispatch = respondsFromDispatch
    }
  }

  package let code: String
  package let version: Int
  package let coordination: Budget
  /// How long after its due time a silent agency counts as unable.
  package let coordinationGrace: Budget
  package let review: Budget
  package let emergency: Response
  package let reasoned: Response

  package init(
    code: String, version: Int, coordination: Budget, coordinationGrace: Budget, review: Budget, emergency: Response,
    reasoned: Response
  ) {
    self.code = code
    self.version = version
    self.coordination = coordination
    self.coordinationGrace = coordinationGrace
    self.review = review
    self.emergency = emergency
    self.reasoned = reasoned
  }

  /// The version compiled in.
  package static let first = ClockPolicy(
    code: "DP-CLOCK-1", version: 1, coordination: .workingDays(3), coordinationGrace: .workingDays(1),
    review: .workingMinutes(240),
    emergency: Response(sign: .calendarMinutes(10), respond: .calendarMinutes(30), respondsFromDispatch: true),
    reasoned: Response(sign: .workingDays(1), respond: .workingDays(1), respondsFromDispatch: false))

  package func response(_ kind: Call.Kind) -> Response { kind == .emergency ? emergency : reasoned }

  /// A clock of this policy that starts now.
  package func start(_ kind: ClockKind, round: Int = 1, _ budget: Budget, at now: Timestamp) -> Clock {
    Clock(
      kind: kind.rawValue, round: round, policyCode: code, policyVersion: version, budget: budget, startTime: now)
  }
}

/// What a clock of this service measures.
package enum ClockKind: String, Hashable, Sendable, CaseIterable {
  case coordination = "COORDINATION"
  case review = "REVIEW"
  case sign = "SIGN"
  case respond = "RESPOND"
}

/// How a clock stood when it was stopped; what performance is judged by.
package struct ClockResult: Hashable, Sendable {
  package let kind: ClockKind
  package let round: Int
  package let startTime: Timestamp
  package let dueTime: Timestamp
  package let stopTime: Timestamp
  package let onTime: Bool
  package let workingMinutes: Int64
  /// An imported step without a time of its own is not rated.
  package let isRated: Bool

  package init(
    kind: ClockKind, round: Int, startTime: Timestamp, dueTime: Timestamp, stopTime: Timestamp, onTime: Bool,
    workingMinutes: Int64, isRated: Bool
  ) {
    self.kind = kind
    self.round = round
    self.startTime = startTime
    self.dueTime = dueTime
    self.stopTime = stopTime
    self.onTime = onTime
    self.workingMinutes = workingMinutes
    self.isRated = isRated
  }

  /// What stopping `clock` now gives. Refuses what `Clock.stop` refuses.
  package init(
    stopping clock: Clock, _ kind: ClockKind, at now: Timestamp, in calendar: WorkCalendar, rated: Bool
  ) throws(Refused) {
    var stopped = clock
    try stopped.stop(at: now)
    self.init(
      kind: kind, round: clock.round, startTime: clock.startTime, dueTime: stopped.dueTime(in: calendar) ?? now,
      stopTime: now, onTime: stopped.isOnTime(in: calendar) ?? false,
      workingMinutes: calendar.workingMinutes(from: clock.startTime, to: now), isRated: rated)
  }
}

extension WorkCalendar {
  /// Whole minutes of office time between two instants.
  package func workingMinutes(from start: Timestamp, to end: Timestamp) -> Int64 {
    workingTime(from: start, to: end).microseconds / 60_000_000
  }
}
