package import Kernel

/// A call as its facts tell it: what they fold to, and which of them said what.
package struct CallRecord: Hashable, Sendable {
  /// One round of the response clock: the department that was asked, and what became of it.
  package struct Round: Hashable, Sendable {
    /// How it ended. The raw value is the word in rows.
    package enum Answer: String, Hashable, Sendable, CaseIterable {
      case none = ""
      case onTime = "ON_TIME"
      case late = "LATE"
      /// Answered at a time that nobody knows.
      case unrated = "UNRATED"
    }

    package let round: Int
    package var orgID: String
    package var dueTime: Timestamp?
    package var answer = Answer.none
    package var workingTime = Interval(microseconds: 0)
    package var startEventID = ""
    package var answerEventID = ""

    package init(round: Int, orgID: String) {
      self.round = round
      self.orgID = orgID
    }
  }

  /// What the township found when it first looked.
  package struct Verification: Hashable, Sendable {
    package var workRound: Int
    package var isSolved: Bool
    package var orgID: String
    package var eventID: String

    package init(workRound: Int, isSolved: Bool, orgID: String, eventID: String) {
      self.workRound = workRound
      self.isSolved = isSolved
      self.orgID = orgID
      self.eventID = eventID
    }
  }

  package let callID: String
  package var number = ""
  package var townshipCode = ""
  package var mainOrgID = ""
  package var importSource = ""
  /// Of the first submission; `nil`: never submitted.
  package var submitTime: Timestamp?
  package var submitEventID = ""
  /// The first refusal by N1 or N2: an over-call. Empty: none.
  package var overCallEventID = ""
  package var verification: Verification?
  /// When it was closed or cancelled: an unanswered response clock stops there.
  package var endTime: Timestamp?
  /// By round, ascending.
  package var rounds: [Round] = []
  /// The place and the time of the last fact folded in.
  package var lastSeq: Int64 = 0
  package var lastTime = Timestamp(microseconds: 0)

  /// A call before its first fact.
  package init(callID: String) { self.callID = callID }

  /// The call that `facts` tell, in their order; `nil` without facts.
  package init?(folding facts: some Sequence<CallFact>) {
    var record: CallRecord?
    for fact in facts {
      var next = record ?? CallRecord(callID: fact.callID)
      next.apply(fact)
      record = next
    }
    guard let record else { return nil }
    self = record
  }

  /// Folds one fact in. Never refuses: history has already happened.
  package mutating func apply(_ fact: CallFact) {
    number = fact.number
    townshipCode = fact.townshipCode
    importSource = fact.importSource
    if !fact.mainOrgID.isEmpty { assign(fact.mainOrgID) }
    (lastSeq, lastTime) = (fact.origin.seq, fact.origin.occurTime)
    let eventID = fact.origin.eventID
    switch fact.change {
    case .submitted:
      guard submitTime == nil else { return }
      (submitTime, submitEventID) = (fact.origin.occurTime, eventID)
    case .refused(let rules):
      if overCallEventID.isEmpty, rules.contains("N1") || rules.contains("N2") { overCallEventID = eventID }
    case .advanced(let clock): if let clock { start(clock, eventID) }
    case .responded(let response): answer(response, eventID)
    case .verified(let isSolved, let workRound, let next):
      if verification == nil {
        verification = Verification(workRound: workRound, isSolved: isSolved, orgID: mainOrgID, eventID: eventID)
      }
      if let next { start(next, eventID) }
    case .closed, .cancelled: endTime = fact.origin.occurTime
    }
  }

  /// A response clock that ran before the department was known is that department's.
  private mutating func assign(_ orgID: String) {
    mainOrgID = orgID
    for index in rounds.indices where rounds[index].orgID.isEmpty { rounds[index].orgID = orgID }
  }

  private mutating func start(_ clock: CallFact.ResponseClock, _ eventID: String) {
    change(clock.round) { round in (round.dueTime, round.startEventID) = (clock.dueTime, eventID) }
  }

  private mutating func answer(_ response: CallFact.Response, _ eventID: String) {
    change(response.round) { round in
      round.answer = response.isRated ? (response.onTime ? .onTime : .late) : .unrated
      (round.workingTime, round.answerEventID) = (response.workingTime, eventID)
    }
  }

  private mutating func change(_ number: Int, _ body: (inout Round) -> Void) {
    let index = rounds.firstIndex { $0.round >= number } ?? rounds.endIndex
    if index == rounds.endIndex || rounds[index].round != number {
      rounds.insert(Round(round: number, orgID: mainOrgID), at: index)
    }
    body(&rounds[index])
  }

  /// Whether it came in through an import: in no over-call indicator.
  package var isImported: Bool { !importSource.isEmpty }
}
