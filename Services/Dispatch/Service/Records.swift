import Access
import CommonContract
import DispatchContract
import DispatchDomain
import DispatchStore
import Journal
import Kernel
import Persistence
import WireTypes
import WorkClock

/// What handlers read inside one transaction: rows, the directory and calendar as heard, and texts for those who take part.
struct Records {
  let county: String
  let reading: any Reading
  let sealed: SealedTexts
  private let heard = CalendarHeardOnce()

  init(county: String, reading: any Reading, sealed: SealedTexts) {
    self.county = county
    self.reading = reading
    self.sealed = sealed
  }

  var calls: CallStore { CallStore(county: county) }
  var tasks: CoordinationTaskStore { CoordinationTaskStore(county: county) }
  var organisations: OrganisationStore { OrganisationStore(county: county) }
  var awaiting: AwaitingCaseStore { AwaitingCaseStore(county: county) }

  /// The calendar, read once per transaction.
  func calendar() throws -> WorkCalendar {
    if let calendar = heard.calendar { return calendar }
    let calendar = try CalendarStore(county: county).load(in: reading)
    heard.calendar = calendar
    return calendar
  }

  var directory: Directory {
    Directory(
      organisation: { try organisations.load($0, in: reading) },
      agencies: { try organisations.findAgencies(township: $0, code: $1, in: reading) })
  }

  /// Refuses `CALL_NOT_FOUND`.
  func call(_ id: String) throws -> Call {
    guard let call = try calls.load(ID(id), in: reading) else { throw Refused(.notFound, .callUnknown) }
    return call
  }

  /// Refuses `TASK_NOT_FOUND`.
  func task(_ id: String) throws -> CoordinationTask {
    guard let task = try tasks.load(ID(id), in: reading) else { throw Refused(.notFound, .taskUnknown) }
    return task
  }

  /// The township's twelve digits. Refuses `TOWNSHIP_UNKNOWN`.
  func townshipCode(_ orgID: String) throws -> String {
    let codes = try organisations.load(orgID, in: reading)?.areaCodes.compactMap(AreaCode.init) ?? []
    guard let code = codes.first(where: { $0.level == .township }) ?? codes.first else {
      throw Refused(.failedPrecondition, .townshipUnknown)
    }
    return code.text
  }

  /// What surrounds a call at the moment it is judged: only what our inbox has been told, and what agencies have answered.
  func surroundings(
    _ finding: DeterminationFinding, townshipOrgID: String, townshipCode: String, caseIDs: [String], at now: Timestamp
  ) throws -> AdmissionSurroundings {
    let agencies = try directory.agencies(townshipOrgID, townshipCode)
    let asked =
      try finding.itemCode.isEmpty
      ? [] : tasks.find(township: townshipCode, item: finding.itemCode, in: reading)
    return AdmissionSurroundings(
      finding: finding, isDirectoryHeard: try directory.organisation(townshipOrgID) != nil,
      agencies: agencies.map { .init(orgID: $0.id, type: $0.agencyType, name: $0.name) },
      asked: asked.filter { $0.caseID.isEmpty || caseIDs.isEmpty || caseIDs.contains($0.caseID) }
        .map { $0.asked(at: now) })
  }

  func parts(of actor: Actor, _ call: Call) throws -> Set<Call.Part> {
    try Call.parts(of: actor, townshipOrgID: call.identity.townshipOrgID, call: call, in: directory)
  }

  /// Whether a call can be dispatched to the organisation.
  func isUnfit(_ orgID: String) throws -> Bool { try !(directory.organisation(orgID)?.takesCalls ?? false) }

  // MARK: - Views

  /// The call for `actor`: its texts only if it takes part, none in a list.
  func view(_ call: Call, for actor: Actor, at now: Timestamp, texts: Bool = true) throws -> DispatchV1.Call {
    let opened = try texts && !parts(of: actor, call).isEmpty
    return try DispatchV1.Call(call, at: now, in: calendar(), masked: !opened) { text in
      opened ? try sealed.open(text.id, in: reading) ?? "" : ""
    }
  }

  func view(
    _ task: CoordinationTask, for actor: Actor, at now: Timestamp, texts: Bool = true
  ) throws -> DispatchV1.CoordinationTask {
    let parts = try CoordinationTask.parts(
      of: actor, townshipOrgID: task.townshipOrgID, agencyOrgID: task.agencyOrgID, in: directory)
    let opened = texts && (!parts.isEmpty || actor.role == .callOffice)
    return try DispatchV1.CoordinationTask(task, at: now, in: calendar(), masked: !opened) { text in
      opened ? try sealed.open(text.id, in: reading) ?? "" : ""
    }
  }
}

/// What a transaction has read of the calendar.
private final class CalendarHeardOnce {
  var calendar: WorkCalendar?
}
