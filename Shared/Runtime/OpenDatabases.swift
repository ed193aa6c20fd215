package import Persistence
import Synchronization

/// The databases that a process works with, in the order in which it has opened them: what a backup has to have.
package final class OpenDatabases: Sendable {
  private let databases = Mutex<[Database]>([])

  package init() {}

  /// Takes one in.
  package func add(_ database: Database) { databases.withLock { $0.append(database) } }

  /// All of them.
  package var all: [Database] { databases.withLock { $0 } }
}
