import GRPCTestingContract
import RPC

extension InteropCase {
  static let unary = [
    InteropCase("empty_unary") { peer in _ = try await peer.client.emptyCall(.init(), options: peer.options()) },
    InteropCase("cacheable_unary") { peer in
      // A caching proxy, or the server's own cache, answers the second call; GET is for clients that have it.
      let request = GRPCTesting.SimpleRequest(payload: .init(body: Array("\(ContinuousClock.now)".utf8)))
      let options = peer.options(Metadata(["x-user-ip": "1.2.3.4"]))
      let first = try await peer.client.cacheableUnaryCall(request, options: options)
      let second = try await peer.client.cacheableUnaryCall(request, options: options)
      try require(first.payload?.body == second.payload?.body, "the second answer is another one than the first")
      try require(first.payload?.body.isEmpty == false, "the answer has no payload")
    },
    InteropCase("large_unary") { peer in try await largeUnary(peer.client, peer.options()) },
    InteropCase("concurrent_large_unary") { peer in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<peer.soak.concurrentCalls {
          group.addTask { try await largeUnary(peer.client, peer.options()) }
        }
        try await group.waitForAll()
      }
    },
  ]

  static let largeRequest = GRPCTesting.SimpleRequest(responseSize: 314_159, payload: .zeros(271_828))

  static func largeUnary(_ client: GRPCTesting.TestServiceClient, _ options: CallOptions) async throws {
    try requireZeros(
      try await client.unaryCall(largeRequest, options: options).payload, 314_159, in: "the answer")
  }
}
