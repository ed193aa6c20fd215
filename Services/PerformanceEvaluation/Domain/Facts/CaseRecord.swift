package import Kernel

/// A case as its facts tell it: what they fold to, and which of them said what. Throw it away, fold again, and it is the same.
package struct CaseRecord: Hashable, Sendable {
  /// How it stands. The raw value is the word in rows.
  package enum Standing: String, Hashable, Sendable, CaseIterable {
    case open = "OPEN"
    case closed = "CLOSED"
    case terminated = "TERMINATED"
    case withdrawn = "WITHDRAWN"
    case merged = "MERGED"
    case rejected = "REJECTED"
  }

  package let caseID: String
  package var number = ""
  package var townshipCode = ""
  /// Where it lies; it stays where it was reported when grids are divided anew.
  package var gridID = ""
  package var discovery: CaseFact.Discovery?
  package var importSource = ""
  package var verdict = Verdict.undetermined
  package var reportTime: Timestamp
  package var standing = Standing.open
  /// The last due time that was told.
  package var dueTime: Timestamp?
  /// Since when the whole case's clock stands still.
  package var suspendTime: Timestamp?
  package var closeTime: Timestamp?
  package var closedOnTime = false
  /// Who first had it in hand; `nil`: nobody yet, or nobody has told.
  package var acceptLevel: CaseFact.Level?
  /// Who solved it; `nil` unless closed.
  package var closeLevel: CaseFact.Level?
  /// The events that reported it, that last changed its due time or stopped its clock, and that ended it.
  package var reportEventID = ""
  package var clockEventID = ""
  package var endEventID = ""
  /// The first event by which somebody had it in hand, and the first reopening within `reopeningDays` of its closing.
  package var acceptEventID = ""
  package var earlyReopenEventID = ""
  /// The place and the time of the last fact folded in.
  package var lastSeq: Int64 = 0
  package var lastTime = Timestamp(microseconds: 0)

  /// A case before its first fact.
  package init(caseID: String, reportTime: Timestamp) {
    self.caseID = caseID
    self.reportTime = reportTime
  }

  /// The case that `facts` tell, in their order; `nil` without facts.
  package init?(folding facts: some Sequence<CaseFact>) {
    var record: CaseRecord?
    for fact in facts {
      var next = record ?? CaseRecord(caseID: fact.caseID, reportTime: fact.reportTime)
      next.apply(fact)
      record = next
    }
    guard let record else { return nil }
    self = record
  }

  /// Folds one fact in. Never refuses: history has already happened.
  package mutating func apply(_ fact: CaseFact) {
    number = fact.number
    townshipCode = fact.townshipCode
    gridID = fact.gridID
    discovery = fact.discovery ?? discovery
    importSource = fact.importSource
    reportTime = fact.reportTime
    if fact.verdict != .undetermined { verdict = fact.verdict }
    (lastSeq, lastTime) = (fact.origin.seq, fact.origin.occurTime)
    if reportEventID.isEmpty { reportEventID = fact.origin.eventID }
    apply(fact.change, fact.origin)
    if standing == .open { followClock(fact) }
  }

  private mutating func apply(_ change: CaseFact.Change, _ origin: FactOrigin) {
    switch change {
    case .moved: break
    case .taken(let level):
      guard acceptEventID.isEmpty else { return }
      (acceptLevel, acceptEventID) = (level, origin.eventID)
    case .reported, .reopened:
      if earlyReopenEventID.isEmpty, wasClosedRecently(at: origin.occurTime) { earlyReopenEventID = origin.eventID }
      standing = .open
      (closeTime, closedOnTime, closeLevel, endEventID, suspendTime) = (nil, false, nil, "", nil)
    case .closed(let time, let onTime, let level):
      standing = .closed
      (closeTime, closedOnTime, closeLevel, endEventID) = (time, onTime, level, origin.eventID)
    case .terminated: end(.terminated, origin)
    case .withdrawn: end(.withdrawn, origin)
    case .merged: end(.merged, origin)
    case .rejected: end(.rejected, origin)
    }
  }

  /// On the last day it is, as a party may have it reopened on that day.
  private func wasClosedRecently(at now: Timestamp) -> Bool {
    guard standing == .closed, let closeTime else { return false }
    return CivilDate(now) - CivilDate(closeTime) <= Self.reopeningDays
  }

  private mutating func end(_ standing: Standing, _ origin: FactOrigin) {
    self.standing = standing
    endEventID = origin.eventID
  }

  private mutating func followClock(_ fact: CaseFact) {
    let suspendedNow = fact.dueTime == nil ? suspendTime ?? fact.origin.occurTime : nil
    let dueNow = fact.dueTime ?? dueTime
    if suspendedNow != suspendTime || dueNow != dueTime { clockEventID = fact.origin.eventID }
    (suspendTime, dueTime) = (suspendedNow, dueNow)
  }

  // MARK: - What the indicators ask

  /// A case that is opened again within so many days was not solved (K04).
  package static let reopeningDays = 90

  /// Solved by those who first had it in hand, and never opened again early; `nil`: not closed, or nobody has told who had it.
  package var isSolvedAtFirstLevel: Bool? {
    guard standing == .closed, let acceptLevel, let closeLevel else { return nil }
    return acceptLevel == closeLevel && earlyReopenEventID.isEmpty
  }

  /// Whether it belongs to V: neither merged nor withdrawn nor rejected.
  package var isInScope: Bool {
    switch standing {
    case .open, .closed, .terminated: true
    case .withdrawn, .merged, .rejected: false
    }
  }

  /// Open, and its due time has passed; while its clock stands still only if it had passed before.
  package func isOverdue(at now: Timestamp) -> Bool {
    guard standing == .open, let dueTime else { return false }
    return min(now, suspendTime ?? now) > dueTime
  }

  /// From the report to the closing, in calendar time; `nil` unless closed.
  package var handlingTime: Interval? {
    guard standing == .closed, let closeTime else { return nil }
    return closeTime - reportTime
  }
}
