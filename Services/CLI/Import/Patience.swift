import RPC
import Synchronization

/// Waits for services that do not answer, and says so once; not for ever.
final class Patience: Sendable {
  private let limit: Duration
  private let waitingFor = Mutex<String?>(nil)

  /// `limit`: how long one call may be waited for.
  init(limit: Duration = .seconds(600)) { self.limit = limit }

  /// Calls `body` until it is answered, or the limit is over. Only what may pass is waited for: a service that is down, a time limit, too much load.
  func keepTrying<Answer: Sendable>(
    _ service: String, _ body: () async throws(Status) -> Answer
  ) async throws -> Answer {
    let deadline = ContinuousClock.now + limit
    var pause: Duration = .milliseconds(200)
    while true {
      do throws(Status) {
        let answer = try await body()
        answered()
        return answer
      } catch {
        guard [.unavailable, .deadlineExceeded, .resourceExhausted, .aborted].contains(error.code) else { throw error }
        guard ContinuousClock.now < deadline else {
          giveUp(service)
          throw error
        }
        wait(for: Self.sentence(service, error))
      }
      try await Task.sleep(for: pause)
      pause = min(pause * 2, .seconds(3))
    }
  }

  /// Who answers that it has no room is there, and says what it needs.
  private static func sentence(_ service: String, _ error: Status) -> String {
    let why = StatusText.sentence(error)
    return error.code == .resourceExhausted
      ? Say.of(
        "\(service)：\(why) 等待中，情况好转后自动继续；Ctrl-C 停止，以后再导入一次即可",
        "\(service): \(why) Waiting: it goes on by itself when that is over. Ctrl-C stops it; import again later")
      : Say.of(
        "\(service) 没有应答（\(why)），等待中；Ctrl-C 停止，以后再导入一次即可",
        "\(service) does not answer (\(why)); waiting. Ctrl-C stops it; import again later")
  }

  private func giveUp(_ service: String) {
    Terminal.say(
      Say.of(
        "等了 \(limit)，不再等待 \(service)：解决后再导入一次，已录入的不会重复",
        "\(service) was waited for long enough (\(limit)): mend it and import again, nothing goes in twice"))
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
