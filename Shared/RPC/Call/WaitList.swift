import Synchronization

/// Tasks that wait for something on an event loop, each with a ticket by which it can be cancelled, even before it has arrived.
struct WaitList<Value: Sendable> {
  private var waiting: [(ticket: Int, continuation: UnsafeContinuation<Value, any Error>)] = []
  private var cancelled: [Int] = []

  var isEmpty: Bool { waiting.isEmpty }

  mutating func park(_ ticket: Int, _ continuation: UnsafeContinuation<Value, any Error>) {
    if let index = cancelled.firstIndex(of: ticket) {
      cancelled.remove(at: index)
      continuation.resume(throwing: CancellationError())
    } else {
      waiting.append((ticket, continuation))
    }
  }

  mutating func cancel(_ ticket: Int) {
    guard let index = waiting.firstIndex(where: { $0.ticket == ticket }) else {
      cancelled.append(ticket)
      return
    }
    waiting.remove(at: index).continuation.resume(throwing: CancellationError())
  }

  mutating func resumeFirst(_ result: Result<Value, any Error>) {
    guard !waiting.isEmpty else { return }
    waiting.removeFirst().continuation.resume(with: result)
  }

  mutating func resumeAll(_ result: Result<Value, any Error>) {
    let all = waiting
    waiting = []
    for waiter in all { waiter.continuation.resume(with: result) }
  }
}

/// Numbers by which waiting tasks are told apart.
enum Ticket {
  private static let last = Atomic<Int>(0)

  static func next() -> Int { last.wrappingAdd(1, ordering: .relaxed).newValue }
}
