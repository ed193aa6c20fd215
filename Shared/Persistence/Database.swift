import Synchronization

/// How a database behaves; every field has the value that production uses.
package struct DatabaseConfiguration: Sendable {
  /// Threads for lists and anything slower than a point read.
  package var readerThreads = 2
  /// Writes in one transaction: more would make the first of them wait too long for its answer.
  package var maximumGroup = 256
  /// Length of the write-ahead log, in pages of 4 KiB, after which it is copied into the file.
  package var checkpointPages = 4_000
  /// No read outlives this: it would hold back the log.
  package var readNanoseconds: UInt64 = 5_000_000_000
  /// Files up to this size are checked page by page when opened; larger ones would make a start take minutes.
  package var checkedBytes = 256 << 20
  /// What is deleted is overwritten with zeros in the file: for tables whose rows must be gone when they are gone.
  package var overwritesDeleted = false
  /// The engine's page cache of the connection that writes, in KiB.
  package var writerCache = 8_192
  /// Likewise of each reader's thread: the upper pages of the trees of a million cases fit. Without it a page of a list would
  /// read them anew each time.
  package var readerCache = 16_384
  /// Likewise of each connection for inline reads.
  package var inlineCache = 4_096
  /// Whether the pages of a new file have sums (`PageSums`); tests make files of earlier versions without.
  package var sumsPages = true
  /// Tests only.
  package var faults: FaultInjection?
  /// Tests only: the most pages the file may have, so that it can be full.
  package var maximumPages: Int?

  package init() {}
}

/// One SQLite file: one writer thread, a few reader threads, and a read-only connection for each thread that reads inline.
///
/// `write` returns after its transaction is on disk; writes that wait together share one transaction, each undone alone if it
/// is refused. A write's closure may run twice (when another one took the shared transaction with it), so it does nothing but
/// read and change rows.
package final class Database: Sendable {
  /// Where the file is.
  package let path: String
  private let configuration: DatabaseConfiguration
  private let writer: Writer
  private let readers: ReaderPool
  private let inlineReaders: InlineReaders
  private let life: Mutex<Life?>

  /// What is there between opening and closing.
  private struct Life {
    let thread: WorkerThread
    let lock: LockFile
  }

  init(
    path: String, configuration: DatabaseConfiguration, lock: LockFile, writing: Confined,
    reading: [Confined], openReader: @escaping @Sendable () throws(StorageError) -> Connection
  ) throws(StorageError) {
    self.path = path
    self.configuration = configuration
    let writer = Writer(writing.connection, configuration)
    self.writer = writer
    readers = ReaderPool(reading)
    inlineReaders = InlineReaders(open: openReader)
    guard let thread = WorkerThread({ writer.work() }) else { throw .outOfMemory }
    life = Mutex(Life(thread: thread, lock: lock))
  }

  deinit { close() }

  /// Runs `body` on the writer's thread and returns once its changes are on disk. If it throws, its changes are undone and
  /// the error comes back. `StorageError.outcomeUnknown`: nobody knows.
  package func write<R: Sendable>(_ body: @escaping @Sendable (WriteTransaction) throws -> R) async throws -> R {
    try Task.checkCancellation()
    return try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<R, any Error>) in
      let isAccepted = writer.queue.put(
        .write(
          Write(
            perform: { transaction in
              let result = try body(transaction)
              return { continuation.resume(returning: result) }
            },
            fail: { continuation.resume(throwing: $0) })))
      if !isAccepted { continuation.resume(throwing: StorageError.closed) }
    }
  }

  /// Runs `body` on a reader's thread, in one picture of the database.
  package func read<R: Sendable>(_ body: @escaping @Sendable (ReadTransaction) throws -> R) async throws -> R {
    try Task.checkCancellation()
    let limit = configuration.readNanoseconds
    return try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<R, any Error>) in
      let isAccepted = readers.submit { connection in
        continuation.resume(with: Result { try connection.reading(nanoseconds: limit, body) })
      }
      if !isAccepted { continuation.resume(throwing: StorageError.closed) }
    }
  }

  /// Runs `body` here and now on this thread's own connection: only for a few rows found by key.
  package func readInline<R>(_ body: (ReadTransaction) throws -> R) throws -> R {
    try inlineReaders.connection().reading(nanoseconds: configuration.readNanoseconds, body)
  }

  /// Copies the log of changes into the file and empties it, so that it has no older state of any row. `false`: a reader held it
  /// back; again later. What was deleted is off the disk afterwards, if the database `overwritesDeleted`.
  package func emptyLog() async throws -> Bool {
    try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Bool, any Error>) in
      writer.whenIdle { continuation.resume(returning: $0) }
      // Something to wake the writer with; it changes nothing.
      let isAccepted = writer.queue.put(.write(Write(perform: { _ in {} }, fail: { _ in })))
      if !isAccepted { writer.giveUpEmptying() }
    }
  }

  /// Copies the whole file to `path`, where nothing must be yet, while writing goes on: the copy is of one moment before this
  /// returns, so everything that was acknowledged before the call is in it.
  ///
  /// It is made by the engine's backup interface on the writer's own connection, a few pages after each group of writes: what is
  /// written meanwhile goes into both files, so nothing is begun anew, no reader holds back the log, and no second connection
  /// writes or checkpoints. If it fails, `path` may hold half a file; who asked throws it away.
  package func copy(to path: String) async throws {
    try Task.checkCancellation()
    let copy = FileCopy(to: path)
    try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Void, any Error>) in
        copy.whenOver { continuation.resume(with: $0) }
        if !writer.queue.put(.copy(copy)) { _ = copy.abandon() }
      }
    } onCancel: {
      copy.cancel()
    }
  }

  /// Calls `hook` on the writer's thread after every COMMIT that changed something, before the writers are answered.
  /// It must be quick: it wakes watchers.
  package func onCommit(_ hook: @escaping @Sendable () -> Void) { writer.onCommit(hook) }

  /// Calls `hook` once if a COMMIT fails: the process must stop serving and start again from the disk.
  package func onFailure(_ hook: @escaping @Sendable (StorageError) -> Void) { writer.onFailure(hook) }

  /// Whether a COMMIT has failed, so that no more writes are taken.
  package var hasFailed: Bool { writer.hasFailed }

  /// What has happened since opening.
  package var statistics: DatabaseStatistics { writer.statistics }

  /// Finishes what has queued, copies the log into the file and lets go of it. Blocks; a second call does nothing. With
  /// `leavingLog` file and log stay as they are: for a file that is refused after all.
  package func close(leavingLog: Bool = false) {
    life.withLock { life in
      guard let ending = life else { return }
      if leavingLog { writer.leaveLog() }
      readers.close()
      writer.queue.close()
      ending.thread.join()
      life = nil
    }
  }
}
