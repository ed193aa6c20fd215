import Access
import DisputeContract
import DisputeDomain
import DisputeStore
import Journal
import Kernel
import Persistence
import Runtime
import Wire
import WireTypes

/// Plans, rounds and visits, inside one transaction.
struct Screening {
  private let dispute: DisputeShell
  private let transaction: CommandTransaction

  init(_ dispute: DisputeShell, _ transaction: CommandTransaction) {
    self.dispute = dispute
    self.transaction = transaction
  }

  func putPlan(_ request: DisputeV1.PutScreeningPlanRequest) throws -> DisputeV1.ScreeningPlan {
    let township = try township(request.townshipOrgID)
    let last = try dispute.screening.plan(of: township, in: transaction.tx)
    let plan = try ScreeningPlan(
      township: township, version: (last?.version ?? 0) + 1,
      checking: request.targets.map { .init(gridType: $0.gridType, everyDays: Int($0.everyDays)) },
      effectiveTime: transaction.now, author: ID(transaction.actor.personID))
    try dispute.screening.save(plan, in: transaction.tx)
    try record(
      "screening_plan.put", "screening_plan", township.text, plan.version, .plan(try view().wire(plan)), nil)
    return try view().wire(plan)
  }

  func open(_ request: DisputeV1.OpenRoundRequest) throws -> DisputeV1.Round {
    let township = try township(request.townshipOrgID)
    var reasons: [Reason] = []
    if request.name.allSatisfy(\.isWhitespace) { reasons.append(.roundNameMissing) }
    let (start, end) = (CivilDate(request.startDate), CivilDate(request.endDate))
    if start == nil || end == nil || (start ?? CivilDate(dayNumber: 0)) > (end ?? CivilDate(dayNumber: 0)) {
      reasons.append(.roundDatesInvalid)
    }
    let known = try openGrids(of: township)
    let asked = request.gridIDs.map { ID<Grid>($0) }
    let strangers = asked.filter { !known.contains($0) }
    if !strangers.isEmpty {
      reasons.append(.gridNotHeard.at("grid_ids").with("grid_ids", strangers.map(\.text).joined(separator: ",")))
    }
    if asked.isEmpty, known.isEmpty { reasons.append(.noGrids) }
    guard reasons.isEmpty, let start, let end else { throw Refused(.failedPrecondition, reasons) }
    let round = Round(
      roundID: ID(UUIDv7.make(at: transaction.now)), name: request.name, township: township,
      grids: asked.isEmpty ? known : Array(Set(asked)).sorted(), startDate: start, endDate: end,
      opener: ID(transaction.actor.personID), openTime: transaction.now)
    try dispute.screening.save(round, in: transaction.tx)
    return try recorded(round, "round.opened")
  }

  func close(_ request: DisputeV1.CloseRoundRequest) throws -> DisputeV1.Round {
    guard var round = try dispute.screening.round(ID(request.roundID), in: transaction.tx) else {
      throw Refused(.notFound, .roundNotFound)
    }
    try expectRelation(to: round.township)
    try Expected.version(request.expectedVersion, of: round.version)
    guard round.state == .open else {
      throw Refused(
        .failedPrecondition,
        Reason(
          "ILLEGAL_TRANSITION", zh: "当前状态（\(round.state.rawValue)）下不能进行此操作（close）。",
          en: "close is not possible in state \(round.state.rawValue).",
          metadata: ["action": "close", "state": round.state.rawValue]))
    }
    guard let report = try Sealer(transaction, ID(round.roundID.text))(request.report, "round.report") else {
      throw Refused(.failedPrecondition, .roundReportMissing)
    }
    let coverage = try CoverageReading(dispute, transaction.tx).coverage(of: round, upTo: transaction.now)
    round.version += 1
    round.state = .closed
    round.closeTime = transaction.now
    round.report = report
    round.coverage = coverage.encoded()
    try dispute.screening.save(round, in: transaction.tx)
    return try recorded(round, "round.closed")
  }

  func visit(_ request: DisputeV1.RecordVisitRequest) throws -> DisputeV1.RecordVisitResponse {
    let (grid, time) = try validated(request)
    let visitID = ID<Visit>(UUIDv7.make(at: transaction.now))
    var reported: [DisputeV1.ReportCaseResponse] = []
    for found in request.cases {
      var found = found
      found.gridID = grid.gridID.text
      if found.discovery == .unspecified { found.discovery = request.roundID.isEmpty ? .patrol : .round }
      reported.append(try Reporting(dispute, transaction).report(found))
    }
    let visit = Visit(
      visitID: visitID, grid: grid.gridID, lineOfWork: request.lineOfWork, visitTime: time,
      visitor: ID(transaction.actor.personID), visitorOrganisation: ID(transaction.actor.organisationID),
      units: Array(Set(request.unitIDs)).sorted(), householdCount: Int(request.householdCount),
      round: request.roundID.given(),
      findings: try Sealer(transaction, ID(visitID.text))(request.findings, "visit.findings"),
      cases: reported.compactMap { $0.caseRecord.map { ID($0.caseID) } })
    try dispute.screening.save(visit, in: transaction.tx)
    try record(
      "visit.recorded", "visit", visitID.text, 1, .visit(try bare().wire(visit)), visit.findings)
    return .init(visit: try view().wire(visit), reported: reported)
  }

  /// Every reason why this is no visit, at once.
  private func validated(_ request: DisputeV1.RecordVisitRequest) throws -> (Grid, Timestamp) {
    guard let grid = try dispute.directory.grid(ID(request.gridID), in: transaction.tx) else {
      throw Refused(.failedPrecondition, .gridNotHeard.at("grid_id"))
    }
    try expectRelation(to: grid.area.ancestor(.township))
    let time = request.visitTime?.kernel ?? transaction.now
    var reasons: [Reason] = []
    if grid.isClosed { reasons.append(.gridClosed) }
    let isMember = transaction.actor.role == .gridMember || transaction.actor.role == .gridLead
    if isMember, !grid.members.isEmpty, !grid.members.contains(where: { $0.text == transaction.actor.personID }) {
      reasons.append(.notYourGrid)
    }
    let units = Set(try dispute.screening.units(of: grid.gridID, in: transaction.tx).map(\.unitID))
    let strangers = request.unitIDs.filter { !units.contains($0) }
    if !strangers.isEmpty { reasons.append(.unitNotOfGrid.with("unit_ids", strangers.joined(separator: ","))) }
    if request.unitIDs.isEmpty, request.householdCount <= 0 { reasons.append(.nothingVisited) }
    if time > transaction.now { reasons.append(.visitInFuture) }
    if let roundID: ID<Round> = request.roundID.given() { reasons += try objections(to: roundID, grid, time) }
    guard reasons.isEmpty else { throw Refused(.failedPrecondition, reasons) }
    return (grid, time)
  }

  private func objections(to roundID: ID<Round>, _ grid: Grid, _ time: Timestamp) throws -> [Reason] {
    guard let round = try dispute.screening.round(roundID, in: transaction.tx) else { return [.roundNotFound] }
    var reasons: [Reason] = []
    let day = CivilDate(time)
    if round.state != .open || day < round.startDate || day > round.endDate { reasons.append(.roundNotOpen) }
    if !round.grids.contains(grid.gridID) { reasons.append(.gridNotInRound) }
    return reasons
  }

  // MARK: - Who, and what is written down

  private func township(_ organisationID: String) throws -> AreaCode {
    guard let code = try Township(organisationID, of: dispute, in: transaction.tx)?.centre.township else {
      throw Refused(.failedPrecondition, .townshipNotHeard.at("township_org_id"))
    }
    try expectRelation(to: code)
    return code
  }

  private func expectRelation(to township: AreaCode) throws {
    if transaction.actor.role == .gridCentre { return }
    let own = try dispute.directory.organisation(ID(transaction.actor.organisationID), in: transaction.tx)
    guard own?.township == township else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
  }

  private func openGrids(of township: AreaCode) throws -> [ID<Grid>] {
    try dispute.screening.grids(in: township, in: transaction.tx).filter { id in
      try dispute.directory.grid(id, in: transaction.tx).map { !$0.isClosed } ?? false
    }
  }

  private func recorded(_ round: Round, _ eventType: String) throws -> DisputeV1.Round {
    try record(eventType, "round", round.roundID.text, round.version, .round(try bare().wire(round)), round.report)
    return try view().wire(round)
  }

  private func record(
    _ eventType: String, _ aggregateType: String, _ id: String, _ version: Int,
    _ event: DisputeV1.ScreeningEvent.OneOfEvent, _ text: Case.SealedText?
  ) throws {
    try transaction.record(
      eventType: eventType, aggregateType: aggregateType, aggregateID: id, version: Int64(version), correlationID: id,
      payload: DisputeV1.ScreeningEvent(event: event, text: DisputeV1.SealedRef(text)).encoded())
  }

  private func bare() throws -> FindingView {
    .bare(try dispute.calendars.calendar(in: transaction.tx), at: transaction.now)
  }

  private func view() throws -> FindingView {
    .masked(
      try dispute.calendars.calendar(in: transaction.tx), at: transaction.now, transaction.sealedTexts,
      in: transaction.tx)
  }
}

extension Reason {
  static let roundNameMissing = Reason(
    "ROUND_NAME_MISSING", zh: "请填写排查名称。", en: "The round needs a name.", field: "name")
  static let roundDatesInvalid = Reason(
    "ROUND_DATES_INVALID", zh: "排查起止日期无效。", en: "The round needs a first and a last day, in this order.",
    field: "start_date")
  static let noGrids = Reason("NO_GRIDS", zh: "该镇街没有可排查的网格。", en: "The township has no open grid.")
  static let roundNotFound = Reason("ROUND_NOT_FOUND", zh: "没有这次排查。", en: "There is no such round.", field: "round_id")
  static let roundReportMissing = Reason(
    "ROUND_REPORT_MISSING", zh: "结束排查须写总结。", en: "A round is closed with a report.", field: "report")
  static let roundNotOpen = Reason(
    "ROUND_NOT_OPEN", zh: "该次排查已结束，或走访日期不在排查期内。", en: "The round is closed, or the visit lies outside its days.",
    field: "round_id")
  static let gridNotInRound = Reason(
    "GRID_NOT_IN_ROUND", zh: "该网格不在此次排查范围内。", en: "The round does not cover this grid.", field: "grid_id")
  static let gridClosed = Reason(
    "GRID_CLOSED", zh: "该网格已调整或撤销。", en: "The grid was changed or retired.", field: "grid_id")
  static let notYourGrid = Reason(
    "NOT_YOUR_GRID", zh: "您不是该网格的网格员。", en: "You are not a member of this grid.", field: "grid_id")
  static let unitNotOfGrid = Reason(
    "UNIT_NOT_OF_GRID", zh: "所填单元不属于该网格。", en: "A unit does not belong to the grid.", field: "unit_ids")
  static let nothingVisited = Reason(
    "NOTHING_VISITED", zh: "请填写走访的单元或户数。", en: "Say which units, or how many households, were visited.",
    field: "unit_ids")
  static let visitInFuture = Reason(
    "VISIT_IN_FUTURE", zh: "走访时间不能晚于现在。", en: "A visit cannot lie in the future.", field: "visit_time")
}
