package import Kernel
package import WorkClock

extension GridMember {
  /// How many open cases somebody has, as far as dispute has been heard.
  package struct OpenCases: Hashable, Sendable {
    package var count: Int
    /// The time up to which dispute has been heard; `nil`: never.
    package var asOf: Timestamp?

    package init(count: Int, asOf: Timestamp?) {
      self.count = count
      self.asOf = asOf
    }

    /// Nobody has been heard.
    package static let unknown = OpenCases(count: 0, asOf: nil)

    /// Counts that are older than an hour prove nothing (D§2.1.6).
    package func isStale(at now: Timestamp) -> Bool { asOf.map { now - $0 > .hours(1) } ?? true }
  }

  /// What a decision may look at besides the member.
  package struct World: Hashable, Sendable {
    package var person: Person?
    /// The nominating organisation.
    package var organisation: Organisation?
    /// The person's other entry that is not over.
    package var otherEntry: ID?
    /// The competences of which the person has a valid certificate today.
    package var competences: Set<String>
    /// The grid that the command names.
    package var grid: Grid?
    /// The grid's primary member, if it is somebody else.
    package var otherPrimary: ID?
    /// The grid has an open vacancy of the post.
    package var hasVacancyThere: Bool
    /// The township has any open vacancy.
    package var hasVacancy: Bool
    package var courseExists: Bool
    package var openCases: OpenCases
    /// Whom open cases are handed over to.
    package var successor: GridMember?
    /// Of the member's open assignments: the grids that are not retired.
    package var livingGrids: [Grid.ID]
    package var calendar: WorkCalendar
    package var policy: TeamPolicy

    package init(
      person: Person? = nil, organisation: Organisation? = nil, otherEntry: ID? = nil, competences: Set<String> = [],
      grid: Grid? = nil, otherPrimary: ID? = nil, hasVacancyThere: Bool = false, hasVacancy: Bool = false,
      courseExists: Bool = false, openCases: OpenCases = .unknown, successor: GridMember? = nil,
      livingGrids: [Grid.ID] = [], calendar: WorkCalendar = .unannounced, policy: TeamPolicy = .first
    ) {
      self.person = person
      self.organisation = organisation
      self.otherEntry = otherEntry
      self.competences = competences
      self.grid = grid
      self.otherPrimary = otherPrimary
      self.hasVacancyThere = hasVacancyThere
      self.hasVacancy = hasVacancy
      self.courseExists = courseExists
      self.openCases = openCases
      self.successor = successor
      self.livingGrids = livingGrids
      self.calendar = calendar
      self.policy = policy
    }
  }

  /// What a guard looks at.
  package struct Move: Sendable {
    package let member: GridMember?
    package let command: Command
    /// Words came with the command.
    package let hasText: Bool
    package let actorID: Person.ID
    package let world: World
    package let now: Timestamp

    package init(
      member: GridMember?, command: Command, hasText: Bool, actorID: Person.ID, world: World, now: Timestamp
    ) {
      self.member = member
      self.command = command
      self.hasText = hasText
      self.actorID = actorID
      self.world = world
      self.now = now
    }

    var today: CivilDate { CivilDate(now) }
    var townshipCode: AreaCode? { member?.townshipCode ?? world.organisation?.townshipCode }
  }
}
