import HealthContract
import Kernel
import RPC

extension Backend {
  /// How long we wait without a word before we ask whether the service is still there, and how long it may take to say so.
  static let pulsePause: Duration = .seconds(5)

  /// Waits for `body`, which waits for the service, for as long as the service says at its health check that it lives. For what may
  /// take minutes: a service that stands still must not hold up for an hour whoever waits with a deadline of an hour.
  ///
  /// Throws what `body` throws, and `SERVICE_UNAVAILABLE` for a service that says nothing.
  func whileItAnswers<R: Sendable>(
    pause: Duration = pulsePause, limit: Duration = pulsePause, _ body: @escaping @Sendable () async throws -> R
  ) async throws -> R {
    try await withThrowingTaskGroup(of: R?.self) { group in
      group.addTask { try await body() }
      group.addTask {
        let health = HealthV1.HealthClient(systemChannel)
        while true {
          try await Task.sleep(for: pause)
          // Whatever it says of its health, it lives.
          do throws(Status) { _ = try await health.check(.init(), options: CallOptions(timeout: limit)) } catch {
            if [.unavailable, .deadlineExceeded].contains(error.code) { throw silence }
          }
        }
      }
      defer { group.cancelAll() }
      while let result = try await group.next() {
        if let result { return result }
      }
      throw CancellationError()
    }
  }

  /// That the service says nothing.
  var silence: Refused { Refused(.unavailable, .serviceUnavailable.with("service", name)) }
}
