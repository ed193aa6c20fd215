import GRPCTestingContract
import RPC

extension InteropCase {
  static let compression = [
    InteropCase("client_compressed_unary") { peer in
      try await requireStatus(.invalidArgument, of: "the probe") {
        _ = try await peer.client.unaryCall(expecting(true), options: peer.options())
      }
      var options = peer.options()
      options.compression = .gzip
      let compressed = try await peer.client.unaryCall(expecting(true), options: options)
      try requireZeros(compressed.payload, 314_159, in: "the answer to the compressed request")
      let plain = try await peer.client.unaryCall(expecting(false), options: peer.options())
      try requireZeros(plain.payload, 314_159, in: "the answer to the plain request")
    },
    InteropCase("server_compressed_unary") { peer in
      for wanted in [true, false] {
        var request = largeRequest
        request.responseCompressed = .init(value: wanted)
        let responses: ResponseStream<GRPCTesting.SimpleResponse> = peer.channel.serverStreaming(
          GRPCTesting.TestServiceMethods.unaryCall, request, peer.options())
        try requireZeros(try await responses.next()?.payload, 314_159, in: "the answer")
        try require(responses.isCompressed == wanted, "the answer is \(wanted ? "not " : "")compressed")
        try require(try await responses.next() == nil, "there is a second answer")
      }
    },
    InteropCase("client_compressed_streaming") { peer in
      var options = peer.options()
      options.compression = .gzip
      let probe = peer.client.streamingInputCall(options: options)
      try await requireStatus(.invalidArgument, of: "the probe") {
        try await probe.send(.init(payload: .zeros(27_182), expectCompressed: .init(value: true)), compressed: false)
        _ = try await probe.response()
      }
      let call = peer.client.streamingInputCall(options: options)
      try await call.send(.init(payload: .zeros(27_182), expectCompressed: .init(value: true)), compressed: true)
      try await call.send(.init(payload: .zeros(45_904), expectCompressed: .init(value: false)), compressed: false)
      let sum = try await call.response().aggregatedPayloadSize
      try require(sum == 73_086, "the sum is \(sum), where 73086 was due")
    },
    InteropCase("server_compressed_streaming") { peer in
      let wanted: [(size: Int32, isCompressed: Bool)] = [(31_415, true), (92_653, false)]
      let request = GRPCTesting.StreamingOutputCallRequest(
        responseParameters: wanted.map { .init(size: $0.size, compressed: .init(value: $0.isCompressed)) })
      let responses = peer.client.streamingOutputCall(request, options: peer.options())
      for (size, isCompressed) in wanted {
        try requireZeros(try await responses.next()?.payload, Int(size), in: "an answer")
        try require(
          responses.isCompressed == isCompressed,
          "the answer of \(size) bytes is \(isCompressed ? "not " : "")compressed")
      }
      try require(try await responses.next() == nil, "there is a third answer")
    },
  ]

  /// What is left of the client's compressed cases where a server cannot see how a request came: that it can be read.
  static let unprobed = [
    InteropCase("client_compressed_unprobed") { peer in
      for way in Compression.allCases {
        var options = peer.options()
        options.compression = way
        try await largeUnary(peer.client, options)
        let call = peer.client.streamingInputCall(options: options)
        try await call.send(.init(payload: .zeros(27_182)), compressed: true)
        try await call.send(.init(payload: .zeros(45_904)), compressed: false)
        let sum = try await call.response().aggregatedPayloadSize
        try require(sum == 73_086, "the sum is \(sum), where 73086 was due")
      }
    }
  ]

  private static func expecting(_ isCompressed: Bool) -> GRPCTesting.SimpleRequest {
    var request = largeRequest
    request.expectCompressed = .init(value: isCompressed)
    return request
  }
}
