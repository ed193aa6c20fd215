import Dispatch

/// Somebody who holds something until told.
final class Held: Sendable {
  private let begun = AsyncStream<Void>.makeStream()
  private let ending = DispatchSemaphore(value: 0)

  func begin() { begun.continuation.finish() }
  func untilBegun() async { for await _ in begun.stream {} }
  func waitForEnd() { ending.wait() }
  func end() { ending.signal() }
}
