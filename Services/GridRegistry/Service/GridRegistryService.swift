import Feed
import FeedContract
package import GridRegistryContract
import GridRegistryStore
import Journal
import Kernel
package import Persistence
import RPC
package import Runtime

/// The grid registry, assembled: its handlers over one database.
package struct GridRegistryService: Sendable {
  /// What the process answers.
  package let parts: ServiceParts
  package let areas: any GridRegistryV1.AreaService
  package let organisations: any GridRegistryV1.OrganisationService
  package let persons: any GridRegistryV1.PersonService
  package let grids: any GridRegistryV1.GridService
  package let calendars: any GridRegistryV1.CalendarService
  package let members: any GridRegistryV1.MemberService
  package let vacancies: any GridRegistryV1.VacancyService
  package let training: any GridRegistryV1.TrainingService
  package let capabilities: any GridRegistryV1.CapabilityService
  package let inbox: any GridRegistryV1.InboxService
  package let plans: any GridRegistryV1.PlanService
  package let coverage: any GridRegistryV1.CoverageService

  /// Who works here now.
  package let staff: StaffDirectory

  /// Tables of the registry, the journal and the inbox.
  package static let migrations = Journal.migrations + Feed.migrations + GridRegistryMigrations.all

  /// Opens the process's database and assembles the service over it.
  package init(in process: ProcessSurroundings) async throws {
    self.init(
      process.shell(try await process.openDatabase(migrations: Self.migrations)), county: process.settings.county)
  }

  /// Assembles the service of one county over a database that is open.
  package init(_ commands: CommandShell, county: String) {
    let shell = GridRegistryShell(commands: commands)
    staff = StaffDirectory(commands: commands, county: AreaCode(county))
    let watch = DivisionWatch(shell: shell, county: county)
    plans = PlanHandlers(shell: shell)
    coverage = CoverageHandlers(shell: shell)
    areas = AreaHandlers(shell: shell)
    organisations = OrganisationHandlers(shell: shell)
    persons = PersonHandlers(shell: shell)
    grids = GridHandlers(shell: shell)
    calendars = CalendarHandlers(shell: shell)
    members = MemberHandlers(shell: shell)
    vacancies = VacancyHandlers(shell: shell)
    training = TrainingHandlers(shell: shell)
    capabilities = CapabilityHandlers(shell: shell)
    inbox = InboxHandlers(shell: shell)
    parts = ServiceParts(
      services: [
        areas, organisations, persons, grids, plans, coverage, calendars, members, vacancies, training, capabilities,
        ImportHandlers(shell: shell), inbox,
        FeedHandlers(database: commands.database, journal: Journal(commands.cryptography)),
      ],
      accessRules: GridRegistryV1.accessRules.merging(FeedV1.accessRules) { own, _ in own },
      fileDescriptors: GridRegistryV1.fileDescriptors,
      background: [{ await StaffingAtStart(commands: commands, county: county).run() }],
      timers: [TeamTimers(commands: commands), watch],
      close: { commands.database.close() })
  }
}
