import Synchronization

/// Tasks that wait for something on an event loop, each with a ticket by which it can be cancelled, even before it has arrived.
struct WaitList<Value: Sendable> {
  private typealias Waiter = (ticket: Int, continuation: UnsafeContinuation<Value, any Error>)

  // `nil` while there are none: most calls never wait, and then this costs nothing to make and to end.
  private var waiting: [Waiter]?
  private var cancelled: [Int]?

  var isEmpty: Bool { waiting == nil }

  mutating func park(_ ticket: Int, _ continuation: UnsafeContinuation<Value, any Error>) {
    if let index = cancelled?.firstIndex(of: ticket) {
      cancelled?.remove(at: index)
      continuation.resume(throwing: CancellationError())
    } else {
      waiting = (waiting ?? []) + [(ticket, continuation)]
    }
  }

  mutating func cancel(_ ticket: Int) {
    guard let index = waiting?.firstIndex(where: { $0.ticket == ticket }) else {
      cancelled = (cancelled ?? []) + [ticket]
      return
    }
    take(index)?.continuation.resume(throwing: CancellationError())
  }

  /// Ends every wait as cancelled.
  mutating func cancelAll() {
    // Looked at first: making the error costs more than all the rest.
    if !isEmpty { resumeAll(.failure(CancellationError())) }
  }

  mutating func resumeFirst(_ result: Result<Value, any Error>) { take(0)?.continuation.resume(with: result) }

  mutating func resumeAll(_ result: Result<Value, any Error>) {
    guard let all = waiting else { return }
    waiting = nil
    for waiter in all { waiter.continuation.resume(with: result) }
  }

  private mutating func take(_ index: Int) -> Waiter? {
    let waiter = waiting?.remove(at: index)
    if waiting?.isEmpty == true { waiting = nil }
    return waiter
  }
}

/// Numbers by which waiting tasks are told apart.
enum Ticket {
  private static let last = Atomic<Int>(0)

  static func next() -> Int { last.wrappingAdd(1, ordering: .relaxed).newValue }
}
