import RPC
import Synchronization
import WireTypes

/// What a load test does.
struct LoadPlan: Sendable {
  var method: MethodDescriptor
  /// Encoded requests, used in turn.
  var messages: [[UInt8]]
  /// Calls per second; `nil`: as many as the callers manage, a closed loop.
  var rate: Double?
  var arrivals = Arrivals.constant
  /// Calls under way at most.
  var concurrency: Int
  var duration: Duration
  var warmup: Duration
  /// Calls in all, besides those of the warm-up; `nil`: as many as the time holds.
  var maximumCalls: Int?
  /// Messages that a client stream sends.
  var messagesPerStream: Int
  /// Messages per second within a client stream; `nil`: as fast as they go.
  var messageRate: Double?
  var callTime: Duration

  var total: Duration { warmup + duration }
}

/// Hands out the calls: to whoever is free the next one that is due.
final class Dispatcher: Sendable {
  /// One call to make.
  struct Ticket: Sendable {
    let number: Int
    /// When it is to begin, from the start of the test; `nil`: at once.
    let due: Duration?
  }

  private struct State {
    var schedule: ArrivalSchedule?
    var number = 0
    var measured = 0
    var isStopped = false
  }

  private let plan: LoadPlan
  private let start: ContinuousClock.Instant
  private let state: Mutex<State>

  init(_ plan: LoadPlan, start: ContinuousClock.Instant) {
    self.plan = plan
    self.start = start
    state = Mutex(State(schedule: plan.rate.map { ArrivalSchedule(plan.arrivals, rate: $0) }))
  }

  /// The next call; `nil` when the test is over.
  func next() -> Ticket? {
    let elapsed = ContinuousClock.now - start
    guard elapsed < plan.total else { return nil }
    return state.withLock { state in
      guard !state.isStopped else { return nil }
      let due = state.schedule?.next()
      if let due, due >= plan.total.inSeconds { return nil }
      if (due.map { Duration.seconds($0) } ?? elapsed) >= plan.warmup {
        if let maximum = plan.maximumCalls, state.measured >= maximum { return nil }
        state.measured += 1
      }
      defer { state.number += 1 }
      return Ticket(number: state.number, due: due.map { .seconds($0) })
    }
  }

  /// No call begins any more.
  func stop() { state.withLock { $0.isStopped = true } }

  var isStopped: Bool { state.withLock { $0.isStopped } }

  /// Calls that were due by now and nobody was free to begin.
  func backlog(at elapsed: Duration) -> Int {
    state.withLock { state in
      guard var schedule = state.schedule, plan.maximumCalls == nil else { return 0 }
      let end = min(elapsed, plan.total).inSeconds
      var count = 0
      while schedule.next() < end { count += 1 }
      return count
    }
  }
}
