import GridRegistryContract
import GridRegistryDomain
@testable import GridRegistryService
import GridRegistryStore
import Journal
import Kernel
import Persistence
import Runtime
import Wire

/// Grids, people and plans from the registry's own journal.
enum GridRegistryReplay: Replaying {
  static var identity: ServiceIdentity { .gridRegistry }
  static var migrations: [Migration] { GridRegistryService.migrations }

  static let told: [String: Set<String>] = [
    "areas": [], "organisations": [], "persons": [], "grids": [], "grid_units": [], "grid_findings": [],
    "calendar_years": [], "calendar_days": [], "coverage_units": [], "unit_memberships": [], "grid_lineage": [],
    "division_plans": [], "plan_findings": [], "members": [], "member_assignments": [], "member_move_outs": [],
    "member_steps": [], "vacancies": [], "courses": [], "training_sessions": [], "training_attendances": [],
    "certificates": [], "lines_of_work": [], "liaisons": [], "agency_rights": [],
  ]

  static let elsewhere = [
    "imported_rows": "which row of an import a record came from: an import that is repeated finds it again",
    "heard_cases": "dispute, by the relay",
  ]

  static func replay(_ lines: [JournalEntry], county: AreaCode, in tx: WriteTransaction) throws {
    var grids: [String: Grid] = [:]
    var plans: [String: DivisionPlan] = [:]
    for line in lines {
      let (id, payload) = (line.draft.aggregateID, line.draft.payload)
      switch line.draft.aggregateType {
      case "grid":
        guard let event = try Grid.Event(.init(decoding: payload)) else { throw NotReplayed(line) }
        try replay(event, of: id, &grids, county, tx)
      case "plan":
        guard let event = try DivisionPlan.Event(.init(decoding: payload)) else { throw NotReplayed(line) }
        if plans[id] == nil { plans[id] = event.plan }
        plans[id]?.apply(event)
      case "member":
        guard let event = try GridMember.Event(.init(decoding: payload)) else { throw NotReplayed(line) }
        try MemberStore(county: county).save(event, in: tx)
      default: try replaySnapshot(line, county, tx)
      }
    }
    for grid in grids.values { try GridStore(county: county).save(grid, in: tx) }
    for plan in plans.values { try DivisionPlanStore(county: county).save(plan, in: tx) }
    try replayLineage(grids, lines, county, tx)
  }

  private static func replay(
    _ event: Grid.Event, of id: String, _ grids: inout [String: Grid], _ county: AreaCode, _ tx: WriteTransaction
  ) throws {
    switch event {
    case .activated(let grid, _), .corrected(let grid), .planned(let grid): grids[id] = grid
    case .pathChanged, .unitsMoved, .changed, .retired: grids[id]?.apply(event)
    }
  }

  /// Which grid came out of which: told by the grid that ended.
  private static func replayLineage(
    _ grids: [String: Grid], _ lines: [JournalEntry], _ county: AreaCode, _ tx: WriteTransaction
  ) throws {
    for line in lines where line.eventType == "grid.changed" {
      guard case .changed(let grid, let kind)? = try Grid.Event(.init(decoding: line.draft.payload)) else {
        throw NotReplayed(line)
      }
      for successor in grid.successors {
        try GridStore(county: county).save(
          .init(
            predecessor: grid.id, successor: successor, kind: kind, day: grid.effectiveTo,
            planID: grids[successor.text]?.planID?.text ?? ""), in: tx)
      }
    }
  }

  /// Lines that say how something is now, in whole.
  private static func replaySnapshot(_ line: JournalEntry, _ county: AreaCode, _ tx: WriteTransaction) throws {
    let payload = line.draft.payload
    switch line.draft.aggregateType {
    case "area":
      guard case .changed(let area)? = try Area.Event(.init(decoding: payload)) else { throw NotReplayed(line) }
      try AreaStore(county: county).save(area, in: tx)
    case "organisation":
      guard case .changed(let organisation)? = try Organisation.Event(.init(decoding: payload)) else {
        throw NotReplayed(line)
      }
      try OrganisationStore(county: county).save(organisation, in: tx)
    case "person":
      guard case .changed(let person)? = try Person.Event(.init(decoding: payload)) else { throw NotReplayed(line) }
      try PersonStore(county: county).save(person, in: tx)
    case "unit":
      guard case .changed(let unit)? = try CoverageUnit.Event(.init(decoding: payload)) else { throw NotReplayed(line) }
      try CoverageUnitStore(county: county).save(unit, in: tx)
    case "calendar":
      guard case .imported(let year)? = try CalendarYear.Event(.init(decoding: payload)) else {
        throw NotReplayed(line)
      }
      try CalendarStore(county: county).save(year, in: tx)
    case "vacancy":
      let event = try GridRegistryV1.VacancyEvent(decoding: payload)
      guard let vacancy = event.vacancy.flatMap({ Vacancy($0) }) else { throw NotReplayed(line) }
      try VacancyStore(county: county).save(vacancy, in: tx)
    case "course", "training_session", "certificate": try replayTraining(line, county, tx)
    case "line_of_work", "liaison", "agency_rights": try replayCapability(line, county, tx)
    default: throw NotReplayed(line)
    }
  }

  private static func replayTraining(_ line: JournalEntry, _ county: AreaCode, _ tx: WriteTransaction) throws {
    let store = TrainingStore(county: county)
    switch try GridRegistryV1.TrainingEvent(decoding: line.draft.payload).event {
    case .course(let course)?:
      var replayed = Course(course, id: .init(course.courseID))
      replayed.version = Int(course.version)
      try store.save(replayed, in: tx)
    case .session(let session)?:
      guard let session = TrainingSession(session) else { throw NotReplayed(line) }
      try store.save(session, in: tx)
    case .certificate(let certificate)?:
      guard let certificate = Certificate(certificate) else { throw NotReplayed(line) }
      try store.save(certificate, isNew: line.eventType == "certificate.issued", in: tx)
    case nil: throw NotReplayed(line)
    }
  }

  private static func replayCapability(_ line: JournalEntry, _ county: AreaCode, _ tx: WriteTransaction) throws {
    let store = CapabilityStore(county: county)
    if line.draft.aggregateType == "agency_rights" {
      guard let rights = try GridRegistryV1.AgencyRightsEvent(decoding: line.draft.payload).rights else {
        throw NotReplayed(line)
      }
      return try store.save(AgencyRights(rights), in: tx)
    }
    switch try GridRegistryV1.CapabilityEvent(decoding: line.draft.payload).event {
    case .line(let work)?:
      try store.save(LineOfWork(code: work.lineCode, name: work.name, version: Int(work.version)), in: tx)
    case .liaison(let liaison)?:
      guard let liaison = Liaison(liaison) else { throw NotReplayed(line) }
      try store.save(liaison, in: tx)
    case nil: throw NotReplayed(line)
    }
  }
}
