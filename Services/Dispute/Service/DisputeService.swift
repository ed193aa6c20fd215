import DisputeContract
import DisputeStore
import Feed
import FeedContract
import Journal
package import Kernel
package import Persistence
package import RPC
package import Runtime

/// The service: its RPCs on one database.
package struct DisputeService: Sendable {
  /// Every table of its database.
  package static let migrations: [Migration] = Journal.migrations + Feed.migrations + DisputeMigrations.all

  private let dispute: DisputeShell

  package init(_ shell: CommandShell, county: AreaCode) { dispute = DisputeShell(shell, county: county) }

  /// What it answers, health and reflection aside.
  package var services: [any RPC.Service] {
    [
      CaseHandlers(dispute: dispute), MediationHandlers(dispute: dispute), EscalationHandlers(dispute: dispute),
      AnalysisHandlers(dispute: dispute), ImportHandlers(dispute: dispute), InboxHandlers(dispute: dispute),
    ]
  }
}
