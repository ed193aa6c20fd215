import Kernel
package import RPC
package import Runtime
package import TimeContract
import WireTypes

/// `huying.time.v1` of the gateway: the whole county's business time, moved from timer to timer over all services, so that
/// whatever one service does at an instant is heard by the others before time goes on.
package actor CountyTime: TimeV1.TimeService {
  /// How long the services may take to hear each other before time moves on.
  private static let patience: Duration = .seconds(60)

  private let time: DrivenTime
  private let backends: Backends
  private let relay: Relay

  package init(_ time: DrivenTime, backends: Backends, relay: Relay) {
    self.time = time
    self.backends = backends
    self.relay = relay
  }

  package func getTime(
    _ request: TimeV1.GetTimeRequest, context: ServerContext
  ) async throws -> TimeV1.GetTimeResponse {
    let standing = try await standing()
    return .init(
      nowTime: .init(time.now), nextTimerTime: standing.next.map { .init($0) }, missingServices: standing.missing)
  }

  package func advanceTime(
    _ request: TimeV1.AdvanceTimeRequest, context: ServerContext
  ) async throws -> TimeV1.AdvanceTimeResponse {
    let target = try request.target
    try await settle()
    var fired: Int64 = 0
    while true {
      try Task.checkCancellation()
      let next = try await standing().next.map { max($0 + .instant, time.now) } ?? target
      let step = min(next, target)
      time.move(to: step)
      let count = try await advance(to: step)
      fired += count
      if count > 0 { try await settle() }
      if step == target { break }
    }
    let standing = try await standing()
    return .init(
      nowTime: .init(time.now), nextTimerTime: standing.next.map { .init($0) }, firedCount: fired,
      missingServices: standing.missing)
  }

  private func settle() async throws {
    guard try await relay.settle(within: Self.patience) else { throw Refused(.unavailable, .relayBehind) }
  }

  /// The earliest timer of all services, and who did not answer.
  private func standing() async throws -> (next: Timestamp?, missing: [String]) {
    var next: Timestamp?
    var missing: [String] = []
    for backend in backends.all {
      guard let answer = try await Self.unlessDown({ try await $0.getTime(.init(), options: Self.options) }, backend)
      else {
        missing.append(backend.name)
        continue
      }
      if let timer = answer.nextTimerTime?.kernel { next = min(next ?? timer, timer) }
    }
    return (next, missing)
  }

  /// Moves every service that answers. How much their timers did.
  private func advance(to step: Timestamp) async throws -> Int64 {
    var fired: Int64 = 0
    let request = TimeV1.AdvanceTimeRequest(toTime: .init(step))
    for backend in backends.all {
      let answer = try await Self.unlessDown({ try await $0.advanceTime(request, options: Self.options) }, backend)
      fired += answer?.firedCount ?? 0
    }
    return fired
  }

  /// What a service answers; `nil` if it does not.
  private static func unlessDown<Answer>(
    _ ask: (TimeV1.TimeServiceClient) async throws -> Answer, _ backend: Backend
  ) async throws -> Answer? {
    do { return try await ask(TimeV1.TimeServiceClient(backend.systemChannel)) } catch let status as Status
      where status.code == .unavailable
    { return nil }
  }

  private static let options = CallOptions(timeout: .seconds(120))
}

extension Reason {
  static let relayBehind = Reason(
    "RELAY_BEHIND", zh: "各服务尚未互通完毕，时间未继续推进，请稍后再试。",
    en: "The services have not heard each other yet, so time did not go on; try again.")
}
