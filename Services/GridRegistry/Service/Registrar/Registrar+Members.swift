import Access
import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Journal
import Persistence
import Runtime
import Wire
import WorkClock

extension Registrar {
  /// Words that come with a command: they lie sealed before the decision is made.
  private func sealed(_ text: String, _ action: GridMember.Action, of id: GridMember.ID) throws -> Person.Sealed? {
    guard !text.isEmpty else { return nil }
    let reference = try command.sealedTexts.seal(
      text, kind: "member.\(action.rawValue)", aggregateID: id.text, in: tx)
    return Person.Sealed(id: reference.id, digest: reference.digest)
  }

  /// Enters a candidate.
  func nominate(person: Person.ID, by organisation: Organisation.ID) throws -> GridMember {
    let nominator = try registry.organisations.load(organisation, in: tx)
    let parts = try standing().parts(person: nil, nominator: organisation, township: nominator?.townshipCode)
    let seed = GridMember.Seed(id: .init(try id("")), personID: person, organisationID: organisation)
    return try begin(.nominate, seed, as: parts)
  }

  /// Enters a member of a legacy team.
  func importMember(
    _ id: GridMember.ID, person: Person.ID, _ placement: GridMember.Placement?, grade: GridMember.Grade
  ) throws -> Entry<GridMember> {
    if let known = try registry.members.load(id, in: tx) { return Entry(record: known, isChanged: false) }
    let grid = try placement.flatMap { try self.grid(named: $0.gridID) }
    let works = try registry.persons.load(person, in: tx)?.organisationID
    let organisation = grid?.facts.organisationID ?? works ?? .init("")
    let seed = GridMember.Seed(id: id, personID: person, organisationID: organisation)
    let parts = try standing().parts(person: nil, nominator: nil, township: nil)
    return Entry(
      record: try begin(.importLegacy(placement, grade: grade), seed, as: parts), isChanged: true)
  }

  private func begin(
    _ command: GridMember.Command, _ seed: GridMember.Seed, as parts: Set<GridMember.Part>
  ) throws -> GridMember {
    let world = try world(for: command, person: seed.personID, organisation: seed.organisationID, member: nil)
    let event = try GridMember.decide(
      command, on: nil, seed: seed, by: self.command.actor, as: parts, in: world, at: self.command.now)
    try keep(event, before: nil, world, as: parts)
    return event.member
  }

  /// Carries out a command on a member who was read before.
  func carryOut(
    _ command: GridMember.Command, on id: GridMember.ID, expected: UInt64, text: String = "",
    successor: GridMember.ID? = nil
  ) throws -> GridMember {
    guard let member = try registry.members.load(id, in: tx) else {
      throw Refused(.notFound, .memberNotFound.at("member_id"))
    }
    let parts = try standing().parts(
      person: member.personID, nominator: member.organisationID, township: member.townshipCode)
    guard !parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    try Self.check(expected, against: member.version)
    var world = try world(
      for: command, person: member.personID, organisation: member.organisationID, member: member)
    world.successor = try successor.flatMap { try registry.members.load($0, in: tx) }
    let words = try sealed(text, command.action, of: id)
    let event = try GridMember.decide(
      command, on: member, text: words, by: self.command.actor, as: parts, in: world, at: self.command.now)
    try keep(event, before: member, world, as: parts)
    return event.member
  }

  /// Saves and writes down a step, and what it means for the places in the team.
  func keep(
    _ event: GridMember.Event, before: GridMember?, _ world: GridMember.World, as parts: Set<GridMember.Part>
  ) throws {
    try registry.members.save(event, in: tx)
    let payload = GridRegistryV1.MemberEvent(event, successor: world.successor).encoded()
    try record(event.step.action.eventType, "member", event.member.id.text, event.member.version, payload)
    try settlePlaces(event, before: before, as: parts)
  }

  /// What a decision may look at.
  func world(
    for command: GridMember.Command, person: Person.ID, organisation: Organisation.ID, member: GridMember?
  ) throws -> GridMember.World {
    let named: String? =
      if case .endAssignment(let grid) = command { grid } else { command.placement?.gridID }
    let grid = try named.flatMap { try self.grid(named: $0) }
    let others = try registry.members.list(ofPerson: person, in: tx)
    let certificates = try registry.training.certificates(of: person, in: tx)
    let township = member?.townshipCode
    var world = GridMember.World(
      person: try registry.persons.load(person, in: tx),
      organisation: try registry.organisations.load(organisation, in: tx),
      otherEntry: others.first { $0.id != member?.id && !$0.state.isOver }?.id,
      competences: Set(certificates.filter { $0.isValid(on: today) }.map(\.competence)), grid: grid,
      hasVacancy: try township.map {
        try !registry.vacancies.list(township: $0, state: .open, after: "", limit: 1, in: tx).isEmpty
      } ?? false,
      openCases: try registry.openCases(of: person, in: tx), calendar: try registry.calendar(in: tx))
    if let grid {
      world.otherPrimary = try registry.members.assigned(to: grid.id, in: tx)
        .first { $0.post == .primary && $0.member != member?.id }?.member
      world.hasVacancyThere = try registry.vacancies.open(of: grid.id, in: tx)
        .contains { $0.post == command.placement?.post }
    }
    if case .startTraining(let course) = command {
      world.courseExists = try registry.training.load(Course.ID(course), in: tx) != nil
    }
    world.livingGrids =
      try member?.openAssignments.map(\.gridID).filter { id in
        let state = try registry.grids.load(id, in: tx)?.state
        return state == .planned || state == .active
      } ?? []
    return world
  }

  /// The grid of an id or a code, if there is one.
  func grid(named idOrCode: String) throws -> Grid? {
    try registry.grids.load(.init(idOrCode), in: tx) ?? registry.grids.find(code: idOrCode, in: tx)
  }

  /// What the steps of a member say in words; written down unless the member reads their own.
  func revealTexts(
    of id: GridMember.ID, reason: String
  ) throws -> [(step: GridMember.Step, text: String)] {
    guard let member = try registry.members.load(id, in: tx) else {
      throw Refused(.notFound, .memberNotFound.at("member_id"))
    }
    let parts = try standing().parts(person: member.personID, nominator: nil, township: member.townshipCode)
    guard !parts.isDisjoint(with: [.township, .gridCentre, .member]) else {
      throw Refused(.permissionDenied, .jurisdictionMismatch)
    }
    guard !reason.isEmpty else { throw Refused(.invalidArgument, .revealReasonMissing.at("reveal_reason")) }
    let texts = try registry.members.steps(of: id, in: tx).compactMap { step in
      try step.text.flatMap { try command.sealedTexts.open($0.id, in: tx) }.map { (step, $0) }
    }
    try command.recordPersonalRead(
      of: ["steps"], aggregateType: "member", aggregateID: id.text, version: Int64(member.version), reason: reason,
      correlationID: id.text)
    return texts
  }
}

extension Registry {
  /// How many open cases a person has, as far as dispute has been heard.
  func openCases(of person: Person.ID, in reading: some Reading) throws -> GridMember.OpenCases {
    .init(count: try heardCases.openCount(responsible: person.text, in: reading), asOf: casesHeardUntil)
  }

  /// The calendar as it is known now.
  func calendar(in reading: some Reading) throws -> WorkCalendar {
    try WorkCalendar(try calendars.list(in: reading).map(\.table))
  }
}
