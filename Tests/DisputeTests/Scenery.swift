import Access
import DisputeDomain
import Kernel
import WorkClock

/// A small county in memory: one street with a rural and an urban grid.
enum Scenery {
  static let county = AreaCode("379922000000").unsafelyUnwrapped
  static let township = AreaCode("379922001000").unsafelyUnwrapped
  static let villageArea = AreaCode("379922001201").unsafelyUnwrapped

  static let villageRoom = organisation("village-room", .villageRoom, parent: "village")
  static let communityRoom = organisation("community-room", .communityRoom, parent: "community")
  static let centre = organisation("centre", .townshipCentre, parent: "street")
  static let street = organisation("street", .township, parent: "county")
  static let village = organisation("village", .village, parent: "community")
  static let community = organisation("community", .community, parent: "street")
  static let elsewhere = Organisation(
    organisationID: "elsewhere", name: "别处", kind: .townshipCentre, township: AreaCode("379922002000"))
  static let labourRoom = Organisation(
    organisationID: "labour-room", name: "劳动人事调解室", kind: .industryRoom, township: nil)
  static let labourBureau = Organisation(
    organisationID: "labour-bureau", name: "人社局", kind: .department, township: nil)
  static let countyCentre = Organisation(
    organisationID: "county-centre", name: "县调处中心", kind: .countyCentre, township: nil)
  static let all = [
    villageRoom, communityRoom, centre, street, village, community, elsewhere, labourRoom, labourBureau, countyCentre,
  ]

  static let ruralGrid = Grid(
    gridID: "rural", code: "379922001201R001", area: villageArea, organisation: "village", members: ["member"],
    path: [
      PathStep(.village, "village-room"), PathStep(.community, "community-room"), PathStep(.township, "centre"),
    ])
  static let urbanGrid = Grid(
    gridID: "urban", code: "379922001001U001", area: AreaCode("379922001001").unsafelyUnwrapped,
    organisation: "community", members: ["member"],
    path: [PathStep(.community, "community-room"), PathStep(.township, "centre")])

  static let persons = [
    Person(personID: "village-clerk", organisation: "village-room", roles: ["LEVEL_CLERK", "MEDIATOR"]),
    Person(personID: "community-clerk", organisation: "community-room", roles: ["LEVEL_CLERK"]),
    Person(personID: "centre-clerk", organisation: "centre", roles: ["LEVEL_CLERK"]),
    Person(personID: "leader", organisation: "street", roles: ["TOWNSHIP_LEADER"]),
    Person(personID: "stranger", organisation: "elsewhere", roles: ["LEVEL_CLERK"]),
    Person(personID: "labour-clerk", organisation: "labour-room", roles: ["LEVEL_CLERK"]),
  ]

  static func world(_ grid: Grid? = ruralGrid, calendar: WorkCalendar = .unannounced) -> Surroundings {
    Surroundings(
      grid: grid, organisations: Dictionary(all.map { ($0.organisationID, $0) }) { first, _ in first },
      persons: Dictionary(persons.map { ($0.personID, $0) }) { first, _ in first }, calendar: calendar
    ).with {
      $0.intakeClerks = ["village-room": "village-clerk", "centre": "centre-clerk", "labour-room": "labour-clerk"]
      $0.centre = centre
    }
  }

  static func actor(_ person: String, _ role: Role, of organisation: String) -> Actor {
    Actor(personID: person, organisationID: organisation, role: role, countyCode: county.text)
  }

  static let member = actor("member", .gridMember, of: "village")
  static let villageClerk = actor("village-clerk", .levelClerk, of: "village-room")
  static let villageMediator = actor("village-mediator", .mediator, of: "village-room")
  static let communityClerk = actor("community-clerk", .levelClerk, of: "community-room")
  static let centreClerk = actor("centre-clerk", .levelClerk, of: "centre")
  static let leader = actor("leader", .townshipLeader, of: "street")
  static let hotline = actor("operator", .hotlineOperator, of: "hotline")
  static let stranger = actor("stranger", .levelClerk, of: "elsewhere")
  static let labourClerk = actor("labour-clerk", .levelClerk, of: "labour-room")
  static let bureauClerk = actor("bureau-clerk", .departmentClerk, of: "labour-bureau")
  static let supervisor = actor("supervisor", .supervision, of: "supervision")
  static let system = Actor.system(county: county.text)

  static let text = Case.SealedText(sealedID: "text", digest: [1])

  /// Monday 2020-03-02 09:00.
  static let monday = instant("2020-03-02T09:00:00+08:00")

  static func instant(_ text: String) -> Timestamp { Timestamp(rfc3339: text) ?? Timestamp(microseconds: 0) }

  static func report(
    kind: Case.Kind = .dispute, complexity: Case.Complexity = .general, flags: Set<Case.Flag> = [],
    discovery: Case.Discovery = .patrol, grid: Grid? = ruralGrid, at now: Timestamp = monday
  ) throws(Refused) -> Case.Event {
    let draft = Case.ReportDraft(
      caseID: "case", number: "DJ-379922001-2020-000001", kind: kind, complexity: complexity, flags: flags,
      discovery: discovery, grid: grid?.gridID, centre: grid == nil ? centre : nil, title: text,
      parties: [Case.Party(partyID: "P1", role: .applicant, name: text, phone: nil)], intakeClerk: "village-clerk")
    return try Case.report(draft, by: member, as: [.reporter], in: world(grid), at: now)
  }

  private static func organisation(_ id: String, _ kind: Organisation.Kind, parent: String) -> Organisation {
    Organisation(organisationID: ID(id), name: id, kind: kind, dailyParent: ID(parent), township: township)
  }
}

/// A case being worked on in a test, with its history.
struct Story {
  private(set) var record: Case
  private(set) var events: [Case.Event]
  var world: Surroundings
  var now: Timestamp

  init(
    kind: Case.Kind = .dispute, complexity: Case.Complexity = .general, flags: Set<Case.Flag> = [],
    discovery: Case.Discovery = .patrol, grid: Grid? = Scenery.ruralGrid, calendar: WorkCalendar = .unannounced,
    at start: Timestamp = Scenery.monday
  ) throws {
    let reported = try Scenery.report(
      kind: kind, complexity: complexity, flags: flags, discovery: discovery, grid: grid, at: start)
    guard let record = Case.fold([reported]) else { throw Refused(.notFound, Reason("NO_CASE", zh: "", en: "")) }
    self.record = record
    events = [reported]
    world = Scenery.world(grid, calendar: calendar)
    now = start
  }

  init(record: Case, events: [Case.Event], world: Surroundings, now: Timestamp) {
    self.record = record
    self.events = events
    self.world = world
    self.now = now
  }

  /// Somebody does something, one minute later unless told otherwise.
  mutating func take(_ command: Case.Command, by actor: Actor, at time: Timestamp? = nil) throws(Refused) {
    now = time ?? now + .minutes(1)
    let event = try record.decide(
      command, by: actor, as: record.parts(of: actor, in: world), in: world, at: now)
    record.apply(event)
    events.append(event)
  }

  /// The reasons why this is refused; empty if it is not.
  func reasons(_ command: Case.Command, by actor: Actor) -> [String] {
    do {
      _ = try record.decide(command, by: actor, as: record.parts(of: actor, in: world), in: world, at: now)
      return []
    } catch {
      return error.reasons.map(\.code)
    }
  }

  /// Accepted, mediated and failed at the village, failed at the community, received by the township: now being analysed there.
  mutating func goUp() throws(Refused) {
    try take(.accept(responsible: "village-clerk"), by: Scenery.villageClerk)
    try start(by: Scenery.villageMediator)
    try attempt(.failed, by: Scenery.villageMediator)
    try take(.escalate(reason: Scenery.text, to: nil), by: Scenery.villageClerk)
    try take(.receive(responsible: "community-clerk"), by: Scenery.communityClerk)
    try take(.routeHere(responsible: "community-clerk", minutes: nil), by: Scenery.communityClerk)
    try start(by: Scenery.communityClerk)
    try attempt(.failed, by: Scenery.communityClerk)
    try take(.escalate(reason: Scenery.text, to: nil), by: Scenery.communityClerk)
    try take(.receive(responsible: "centre-clerk"), by: Scenery.centreClerk)
  }

  /// Closed by the grid member.
  mutating func closeAtGrid(at time: Timestamp? = nil) throws(Refused) {
    try take(.selfHandle, by: Scenery.member)
    try attempt(.success, by: Scenery.member)
    try take(.settle(.init(agreement: .onSpot)), by: Scenery.member)
    try take(
      .registerClose(.init(result: "SOLVED", authority: .mediation, partiesNotified: true)), by: Scenery.member,
      at: time)
  }

  mutating func start(by actor: Actor) throws(Refused) {
    try take(
      .start(.init(mediators: [], noConflictDeclared: true, rightsTold: true, consentingParties: ["P1"])), by: actor)
  }

  mutating func attempt(_ result: Case.Attempt.Result, by actor: Actor) throws(Refused) {
    try take(
      .recordAttempt(.init(result: result, failureReason: result == .failed ? Scenery.text : nil)), by: actor)
  }
}

extension Surroundings {
  /// A changed copy.
  func with(_ change: (inout Surroundings) -> Void) -> Surroundings {
    var copy = self
    change(&copy)
    return copy
  }
}

extension Case.SettlementDraft {
  /// A written agreement with all that it has to contain, signed by the story's party.
  static func written(due: Timestamp, signed: [String] = ["P1"]) -> Self {
    Self(
      agreement: .written, text: Scenery.text, performanceDueTime: due,
      content: Case.AgreementContent(
        signedParties: signed, facts: Scenery.text, duties: Scenery.text, manner: Scenery.text, place: Scenery.text,
        evidence: ["scan-1"]))
  }
}
