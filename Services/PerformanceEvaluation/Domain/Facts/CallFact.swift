package import Kernel

/// One thing that happened to a call, with what the indicators need of the call as it stood afterwards.
package struct CallFact: Hashable, Sendable {
  /// What happened.
  package enum Change: Hashable, Sendable {
    case submitted
    /// Not admitted, by these rules (Y1, N1, N2).
    case refused(rules: [String])
    /// Admitted, dispatched or signed: with the response clock that starts with it, if one does (an emergency's runs from its
    /// admission).
    case advanced(ResponseClock?)
    case responded(Response)
    /// `next`: the response clock of the next round, after anything but SOLVED.
    case verified(solved: Bool, workRound: Int, next: ResponseClock?)
    case closed
    case cancelled
  }

  /// A response clock that starts to run.
  package struct ResponseClock: Hashable, Sendable {
    package let round: Int
    package let dueTime: Timestamp

    package init(round: Int, dueTime: Timestamp) {
      self.round = round
      self.dueTime = dueTime
    }
  }

  /// The answer that stopped one.
  package struct Response: Hashable, Sendable {
    package let round: Int
    package let onTime: Bool
    package let workingTime: Interval
    /// `false`: an imported step without a time of its own; it counts in no time indicator.
    package let isRated: Bool

    package init(round: Int, onTime: Bool, workingTime: Interval, isRated: Bool) {
      self.round = round
      self.onTime = onTime
      self.workingTime = workingTime
      self.isRated = isRated
    }
  }

  package let origin: FactOrigin
  package let change: Change
  package let callID: String
  package let number: String
  package let townshipCode: String
  /// The main department; empty before dispatch.
  package let mainOrgID: String
  /// Empty: not imported.
  package let importSource: String

  package init(
    origin: FactOrigin, change: Change, callID: String, number: String, townshipCode: String, mainOrgID: String = "",
    importSource: String = ""
  ) {
    self.origin = origin
    self.change = change
    self.callID = callID
    self.number = number
    self.townshipCode = townshipCode
    self.mainOrgID = mainOrgID
    self.importSource = importSource
  }
}
