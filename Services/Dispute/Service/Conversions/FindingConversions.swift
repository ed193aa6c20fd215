import CommonContract
import DisputeContract
import DisputeDomain
import DisputeStore
import Journal
import Kernel
import Persistence
import Wire
import WireTypes
import WorkClock

extension Alert.Rule: ContractNamed {}
extension Alert.State: ContractNamed {}
extension Round.State: ContractNamed {}
extension PartyRight.Kind: ContractNamed {}
extension PartyRight.State: ContractNamed {}

/// How alerts, rounds, visits and requests are shown: `text` shows a sealed text (masked), or nothing in the journal.
struct FindingView {
  let calendar: WorkCalendar
  let now: Timestamp
  let text: (Case.SealedText?) throws -> String
  /// What the clock of a duty has warned of, and when it will next; `nil`: not shown.
  private(set) var warnings: ((Duty, Clock) throws -> (fired: Set<Rung>, next: Timestamp?))?

  private init(calendar: WorkCalendar, now: Timestamp, text: @escaping (Case.SealedText?) throws -> String) {
    (self.calendar, self.now, self.text) = (calendar, now, text)
  }

  /// With the warnings of the clocks.
  func showing(_ warnings: @escaping (Duty, Clock) throws -> (fired: Set<Rung>, next: Timestamp?)) -> FindingView {
    var view = self
    view.warnings = warnings
    return view
  }

  private func wire(_ clock: Clock, of duty: Duty) throws -> CommonV1.Clock {
    var shown = CommonV1.Clock(clock, in: calendar, at: now)
    guard let (fired, next) = try warnings?(duty, clock) else { return shown }
    shown.firedRungs = Rung.allCases.filter(fired.contains).map(\.rawValue)
    shown.nextRungTime = next.wire
    return shown
  }

  /// For the journal: texts are references beside it.
  static func bare(_ calendar: WorkCalendar, at now: Timestamp) -> FindingView {
    FindingView(calendar: calendar, now: now) { _ in "" }
  }

  /// For people: texts are opened and masked.
  static func masked(
    _ calendar: WorkCalendar, at now: Timestamp, _ texts: SealedTexts, in reading: some Reading
  ) -> FindingView {
    FindingView(calendar: calendar, now: now) { sealed in
      try sealed.flatMap { try texts.open($0.sealedID, in: reading) }.map(Masking.freeText) ?? ""
    }
  }

  func wire(_ alert: Alert) throws -> DisputeV1.Alert {
    let figures = alert.figures
    return .init(
      alertID: alert.alertID.text, version: UInt64(alert.version), rule: alert.rule.wire(), state: alert.state.wire(),
      townshipCode: alert.township.text, subject: alert.subject, category: alert.category,
      raiseTime: GoogleProtobuf.Timestamp(alert.raiseTime), caseIDs: alert.cases.map(\.text),
      figures: .init(
        count: Int32(clamping: figures.count), threshold: Int32(clamping: figures.threshold),
        windowDays: Int32(clamping: figures.windowDays), expectedMean: Double(figures.expectedMillionths) / 1e6,
        probability: Double(figures.probabilityBillionths) / 1e9, monthCount: Int32(clamping: figures.monthCount),
        sameMonth: figures.isSameMonth), clocks: [try wire(alert.clock, of: .alert(alert.alertID))],
      acknowledgerPersonID: alert.acknowledger?.text ?? "", acknowledgeTime: alert.acknowledgeTime.wire,
      actionRef: alert.actionRef, dismissReason: try text(alert.dismissReason), endTime: alert.endTime.wire)
  }

  func wire(_ plan: ScreeningPlan) -> DisputeV1.ScreeningPlan {
    .init(
      townshipCode: plan.township.text, version: UInt64(plan.version),
      targets: plan.targets.map { .init(gridType: $0.gridType, everyDays: Int32(clamping: $0.everyDays)) },
      effectiveTime: GoogleProtobuf.Timestamp(plan.effectiveTime), authorPersonID: plan.author.text)
  }

  func wire(_ round: Round) throws -> DisputeV1.Round {
    .init(
      roundID: round.roundID.text, version: UInt64(round.version), state: round.state.wire(), name: round.name,
      townshipCode: round.township.text, gridIDs: round.grids.map(\.text), startDate: "\(round.startDate)",
      endDate: "\(round.endDate)", openerPersonID: round.opener.text,
      openTime: GoogleProtobuf.Timestamp(round.openTime),
      closeTime: round.closeTime.wire, report: try text(round.report),
      coverage: try round.coverage.map { try DisputeV1.Coverage(decoding: $0) })
  }

  func wire(_ visit: Visit) throws -> DisputeV1.Visit {
    .init(
      visitID: visit.visitID.text, gridID: visit.grid.text, lineOfWork: visit.lineOfWork,
      visitTime: GoogleProtobuf.Timestamp(visit.visitTime), visitorPersonID: visit.visitor.text,
      visitorOrgID: visit.visitorOrganisation.text, unitIDs: visit.units,
      householdCount: Int32(clamping: visit.householdCount), roundID: visit.round?.text ?? "",
      findings: try text(visit.findings), caseIDs: visit.cases.map(\.text))
  }

  func wire(_ right: PartyRight, name: String = "", phone: String = "") throws -> DisputeV1.PartyRight {
    .init(
      rightID: right.rightID.text, version: UInt64(right.version), kind: right.kind.wire(), state: right.state.wire(),
      caseID: right.caseID.text, partyID: right.partyID, townshipCode: right.township.text,
      requestText: try text(right.requestText), identityCheck: right.identityCheck,
      receiverPersonID: right.receiver.text, requestTime: GoogleProtobuf.Timestamp(right.requestTime),
      clocks: [try wire(right.clock, of: .right(right.rightID))], deciderPersonID: right.decider?.text ?? "",
      answerTime: right.answerTime.wire, refusalReason: try text(right.refusalReason), correctedName: name,
      correctedPhone: phone)
  }
}

// MARK: - Back from the journal

extension DisputeV1.AlertEvent {
  /// The alert as it stood after the event.
  var domain: Alert? {
    guard let alert, let rule = Alert.Rule(wire: alert.rule), let state = Alert.State(wire: alert.state),
      let township = AreaCode(alert.townshipCode), let raiseTime = alert.raiseTime?.kernel, let figures = alert.figures
    else { return nil }
    return Alert(
      alertID: ID(alert.alertID), version: Int(alert.version), rule: rule, state: state, township: township,
      subject: alert.subject, category: alert.category, raiseTime: raiseTime, cases: alert.caseIDs.map { ID($0) },
      figures: Alert.Figures(
        count: Int(figures.count), threshold: Int(figures.threshold), windowDays: Int(figures.windowDays),
        expectedMillionths: Int((figures.expectedMean * 1e6).rounded()),
        probabilityBillionths: Int((figures.probability * 1e9).rounded()), monthCount: Int(figures.monthCount),
        isSameMonth: figures.sameMonth),
      clock: alert.clocks.domain(.acknowledge, from: raiseTime, floorDueTime?.kernel),
      acknowledger: alert.acknowledgerPersonID.given(),
      acknowledgeTime: alert.acknowledgeTime?.kernel, actionRef: alert.actionRef, dismissReason: dismissReason?.domain,
      endTime: alert.endTime?.kernel)
  }
}

extension DisputeV1.ScreeningEvent {
  var plan: ScreeningPlan? {
    guard case .plan(let plan) = event, let township = AreaCode(plan.townshipCode),
      let time = plan.effectiveTime?.kernel
    else { return nil }
    return ScreeningPlan(
      township: township, version: Int(plan.version),
      targets: plan.targets.map { .init(gridType: $0.gridType, everyDays: Int($0.everyDays)) }, effectiveTime: time,
      author: ID(plan.authorPersonID))
  }

  var round: Round? {
    guard case .round(let round) = event, let state = Round.State(wire: round.state),
      let township = AreaCode(round.townshipCode), let start = CivilDate(round.startDate),
      let end = CivilDate(round.endDate), let openTime = round.openTime?.kernel
    else { return nil }
    return Round(
      roundID: ID(round.roundID), version: Int(round.version), state: state, name: round.name, township: township,
      grids: round.gridIDs.map { ID($0) }, startDate: start, endDate: end, opener: ID(round.openerPersonID),
      openTime: openTime, closeTime: round.closeTime?.kernel, report: text?.domain, coverage: round.coverage?.encoded())
  }

  var visit: Visit? {
    guard case .visit(let visit) = event, let time = visit.visitTime?.kernel else { return nil }
    return Visit(
      visitID: ID(visit.visitID), grid: ID(visit.gridID), lineOfWork: visit.lineOfWork, visitTime: time,
      visitor: ID(visit.visitorPersonID), visitorOrganisation: ID(visit.visitorOrgID), units: visit.unitIDs,
      householdCount: Int(visit.householdCount), round: visit.roundID.given(), findings: text?.domain,
      cases: visit.caseIDs.map { ID($0) })
  }
}

extension DisputeV1.PartyRightEvent {
  /// The request as it stood after the event.
  var domain: PartyRight? {
    guard let right, let kind = PartyRight.Kind(wire: right.kind), let state = PartyRight.State(wire: right.state),
      let township = AreaCode(right.townshipCode), let time = right.requestTime?.kernel
    else { return nil }
    return PartyRight(
      rightID: ID(right.rightID), version: Int(right.version), kind: kind, state: state, caseID: ID(right.caseID),
      partyID: right.partyID, township: township, requestText: requestText?.domain,
      identityCheck: right.identityCheck, receiver: ID(right.receiverPersonID), requestTime: time,
      clock: right.clocks.domain(.answer, from: time, floorDueTime?.kernel),
      decider: right.deciderPersonID.given(), answerTime: right.answerTime?.kernel,
      refusalReason: refusalReason?.domain, correctedName: correctedName?.domain,
      correctedPhone: correctedPhone?.domain)
  }
}

extension [CommonV1.Clock] {
  /// The clock of a duty beside the cases, as it was shown; what it was promised stands beside it.
  fileprivate func domain(_ duty: CaseClock, from start: Timestamp, _ floorDue: Timestamp?) -> Clock {
    let shown = first { $0.clockKind == duty.rawValue }
    let unit = shown?.budget.flatMap { Budget.Unit(wire: $0.unit) } ?? .workingDay
    let budget = shown?.budget.flatMap { try? Budget(Int($0.amount), unit) }
    return Clock(
      kind: duty.rawValue, policyCode: shown?.policyCode ?? "", policyVersion: Int(shown?.policyVersion ?? 0),
      budget: budget ?? .workingDays(1), startTime: start, stopTime: shown?.stopTime?.kernel, floorDue: floorDue)
  }
}

/// Where a list of alerts, rounds or requests goes on.
enum ListToken {
  static func text(_ time: Timestamp, _ id: String) -> String { Array("\(time.microseconds) \(id)".utf8).hexadecimal }

  static func position(_ token: String) throws(Refused) -> ListPosition {
    if token.isEmpty { return .top }
    let position = try PageToken.position(token)
    return ListPosition(time: position.reportTime, id: position.caseID.text)
  }
}
