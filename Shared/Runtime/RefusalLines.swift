import Synchronization

/// How many refusals of an overloaded server have lines of their own in the log: a flood of them would be a flood of lines, at the
/// cost of what is being answered, and would push everything else out of the log's files. All of them are in the metrics.
final class RefusalLines: Sendable {
  /// Lines a second.
  static let perSecond = 100

  private struct State {
    var second: Int64 = 0
    var said = 0
    var unsaid = 0
  }

  private let state = Mutex(State())
  private let hasUnsaid = Atomic<Bool>(false)
  private let second: @Sendable () -> Int64

  /// `second` numbers the seconds.
  init(second: @escaping @Sendable () -> Int64 = { (ContinuousClock.now - start).components.seconds }) {
    self.second = second
  }

  private static let start = ContinuousClock.now

  /// Whether one more has its line.
  func maySay() -> Bool {
    let now = second()
    return state.withLock { state in
      if state.second != now { (state.second, state.said) = (now, 0) }
      guard state.said < Self.perSecond else {
        state.unsaid += 1
        hasUnsaid.store(true, ordering: .relaxed)
        return false
      }
      state.said += 1
      return true
    }
  }

  /// How many had none in the seconds that are over, once; `nil`: none.
  func takeUnsaid() -> Int? {
    guard hasUnsaid.load(ordering: .relaxed) else { return nil }
    let now = second()
    return state.withLock { state in
      guard state.unsaid > 0, state.second != now else { return nil }
      defer { state.unsaid = 0 }
      hasUnsaid.store(false, ordering: .relaxed)
      return state.unsaid
    }
  }
}
