import GRPCTestingContract
import RPC
import Wire

extension InteropCase {
  static let metadata = [
    InteropCase("custom_metadata") { peer in
      try await echo(
        peer.channel.streaming(GRPCTesting.TestServiceMethods.unaryCall, peer.options(echoed)), largeRequest
      ) { (response: GRPCTesting.SimpleResponse) in try requireZeros(response.payload, 314_159, in: "the answer") }
      let request = GRPCTesting.StreamingOutputCallRequest(
        responseParameters: [.init(size: 314_159)], payload: .zeros(271_828))
      try await echo(peer.client.fullDuplexCall(options: peer.options(echoed)), request) { response in
        try requireZeros(response.payload, 314_159, in: "the streamed answer")
      }
    },
    InteropCase("status_code_and_message") { peer in try await echoStatus("test status message", peer) },
    InteropCase("special_status_message") { peer in
      let message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
      let status = try await requireStatus(.unknown, of: "UnaryCall") {
        _ = try await peer.client.unaryCall(
          .init(responseStatus: .init(code: 2, message: message)), options: peer.options())
      }
      try require(status.message == message, "the message came as \(status.message.debugDescription)")
    },
    InteropCase("unimplemented_method") { peer in
      try await requireStatus(.unimplemented, of: "UnimplementedCall") {
        _ = try await peer.client.unimplementedCall(.init(), options: peer.options())
      }
    },
    InteropCase("unimplemented_service") { peer in
      try await requireStatus(.unimplemented, of: "UnimplementedService") {
        _ = try await GRPCTesting.UnimplementedServiceClient(peer.channel)
          .unimplementedCall(.init(), options: peer.options())
      }
    },
  ]

  private static let initialName = "x-grpc-test-echo-initial"
  private static let trailingName = "x-grpc-test-echo-trailing-bin"
  private static let echoed = {
    var metadata = Metadata([initialName: "test_initial_metadata_value"])
    metadata.append(trailingName, bytes: [0xab, 0xab, 0xab])
    return metadata
  }()

  private static func echo<Request: Message, Response: Message>(
    _ call: StreamingCall<Request, Response>, _ request: Request, _ check: (Response) throws -> Void
  ) async throws {
    try await call.send(request)
    try await call.finishSending()
    guard let response = try await call.responses.next() else { throw Failure("there is no answer") }
    try check(response)
    try require(try await call.responses.next() == nil, "there is a second answer")
    let initial = try await call.responses.call.initialMetadata().values(initialName)
    try require(initial == ["test_initial_metadata_value"], "the initial metadata has \(initial)")
    let trailing = call.responses.call.trailingMetadata.bytes(trailingName)
    try require(trailing == [[0xab, 0xab, 0xab]], "the trailing metadata has \(trailing)")
  }

  private static func echoStatus(_ message: String, _ peer: Peer) async throws {
    let asked = GRPCTesting.EchoStatus(code: 2, message: message)
    let unary = try await requireStatus(.unknown, of: "UnaryCall") {
      _ = try await peer.client.unaryCall(.init(responseStatus: asked), options: peer.options())
    }
    try require(unary.message == message, "UnaryCall's message came as \(unary.message.debugDescription)")
    let stream = try await requireStatus(.unknown, of: "FullDuplexCall") {
      let call = peer.client.fullDuplexCall(options: peer.options())
      try await call.send(.init(responseStatus: asked))
      try await call.finishSending()
      while try await call.responses.next() != nil {}
    }
    try require(stream.message == message, "FullDuplexCall's message came as \(stream.message.debugDescription)")
  }
}
