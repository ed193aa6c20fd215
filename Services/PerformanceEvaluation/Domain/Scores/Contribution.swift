package import Kernel

/// What one case or call adds to one indicator, and the events that say so. A value is nothing but its contributions counted,
/// so every number drills down.
package struct Contribution: Hashable, Sendable {
  /// Above the line as well; a measured duration is.
  package let isInNumerator: Bool
  /// Of a duration indicator.
  package let duration: Interval?
  /// Work round of a response; 0 elsewhere.
  package let round: Int
  package let eventIDs: [String]

  init(_ isInNumerator: Bool, duration: Interval? = nil, round: Int = 0, events: [String]) {
    self.isInNumerator = isInNumerator
    self.duration = duration
    self.round = round
    eventIDs = events.reduce(into: []) { ids, id in if !id.isEmpty, id != ids.last { ids.append(id) } }
  }
}

extension CaseRecord {
  /// What this case adds to `indicator` of `subject` at `now`.
  package func contribution(to indicator: Indicator, of subject: Subject, at now: Timestamp) -> Contribution? {
    guard isInScope, subject.concerns(self) else { return nil }
    switch indicator {
    case .closingRate: return Contribution(standing == .closed, events: [reportEventID, endEventID])
    case .onTimeClosingRate:
      if standing == .closed { return Contribution(closedOnTime, events: [reportEventID, endEventID]) }
      return isOverdue(at: now) ? Contribution(false, events: [reportEventID, clockEventID]) : nil
    case .firstLevelRate:
      return isSolvedAtFirstLevel.map { Contribution($0, events: [acceptEventID, endEventID, earlyReopenEventID]) }
    case .proactiveRate: return Contribution(discovery?.isProactive ?? false, events: [reportEventID])
    case .handlingTime:
      return handlingTime.map { Contribution(true, duration: $0, events: [reportEventID, endEventID]) }
    case .responseRate, .solutionRate, .responseTime, .overCallRate: return nil
    }
  }
}

extension CallRecord {
  /// What this call adds to `indicator` of `subject` at `now`, by round.
  package func contributions(to indicator: Indicator, of subject: Subject, at now: Timestamp) -> [Contribution] {
    switch indicator {
    case .closingRate, .onTimeClosingRate, .firstLevelRate, .proactiveRate, .handlingTime: return []
    case .responseRate:
      return rounds.filter { subject.isDepartment($0.orgID) && counts($0, at: now) }.map { round in
        Contribution(
          round.answer == .onTime, round: round.round, events: [round.startEventID, round.answerEventID])
      }
    case .responseTime:
      return rounds.filter { subject.isDepartment($0.orgID) && $0.round == 1 && $0.isTimed }.map { round in
        Contribution(
          true, duration: round.workingTime, round: round.round, events: [round.startEventID, round.answerEventID])
      }
    case .solutionRate:
      guard let verification, subject.isDepartment(verification.orgID) else { return [] }
      return [Contribution(verification.isSolved && verification.workRound == 1, events: [verification.eventID])]
    case .overCallRate:
      guard submitTime != nil, !isImported, subject.isTownship(townshipCode) else { return [] }
      return [Contribution(!overCallEventID.isEmpty, events: [submitEventID, overCallEventID])]
    }
  }

  /// A response clock counts once it is answered (at a known time) or its due time has passed before the call ended.
  private func counts(_ round: Round, at now: Timestamp) -> Bool {
    switch round.answer {
    case .onTime, .late: true
    case .unrated: false
    case .none: round.dueTime.map { min(now, endTime ?? now) > $0 } ?? false
    }
  }
}

extension CallRecord.Round {
  fileprivate var isTimed: Bool { answer == .onTime || answer == .late }
}
