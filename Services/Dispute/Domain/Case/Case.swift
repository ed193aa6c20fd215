package import Kernel
package import WorkClock

/// A dispute or another matter, from the report to the closing (D§2.2). Changes by `apply` only; what may happen is decided by
/// the table in `CaseLifecycle.swift`.
package struct Case: Hashable, Sendable {
  /// What was reported. Classifying, flagging and locating change what is `var` here; the rest is frozen.
  package struct Origin: Hashable, Sendable {
    package let caseID: ID<Case>
    /// `DJ-<township>-yyyy-nnnnnn`
    package let number: String
    package let kind: Kind
    package var category: String
    package var complexity: Complexity
    package var flags: Set<Flag>
    package let discovery: Discovery
    /// Empty unless imported.
    package let importSource: String
    package let externalRef: String
    package let occurTime: Timestamp?
    package let reportTime: Timestamp
    package var township: AreaCode
    package var townshipOrganisation: ID<Organisation>
    /// `nil`: unlocated. Once set it stays, also when grids are re-divided (I8).
    package var grid: ID<Grid>?
    package var area: AreaCode
    package let reporter: ID<Person>
    package let reporterOrganisation: ID<Organisation>
    package let title: SealedText?
    package let narrative: SealedText?
    package let partyCount: Int
    /// Where it is, where that is known.
    package var location: Location?

    package init(
      caseID: ID<Case>, number: String, kind: Kind, category: String, complexity: Complexity, flags: Set<Flag>,
      discovery: Discovery, importSource: String, externalRef: String, occurTime: Timestamp?, reportTime: Timestamp,
      township: AreaCode, townshipOrganisation: ID<Organisation>, grid: ID<Grid>?, area: AreaCode, reporter: ID<Person>,
      reporterOrganisation: ID<Organisation>, title: SealedText?, narrative: SealedText?, partyCount: Int
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
      self.reportTime = reportTime
      self.township = township
      self.townshipOrganisation = townshipOrganisation
      self.grid = grid
      self.area = area
      self.reporter = reporter
      self.reporterOrganisation = reporterOrganisation
      self.title = title
      self.narrative = narrative
      self.partyCount = partyCount
    }
  }

  package internal(set) var origin: Origin
  package var version: Int
  package var state: State
  package var parties: [Party]
  package var level: Level
  package var handlingOrganisation: ID<Organisation>
  /// Exactly one in every state that is not terminal (I1); the last one afterwards.
  package var responsiblePerson: ID<Person>
  package var mediators: [ID<Person>]
  package var attempts: [Attempt]
  package var escalations: [Escalation]
  package var clocks: [Clock]
  /// The warnings of its clocks that have fired.
  package var rungs: Set<FiredRung> = []
  package var determination: Determination?
  package var links: [Link]
  /// The call or task that AWAITING_CALL or AWAITING_AGENCY waits for.
  package var awaited: String?
  package var settlement: Settlement?
  package var closure: Closure?
  /// With INDUSTRY: the room that tries first; `nil`: none exists.
  package var industryRoom: ID<Organisation>?
  /// The reports that it stands for: its own and those merged into it.
  package var reporterCount: Int { 1 + merges.reduce(0) { $0 + $1.reporterCount } }
  package var adjournment: Adjournment?
  package var rejection: Rejection?
  package var survivor: Survivor?
  package var merges: [Merge] = []
  package var analyses: [Analysis] = []
  package var plan: Plan?
  package var invitations: [Invitation] = []
  package var assists: [Assist] = []
  package var reopenings: [Reopening] = []
  package var followUps: [FollowUp] = []
  package var signature: Signature?
  /// When it last changed; nothing happens to a case before that.
  package var changeTime: Timestamp

  package init(
    origin: Origin, version: Int, state: State, parties: [Party], level: Level,
    handlingOrganisation: ID<Organisation>, responsiblePerson: ID<Person>, mediators: [ID<Person>] = [],
    attempts: [Attempt] = [], escalations: [Escalation] = [], clocks: [Clock] = [],
    determination: Determination? = nil, links: [Link] = [], awaited: String? = nil, settlement: Settlement? = nil,
    closure: Closure? = nil, changeTime: Timestamp
  ) {
    self.origin = origin
    self.version = version
    self.state = state
    self.parties = parties
    self.level = level
    self.handlingOrganisation = handlingOrganisation
    self.responsiblePerson = responsiblePerson
    self.mediators = mediators
    self.attempts = attempts
    self.escalations = escalations
    self.clocks = clocks
    self.determination = determination
    self.links = links
    self.awaited = awaited
    self.settlement = settlement
    self.closure = closure
    self.changeTime = changeTime
  }
}

extension Case {
  package var caseID: ID<Case> { origin.caseID }
  package var isDispute: Bool { origin.kind == .dispute }
  package var isEmergency: Bool { origin.flags.contains(.emergency) }

  /// GROUP, PETITION, EMERGENCY or INDUSTRY: what takes a case out of the grid member's hands.
  package var hasRaisingFlag: Bool {
    !origin.flags.isDisjoint(with: [.group, .petition, .emergency, .industry])
  }

  /// EMERGENCY, or GROUP or PETITION without INDUSTRY: goes to the township at once.
  package var isUrgent: Bool {
    isEmergency || (!origin.flags.isDisjoint(with: [.group, .petition]) && !origin.flags.contains(.industry))
  }

  /// The attempts made where the case now stands.
  package var attemptsHere: [Attempt] {
    attempts.filter { $0.level == level && $0.organisation == handlingOrganisation }
  }

  /// The escalation that has not been answered.
  package var openEscalation: Escalation? { escalations.last.flatMap { $0.state == .submitted ? $0 : nil } }

  /// Whether this level's case has been sent back once already.
  package var wasReturnedHere: Bool {
    escalations.contains {
      $0.state == .returned && $0.fromLevel == level && $0.fromOrganisation == handlingOrganisation
    }
  }

  /// The running clock of `kind`.
  package func runningClock(_ kind: CaseClock) -> Clock? { clocks.last { $0.kind == kind.rawValue && !$0.isStopped } }

  /// When the whole case is due.
  package func dueTime(in calendar: WorkCalendar) -> Timestamp? { runningClock(.whole)?.dueTime(in: calendar) }

  /// The call or task that names this case and may still, or did, solve it; `subjectID` says which if there are several.
  package func promisingLink(_ subject: Link.Subject, _ subjectID: String?) -> Link? {
    links.first { $0.subject == subject && $0.state != .unsolved && (subjectID == nil || $0.subjectID == subjectID) }
  }
}
