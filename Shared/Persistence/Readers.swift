import CSQLite
import Glibc
import Synchronization

/// Threads that read, each on a read-only connection of its own.
///
/// `@unchecked Sendable`: each connection is used by its thread only.
final class ReaderPool: @unchecked Sendable {
  typealias Job = @Sendable (Connection) -> Void
  private let queue = Mailbox<Job>()
  private let threads: [WorkerThread]

  init(_ connections: [Confined]) {
    let queue = queue
    threads = connections.compactMap { confined in
      WorkerThread {
        while let jobs = queue.take(upTo: 1) { jobs.forEach { $0(confined.connection) } }
        confined.connection.close()
      }
    }
  }

  /// `false`: closed, and the job will not run.
  func submit(_ job: @escaping Job) -> Bool { !threads.isEmpty && queue.put(job) }

  /// Lets what has queued run, then ends the threads.
  func close() {
    queue.close()
    threads.forEach { $0.join() }
  }
}

/// One read-only connection per thread that asks, for reads so short that handing them over would cost more.
///
/// `@unchecked Sendable`: a connection is found through a thread-specific slot, so only its own thread uses it; `all` keeps
/// them alive and is guarded.
final class InlineReaders: @unchecked Sendable {
  private let open: @Sendable () throws(StorageError) -> Connection
  private var key = pthread_key_t()
  private let all = Mutex<[Confined]>([])

  init(open: @escaping @Sendable () throws(StorageError) -> Connection) {
    self.open = open
    pthread_key_create(&key, nil)
  }

  deinit { pthread_key_delete(key) }

  /// This thread's connection, opened at its first read.
  func connection() throws(StorageError) -> Connection {
    if let known = pthread_getspecific(key) { return Unmanaged<Connection>.fromOpaque(known).takeUnretainedValue() }
    let made = Confined(try open())
    all.withLock { $0.append(made) }
    pthread_setspecific(key, Unmanaged.passUnretained(made.connection).toOpaque())
    return made.connection
  }
}

/// A connection on its way to the thread that will own it.
///
/// `@unchecked Sendable`: whoever makes one lets go of the connection.
struct Confined: @unchecked Sendable {
  let connection: Connection

  init(_ connection: Connection) { self.connection = connection }
}
