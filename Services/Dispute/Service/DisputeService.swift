import DisputeContract
import DisputeStore
import Feed
import FeedContract
import Journal
package import Kernel
package import Persistence
import RPC
package import Runtime

/// Dispute, assembled: its handlers over one database.
package struct DisputeService: Sendable {
  /// What the process answers.
  package let parts: ServiceParts

  /// Tables of the cases, the directory, the journal and the inbox.
  package static let migrations: [Migration] = Journal.migrations + Feed.migrations + DisputeMigrations.all

  /// Opens the process's database and assembles the service over it.
  package init(in process: ProcessSurroundings) async throws {
    guard let county = AreaCode(process.settings.county) else {
      throw SettingError("county: \"\(process.settings.county)\" is not the code of a county")
    }
    self.init(process.shell(try await process.openDatabase(migrations: Self.migrations)), county: county)
  }

  /// Assembles the service over a database that is open.
  package init(_ commands: CommandShell, county: AreaCode) {
    let dispute = DisputeShell(commands, county: county)
    parts = ServiceParts(
      services: [
        CaseHandlers(dispute: dispute), MediationHandlers(dispute: dispute), EscalationHandlers(dispute: dispute),
        AnalysisHandlers(dispute: dispute), PlanHandlers(dispute: dispute), MergeHandlers(dispute: dispute),
        IndustryRuleHandlers(dispute: dispute), ImportHandlers(dispute: dispute), InboxHandlers(dispute: dispute),
        ClockPolicyHandlers(dispute: dispute), DuplicateHandlers(dispute: dispute), SearchHandlers(dispute: dispute),
        AlertHandlers(dispute: dispute), ScreeningHandlers(dispute: dispute), PartyRightHandlers(dispute: dispute),
        FeedHandlers(database: commands.database, journal: Journal(commands.cryptography)),
      ],
      accessRules: DisputeV1.accessRules.merging(FeedV1.accessRules) { own, _ in own },
      fileDescriptors: DisputeV1.fileDescriptors,
      background: [{ await dispute.enterBacklog() }],
      timers: [
        PolicyTimers(dispute: dispute), CaseTimers(dispute: dispute), DutyTimers(dispute: dispute),
        RetentionTimer(dispute: dispute),
      ],
      close: { commands.database.close() })
  }
}
