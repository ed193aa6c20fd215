import Feed
import GridRegistryContract
import GridRegistryStore
import Journal
package import Persistence
import RPC
package import Runtime

/// The grid registry, assembled: its handlers over one database.
package struct GridRegistryService: Sendable {
  /// What the process answers.
  package let parts: ServiceParts

  /// Tables of the registry, the journal and the inbox.
  package static let migrations = Journal.migrations + Feed.migrations + GridRegistryMigrations.all

  /// Opens the process's database and assembles the service over it.
  package init(in process: ProcessSurroundings) throws {
    let database = try Database.open(path: process.settings.databasePath, migrations: Self.migrations)
    self.init(
      CommandShell(
        database: database, cryptography: process.cryptography, time: process.time, logger: process.logger))
  }

  /// Assembles the service over a database that is open.
  package init(_ commands: CommandShell) {
    let shell = GridRegistryShell(commands: commands)
    parts = ServiceParts(
      services: [
        AreaHandlers(shell: shell), OrganisationHandlers(shell: shell), PersonHandlers(shell: shell),
        GridHandlers(shell: shell), CalendarHandlers(shell: shell), InboxHandlers(shell: shell),
      ],
      accessRules: GridRegistryV1.accessRules, fileDescriptors: GridRegistryV1.fileDescriptors,
      close: { commands.database.close() })
  }
}
