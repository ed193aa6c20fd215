import GRPCTestingContract
import RPC

extension InteropCase {
  static let streams = [
    InteropCase("client_streaming") { peer in
      let call = peer.client.streamingInputCall(options: peer.options())
      for size in requestSizes { try await call.send(.init(payload: .zeros(size))) }
      let answer = try await call.response()
      try require(
        answer.aggregatedPayloadSize == 74_922,
        "the sum is \(answer.aggregatedPayloadSize), where 74922 was due")
    },
    InteropCase("server_streaming") { peer in
      let request = GRPCTesting.StreamingOutputCallRequest(
        responseParameters: answerSizes.map { .init(size: Int32($0)) })
      try await requireSizes(answerSizes, peer.client.streamingOutputCall(request, options: peer.options()))
    },
    InteropCase("ping_pong") { peer in
      let call = peer.client.fullDuplexCall(options: peer.options())
      for (request, answer) in zip(requestSizes, answerSizes) {
        try await call.send(.init(responseParameters: [.init(size: Int32(answer))], payload: .zeros(request)))
        try requireZeros(try await call.responses.next()?.payload, answer, in: "an answer")
      }
      try await call.finishSending()
      try require(try await call.responses.next() == nil, "there is a fifth answer")
    },
    InteropCase("half_duplex") { peer in
      let call = peer.client.halfDuplexCall(options: peer.options())
      for size in answerSizes { try await call.send(.init(responseParameters: [.init(size: Int32(size))])) }
      try await call.finishSending()
      try await requireSizes(answerSizes, call.responses)
    },
    InteropCase("empty_stream") { peer in
      let call = peer.client.fullDuplexCall(options: peer.options())
      try await call.finishSending()
      try require(try await call.responses.next() == nil, "there is an answer")
    },
  ]

  static let requestSizes = [27_182, 8, 1_828, 45_904]
  static let answerSizes = [31_415, 9, 2_653, 58_979]

  static func requireSizes(
    _ sizes: [Int], _ responses: ResponseStream<GRPCTesting.StreamingOutputCallResponse>
  ) async throws {
    var seen = 0
    for try await response in responses {
      try require(seen < sizes.count, "there are more than \(sizes.count) answers")
      try requireZeros(response.payload, sizes[seen], in: "answer \(seen + 1)")
      seen += 1
    }
    try require(seen == sizes.count, "there are \(seen) answers, where \(sizes.count) were due")
  }
}
