package import Kernel

/// A department's part in a call.
package struct Assignment: Hashable, Sendable {
  /// Which part.
  package enum Part: String, Hashable, Sendable, CaseIterable {
    case main = "MAIN"
    case assist = "ASSIST"
  }

  /// How far it is.
  package enum Progress: String, Hashable, Sendable, CaseIterable {
    case open = "OPEN"
    case done = "DONE"
    case released = "RELEASED"
  }

  package let orgID: String
  package let part: Part
  package let office: String
  package let phone: String
  package var progress: Progress
  package var signTime: Timestamp?
  package var respondTime: Timestamp?
  package var doneTime: Timestamp?
  package var planDate: CivilDate?
  package var contactRecord: SealedText?
  package var plan: SealedText?
  package var result: SealedText?

  package init(
    orgID: String, part: Part, office: String = "", phone: String = "", progress: Progress = .open,
    signTime: Timestamp? = nil, respondTime: Timestamp? = nil, doneTime: Timestamp? = nil, planDate: CivilDate? = nil,
    contactRecord: SealedText? = nil, plan: SealedText? = nil, result: SealedText? = nil
  ) {
    self.orgID = orgID
    self.part = part
    self.office = office
    self.phone = phone
    self.progress = progress
    self.signTime = signTime
    self.respondTime = respondTime
    self.doneTime = doneTime
    self.planDate = planDate
    self.contactRecord = contactRecord
    self.plan = plan
    self.result = result
  }
}

/// What the township found when it looked.
package struct Verification: Hashable, Sendable {
  /// Whether it is solved.
  package enum Verdict: String, Hashable, Sendable, CaseIterable {
    case solved = "SOLVED"
    case partly = "PARTLY"
    case unsolved = "UNSOLVED"
  }

  package let workRound: Int
  package let verdict: Verdict
  package let points: [SealedText]
  package let rating: Rating?
  package let verifyTime: Timestamp
  package let verifierID: String

  package init(
    workRound: Int, verdict: Verdict, points: [SealedText], rating: Rating?, verifyTime: Timestamp, verifierID: String
  ) {
    self.workRound = workRound
    self.verdict = verdict
    self.points = points
    self.rating = rating
    self.verifyTime = verifyTime
    self.verifierID = verifierID
  }
}

/// What the township thinks of the department's work, 1 to 5 each.
package struct Rating: Hashable, Sendable {
  package let speed: Int
  package let attitude: Int
  package let result: Int

  package init(speed: Int, attitude: Int, result: Int) {
    self.speed = speed
    self.attitude = attitude
    self.result = result
  }

  /// Whether each mark lies between 1 and 5.
  package var isInRange: Bool { [speed, attitude, result].allSatisfy((1...5).contains) }
}

/// The first of two consents to cancel a call that a department already holds.
package struct CancelRequest: Hashable, Sendable {
  /// Whose consent.
  package enum Side: String, Hashable, Sendable, CaseIterable {
    case township = "TOWNSHIP"
    case callOffice = "CALL_OFFICE"
  }

  package let side: Side
  package let personID: String
  package let reason: String
  package let requestTime: Timestamp

  package init(side: Side, personID: String, reason: String, requestTime: Timestamp) {
    self.side = side
    self.personID = personID
    self.reason = reason
    self.requestTime = requestTime
  }
}
