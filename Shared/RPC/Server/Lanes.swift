import DequeModule
import NIOCore

/// Who may run on one event loop, class by class. Lives on its loop.
///
/// ```
/// call ──enter──▶ runs ──leave──▶ the first that waits and is still wanted runs
///          ├─ as many run as may ──▶ waits
///          └─ as many wait as may, or would wait too long ──▶ refused, with a hint when to come again
/// ```
final class Lanes {
  enum Entry: Equatable {
    case runs
    case waits
    /// Too many; the time after which it may be better.
    case refused(Duration)
  }

  private var lanes = [Lane](repeating: Lane(), count: MethodClass.allCases.count)

  func enter(_ call: ServerCall, _ kind: MethodClass, _ limit: MethodLimit?) -> Entry {
    guard let limit else { return .runs }
    return lanes[kind.rawValue].enter(call, limit)
  }

  /// A call of this kind has ended. The calls whose turn it is: the last of them runs, those before it are over already.
  func leave(_ kind: MethodClass, _ limit: MethodLimit?) -> [ServerCall] {
    guard limit != nil else { return [] }
    return lanes[kind.rawValue].leave()
  }

  private struct Lane {
    var running = 0
    var queue = Deque<ServerCall>()
    /// How long it takes, on the average of late, until one of the running calls ends; known while calls wait.
    var interval: Double = 0
    var lastLeave: NIODeadline?

    /// The shortest hint: a refusal must not come back at once.
    static let shortestHint: Duration = .milliseconds(100)

    mutating func enter(_ call: ServerCall, _ limit: MethodLimit) -> Entry {
      if running < limit.running {
        running += 1
        return .runs
      }
      let wait: Duration = .nanoseconds(Int64(interval * Double(queue.count)))
      guard queue.count < limit.queued, wait <= limit.longestWait else {
        return .refused(max(wait, Self.shortestHint) * Double.random(in: 1...1.5))
      }
      queue.append(call)
      return .waits
    }

    mutating func leave() -> [ServerCall] {
      running -= 1
      guard !queue.isEmpty else {
        lastLeave = nil
        return []
      }
      let now = NIODeadline.now()
      if let lastLeave {
        let sample = Double((now - lastLeave).nanoseconds)
        interval = interval == 0 ? sample : interval * 0.9 + sample * 0.1
      }
      lastLeave = now
      var next: [ServerCall] = []
      while let call = queue.popFirst() {
        next.append(call)
        if call.isWanted {
          running += 1
          break
        }
      }
      return next
    }
  }
}
