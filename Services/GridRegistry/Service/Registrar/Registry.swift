import Access
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Persistence

/// The registry of one county: its stores, and what the domain asks of them.
struct Registry: Sendable {
  let county: AreaCode
  let areas: AreaStore
  let organisations: OrganisationStore
  let persons: PersonStore
  let grids: GridStore
  let calendars: CalendarStore
  let members: MemberStore
  let vacancies: VacancyStore
  let training: TrainingStore
  let capabilities: CapabilityStore
  let units: CoverageUnitStore
  let plans: DivisionPlanStore
  let heardCases: HeardCases
  /// Up to when dispute's cases have been heard of; `nil`: never.
  var casesHeardUntil: Timestamp?

  init(county: AreaCode) {
    self.county = county
    areas = AreaStore(county: county)
    organisations = OrganisationStore(county: county)
    persons = PersonStore(county: county)
    grids = GridStore(county: county)
    calendars = CalendarStore(county: county)
    members = MemberStore(county: county)
    vacancies = VacancyStore(county: county)
    training = TrainingStore(county: county)
    capabilities = CapabilityStore(county: county)
    units = CoverageUnitStore(county: county)
    plans = DivisionPlanStore(county: county)
    heardCases = HeardCases(county: county)
  }

  /// The county of whoever asks.
  init(of actor: Actor) throws(Refused) {
    guard let county = AreaCode(actor.countyCode) else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    self.init(county: county)
  }

  /// What the domain needs to judge an organisation's entry.
  func proposal(
    for id: Organisation.ID, _ facts: Organisation.Facts, over before: Organisation?, in reading: some Reading
  ) throws -> Organisation.Proposal {
    let room = try facts.kind?.roomOf.flatMap { _ in
      try facts.kind.flatMap { kind in
        try facts.dailyParentID.flatMap { try organisations.find(kind, under: $0, in: reading) }
      }
    }
    return Organisation.Proposal(
      id: id, before: before, facts: facts,
      dailyChain: try organisations.dailyChain(from: facts.dailyParentID, in: reading),
      businessChain: try organisations.businessChain(from: facts.businessParentID, in: reading),
      otherRoom: room.flatMap { $0.id == id ? nil : $0.id },
      hasActiveChildren: before == nil ? false : try organisations.hasActiveChildren(id, in: reading),
      hasActiveGrids: before == nil ? false : try grids.hasActiveGrids(id, in: reading), county: county)
  }

  /// What the domain needs to judge a grid's entry.
  func proposal(
    for id: Grid.ID, _ facts: Grid.Facts, over before: Grid?, in reading: some Reading
  ) throws -> Grid.Proposal {
    Grid.Proposal(
      id: id, before: before, facts: facts, organisation: try organisations.load(facts.organisationID, in: reading),
      host: try facts.hostID.flatMap { try organisations.load($0, in: reading) },
      party: try facts.partyOrganisationID.flatMap { try organisations.load($0, in: reading) },
      isAreaEntered: try AreaCode(facts.areaCode).flatMap { try areas.load($0, in: reading) } != nil,
      unitsElsewhere: try grids.owners(of: facts.units, except: id, in: reading),
      path: try MediationPath.of(facts, in: directory(reading)), county: county)
  }

  /// The directory as mediation paths read it.
  func directory(_ reading: some Reading) -> MediationPath.Directory {
    MediationPath.Directory(
      chain: { try organisations.dailyChain(from: $0, in: reading) },
      room: { owner in
        try owner.kind?.room.flatMap { try organisations.find($0, under: owner.id, in: reading) }
      },
      township: { try organisations.findTownship($0, in: reading) })
  }

  /// The grid of an id or a code.
  func grid(_ idOrCode: String, in reading: some Reading) throws -> Grid {
    if let grid = try grids.load(Grid.ID(idOrCode), in: reading) { return grid }
    if let grid = try grids.find(code: idOrCode, in: reading) { return grid }
    throw Refused(.notFound, .gridNotFound.at("grid_id"))
  }

  /// Who answers for a room: its leader before its clerk before anybody else there.
  func responsible(for room: Organisation.ID, in reading: some Reading) throws -> Person.ID? {
    let staff = try persons.list(of: room, after: "", limit: Self.largestRoom, in: reading).filter {
      $0.state == .active
    }
    let byRank = [Role.levelLeader, .levelClerk, .mediator].lazy.compactMap { role in
      staff.first { $0.roles.contains(role) }
    }
    return (byRank.first ?? staff.first)?.id
  }

  /// More people than any mediation room has.
  private static let largestRoom = 50
}
