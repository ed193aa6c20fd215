package import Access
package import Kernel
import Lifecycle
import WorkClock

extension Case {
  /// A report as it is entered, with what the service has added: number, sealed texts, the township's organisations.
  package struct ReportDraft: Sendable {
    package var caseID: ID<Case>
    package var number: String
    package var kind: Kind?
    package var category: String
    package var complexity: Complexity
    package var flags: Set<Flag>
    package var discovery: Discovery
    package var importSource: String
    package var externalRef: String
    package var occurTime: Timestamp?
    /// The grid that was named; `nil`: unlocated.
    package var grid: ID<Grid>?
    /// The township's mediation centre, or its organisation where no centre is known.
    package var centre: Organisation?
    /// The township's own organisation, for statistics.
    package var townshipOrganisation: ID<Organisation>?
    package var title: SealedText?
    package var narrative: SealedText?
    package var parties: [Party]
    package var partyCount: Int
    /// Who takes cases in at the own-level organisation, as far as heard.
    package var intakeClerk: ID<Person>?
    /// Where it is, where that is known.
    package var location: Location?
    /// The industry's room that was named, or that reports itself.
    package var industryRoom: ID<Organisation>?

    package init(
      caseID: ID<Case>, number: String, kind: Kind?, category: String = "", complexity: Complexity = .general,
      flags: Set<Flag> = [], discovery: Discovery, importSource: String = "", externalRef: String = "",
      occurTime: Timestamp? = nil, grid: ID<Grid>? = nil, centre: Organisation? = nil,
      townshipOrganisation: ID<Organisation>? = nil, title: SealedText?, narrative: SealedText? = nil,
      parties: [Party] = [], partyCount: Int = 0, intakeClerk: ID<Person>? = nil,
      industryRoom: ID<Organisation>? = nil
    ) {
      self.caseID = caseID
      self.number = number
      self.kind = kind
      self.category = category
      self.complexity = complexity
      self.flags = flags
      self.discovery = discovery
      self.importSource = importSource
      self.externalRef = externalRef
      self.occurTime = occurTime
      self.grid = grid
      self.centre = centre
      self.townshipOrganisation = townshipOrganisation
      self.title = title
      self.narrative = narrative
      self.parties = parties
      self.partyCount = partyCount
      self.intakeClerk = intakeClerk
      self.industryRoom = industryRoom
    }

    /// GROUP and the like, with INDUSTRY for what the industry itself found or the county's rules name.
    package func effectiveFlags(in world: Surroundings) -> Set<Flag> {
      discovery == .industry || world.industryRules[category] != nil ? flags.union([.industry]) : flags
    }

    /// The industry's room that tries first; `nil`: not its turn, or none exists.
    package func room(in world: Surroundings) -> ID<Organisation>? {
      effectiveFlags(in: world).contains(.industry) ? world.industryRoom(industryRoom, for: category) : nil
    }
  }

  /// Where a report is taken in: the own level of its grid, or the township for what is not located.
  package static func intake(_ draft: ReportDraft, in world: Surroundings) -> PathStep? {
    let (kind, flags, room) = (draft.kind ?? .dispute, draft.effectiveFlags(in: world), draft.room(in: world))
    guard draft.grid != nil else {
      if let room, isIndustryFirst(kind, flags), draft.centre != nil { return PathStep(.industry, room) }
      return draft.centre.map { PathStep(.township, $0.organisationID) }
    }
    guard let grid = world.grid, !grid.isClosed else { return nil }
    return grid.ownStep(kind: kind, flags: flags, room: room)
  }

  /// From nothing to REPORTED. Refuses with every reason at once.
  package static func report(
    _ draft: ReportDraft, by actor: Actor, as parts: Set<Part>, in world: Surroundings, at now: Timestamp,
    policy: ClockPolicy? = nil
  ) throws(Refused) -> Event {
    let policy = policy ?? world.policies.inForce(at: now)
    guard lifecycle.rows.contains(where: { $0.from == nil && !$0.roles.isDisjoint(with: parts) }) else {
      throw TransitionRefusal.notYours.refusal(action: Action.report.rawValue, state: "∅")
    }
    var reasons: [Reason] = []
    if draft.kind == nil { reasons.append(.kindMissing.at("kind")) }
    if draft.title == nil { reasons.append(.titleMissing.at("title")) }
    let step = intake(draft, in: world)
    let township = world.grid?.area.ancestor(.township) ?? draft.centre?.township
    if step == nil || township == nil {
      reasons.append(draft.grid == nil ? .townshipNotHeard.at("township_org_id") : .gridNotHeard.at("grid_id"))
    }
    if let room = draft.industryRoom, world.organisations[room]?.kind != .industryRoom {
      reasons.append(.notAnIndustryRoom)
    }
    guard reasons.isEmpty, let step, let township, let kind = draft.kind else {
      throw Refused(.failedPrecondition, reasons)
    }
    var origin = Origin(
      caseID: draft.caseID, number: draft.number, kind: kind, category: draft.category, complexity: draft.complexity,
      flags: draft.effectiveFlags(in: world), discovery: draft.discovery, importSource: draft.importSource,
      externalRef: draft.externalRef, occurTime: draft.occurTime, reportTime: now, township: township,
      townshipOrganisation: draft.townshipOrganisation ?? draft.centre?.organisationID ?? step.organisation,
      grid: draft.grid, area: world.grid?.area ?? township, reporter: ID(actor.personID),
      reporterOrganisation: ID(actor.organisationID), title: draft.title, narrative: draft.narrative,
      partyCount: max(draft.partyCount, draft.parties.count))
    origin.location = draft.location
    let reported = Reported(
      origin: origin, parties: draft.parties, level: step.level, handlingOrganisation: step.organisation,
      responsiblePerson: draft.intakeClerk ?? ID(actor.personID), industryRoom: draft.room(in: world))
    var ledger = ClockLedger(
      origin: origin, level: step.level, clocks: [], calendar: world.calendar, policy: policy, now: now)
    ledger.start(.whole)
    ledger.start(.accept)
    ledger.informTownship(flags: origin.flags, standingAt: step.level)
    return Event(.reported(reported), clocks: ledger.changes, time: now)
  }
}
