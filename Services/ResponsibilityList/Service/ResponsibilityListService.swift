import Access
import Feed
import FeedContract
import Journal
import Kernel
import Logging
package import Persistence
import RPC
import ResponsibilityListContract
import ResponsibilityListDomain
import ResponsibilityListStore
package import Runtime
import Wire

/// The responsibility list, assembled: its handlers over one database.
package struct ResponsibilityListService: Sendable {
  /// What the process answers.
  package let parts: ServiceParts

  /// Tables of the lists, the journal and the inbox.
  package static let migrations = Journal.migrations + Feed.migrations + ResponsibilityListMigrations.all

  /// Opens the process's database and assembles the service over it.
  package init(in process: ProcessSurroundings) async throws {
    self.init(
      process.shell(try await process.openDatabase(migrations: Self.migrations)), county: process.settings.county)
  }

  /// Assembles the service over a database that is open.
  package init(_ shell: CommandShell, county: String) {
    let content = ListContent(county: county, cryptography: shell.cryptography)
    let directory = DirectoryStore(county: county)
    let determiner = Determiner(
      shell: shell, content: content,
      library: ListLibrary(content: content, directory: directory, policy: .standard),
      store: DeterminationStore(county: county))
    parts = ServiceParts(
      services: [
        ListVersionHandlers(shell: shell, content: content), ItemHandlers(shell: shell, content: content),
        DeterminationHandlers(determiner: determiner), InboxHandlers(shell: shell, directory: directory),
        FeedHandlers(database: shell.database, journal: Journal(shell.cryptography)),
      ],
      accessRules: ResponsibilityListV1.accessRules.merging(FeedV1.accessRules) { own, _ in own },
      fileDescriptors: joinedFiles([ResponsibilityListV1.fileDescriptors, FeedV1.fileDescriptors]),
      timers: [ListTimers(shell: shell, content: content, county: county)],
      close: { shell.database.close() })
  }
}
