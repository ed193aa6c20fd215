import HealthContract
package import Logging
import RPC
package import Runtime

/// Watches the five services' health, so that `Check("huying.dispute.v1.CaseService")` at the gateway answers for that service.
package struct BackendHealth: Sendable {
  private let backends: Backends
  private let serving: ServingState
  private let services: [String]
  private let logger: Logger

  /// `services` are the full names of all services that are passed on.
  package init(_ backends: Backends, _ serving: ServingState, services: [String], logger: Logger) {
    self.logger = logger
    self.backends = backends
    self.serving = serving
    self.services = services
    for service in services { serving.set(service, isServing: false) }
    for backend in backends.all { serving.set(backend.name, isServing: false) }
  }

  /// Watches until it is cancelled.
  package func watch() async {
    await withDiscardingTaskGroup { group in
      for backend in backends.all { group.addTask { await watch(backend) } }
    }
  }

  private func watch(_ backend: Backend) async {
    let client = HealthV1.HealthClient(backend.channel)
    var reason = ""
    while !Task.isCancelled {
      do throws(Status) {
        let states = client.watch(.init())
        while let state = try await states.next() { set(backend, isServing: state.status == .serving) }
      } catch {
        set(backend, isServing: false)
        // Each reason once: a wrong certificate is told of as such, not as silence.
        if error.message != reason { logger.info("\(backend.name) does not answer: \(error.message)") }
        reason = error.message
      }
      try? await Task.sleep(for: .seconds(1))
    }
  }

  private func set(_ backend: Backend, isServing: Bool) {
    serving.set(backend.name, isServing: isServing)
    for service in services where backend.owns(service) {
      serving.set(service, isServing: isServing)
    }
  }
}
