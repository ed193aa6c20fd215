import Access
import DisputeContract
import DisputeDomain
import DisputeStore
import Journal
import Kernel
import Lifecycle
import Persistence
import RPC
import Runtime
import Wire

/// Everything that the handlers share: stores, time, and the path of every command of a case, written once.
struct DisputeShell: Sendable {
  let shell: CommandShell
  let county: AreaCode
  let cases: CaseStore
  let directory: DirectoryStore
  let timers: TimerStore
  let policyStore: PolicyStore
  let policies: PolicyCache
  let calendars: CalendarCache
  let index: CaseIndex
  let keys: TokenKeys
  let searches: SearchStore
  let industryRules: IndustryRuleStore
  let alerts: AlertStore
  let screening: ScreeningStore
  let rights: PartyRightStore
  let duties: DutyStore

  init(_ shell: CommandShell, county: AreaCode) {
    self.shell = shell
    self.county = county
    cases = CaseStore(county: county)
    directory = DirectoryStore(county: county)
    timers = TimerStore(county: county)
    policyStore = PolicyStore(county: county)
    policies = PolicyCache(policyStore)
    calendars = CalendarCache(directory)
    index = CaseIndex(county: county)
    keys = TokenKeys(shell.cryptography)
    searches = SearchStore(county: county)
    industryRules = IndustryRuleStore(county: county)
    alerts = AlertStore(county: county)
    screening = ScreeningStore(county: county)
    rights = PartyRightStore(county: county)
    duties = DutyStore(county: county)
  }

  /// `bare` takes out of the request what the gateway filled in. Load → relation → `expected_version` → lifecycle row and all guards → decide → apply → save rows and journal → answer.
  func perform<Request: CaseRequest, Response: CaseResponse>(
    _ request: Request, _ context: ServerContext, bare: (inout Request) -> Void = { _ in },
    _ command: @escaping @Sendable (Sealer) throws -> Case.Command
  ) async throws -> Response {
    try await shell.perform(request, requestID: request.requestID, context, bare: bare) { transaction in
      let (record, world, parts) = try standing(of: transaction.actor, in: request.caseID, transaction.tx)
      guard !parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
      try Expected.version(request.expectedVersion, of: record.version)
      let command = try command(Sealer(transaction, record.caseID))
      var named = world
      try add(command, on: record, to: &named, in: transaction.tx)
      let event = try record.decide(
        command, by: transaction.actor, as: parts, in: named, at: transaction.now)
      var changed = try save(event, on: record, world, transaction)
      if changed.state == .awaitingCall, changed.awaitedLink?.state == .solved {
        changed = try settleAtOnce(changed, transaction)
      }
      return Response(caseRecord: try masked(changed, world, transaction))
    }
  }

  /// The call that the case begins to wait for was solved already: the system settles it in the same moment.
  private func settleAtOnce(_ record: Case, _ transaction: CommandTransaction) throws -> Case {
    let system = transaction.at(transaction.now, as: .system(county: county.text))
    let world = try surroundings(of: record, actor: system.actor, in: system.tx)
    let event = try record.decide(.callSolved, by: system.actor, as: [.system], in: world, at: system.now)
    return try save(event, on: record, world, system)
  }

  /// Applies and saves one event; the journal line is written in the same transaction.
  func save(
    _ event: Case.Event, on record: Case, _ world: Surroundings, _ transaction: CommandTransaction
  ) throws -> Case {
    var changed = record
    changed.apply(event)
    guard try cases.save(changed, replacing: record, in: transaction.tx) else {
      throw Refused(.aborted, .versionConflict)
    }
    try write(event, of: changed, world, transaction)
    try setTimer(of: changed, world, transaction)
    return changed
  }

  /// Looks at the case again when one of its clocks warns next, or when its mediation goes on.
  func setTimer(of record: Case, _ world: Surroundings, _ transaction: CommandTransaction) throws {
    let rung = record.nextRungTime(in: world.calendar, world.policies)
    let wakeTime = [rung, record.adjournment?.resumeTime].compactMap(\.self).min()
    try timers.set(wakeTime, for: record.caseID, in: transaction.tx)
  }

  /// Writes one event of `record` into the journal, at its own time.
  func write(
    _ event: Case.Event, of record: Case, _ world: Surroundings, _ transaction: CommandTransaction
  ) throws {
    try transaction.at(event.time).record(
      eventType: event.change.eventType, aggregateType: Self.aggregateType, aggregateID: record.caseID.text,
      version: Int64(record.version), correlationID: record.caseID.text,
      payload: DisputeV1.CaseEvent(event, of: record, in: world.calendar).encoded())
    try CaseWatch(self, transaction.at(event.time), world).notice(event, of: record)
  }

  /// A case with what the caller is towards it.
  func standing(
    of actor: Actor, in caseID: String, _ reading: some Reading
  ) throws -> (record: Case, world: Surroundings, parts: Set<Case.Part>) {
    guard let record = try cases.load(ID(caseID), in: reading) else { throw Refused(.notFound, .caseNotFound) }
    let world = try surroundings(of: record, actor: actor, in: reading)
    return (record, world, record.parts(of: actor, in: world))
  }

  /// What decides about time, and nobody yet.
  func world(in reading: some Reading) throws -> Surroundings {
    Surroundings(calendar: try calendars.calendar(in: reading), policies: try policies.policies(in: reading))
  }

  /// What a decision about `record` may look at.
  func surroundings(of record: Case, actor: Actor, in reading: some Reading) throws -> Surroundings {
    var world = try world(in: reading)
    world.grid = try record.origin.grid.flatMap { try directory.grid($0, in: reading) }
    var organisations = [ID<Organisation>(actor.organisationID), record.handlingOrganisation]
    if let escalation = record.openEscalation { organisations.append(escalation.toOrganisation) }
    if let plan = record.plan { organisations += [plan.leadOrganisation] + plan.measures.map(\.ownerOrganisation) }
    organisations += record.invitations.map(\.organisation) + [record.industryRoom].compactMap(\.self)
    for id in organisations where world.organisations[id] == nil {
      world.organisations[id] = try directory.organisation(id, in: reading)
    }
    return world
  }

  /// What the system does to a case because of something else in the same transaction; the actor stays who caused it.
  func carryOut(_ command: Case.Command, on id: ID<Case>, _ transaction: CommandTransaction) throws -> Case {
    guard let record = try cases.load(id, in: transaction.tx) else { throw Refused(.notFound, .caseNotFound) }
    var world = try surroundings(of: record, actor: transaction.actor, in: transaction.tx)
    try add(command, on: record, to: &world, in: transaction.tx)
    let event = try record.decide(
      command, by: transaction.actor, as: [.system], in: world, at: transaction.now)
    return try save(event, on: record, world, transaction)
  }

  /// What a command names besides persons: a grid, an industry's room, organisations whose intake clerk may be needed.
  private func add(
    _ command: Case.Command, on record: Case, to world: inout Surroundings, in reading: some Reading
  ) throws {
    try addPersons(command.namedPersons, to: &world, in: reading)
    var intakes: [ID<Organisation>] = []
    switch command {
    case .locate(let id):
      world.namedGrid = try directory.grid(id, in: reading)
      if let grid = world.namedGrid {
        world.townshipOrganisation = try Township.organisation(of: grid.area.ancestor(.township), in: self, reading)
        intakes = grid.path.map(\.organisation) + [record.industryRoom].compactMap(\.self)
      }
    case .setFlags(_, _, let room), .routeIndustry(let room, _, _):
      world.industryRules = try industryRules.rules(in: reading)
      world.centre = try directory.organisation(.townshipCentre, of: record.origin.township, in: reading)
      let rooms = [room, record.industryRoom, world.industryRoom(nil, for: record.origin.category)]
      intakes = rooms.compactMap(\.self) + (world.grid?.path.map(\.organisation) ?? [])
      intakes += [world.centre?.organisationID].compactMap(\.self)
    case .returnDown: intakes = record.escalations.map(\.fromOrganisation)
    case .escalate, .raise:
      world.centre = try directory.organisation(.townshipCentre, of: record.origin.township, in: reading)
    default: break
    }
    for id in Set(intakes) {
      world.organisations[id] = try directory.organisation(id, in: reading) ?? world.organisations[id]
      world.intakeClerks[id] = try directory.intakeClerk(of: id, in: reading)
    }
  }

  /// The persons that a command names, and where they work.
  func addPersons(_ ids: [ID<Person>], to world: inout Surroundings, in reading: some Reading) throws {
    for id in ids {
      guard let person = try directory.person(id, in: reading) else { continue }
      world.persons[id] = person
      if world.organisations[person.organisation] == nil {
        world.organisations[person.organisation] = try directory.organisation(person.organisation, in: reading)
      }
    }
  }

  /// The case as the answer of a command shows it.
  func masked(_ record: Case, _ world: Surroundings, _ transaction: CommandTransaction) throws -> DisputeV1.Case {
    try CaseView(texts: .masked, calendar: world.calendar, now: transaction.now, policies: world.policies) { sealed in
      try transaction.sealedTexts.open(sealed.sealedID, in: transaction.tx)
    }.wire(record)
  }

  static let aggregateType = "case"
}

/// Seals the free texts of one command under its case.
struct Sealer {
  private let transaction: CommandTransaction
  private let caseID: ID<Case>

  init(_ transaction: CommandTransaction, _ caseID: ID<Case>) {
    self.transaction = transaction
    self.caseID = caseID
  }

  /// More than anybody writes about one step of a case; attachments lie elsewhere.
  private static let longest = 20_000
  private static let longestCode = 100

  /// A code or a reference, which is short; free text is sealed.
  func code(_ text: String, _ field: String) throws -> String {
    guard text.count <= Self.longestCode else {
      throw Refused(.invalidArgument, Reason.textTooLong.at(field).with("limit", String(Self.longestCode)))
    }
    return text
  }

  /// `nil` for a text without a visible character.
  func callAsFunction(_ text: String, _ kind: String) throws -> Case.SealedText? {
    guard text.contains(where: { !$0.isWhitespace }) else { return nil }
    guard text.count <= Self.longest else {
      throw Refused(.invalidArgument, .textTooLong.with("text", kind).with("limit", String(Self.longest)))
    }
    let reference = try transaction.sealedTexts.seal(text, kind: kind, aggregateID: caseID.text, in: transaction.tx)
    return Case.SealedText(sealedID: reference.id, digest: reference.digest)
  }
}

extension Reason {
  static let caseNotFound = Reason("CASE_NOT_FOUND", zh: "没有这个案件。", en: "There is no such case.", field: "case_id")
  static let textTooLong = Reason(
    "TEXT_TOO_LONG", zh: "文字过长。", en: "The text is longer than its limit.")
}
