package import Access
package import Kernel

/// One look at who somebody is. Why it was needed lies sealed under the enrolment's own key.
package struct Reveal: Hashable, Sendable {
  package typealias ID = Kernel.ID<Reveal>

  package let id: ID
  package let enrolmentID: Enrolment.ID
  package let personID: String
  package let role: Role
  package let time: Timestamp

  package init(id: ID, enrolmentID: Enrolment.ID, personID: String, role: Role, time: Timestamp) {
    self.id = id
    self.enrolmentID = enrolmentID
    self.personID = personID
    self.role = role
    self.time = time
  }
}

/// Somebody looked more often in one day than the work explains.
package struct RevealAlert: Hashable, Sendable {
  package typealias ID = Kernel.ID<RevealAlert>

  package let id: ID
  package let personID: String
  package let date: CivilDate
  package let raiseTime: Timestamp
  package var acknowledgeTime: Timestamp?
  package var acknowledgerID: String
  package var version: Int

  package init(
    id: ID, personID: String, date: CivilDate, raiseTime: Timestamp, acknowledgeTime: Timestamp? = nil,
    acknowledgerID: String = "", version: Int = 1
  ) {
    self.id = id
    self.personID = personID
    self.date = date
    self.raiseTime = raiseTime
    self.acknowledgeTime = acknowledgeTime
    self.acknowledgerID = acknowledgerID
    self.version = version
  }

  /// Seen by a data protection officer; never by whom it is about.
  package func acknowledged(by actor: Actor, at now: Timestamp) throws(Refused) -> RevealAlert {
    var reasons: [Reason] = []
    if acknowledgeTime != nil { reasons.append(.alertAcknowledged) }
    if actor.personID == personID { reasons.append(.lookerAcknowledges) }
    guard reasons.isEmpty else { throw Refused(.failedPrecondition, reasons) }
    var after = self
    after.acknowledgeTime = now
    after.acknowledgerID = actor.personID
    after.version += 1
    return after
  }
}

extension Reason {
  /// There is no such alert.
  package static let revealAlertNotFound = Reason(
    "REVEAL_ALERT_NOT_FOUND", zh: "没有这条提醒。", en: "There is no such alert.", field: "alert_id")
  static let alertAcknowledged = Reason(
    "ALERT_ACKNOWLEDGED", zh: "该提醒已处理。", en: "The alert was acknowledged already.")
  static let lookerAcknowledges = Reason(
    "SAME_PERSON", zh: "涉及本人的提醒须由他人处理。", en: "Somebody else acknowledges an alert about oneself.")
}
