package import CareVisitContract
import CareVisitStore
import Crypto
import Foundation
import Journal
import Kernel
package import Persistence
import RPC
package import Runtime

/// The care-visit register, assembled. It stands beside the grid registry in one process and shares nothing with it: own file, own
/// key, own journal, which no feed serves.
package struct CareVisitService: Sendable {
  /// What the process answers.
  package let parts: ServiceParts
  package let programmes: any CareVisitV1.ProgrammeService
  package let enrolments: any CareVisitV1.EnrolmentService
  package let visits: any CareVisitV1.VisitService
  package let reveals: any CareVisitV1.RevealService
  package let rights: any CareVisitV1.RightService
  package let audit: any CareVisitV1.AuditService

  /// Tables of the register and its journal.
  package static let migrations = Journal.migrations + CareVisitMigrations.all

  /// How its file is opened: what is deleted is overwritten.
  package static var configuration: DatabaseConfiguration {
    var configuration = DatabaseConfiguration()
    configuration.overwritesDeleted = true
    return configuration
  }

  /// The register of the process's county where the setting says so; else its RPCs say that there is none, and no file is made. A
  /// file from before that was switched off is still swept: what has been kept long enough is destroyed.
  package init(in process: ProcessSurroundings, directory: CareDirectory) async throws {
    let settings = process.settings
    let isThere = FileManager.default.fileExists(atPath: settings.careVisitPath)
    let hasKey = FileManager.default.fileExists(atPath: settings.careVisitKeyPath)
    guard settings.hasCareVisits || isThere && hasKey else {
      self.init(register: nil, isServing: false, close: {})
      return
    }
    guard hasKey || !isThere else {
      throw SettingError(
        "care-visits: \(settings.careVisitPath) is there, its key \(settings.careVisitKeyPath) is not: put the key back"
      )
    }
    let ring = try KeyRing.loadOrMake(at: settings.careVisitKeyPath, besides: settings.careVisitPath)
    let database = try await process.openDatabase(
      migrations: Self.migrations, named: ServiceSettings.careVisitName, configuration: Self.configuration,
      sealing: ring)
    let commands = CommandShell(
      database: database, cryptography: .live(ring), time: process.time, logger: process.logger)
    self.init(commands, county: settings.county, directory: directory, isServing: settings.hasCareVisits)
  }

  /// The register over a database that is open; served, or only swept.
  package init(_ commands: CommandShell, county: String, directory: CareDirectory, isServing: Bool = true) {
    let register = AreaCode(county).map { CareRegister(county: $0, commands: commands, directory: directory) }
    self.init(register: register, isServing: isServing, close: { commands.database.close() })
  }

  private init(register: CareRegister?, isServing: Bool, close: @escaping @Sendable () async -> Void) {
    let desk = CareDesk(register: isServing ? register : nil)
    programmes = ProgrammeHandlers(desk: desk)
    enrolments = EnrolmentHandlers(desk: desk)
    visits = VisitHandlers(desk: desk)
    reveals = RevealHandlers(desk: desk)
    rights = RightHandlers(desk: desk)
    audit = AuditHandlers(desk: desk)
    parts = ServiceParts(
      services: [programmes, enrolments, visits, reveals, rights, audit], accessRules: CareVisitV1.accessRules,
      fileDescriptors: CareVisitV1.fileDescriptors, timers: register.map { [CareTimers(register: $0)] } ?? [],
      close: close)
  }
}
