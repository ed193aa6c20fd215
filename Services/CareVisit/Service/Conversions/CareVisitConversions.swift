import Access
import CareVisitContract
import CareVisitDomain
import CommonContract
import Kernel
import Wire
import WireTypes

extension CareVisitV1.Programme {
  init(_ programme: Programme) {
    let facts = programme.facts
    self.init(
      programmeID: programme.id.text, name: facts.name, controllerOrgID: facts.controllerID,
      ground: .init(facts.ground, prefix: "GROUND_"), legalBasisRef: facts.legalBasis, purpose: facts.purpose,
      allowedFields: facts.allowedFields.map { .init($0, prefix: "FIELD_") },
      visitIntervalDays: Int32(clamping: facts.intervalDays), retentionMonths: Int32(clamping: facts.retentionMonths),
      impactAssessmentRef: facts.impactAssessment,
      needCodes: facts.needCodes.map { .init(code: $0.code, name: $0.name) },
      state: .init(programme.state, prefix: "STATE_"), proposerPersonID: programme.proposerID,
      deciderPersonID: programme.deciderID, decideTime: programme.decideTime.map { .init($0) },
      version: UInt64(programme.version))
  }
}

extension Programme.Facts {
  /// What somebody entered, for the own department.
  init(_ message: CareVisitV1.Programme, controllerID: String) {
    self.init(
      name: message.name, controllerID: controllerID, ground: message.ground.word(prefix: "GROUND_"),
      legalBasis: message.legalBasisRef, purpose: message.purpose,
      allowedFields: message.allowedFields.map { $0.word(prefix: "FIELD_") },
      intervalDays: Int(message.visitIntervalDays), retentionMonths: Int(message.retentionMonths),
      impactAssessment: message.impactAssessmentRef,
      needCodes: message.needCodes.map { .init(code: $0.code, name: $0.name) })
  }
}

extension CareVisitV1.Enrolment {
  init(_ enrolment: Enrolment) {
    self.init(
      enrolmentID: enrolment.id.text, programmeID: enrolment.programmeID.text, orgID: enrolment.organisationID,
      leadPersonID: enrolment.leadID, visitorPersonID: enrolment.visitorID,
      beginDate: enrolment.beginDate?.description ?? "", nextVisitDate: enrolment.nextVisit?.description ?? "",
      state: .init(enrolment.state, prefix: "STATE_"), endCause: .init(enrolment.endCause, prefix: "END_CAUSE_"),
      endTime: enrolment.endTime.map { .init($0) }, eraseDueTime: enrolment.eraseDueTime.map { .init($0) },
      eraseTime: enrolment.eraseTime.map { .init($0) }, version: UInt64(enrolment.version))
  }
}

extension CareVisitV1.Visit {
  init(_ visit: Visit) {
    self.init(
      visitID: visit.id.text, enrolmentID: visit.enrolmentID.text, visitDate: visit.date.description,
      outcome: .init(visit.outcome, prefix: "OUTCOME_"), needCodes: visit.needCodes, referralOrgID: visit.referralID,
      visitorPersonID: visit.visitorID)
  }
}

extension CareVisitV1.Identity {
  /// By the programme's fields.
  var texts: [Programme.Field: String] {
    [.name: name, .phone: phone, .address: address, .guardianName: guardianName, .guardianPhone: guardianPhone]
  }

  /// Without what a newer contract may have said: nothing is kept that no programme can allow.
  var known: Self {
    .init(name: name, phone: phone, address: address, guardianName: guardianName, guardianPhone: guardianPhone)
  }

  /// As the request log may remember it.
  func hidden(by register: CareRegister) -> Self {
    .init(
      name: register.hidden(name), phone: register.hidden(phone), address: register.hidden(address),
      guardianName: register.hidden(guardianName), guardianPhone: register.hidden(guardianPhone))
  }
}

extension CareVisitV1.RightRequest {
  /// Without texts, as the journal has it and as a write answers; with them for the data protection officer's list.
  init(_ right: RightRequest, document: String = "", decision: String = "", at moment: Moment? = nil) {
    self.init(
      rightRequestID: right.id.text, enrolmentID: right.enrolmentID.text, kind: .init(right.kind, prefix: "KIND_"),
      state: .init(right.state, prefix: "STATE_"), documentRef: document, filerPersonID: right.filerID,
      clock: .init(right.clock, at: moment), deciderPersonID: right.deciderID, decisionReason: decision,
      overdueTime: right.overdueTime.map { .init($0) }, version: UInt64(right.version))
  }
}

extension CareVisitV1.Reveal {
  /// Without the purpose, as the journal has it.
  init(_ reveal: Reveal, purpose: String = "") {
    self.init(
      revealID: reveal.id.text, enrolmentID: reveal.enrolmentID.text, personID: reveal.personID,
      role: reveal.role.rawValue, revealTime: .init(reveal.time), purpose: purpose)
  }
}

extension CareVisitV1.RevealAlert {
  init(_ alert: RevealAlert) {
    self.init(
      alertID: alert.id.text, personID: alert.personID, revealDate: alert.date.description,
      raiseTime: .init(alert.raiseTime), acknowledgeTime: alert.acknowledgeTime.map { .init($0) },
      acknowledgerPersonID: alert.acknowledgerID, version: UInt64(alert.version))
  }
}
