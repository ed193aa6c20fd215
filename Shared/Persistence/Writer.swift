import CSQLite
import Synchronization

/// One write that waits for its turn.
struct Write: Sendable {
  /// Makes the changes and returns what is to be said once they are on disk.
  let perform: @Sendable (WriteTransaction) throws -> @Sendable () -> Void
  /// Says that nothing was changed, or that nobody knows.
  let fail: @Sendable (any Error) -> Void
}

/// What the writer's thread is asked for.
enum Errand: Sendable {
  case write(Write)
  case copy(FileCopy)
}

/// The one thread that writes. It drains what has queued, runs each write in its own savepoint inside one transaction,
/// commits once and answers all: acknowledged means on disk. Between the groups it makes copies of the file, a few pages at a time.
///
/// `@unchecked Sendable`: `connection`, `walPages`, `nextCheckpoint` and `copies` belong to the writer's thread alone (before it starts
/// and after it was joined, to whoever holds the `Database`); the rest is guarded by `shared`.
final class Writer: @unchecked Sendable {
  private struct Shared {
    var statistics = DatabaseStatistics()
    var commitHooks: [@Sendable () -> Void] = []
    var failureHooks: [@Sendable (StorageError) -> Void] = []
    var hasFailed = false
    var leavesLog = false
    /// Who waits for an empty log.
    var emptying: [@Sendable (Bool) -> Void] = []
  }

  let queue = Mailbox<Errand>()
  private let connection: Connection
  private let configuration: DatabaseConfiguration
  private let shared = Mutex(Shared())
  private var walPages = 0
  private var nextCheckpoint: Int
  private var copies: [FileCopy] = []

  init(_ connection: Connection, _ configuration: DatabaseConfiguration) {
    self.connection = connection
    self.configuration = configuration
    nextCheckpoint = configuration.checkpointPages
  }

  /// The log is not folded into the file at the end.
  func leaveLog() { shared.withLock { $0.leavesLog = true } }

  var hasFailed: Bool { shared.withLock { $0.hasFailed } }

  var statistics: DatabaseStatistics {
    var result = shared.withLock { $0.statistics }
    result.queuedCount = queue.count
    return result
  }

  func onCommit(_ hook: @escaping @Sendable () -> Void) { shared.withLock { $0.commitHooks.append(hook) } }

  func onFailure(_ hook: @escaping @Sendable (StorageError) -> Void) {
    shared.withLock { $0.failureHooks.append(hook) }
  }

  /// Works until the queue is closed and empty, then leaves a file without a log.
  func work() {
    observeLog()
    while let errands = queue.take(upTo: configuration.maximumGroup, waits: copies.isEmpty) {
      let group = sorted(errands)
      if !group.isEmpty {
        run(group)
        checkpointIfLong()
      }
      emptyIfAsked()
      copies.removeAll { hasFailed ? $0.abandon() : $0.step(from: connection.handle) }
    }
    giveUpEmptying()
    for copy in copies { _ = copy.abandon() }
    let leavesLog = hasFailed || shared.withLock(\.leavesLog)
    if leavesLog { connection.leaveLog(true) } else { _ = checkpoint(SQLITE_CHECKPOINT_TRUNCATE) }
    connection.close()
  }

  /// The writes among `errands`; copies join those under way.
  private func sorted(_ errands: [Errand]) -> [Write] {
    errands.compactMap { errand in
      switch errand {
      case .write(let write): return write
      case .copy(let copy):
        copies.append(copy)
        return nil
      }
    }
  }
}

// MARK: - Groups

extension Writer {
  private enum Outcome {
    /// On disk; what is to be said now, and whether any write was not refused.
    case committed([@Sendable () -> Void], didWrite: Bool)
    /// One write took the whole transaction with it; the others are innocent.
    case lost(culprit: Int, StorageError)
    /// Nothing happened, and nobody in particular is to blame.
    case notDone(StorageError)
    /// The COMMIT itself failed.
    case unknown
  }

  private func run(_ group: [Write]) {
    guard !hasFailed else { return group.forEach { $0.fail(StorageError.closed) } }
    let before = sqlite3_total_changes64(connection.handle)
    switch attempt(group) {
    case .committed(let answers, let didWrite):
      if didWrite, sqlite3_total_changes64(connection.handle) != before { announceCommit() }
      answers.forEach { $0() }
    case .lost(let culprit, let error):
      group[culprit].fail(error)
      shared.withLock { $0.statistics.lostGroupCount += 1 }
      for (index, write) in group.enumerated() where index != culprit { run([write]) }
    case .notDone(let error):
      guard group.count > 1 else { return group.forEach { $0.fail(error) } }
      group.forEach { run([$0]) }
    case .unknown:
      announceFailure()
      group.forEach { $0.fail(StorageError.outcomeUnknown) }
    }
  }

  private func attempt(_ group: [Write]) -> Outcome {
    do { try connection.beginWriting() } catch {
      connection.endQuietly()
      return .notDone(error as? StorageError ?? .closed)
    }
    var answers: [@Sendable () -> Void] = []
    var refused = 0
    for (index, write) in group.enumerated() {
      do {
        answers.append(
          try connection.inSavepoint { try write.perform(WriteTransaction(connection: connection)) })
      } catch {
        if let loss = connection.loss {
          connection.endQuietly()
          return .lost(culprit: index, loss)
        }
        // Told after the COMMIT, like the others: it may have been judged by what an earlier write of the group changed.
        refused += 1
        answers.append { write.fail(error) }
      }
    }
    do { try connection.commitWriting() } catch {
      // A broken deferred constraint or a busy file leaves the transaction open: then we do know that nothing happened. So we do
      // where the disk was full: the engine says that only of a frame of the log that it could not write whole, and a log without
      // its last frame whole is a log without this transaction, whoever reads it.
      let isKnown = error.isFull || (!connection.isAutocommitting && error.isKnownAtCommit)
      connection.endQuietly()
      return isKnown ? .notDone(error as? StorageError ?? .closed) : .unknown
    }
    shared.withLock {
      $0.statistics.count(group: group.count, refused: refused)
      $0.statistics.walPageCount = walPages
    }
    return .committed(answers, didWrite: refused < group.count)
  }

  private func announceCommit() { shared.withLock { $0.commitHooks }.forEach { $0() } }

  private func announceFailure() {
    let hooks = shared.withLock {
      $0.hasFailed = true
      return $0.failureHooks
    }
    hooks.forEach { $0(.outcomeUnknown) }
  }
}

extension Error {
  fileprivate var isFull: Bool { self as? StorageError == .full }

  fileprivate var isKnownAtCommit: Bool {
    switch self as? StorageError {
    case .constraint, .busy: true
    default: false
    }
  }
}

// MARK: - The log

extension Writer {
  /// Has the engine tell us after each commit how long its log is.
  private func observeLog() {
    sqlite3_wal_hook(
      connection.handle,
      { context, _, _, pages in
        guard let context else { return SQLITE_OK }
        Unmanaged<Writer>.fromOpaque(context).takeUnretainedValue().walPages = Int(pages)
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Never waits for readers. Where one holds the log's end back, tries again only after it has grown on.
  private func checkpointIfLong() {
    guard walPages > nextCheckpoint else { return }
    let (logged, moved) = checkpoint(SQLITE_CHECKPOINT_PASSIVE)
    nextCheckpoint = moved < logged ? logged + configuration.checkpointPages / 4 : configuration.checkpointPages
  }

  /// `done` hears after the writes that have queued whether the log is empty.
  func whenIdle(_ done: @escaping @Sendable (Bool) -> Void) { shared.withLock { $0.emptying.append(done) } }

  /// Nobody will empty the log any more: closing does.
  func giveUpEmptying() { takeEmptying().forEach { $0(false) } }

  private func emptyIfAsked() {
    let waiting = takeEmptying()
    guard !waiting.isEmpty else { return }
    let isEmpty = !hasFailed && checkpoint(SQLITE_CHECKPOINT_TRUNCATE) == (0, 0)
    if isEmpty { walPages = 0 }
    waiting.forEach { $0(isEmpty) }
  }

  private func takeEmptying() -> [@Sendable (Bool) -> Void] {
    shared.withLock { shared in
      defer { shared.emptying = [] }
      return shared.emptying
    }
  }

  private func checkpoint(_ mode: Int32) -> (logged: Int, moved: Int) {
    var logged: Int32 = 0
    var moved: Int32 = 0
    sqlite3_wal_checkpoint_v2(connection.handle, nil, mode, &logged, &moved)
    shared.withLock { $0.statistics.checkpointCount += 1 }
    return (Int(logged), Int(moved))
  }
}
