import Access
import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Runtime
import Wire

extension Registrar {
  /// Adds a line of work, or renames one.
  func enter(_ message: GridRegistryV1.LineOfWork, expected: UInt64) throws -> LineOfWork {
    let current = LineOfWork.catalogue(try registry.capabilities.lines(in: tx)).first { $0.code == message.lineCode }
    try Self.check(expected, against: current?.version ?? 0)
    let line = LineOfWork(code: message.lineCode, name: message.name, version: 0)
    guard let entered = try LineOfWork.decide(entering: line, over: current) else { return current ?? line }
    try registry.capabilities.save(entered, in: tx)
    try record("line.changed", "line_of_work", entered.code, entered.version, payload(.line(.init(entered))))
    return entered
  }

  /// Names who answers for a line of work; who did before ends on that day.
  func setLiaison(_ request: GridRegistryV1.SetLiaisonRequest) throws -> Liaison {
    var reasons: [Reason] = []
    let lines = LineOfWork.catalogue(try registry.capabilities.lines(in: tx))
    if !lines.contains(where: { $0.code == request.lineCode }) { reasons.append(.lineNotFound.at("line_code")) }
    let grid = request.gridID.isEmpty ? nil : try grid(named: request.gridID)
    let organisation =
      request.orgID.isEmpty ? nil : try registry.organisations.load(.init(request.orgID), in: tx)
    if request.gridID.isEmpty == request.orgID.isEmpty {
      reasons.append(.liaisonPlaceInvalid)
    } else if !request.gridID.isEmpty, grid == nil {
      reasons.append(.gridNotFound.at("grid_id"))
    } else if !request.orgID.isEmpty, organisation == nil {
      reasons.append(.orgNotFound.at("org_id"))
    }
    switch try registry.persons.load(.init(request.personID), in: tx)?.state {
    case nil: reasons.append(.personNotFound.at("person_id"))
    case .left?: reasons.append(.personLeft.at("person_id"))
    case .active?: break
    }
    let from = request.fromDate.isEmpty ? today : CivilDate(request.fromDate)
    if from == nil { reasons.append(.dateInvalid.at("from_date")) }
    let township = grid?.townshipCode ?? organisation?.townshipCode
    if grid != nil || organisation != nil { try permitLiaison(in: township) }
    guard reasons.isEmpty, let from else { throw Refused(.failedPrecondition, reasons) }
    let place: Liaison.Place = grid.map { .grid($0.id) } ?? .organisation(.init(request.orgID))
    for before in try registry.capabilities.liaisons(at: place, line: request.lineCode, in: tx) where before.to == nil {
      try keep(try before.ended(on: from))
    }
    let liaison = Liaison(
      id: .init(try id("")), lineCode: request.lineCode, place: place, townshipCode: township,
      personID: .init(request.personID), from: from, version: 1)
    try keep(liaison)
    return liaison
  }

  /// Ends a liaison today.
  func endLiaison(_ id: Liaison.ID, expected: UInt64) throws -> Liaison {
    guard let liaison = try registry.capabilities.load(id, in: tx) else {
      throw Refused(.notFound, .liaisonNotFound.at("liaison_id"))
    }
    try permitLiaison(in: liaison.townshipCode)
    try Self.check(expected, against: liaison.version)
    let ended = try liaison.ended(on: today)
    try keep(ended)
    return ended
  }

  /// Says what a township may do with an agency; what was valid before ends on that day.
  func setAgencyRights(_ message: GridRegistryV1.AgencyRights, expected: UInt64) throws -> AgencyRights {
    let agency = try registry.organisations.load(.init(message.agencyID), in: tx)
    let current = try registry.capabilities.rights(of: .init(message.agencyID), in: tx).last
    try Self.check(expected, against: current?.version ?? 0)
    let rights = try AgencyRights.decide(
      setting: AgencyRights(message), from: message.validFromDate, agency: agency, after: current, today: today)
    if var old = current {
      old.to = rights.from
      try registry.capabilities.save(old, in: tx)
    }
    try registry.capabilities.save(rights, in: tx)
    let payload = GridRegistryV1.AgencyRightsEvent(rights: .init(rights)).encoded()
    try record("agency.rights_changed", "agency_rights", rights.agencyID.text, rights.version, payload)
    return rights
  }

  private func permitLiaison(in township: AreaCode?) throws {
    if [.gridCentre, .countyAdmin].contains(command.actor.role) { return }
    guard try standing().isTownship(of: township) else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
  }

  private func keep(_ liaison: Liaison) throws {
    try registry.capabilities.save(liaison, in: tx)
    try record("liaison.changed", "liaison", liaison.id.text, liaison.version, payload(.liaison(.init(liaison))))
  }

  private func payload(_ event: GridRegistryV1.CapabilityEvent.OneOfEvent) -> [UInt8] {
    GridRegistryV1.CapabilityEvent(event: event).encoded()
  }
}
