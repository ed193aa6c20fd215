import HealthContract
package import Logging
import RPC
package import Runtime
import Synchronization

/// Watches the five services' health, so that `Check("huying.dispute.v1.CaseService")` at the gateway answers for that service.
package struct BackendHealth: Sendable {
  /// How a service is asked whether it is still there: one that stands still says nothing, and its stream stays as it was.
  package struct Pace: Sendable {
    /// From one answer to the next question.
    let pause: Duration
    /// How long an answer may take.
    let patience: Duration
    /// Answers in a row that have to be missing.
    let misses: Int

    /// After ten seconds at most it is said not to serve.
    package static let usual = Pace(pause: .seconds(2), patience: .seconds(3), misses: 2)
  }

  /// What is known of one service: what it says of itself, and whether it says anything.
  private final class Sight: Sendable {
    private let state = Mutex((isServing: false, answers: true))

    /// Whether it serves now; `nil` changes nothing.
    func note(isServing: Bool? = nil, answers: Bool? = nil) -> Bool {
      state.withLock {
        $0 = (isServing ?? $0.isServing, answers ?? $0.answers)
        return $0.isServing && $0.answers
      }
    }
  }

  private let backends: Backends
  private let serving: ServingState
  private let services: [String]
  private let logger: Logger
  private let pace: Pace

  /// `services` are the full names of all services that are passed on.
  package init(
    _ backends: Backends, _ serving: ServingState, services: [String], logger: Logger, pace: Pace = .usual
  ) {
    self.logger = logger
    self.backends = backends
    self.serving = serving
    self.services = services
    self.pace = pace
    for service in services { serving.set(service, isServing: false) }
    for backend in backends.all { serving.set(backend.name, isServing: false) }
  }

  /// Watches until it is cancelled.
  package func watch() async {
    await withDiscardingTaskGroup { group in
      for backend in backends.all {
        let sight = Sight()
        group.addTask { await listen(to: backend, sight) }
        group.addTask { await ask(backend, sight) }
      }
    }
  }

  private func listen(to backend: Backend, _ sight: Sight) async {
    let client = HealthV1.HealthClient(backend.channel)
    var reason = ""
    while !Task.isCancelled {
      do throws(Status) {
        let states = client.watch(.init())
        while let state = try await states.next() {
          set(backend, isServing: sight.note(isServing: state.status == .serving))
        }
      } catch {
        set(backend, isServing: sight.note(isServing: false))
        // Each reason once: a wrong certificate is told of as such, not as silence.
        if error.message != reason { logger.info("\(backend.name) does not answer: \(error.message)") }
        reason = error.message
      }
      try? await Task.sleep(for: .seconds(1))
    }
  }

  /// Whoever can be reached and does not answer stands still; that nobody can be reached is heard by `listen`.
  private func ask(_ backend: Backend, _ sight: Sight) async {
    let client = HealthV1.HealthClient(backend.channel)
    var missed = 0
    while !Task.isCancelled {
      let isMissing: Bool
      do throws(Status) {
        _ = try await client.check(.init(), options: CallOptions(timeout: pace.patience))
        isMissing = false
      } catch {
        isMissing = error.code == .deadlineExceeded
      }
      if isMissing {
        missed += 1
        if missed == pace.misses { logger.warning("\(backend.name) stands still: it does not answer for its health") }
      } else {
        if missed >= pace.misses { logger.info("\(backend.name) answers again") }
        missed = 0
      }
      set(backend, isServing: sight.note(answers: missed < pace.misses))
      try? await Task.sleep(for: pace.pause)
    }
  }

  private func set(_ backend: Backend, isServing: Bool) {
    serving.set(backend.name, isServing: isServing)
    for service in services where backend.owns(service) {
      serving.set(service, isServing: isServing)
    }
  }
}
