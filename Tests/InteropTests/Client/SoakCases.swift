import GRPCTestingContract
import RPC

extension InteropCase {
  static let soaks = [
    InteropCase("rpc_soak") { peer in try await soak(peer) { try await largeUnary(peer.client, peer.options()) } },
    InteropCase("channel_soak") { peer in
      try await soak(peer) {
        let channel = Channel(target: peer.target, configuration: peer.configuration)
        try await largeUnary(GRPCTesting.TestServiceClient(channel), peer.options())
        await channel.close(within: .seconds(1))
      }
    },
  ]

  private static func soak(_ peer: Peer, _ body: () async throws -> Void) async throws {
    let clock = ContinuousClock()
    let begin = clock.now
    var failures: [String] = []
    for number in 1...max(1, peer.soak.iterations) {
      let start = clock.now
      try require(
        begin.duration(to: start) <= peer.soak.timeout, "\(number - 1) calls took longer than \(peer.soak.timeout)")
      do {
        try await body()
        let latency = start.duration(to: clock.now)
        if latency > peer.soak.acceptableLatency { failures.append("call \(number) took \(latency)") }
      } catch {
        failures.append("call \(number): \(error)")
      }
      let next = start + peer.soak.pause
      if clock.now < next { try await Task.sleep(until: next, clock: clock) }
    }
    try require(
      failures.count <= peer.soak.maximumFailures,
      "\(failures.count) of \(peer.soak.iterations) calls failed; \(failures.prefix(3).joined(separator: "; "))")
  }
}
