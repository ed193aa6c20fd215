import GRPCTestingContract
import RPC

extension InteropCase {
  /// The cases of gRPC's http2-interop-test-descriptions.md: the server breaks off in a way of its own for each.
  static let http2 = [
    InteropCase("goaway") { peer in
      try await largeUnary(peer.client, peer.options())
      // The server's GOAWAY comes with the end of the first call.
      try await Task.sleep(for: .seconds(1))
      try await largeUnary(peer.client, peer.options())
    },
    InteropCase("rst_after_header") { peer in try await requireFailure(peer) },
    InteropCase("rst_during_data") { peer in try await requireFailure(peer) },
    InteropCase("rst_after_data") { peer in try await requireFailure(peer) },
    InteropCase("ping") { peer in try await largeUnary(peer.client, peer.options()) },
    InteropCase("max_streams") { peer in
      try await largeUnary(peer.client, peer.options())
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<15 { group.addTask { try await largeUnary(peer.client, peer.options()) } }
        try await group.waitForAll()
      }
    },
  ]

  private static func requireFailure(_ peer: Peer) async throws {
    do { try await largeUnary(peer.client, peer.options()) } catch is Status { return }
    throw Failure("the call succeeded, where the server had reset its stream")
  }
}
