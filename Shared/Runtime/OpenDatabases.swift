package import Persistence
import Synchronization

/// The databases that a process works with, in the order in which it has opened them: what a backup has to have.
package final class OpenDatabases: Sendable {
  private let databases = Mutex<[Database]>([])
  private let watches = Mutex<[SealingWatch]>([])

  package init() {}

  /// Takes one in.
  package func add(_ database: Database) { databases.withLock { $0.append(database) } }

  /// Takes one in that keeps a database and its keys together.
  func add(_ watch: SealingWatch) { watches.withLock { $0.append(watch) } }

  /// What is to be run beside the calls.
  var sealingWatches: [SealingWatch] { watches.withLock { $0 } }

  /// All of them.
  package var all: [Database] { databases.withLock { $0 } }
}
