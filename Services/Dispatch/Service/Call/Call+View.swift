import CommonContract
import DispatchContract
import DispatchDomain
import Kernel
import WireTypes
import WorkClock

extension DispatchV1.Call {
  /// The call as it stands at `now`. `open` gives a sealed text, or nothing to those who take no part.
  init(
    _ call: Call, at now: Timestamp, in calendar: WorkCalendar, masked: Bool, open: (SealedText) throws -> String
  ) throws {
    let content = call.content
    let identity = call.identity
    self.init(
      callID: identity.id.text, number: identity.number, version: UInt64(call.version), state: .init(call.state),
      kind: .init(content.kind), channel: .init(content.channel), ground: .init(content.ground),
      townshipOrgID: identity.townshipOrgID, townshipCode: identity.townshipCode, caseIDs: content.caseIDs,
      narrative: try content.narrative.map(open) ?? "", place: try content.place.map(open) ?? "",
      study: try DispatchV1.Study(content.study, open: open),
      caller: try content.caller.map { try DispatchV1.CallerRecord($0, open: open) })
    determination = call.finding.map(DispatchV1.DeterminationFinding.init)
    determinationID = content.determinationID
    submissionRound = Int32(call.submissionRound)
    admission = call.admission.map(DispatchV1.Admission.init)
    assignments = try call.assignments.map { try DispatchV1.Assignment($0, open: open) }
    clocks = call.clocks.map { CommonV1.Clock($0, at: now, in: calendar) }
    workRound = Int32(call.workRound)
    verifications = try call.verifications.map { try DispatchV1.Verification($0, open: open) }
    outcome = .init(call.outcome)
    draftTime = .init(call.draftTime)
    submitTime = .init(call.submitTime)
    dispatchTime = .init(call.dispatchTime)
    closeTime = .init(call.closeTime)
    cancelRequest = call.cancelRequest.map(DispatchV1.CancelRequest.init)
    importSource = identity.importSource
    externalRef = identity.externalRef
    closingReason = call.closingReason
    self.masked = masked
  }
}

extension DispatchV1.Study {
  fileprivate init(_ study: Study, open: (SealedText) throws -> String) throws {
    self.init(
      studyDate: study.date?.description ?? "", participants: try study.participants.map(open) ?? "",
      tried: try study.tried.map(open) ?? "", conclusion: .init(study.conclusion), signedBy: study.signedBy)
  }
}

extension DispatchV1.CallerRecord {
  fileprivate init(_ caller: CallerRecord, open: (SealedText) throws -> String) throws {
    let text = CallerText(try open(caller.record)).masked
    self.init(
      callerName: text.name, phone: text.phone, paperNumber: text.paperNumber, callTime: .init(caller.callTime))
  }
}

extension DispatchV1.Assignment {
  fileprivate init(_ assignment: Assignment, open: (SealedText) throws -> String) throws {
    self.init(assignment)
    contactRecord = try assignment.contactRecord.map(open) ?? ""
    plan = try assignment.plan.map(open) ?? ""
    result = try assignment.result.map(open) ?? ""
  }
}

extension DispatchV1.Verification {
  fileprivate init(_ verification: Verification, open: (SealedText) throws -> String) throws {
    self.init(
      workRound: Int32(verification.workRound), verdict: .init(verification.verdict),
      points: try verification.points.map(open), rating: verification.rating.map(DispatchV1.Rating.init),
      verifyTime: .init(verification.verifyTime), verifierID: verification.verifierID)
  }
}

extension DispatchV1.CoordinationTask {
  /// The task as it stands at `now`. `open` gives a sealed text, or nothing to those who take no part.
  init(
    _ task: CoordinationTask, at now: Timestamp, in calendar: WorkCalendar, masked: Bool,
    open: (SealedText) throws -> String
  ) throws {
    self.init(
      taskID: task.id.text, version: UInt64(task.version), state: .init(task.state),
      townshipOrgID: task.townshipOrgID, townshipCode: task.townshipCode, agencyOrgID: task.agencyOrgID,
      agencyType: task.agencyType, itemCode: task.itemCode, determinationID: task.determinationID,
      caseID: task.caseID, ask: try open(task.ask), result: try task.result.map(open) ?? "",
      unableReason: .init(task.unableReason), unableBasis: try task.unableBasis.map(open) ?? "")
    requestTime = .init(task.requestTime)
    acceptTime = .init(task.acceptTime)
    finishTime = .init(task.finishTime)
    clock = CommonV1.Clock(task.clock, at: now, in: calendar)
    graceDueTime = .init(task.graceDueTime)
    overdueTime = .init(task.overdueTime)
    importSource = task.importSource
    externalRef = task.externalRef
    self.masked = masked
  }
}
