import RPC
import Synchronization

/// Waits for services that do not answer, and says so once.
final class Patience: Sendable {
  private let waitingFor = Mutex<String?>(nil)

  /// Calls `body` until it is answered. Only what may pass is waited for: a service that is down, a time limit, too much load.
  func keepTrying<Answer: Sendable>(
    _ service: String, _ body: () async throws(Status) -> Answer
  ) async throws -> Answer {
    var pause: Duration = .milliseconds(200)
    while true {
      do throws(Status) {
        let answer = try await body()
        answered()
        return answer
      } catch {
        guard [.unavailable, .deadlineExceeded, .resourceExhausted, .aborted].contains(error.code) else { throw error }
        let why = StatusText.sentence(error)
        wait(for: Say.of("\(service) 没有应答（\(why)），等待中", "\(service) does not answer (\(why)); waiting"))
      }
      try await Task.sleep(for: pause)
      pause = min(pause * 2, .seconds(3))
    }
  }

  private func wait(for what: String) {
    let isNew = waitingFor.withLock { waiting in
      defer { waiting = what }
      return waiting == nil
    }
    if isNew { Terminal.say("\(Terminal.isInteractive ? "\r\u{1b}[2K" : "")\(what)") }
  }

  private func answered() {
    let waited = waitingFor.withLock { waiting in
      defer { waiting = nil }
      return waiting != nil
    }
    if waited { Terminal.say(Say.of("继续", "going on")) }
  }
}
