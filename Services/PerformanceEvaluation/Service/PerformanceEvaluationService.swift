import Feed
import FeedContract
import Journal
package import Kernel
import PerformanceEvaluationContract
import PerformanceEvaluationStore
package import Persistence
import RPC
package import Runtime
import Wire

/// Performance-evaluation, put together: what it answers, on one database.
package struct PerformanceEvaluationService: Sendable {
  /// Every table: ours, the journal's, the inbox's.
  package static let migrations = Journal.migrations + Feed.migrations + PerformanceEvaluationMigrations.all

  package let scorecards: ScorecardHandlers
  package let rebuild: RebuildHandlers
  package let inbox: InboxHandlers
  private let shell: CommandShell
  private let facts: FactInbox
  private let scorebook: Scorebook

  /// On an open database, for one county.
  package init(shell: CommandShell, county: AreaCode) {
    let scorebook = Scorebook(county: county)
    self.shell = shell
    self.scorebook = scorebook
    scorecards = ScorecardHandlers(shell: shell, scorebook: scorebook)
    rebuild = RebuildHandlers(shell: shell, scorebook: scorebook, replay: FactReplay(county: county))
    facts = FactInbox(county: county)
    inbox = InboxHandlers(shell: shell, facts: facts)
  }

  /// Opens the process's database.
  package init(_ surroundings: ProcessSurroundings) async throws {
    guard let county = AreaCode(surroundings.settings.county) else {
      throw SettingError("county: \"\(surroundings.settings.county)\" is not a 12-digit code")
    }
    self.init(
      shell: surroundings.shell(try await surroundings.openDatabase(migrations: Self.migrations)), county: county)
  }

  /// What the process hands to its server.
  package var parts: ServiceParts {
    let database = shell.database
    let feed = FeedHandlers(database: database, journal: Journal(shell.cryptography), forget: facts.forget)
    return ServiceParts(
      services: [scorecards, rebuild, inbox, feed],
      accessRules: PerformanceEvaluationV1.accessRules.merging(FeedV1.accessRules) { own, _ in own },
      fileDescriptors: joinedFiles([PerformanceEvaluationV1.fileDescriptors, FeedV1.fileDescriptors]),
      background: [{ await refreshStaleRecords() }], close: { database.close() })
  }

  /// Once after an upgrade; until it is done, scores are folded from the facts each time.
  package func refreshStaleRecords() async {
    try? await shell.database.write { try scorebook.refreshStale(in: $0) }
  }
}
