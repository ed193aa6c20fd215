import Access
import DisputeContract
import DisputeDomain
import DisputeStore
import Journal
import Kernel
import Persistence
import Runtime
import WireTypes

/// One report, inside its transaction.
struct Reporting {
  private let dispute: DisputeShell
  private let transaction: CommandTransaction

  init(_ dispute: DisputeShell, _ transaction: CommandTransaction) {
    self.dispute = dispute
    self.transaction = transaction
  }

  func report(_ request: DisputeV1.ReportCaseRequest) throws -> DisputeV1.ReportCaseResponse {
    let world = try surroundings(of: request)
    var draft = try draft(of: request, world)
    if let code = world.grid?.area.ancestor(.township) ?? draft.centre?.township {
      try expectRelation(to: code, world)
      draft.number = try dispute.cases.nextNumber(
        township: code, year: CivilDate(transaction.now).year, in: transaction.tx)
    }
    if let step = Case.intake(draft, in: world) {
      draft.intakeClerk = try dispute.directory.intakeClerk(of: step.organisation, in: transaction.tx)
    }
    let event = try Case.report(
      draft, by: transaction.actor, as: transaction.actor.reports(in: world), in: world, at: transaction.now)
    guard let record = Case.fold([event]) else { throw Refused(.failedPrecondition, .caseNotFound) }
    _ = try dispute.cases.save(record, replacing: nil, in: transaction.tx)
    try dispute.write(event, of: record, world, transaction)
    try dispute.setTimer(of: record, world, transaction)
    return .init(
      caseRecord: try dispute.masked(record, world, transaction),
      duplicates: try DuplicateSuggesting(dispute, transaction.tx, comparing: Self.compared)
        .suggestions(for: record).suggestions)
  }

  /// With how many of the newest cases near it a report is compared. It is done while the one writer of the file holds still for it: when a whole
  /// township calls about one thing, the five hundredth report may not cost more than the three hundredth. `SuggestDuplicates`
  /// compares with more, on a reader's thread.
  private static var compared: Int { 300 }

  private func surroundings(of request: DisputeV1.ReportCaseRequest) throws -> Surroundings {
    let actor = ID<Organisation>(transaction.actor.organisationID)
    var world = try dispute.world(in: transaction.tx)
    world.organisations[actor] = try dispute.directory.organisation(actor, in: transaction.tx)
    world.industryRules = try dispute.industryRules.rules(in: transaction.tx)
    if let room: ID<Organisation> = request.industryRoomOrgID.given() {
      world.organisations[room] = try dispute.directory.organisation(room, in: transaction.tx)
    }
    if let grid: ID<Grid> = request.gridID.given() { world.grid = try dispute.directory.grid(grid, in: transaction.tx) }
    return world
  }

  private func draft(of request: DisputeV1.ReportCaseRequest, _ world: Surroundings) throws -> Case.ReportDraft {
    let caseID = ID<Case>(UUIDv7.make(at: transaction.now))
    let seal = Sealer(transaction, caseID)
    var draft = Case.ReportDraft(
      caseID: caseID, number: "", kind: Case.Kind(wire: request.kind),
      category: try seal.code(request.category, "category"),
      complexity: Case.Complexity(wire: request.complexity) ?? .general,
      flags: Set(request.flags.compactMap { Case.Flag(wire: $0) }), discovery: discovery(request, world),
      occurTime: request.occurTime?.kernel, grid: request.gridID.given(), title: try seal(request.title, "case.title"),
      narrative: try seal(request.narrative, "case.narrative"),
      parties: try request.parties.enumerated().map { try party($1, number: $0 + 1, seal) },
      partyCount: Int(request.partyCount))
    draft.location = request.location?.domain
    draft.industryRoom = request.industryRoomOrgID.given() ?? ownRoom(world)
    if let grid = world.grid {
      draft.townshipOrganisation = try Township.organisation(
        of: grid.area.ancestor(.township), in: dispute, transaction.tx)
    } else if let township = try Township(request.townshipOrgID, of: dispute, in: transaction.tx) {
      draft.centre = township.centre
      draft.townshipOrganisation = township.organisation
    }
    return draft
  }

  /// What was said, else what the reporter's role suggests.
  private func discovery(_ request: DisputeV1.ReportCaseRequest, _ world: Surroundings) -> Case.Discovery {
    if let given = Case.Discovery(wire: request.discovery) { return given }
    return switch transaction.actor.role {
    case .gridMember, .gridLead: .patrol
    case .hotlineOperator, .integration: .hotline
    default: isIndustry(world) ? .industry : .citizen
    }
  }

  private func party(_ draft: DisputeV1.PartyDraft, number: Int, _ seal: Sealer) throws -> Case.Party {
    Case.Party(
      partyID: "P\(number)", role: Case.Party.Role(wire: draft.role) ?? .applicant,
      name: try seal(draft.name, "party.name"), phone: try seal(draft.phone, "party.phone"),
      isOrganisation: draft.organisation)
  }

  /// The room of the industry that reports it itself.
  private func ownRoom(_ world: Surroundings) -> ID<Organisation>? {
    let own = world.organisations[ID(transaction.actor.organisationID)]
    return own?.kind == .industryRoom ? own?.organisationID : nil
  }

  private func isIndustry(_ world: Surroundings) -> Bool {
    let kind = world.organisations[ID(transaction.actor.organisationID)]?.kind
    return kind == .industryBody || kind == .industryRoom
  }

  /// A member or clerk of one township does not report for another; hotline, industry and integrating systems serve the county.
  private func expectRelation(to code: AreaCode, _ world: Surroundings) throws(Refused) {
    switch transaction.actor.role {
    case .hotlineOperator, .integration: return
    default:
      let organisation = world.organisations[ID(transaction.actor.organisationID)]
      guard isIndustry(world) || organisation?.township == code else {
        throw Refused(.permissionDenied, .jurisdictionMismatch)
      }
    }
  }
}

/// The clear texts of one case, for a purpose that is written down.
struct Revealing {
  private let dispute: DisputeShell
  private let transaction: CommandTransaction

  init(_ dispute: DisputeShell, _ transaction: CommandTransaction) {
    self.dispute = dispute
    self.transaction = transaction
  }

  func reveal(_ request: DisputeV1.RevealCaseRequest) throws -> DisputeV1.Case {
    let (record, world, parts) = try dispute.standing(of: transaction.actor, in: request.caseID, transaction.tx)
    let isOfficer = transaction.actor.role == .dataProtectionOfficer
    guard !parts.isEmpty || isOfficer else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    try Expected.purpose(request.purpose)
    try transaction.recordPersonalRead(
      of: [
        "title", "narrative", "parties", "attempts", "escalations", "settlement", "plan", "invitations", "analyses",
        "assists", "reopenings", "follow_ups", "rejection",
      ],
      aggregateType: DisputeShell.aggregateType, aggregateID: record.caseID.text, version: Int64(record.version),
      reason: request.purpose, correlationID: record.caseID.text)
    return try CaseView(texts: .clear, calendar: world.calendar, now: transaction.now, policies: world.policies) {
      sealed in
      try transaction.sealedTexts.open(sealed.sealedID, in: transaction.tx)
    }.wire(record)
  }
}
