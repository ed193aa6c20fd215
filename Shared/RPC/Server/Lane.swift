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

  /// The shortest hint: a refusal must not come back at once.
  private static var shortestHint: Duration { .milliseconds(100) }

  /// A call wants to run.
  mutating func enter(_ call: Call, _ limit: MethodLimit) -> LaneEntry {
    if queue.isEmpty, running < mayRun(limit) {
      running += 1
      return .runs
    }
    let wait: Duration = .nanoseconds(Int64((pace.interval ?? 0) * Double(queue.count)))
    guard queue.count < limit.queued, wait <= limit.longestWait, call.canWait(wait) else {
      return .refused(max(wait, Self.shortestHint) * Double.random(in: 1...1.5))
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
