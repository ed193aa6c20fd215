import Access
import DisputeContract
import DisputeDomain
import DisputeStore
import Journal
import Kernel
import Persistence
import Wire
import WireTypes

/// What was visited and what was not, inside one picture of the database.
struct CoverageReading<Transaction: Reading> {
  private let dispute: DisputeShell
  private let reading: Transaction

  init(_ dispute: DisputeShell, _ reading: Transaction) {
    self.dispute = dispute
    self.reading = reading
  }

  func coverage(
    _ request: DisputeV1.GetCoverageRequest, as actor: Actor, at now: Timestamp
  ) throws -> DisputeV1.GetCoverageResponse {
    switch request.scope {
    case .roundID(let id):
      guard let round = try dispute.screening.round(ID(id), in: reading) else {
        throw Refused(.notFound, .roundNotFound)
      }
      try expectRelation(of: actor, to: round.township)
      let days = try period(request) ?? (round.startDate, round.endDate)
      return .init(
        coverage: try coverage(round.grids, Self.instants(days), round: round.roundID),
        startDate: "\(days.0)", endDate: "\(days.1)")
    case .gridID(let id):
      guard let grid = try dispute.directory.grid(ID(id), in: reading) else {
        throw Refused(.failedPrecondition, .gridNotHeard.at("grid_id"))
      }
      let township = grid.area.ancestor(.township)
      try expectRelation(of: actor, to: township)
      return try coverage([grid.gridID], of: township, request, now)
    case .areaCode(let code):
      guard let township = AreaCode(code), township.level == .township else {
        throw Refused(.invalidArgument, .areaCodeWrong)
      }
      try expectRelation(of: actor, to: township)
      let grids = try dispute.screening.grids(in: township, in: reading).filter { id in
        try dispute.directory.grid(id, in: reading).map { !$0.isClosed } ?? false
      }
      return try coverage(grids, of: township, request, now)
    case nil: throw Refused(.invalidArgument, .coverageScopeMissing)
    }
  }

  /// A round's visits, counted up to `now`.
  func coverage(of round: Round, upTo now: Timestamp) throws -> DisputeV1.Coverage {
    let end = min(now + .seconds(1), (round.endDate + 1).instant())
    let start = round.startDate.instant()
    return try coverage(round.grids, start..<max(start, end), round: round.roundID)
  }

  /// In the asked period; without one each grid in as many days as the plan gives its kind, 30 where it says nothing.
  private func coverage(
    _ grids: [ID<Grid>], of township: AreaCode, _ request: DisputeV1.GetCoverageRequest, _ now: Timestamp
  ) throws -> DisputeV1.GetCoverageResponse {
    let today = CivilDate(now)
    if let days = try period(request) {
      return .init(
        coverage: try coverage(grids, Self.instants(days)), startDate: "\(days.0)", endDate: "\(days.1)")
    }
    let plan = try dispute.screening.plan(of: township, in: reading)
    var first = today
    let coverage = try total(
      grids.compactMap { id in
        let days = plan?.everyDays(try dispute.screening.gridType(of: id, in: reading)) ?? 30
        first = min(first, today + (1 - days))
        return try self.grid(id, Self.instants((today + (1 - days), today)), round: nil)
      })
    return .init(coverage: coverage, startDate: "\(first)", endDate: "\(today)")
  }

  private func coverage(
    _ grids: [ID<Grid>], _ period: Range<Timestamp>, round: ID<Round>? = nil
  ) throws -> DisputeV1.Coverage {
    try total(grids.compactMap { try grid($0, period, round: round) })
  }

  private func grid(
    _ id: ID<Grid>, _ period: Range<Timestamp>, round: ID<Round>?
  ) throws -> (GridCoverage, Range<Timestamp>)? {
    guard let grid = try dispute.directory.grid(id, in: reading) else { return nil }
    let coverage = GridCoverage(
      grid: grid, gridType: try dispute.screening.gridType(of: id, in: reading),
      units: try dispute.screening.units(of: id, in: reading),
      visits: try dispute.screening.visits(of: id, period, round: round, in: reading))
    return (coverage, period)
  }

  private func total(_ grids: [(GridCoverage, Range<Timestamp>)]) throws -> DisputeV1.Coverage {
    var coverage = DisputeV1.Coverage()
    for (grid, period) in grids {
      coverage.unitCount += Int32(grid.units.count)
      coverage.visitedUnitCount += Int32(grid.visited.count)
      coverage.householdCount += Int32(clamping: grid.householdCount)
      coverage.visitedHouseholdCount += Int32(clamping: grid.visitedHouseholdCount)
      coverage.visitCount += Int32(grid.visitCount)
      if grid.units.isEmpty { coverage.unknownGridIDs.append(grid.grid.text) }
      coverage.grids.append(
        .init(
          gridID: grid.grid.text, gridCode: grid.code, gridType: grid.gridType, unitCount: Int32(grid.units.count),
          visitedUnitCount: Int32(grid.visited.count),
          percent: GridCoverage.percent(grid.visited.count, of: grid.units.count), visitCount: Int32(grid.visitCount)))
      for unit in grid.unvisited {
        let last = try dispute.screening.lastVisit(
          of: unit.unitID, grid.grid, before: period.lowerBound, in: reading)
        coverage.unvisited.append(
          .init(
            gridID: grid.grid.text, unitID: unit.unitID, name: unit.name,
            householdCount: Int32(clamping: unit.householdCount), lastVisitTime: last.wire))
      }
    }
    coverage.percent = GridCoverage.percent(Int(coverage.visitedUnitCount), of: Int(coverage.unitCount))
    return coverage
  }

  private func period(_ request: DisputeV1.GetCoverageRequest) throws(Refused) -> (CivilDate, CivilDate)? {
    if request.startDate.isEmpty, request.endDate.isEmpty { return nil }
    guard let start = CivilDate(request.startDate), let end = CivilDate(request.endDate), start <= end else {
      throw Refused(.invalidArgument, .periodInvalid)
    }
    return (start, end)
  }

  private static func instants(_ days: (CivilDate, CivilDate)) -> Range<Timestamp> {
    days.0.instant()..<(days.1 + 1).instant()
  }

  func expectRelation(of actor: Actor, to township: AreaCode) throws {
    if actor.role.servesCounty { return }
    let own = try dispute.directory.organisation(ID(actor.organisationID), in: reading)
    guard own?.township == township else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
  }

  // MARK: - Ledger

  /// All cases of a grid as they stood, a page of them told one by one.
  func ledger(
    _ request: DisputeV1.GetGridLedgerRequest, as actor: Actor, at now: Timestamp
  ) throws -> DisputeV1.GetGridLedgerResponse {
    guard let grid = try dispute.directory.grid(ID(request.gridID), in: reading) else {
      throw Refused(.failedPrecondition, .gridNotHeard.at("grid_id"))
    }
    try expectRelation(of: actor, to: grid.area.ancestor(.township))
    let size = try Expected.pageSize(request.pageSize, usual: 200, most: 500)
    let asOf = min(request.asOfTime?.kernel ?? now, now)
    let start = CasePosition(reportTime: asOf + .seconds(0), caseID: "\u{10ffff}")
    let position = request.pageToken.isEmpty ? start : try PageToken.position(request.pageToken)
    let all = try dispute.screening.cases(of: grid.gridID, below: start, limit: 100_000, in: reading)
    var ledger = DisputeV1.GridLedger(gridID: grid.gridID.text, asOfTime: GoogleProtobuf.Timestamp(asOf))
    ledger.caseCount = Int32(clamping: all.count)
    var proactive = 0
    let page = Set(
      try dispute.screening.cases(of: grid.gridID, below: position, limit: size, in: reading))
    var last: Case?
    for id in all {
      guard let record = try dispute.cases.head(id, in: reading) else { continue }
      let entry = try entry(record, asOf)
      let state = Case.State(rawValue: entry.state) ?? record.state
      if state == .closed { ledger.closedCount += 1 }
      if !state.isTerminal { ledger.openCount += 1 }
      if [.patrol, .round, .industry].contains(record.origin.discovery) { proactive += 1 }
      if page.contains(id) {
        ledger.entries.append(entry)
        last = record
      }
    }
    ledger.proactiveShare = all.isEmpty ? 0 : Double(proactive) / Double(all.count)
    let isEnd = last == nil || last?.caseID == all.last
    return .init(ledger: ledger, nextPageToken: isEnd ? "" : last.map(PageToken.text) ?? "")
  }

  private func entry(_ record: Case, _ asOf: Timestamp) throws -> DisputeV1.LedgerEntry {
    let origin = record.origin
    var entry = DisputeV1.LedgerEntry(
      caseID: origin.caseID.text, number: origin.number, category: origin.category, state: record.state.rawValue,
      level: record.level.rawValue, handlingOrgID: record.handlingOrganisation.text, occurTime: origin.occurTime.wire,
      reportTime: GoogleProtobuf.Timestamp(origin.reportTime))
    var handled: Timestamp?
    for line in try Journal.entries(ofAggregate: DisputeShell.aggregateType, origin.caseID.text, in: reading)
    where line.occurTime <= asOf && line.eventType != JournalDraft.personalReadType {
      guard let facts = try DisputeV1.CaseEvent(decoding: line.payload).facts else { continue }
      entry.state = Case.State(wire: facts.state)?.rawValue ?? entry.state
      entry.level = Case.Level(wire: facts.level)?.rawValue ?? entry.level
      entry.handlingOrgID = facts.handlingOrgID
      if handled == nil, ["case.accepted", "case.self_handled", "case.raised"].contains(line.eventType) {
        handled = line.occurTime
      }
    }
    let warned = try dispute.alerts.warnTime(of: origin.caseID, in: reading).flatMap { $0 <= asOf ? $0 : nil }
    entry.handleTime = handled.wire
    entry.warnTime = warned.wire
    entry.knowMinutes = origin.occurTime.map { Self.minutes(from: $0, to: origin.reportTime) }
    entry.handleMinutes = handled.map { Self.minutes(from: origin.reportTime, to: $0) }
    entry.warnMinutes = warned.map { Self.minutes(from: origin.reportTime, to: $0) }
    return entry
  }

  private static func minutes(from start: Timestamp, to end: Timestamp) -> Int64 {
    (end - start).microseconds / 60_000_000
  }
}

extension Reason {
  static let coverageScopeMissing = Reason(
    "COVERAGE_SCOPE_MISSING", zh: "请指明网格、镇街或排查。", en: "Say which grid, township or round.")
  static let periodInvalid = Reason(
    "PERIOD_INVALID", zh: "起止日期无效。", en: "The period needs a first and a last day, in this order.",
    field: "start_date")
}
