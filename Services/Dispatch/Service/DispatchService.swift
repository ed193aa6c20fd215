import DispatchContract
import DispatchDomain
import DispatchStore
import Feed
import FeedContract
import Journal
package import Persistence
import RPC
package import Runtime

/// Dispatch, assembled: its handlers over one database.
package struct DispatchService: Sendable {
  /// Every table of its database.
  package static let migrations: [Migration] = Journal.migrations + Feed.migrations + DispatchMigrations.all

  /// What the process answers.
  package let parts: ServiceParts

  /// The service in a process of its own.
  package init(in process: ProcessSurroundings) async throws {
    self.init(
      process.shell(try await process.openDatabase(migrations: Self.migrations)), county: process.settings.county)
  }

  /// Assembles the service of one county over a database that is open.
  package init(_ commands: CommandShell, county: String) {
    let shell = DispatchShell(commands: commands, policy: .first)
    let watch = OverdueWatch(shell: shell, county: county)
    parts = ServiceParts(
      services: [
        CoordinationHandlers(shell: shell), CallHandlers(shell: shell), ImportHandlers(shell: shell),
        InboxHandlers(shell: shell),
        FeedHandlers(database: commands.database, journal: Journal(commands.cryptography)),
      ],
      accessRules: DispatchV1.accessRules.merging(FeedV1.accessRules) { own, _ in own },
      fileDescriptors: DispatchV1.fileDescriptors + FeedV1.fileDescriptors,
      timers: [watch],
      close: { commands.database.close() })
  }
}
