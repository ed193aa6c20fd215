import NIOCore
import NIOPosix

/// Waiting on the timers of the event loop that one is on: far more precise than a sleeping task.
enum Pause {
  /// The longest wait before `isOver` is asked again.
  private static let step: Duration = .milliseconds(50)

  /// Waits until `instant`, or until `isOver` says so.
  static func until(_ instant: ContinuousClock.Instant, isOver: () -> Bool) async {
    while !isOver() {
      let rest = ContinuousClock.now.duration(to: instant)
      guard rest > .zero else { return }
      guard let loop = MultiThreadedEventLoopGroup.currentEventLoop else {
        try? await Task.sleep(for: min(rest, step))
        continue
      }
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
        _ = loop.scheduleTask(in: TimeAmount(min(rest, step))) { continuation.resume() }
      }
    }
  }
}
