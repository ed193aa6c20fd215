import Dispatch
import Foundation
import Synchronization

/// Ctrl-C: the first ends the test and shows what was measured, the second ends the program.
final class Interruption: Sendable {
  private let raised = Mutex<ContinuousClock.Instant?>(nil)

  var isRaised: Bool { instant != nil }
  var instant: ContinuousClock.Instant? { raised.withLock { $0 } }

  func raise() { raised.withLock { $0 = $0 ?? .now } }

  /// Listens until `work` has ended.
  func watching<Result>(_ work: () async throws -> Result) async rethrows -> Result {
    signal(SIGINT, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler { [self] in
      raise()
      // Whoever passes the signal on may pass it on twice.
      DispatchQueue.global().asyncAfter(deadline: .now() + 1) { signal(SIGINT, SIG_DFL) }
    }
    source.activate()
    defer {
      source.cancel()
      signal(SIGINT, SIG_DFL)
    }
    return try await work()
  }
}
