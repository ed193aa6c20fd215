package import Access
import Crypto
package import Journal
package import Kernel
import Logging
package import Persistence
package import RPC
package import Runtime
import Synchronization

/// A database in a folder of its own, and what a service's handlers stand on: the shell of every command, a clock that the
/// test sets, callers that the test names.
package final class ServiceBench: Sendable {
  package let folder: TemporaryFolder
  package let database: Database
  package let clock: SettableTime
  package let shell: CommandShell

  package init(
    migrations: [Migration], startTime: Timestamp = Timestamp(seconds: 1_583_805_600),
    configuration: DatabaseConfiguration = DatabaseConfiguration()
  ) throws {
    folder = TemporaryFolder()
    database = try Database.open(
      path: folder.file("test.sqlite"), migrations: migrations, configuration: configuration)
    clock = SettableTime(startTime)
    shell = CommandShell(
      database: database, cryptography: .testing, time: clock.source,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  deinit { database.close() }

  /// A call of `method` by somebody of this county.
  package func context(
    _ method: MethodDescriptor, as role: Role, of organisationID: String = "org", person: String = "person",
    county: String = "379922000000"
  ) -> ServerContext {
    var context = ServerContext(method: method)
    context.setActor(
      Actor(personID: person, organisationID: organisationID, role: role, countyCode: county))
    return context
  }
}

/// A clock that stands still until it is set.
package final class SettableTime: Sendable {
  private let instant: Mutex<Timestamp>

  package init(_ start: Timestamp) { instant = Mutex(start) }

  package var now: Timestamp {
    get { instant.withLock { $0 } }
    set { instant.withLock { $0 = newValue } }
  }

  /// For whoever asks what time it is.
  package var source: TimeSource { TimeSource { self.now } }

  package func advance(by interval: Interval) { instant.withLock { $0 = $0 + interval } }
}

extension Cryptography {
  /// The real one, under a key that everybody knows.
  package static let testing = Cryptography.live(sealingKey: SymmetricKey(data: [UInt8](repeating: 7, count: 32)))
}
