import CommonContract
import DisputeContract
import DisputeDomain
import Kernel
import WireTypes
import WorkClock

/// How a case is shown: with which texts, seen at what time.
struct CaseView {
  /// Which of the sealed texts appear, and how.
  enum Texts {
    /// The title alone, masked.
    case list
    /// All of them, masked.
    case masked
    /// All of them as they are; the reading has been journaled.
    case clear
  }

  let texts: Texts
  let calendar: WorkCalendar
  let now: Timestamp
  var policies = ClockPolicies()
  /// Opens a sealed text; `nil` where it was erased.
  let open: (Case.SealedText) throws -> String?

  func wire(_ record: Case) throws -> DisputeV1.Case {
    var view = DisputeV1.Case(origin: record.origin)
    view.version = UInt64(record.version)
    view.state = record.state.wire()
    view.stage = record.state.stage.wire()
    view.level = record.level.wire()
    view.handlingOrgID = record.handlingOrganisation.text
    view.responsiblePersonID = record.responsiblePerson.text
    view.mediatorPersonIDs = record.mediators.map(\.text)
    view.determination = record.determination.map { DisputeV1.DeterminationRef($0) }
    view.dueTime = record.dueTime(in: calendar).wire
    view.survivorCaseID = record.survivor?.caseID.text ?? ""
    view.reporterCount = Int32(clamping: record.reporterCount)
    view.proposedFlags = record.proposedFlags(groupFrom: policies.inForce(at: now).groupReporters).map { $0.wire() }
    view.industryRoomOrgID = record.industryRoom?.text ?? ""
    view.adjournment = record.adjournment.map { DisputeV1.Adjournment($0) }
    view.signature = record.signature.map { .init(personID: $0.person.text, signTime: .init($0.signTime)) }
    view.title = try free(record.origin.title)
    guard texts != .list else { return view }
    view.narrative = try free(record.origin.narrative)
    view.parties = try record.parties.map(party)
    view.attempts = try record.attempts.map(attempt)
    view.escalations = try record.escalations.map(escalation)
    view.clocks = record.clocks.map { clock(of: record, $0) }
    view.links = record.links.map { DisputeV1.Link($0) }
    view.settlement = try record.settlement.map(settlement)
    view.closure = record.closure.map { DisputeV1.Closure($0) }
    try showHandling(of: record, in: &view)
    return view
  }

  private func clock(of record: Case, _ clock: Clock) -> CommonV1.Clock {
    var shown = CommonV1.Clock(clock, in: calendar, at: now)
    let fired = record.firedRungs(of: clock)
    shown.firedRungs = Rung.allCases.filter(fired.contains).map(\.rawValue)
    guard !clock.isStopped, !clock.isSuspended else { return shown }
    let pending = clock.pendingRungs(without: fired, policies.policy(of: clock).rungs(of: clock), in: calendar)
    shown.nextRungTime = pending.map(\.time).min().wire
    return shown
  }

  private func party(_ party: Case.Party) throws -> DisputeV1.Party {
    DisputeV1.Party(
      partyID: party.partyID, role: party.role.wire(), name: try text(party.name, Masking.name),
      phone: try text(party.phone, Masking.phone), consented: party.hasConsented, organisation: party.isOrganisation)
  }

  private func attempt(_ attempt: Case.Attempt) throws -> DisputeV1.Attempt {
    DisputeV1.Attempt(
      number: Int32(clamping: attempt.number), level: attempt.level.wire(), orgID: attempt.organisation.text,
      mediatorPersonIDs: attempt.mediators.map(\.text), attemptTime: GoogleProtobuf.Timestamp(attempt.attemptTime),
      method: attempt.method, presentCount: Int32(clamping: attempt.presentCount), result: attempt.result.wire(),
      record: try free(attempt.record), failureReason: try free(attempt.failureReason))
  }

  private func escalation(_ escalation: Case.Escalation) throws -> DisputeV1.Escalation {
    DisputeV1.Escalation(
      number: Int32(clamping: escalation.number), fromLevel: escalation.fromLevel.wire(),
      fromOrgID: escalation.fromOrganisation.text, toLevel: escalation.toLevel.wire(),
      toOrgID: escalation.toOrganisation.text, state: escalation.state.wire(),
      submitTime: GoogleProtobuf.Timestamp(escalation.submitTime), answerTime: escalation.answerTime.wire,
      reason: try free(escalation.reason), returnReason: try free(escalation.returnReason),
      urgent: escalation.isUrgent, downTime: escalation.downTime.wire)
  }

  private func settlement(_ settlement: Case.Settlement) throws -> DisputeV1.Settlement {
    DisputeV1.Settlement(
      settledFrom: settlement.settledFrom.wire(), settleTime: GoogleProtobuf.Timestamp(settlement.settleTime),
      agreement: settlement.agreement?.wire() ?? .unspecified,
      performanceDueTime: settlement.performanceDueTime.wire, text: try free(settlement.text),
      content: try settlement.content.map(content), confirmation: settlement.confirmation.wire(),
      confirmTime: settlement.confirmTime.wire)
  }

  func free(_ sealed: Case.SealedText?) throws -> String { try text(sealed, Masking.freeText) }

  func text(_ sealed: Case.SealedText?, _ mask: (String) -> String) throws -> String {
    guard let sealed, let text = try open(sealed) else { return "" }
    return texts == .clear ? text : mask(text)
  }
}

/// What is left of a text for those who may not read it.
enum Masking {
  /// 张三丰 → 张＊＊
  static func name(_ name: String) -> String {
    guard let first = name.first else { return "" }
    return String(first) + String(repeating: "＊", count: max(1, name.count - 1))
  }

  /// 13812345678 → 138****5678; short ones entirely.
  static func phone(_ phone: String) -> String {
    guard phone.count >= 10 else { return String(repeating: "*", count: phone.count) }
    return phone.prefix(3) + String(repeating: "*", count: phone.count - 7) + phone.suffix(4)
  }

  /// How long it is, and nothing of it: free text names people anywhere.
  static func freeText(_ text: String) -> String { "＊＊＊（\(text.count)字）" }
}

extension DisputeV1.Case {
  init(origin: Case.Origin) {
    self.init(
      caseID: origin.caseID.text, number: origin.number, kind: origin.kind.wire(), category: origin.category,
      complexity: origin.complexity.wire(), flags: Case.Flag.allCases.filter(origin.flags.contains).map { $0.wire() },
      discovery: origin.discovery.wire(), importSource: origin.importSource, externalRef: origin.externalRef,
      occurTime: origin.occurTime.wire, reportTime: GoogleProtobuf.Timestamp(origin.reportTime),
      townshipCode: origin.township.text, townshipOrgID: origin.townshipOrganisation.text,
      gridID: origin.grid?.text ?? "", areaCode: origin.area.text, reporterPersonID: origin.reporter.text,
      reporterOrgID: origin.reporterOrganisation.text, partyCount: Int32(clamping: origin.partyCount),
      location: origin.location.map { DisputeV1.Location($0) })
  }
}

extension DisputeV1.Closure {
  init(_ closure: Case.Closure) {
    self.init(
      result: closure.result, authority: closure.authority.wire(), resolvingLevel: closure.resolvingLevel.wire(),
      partiesNotified: closure.partiesNotified, satisfaction: closure.satisfaction?.wire() ?? .unspecified,
      followUpDueTime: GoogleProtobuf.Timestamp(closure.followUpDueTime),
      secondSignerPersonID: closure.secondSigner?.text ?? "", closeTime: GoogleProtobuf.Timestamp(closure.closeTime),
      onTime: closure.isOnTime, closerPersonID: closure.closer.text,
      evidenceRefs: closure.evidence, basis: closure.basis)
  }

  /// The registration as it was entered; output-only fields are not looked at.
  var draft: Case.ClosureDraft {
    Case.ClosureDraft(
      result: result, authority: Case.Closure.Authority(wire: authority), partiesNotified: partiesNotified,
      satisfaction: Case.Closure.Satisfaction(wire: satisfaction), followUpDueTime: followUpDueTime?.kernel,
      secondSigner: secondSignerPersonID.given(), evidence: evidenceRefs, basis: basis)
  }
}
