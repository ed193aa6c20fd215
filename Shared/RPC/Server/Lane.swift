import DequeModule
import NIOCore

/// What becomes of a call that comes to its lane.
enum LaneEntry: Equatable {
  case runs
  case waits
  /// Too many; the time after which it may be better.
  case refused(Duration)
}

/// Somebody who may have to wait for his turn.
protocol LaneUser {
  /// Whether somebody still waits for it.
  var isWanted: Bool { get }
  /// Whether it still makes sense after so long a wait.
  func canWait(_ time: Duration) -> Bool
}

/// The calls of one kind on one event loop: those that run, those that wait, and how fast they end.
struct Lane<Call: LaneUser> {
  private(set) var running = 0
  private var queue = Deque<Call>()
  private var pace = Pace()

  /// Hints: a refusal must not come back at once, and who waits for longer than it takes is served by nobody.
  private static var shortestHint: Duration { .milliseconds(100) }
  private static var longestHint: Duration { .seconds(2) }

  /// A call wants to run, at `now`.
  mutating func enter(_ call: Call, _ limit: MethodLimit, at now: @autoclosure () -> NIODeadline) -> LaneEntry {
    let mayRun = mayRun(limit)
    if queue.isEmpty, running < mayRun {
      running += 1
      if running == limit.alwaysRunning + 1 { pace.watch(at: now()) }
      return .runs
    }
    let now = now()
    pace.watch(at: now)
    // Where more run than may, they end first.
    let before = queue.count + max(0, running - mayRun)
    let wait: Duration = .nanoseconds(Int64(pace.expected(at: now) * Double(before)))
    guard queue.count < limit.queued, wait <= limit.longestWait, call.canWait(wait) else {
      return .refused(min(max(wait, Self.shortestHint), Self.longestHint) * Double.random(in: 1...1.5))
    }
    queue.append(call)
    return .waits
  }

  /// A call has ended at `now`; `isDone`: it was not given up, nor refused further on, which says nothing of how fast work is done.
  /// Those whose turn it is; the ones among them that are over already take no place.
  mutating func leave(_ limit: MethodLimit, isDone: Bool = true, at now: @autoclosure () -> NIODeadline) -> [Call] {
    if running <= limit.alwaysRunning, queue.isEmpty {
      pace.forget()
    } else if isDone {
      pace.count(at: now())
    }
    running -= 1
    guard !queue.isEmpty else { return [] }
    var next: [Call] = []
    let mayRun = mayRun(limit)
    while running < mayRun, let call = queue.popFirst() {
      next.append(call)
      if call.isWanted { running += 1 }
    }
    return next
  }

  /// How many may run now.
  private func mayRun(_ limit: MethodLimit) -> Int {
    guard let interval = pace.interval else { return limit.running }
    let expected = limit.serviceTime / .nanoseconds(1) / interval
    return expected >= Double(limit.running) ? limit.running : max(Int(expected), limit.alwaysRunning)
  }
}
