import Glibc

/// A thread of our own; the body runs once.
/// `@unchecked Sendable`: the handle never changes, and only the owner joins.
final class WorkerThread: @unchecked Sendable {
  private let handle: pthread_t

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// `nil` if the system gives no more threads.
  init?(_ run: @escaping @Sendable () -> Void) {
    var made = pthread_t()
    let body = Unmanaged.passRetained(Body(run))
    let result = pthread_create(
      &made, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, body.toOpaque())
    guard result == 0 else {
      body.release()
      return nil
    }
    handle = made
  }

  /// Waits until the body has returned.
  func join() { pthread_join(handle, nil) }

  /// Lets it go: it ends by itself, and nobody joins it.
  func detach() { pthread_detach(handle) }
}

/// Work for a thread, in order. Whoever takes from it sleeps while it is empty.
///
/// `@unchecked Sendable`: `items` and `isClosed` are touched with `mutex` held only.
final class Mailbox<Item: Sendable>: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var items: [Item] = []
  private var isClosed = false

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(condition)
    mutex.deallocate()
    condition.deallocate()
  }

  /// `false`: closed, and the item was not taken.
  func put(_ item: Item) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    guard !isClosed else { return false }
    items.append(item)
    pthread_cond_signal(condition)
    return true
  }

  /// Everything that has queued, at most `limit`; waits for the first, unless there is other work (`waits` is false): then it
  /// may give back nothing. `nil`: closed and empty.
  func take(upTo limit: Int, waits: Bool = true) -> [Item]? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while waits, items.isEmpty, !isClosed { pthread_cond_wait(condition, mutex) }
    guard !items.isEmpty else { return isClosed ? nil : [] }
    guard items.count > limit else {
      defer { items = [] }
      return items
    }
    defer { items.removeFirst(limit) }
    return Array(items.prefix(limit))
  }

  /// No more items; what has queued is still handed out.
  func close() {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    isClosed = true
    pthread_cond_broadcast(condition)
  }

  /// How many items wait.
  var count: Int {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return items.count
  }
}

/// Nanoseconds of a clock that never goes back.
func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
