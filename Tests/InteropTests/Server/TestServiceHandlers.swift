import GRPCTestingContract
import Kernel
import RPC

/// `grpc.testing.TestService` as gRPC's interop-test-descriptions.md states it.
struct TestServiceHandlers: GRPCTesting.TestService {
  private let cache = AnswerCache()
  private let outages = Outages()

  func emptyCall(_ request: GRPCTesting.Empty, context: ServerContext) async throws -> GRPCTesting.Empty {
    context.echoMetadata()
    try outages.refuse(context)
    return .init()
  }

  func unaryCall(
    _ request: GRPCTesting.SimpleRequest, context: ServerContext
  ) async throws -> GRPCTesting.SimpleResponse {
    context.echoMetadata()
    try context.expect(request.expectCompressed, isCompressed: context.isRequestCompressed)
    try context.refuseAsAsked(request.responseStatus)
    if let wanted = request.responseCompressed { context.setResponseCompression(wanted.value) }
    return GRPCTesting.SimpleResponse(
      payload: try context.payload(request.responseType, size: request.responseSize),
      username: request.fillUsername ? context.peerIdentity?.commonName ?? "" : "",
      serverID: request.fillServerID ? "huying-interop-server" : "")
  }

  func cacheableUnaryCall(
    _ request: GRPCTesting.SimpleRequest, context: ServerContext
  ) async throws -> GRPCTesting.SimpleResponse {
    context.echoMetadata(adding: ["cache-control": "max-age=60"])
    return GRPCTesting.SimpleResponse(payload: .init(body: cache.answer(to: request.payload?.body ?? [])))
  }

  func streamingInputCall(
    _ requests: RequestStream<GRPCTesting.StreamingInputCallRequest>, context: ServerContext
  ) async throws -> GRPCTesting.StreamingInputCallResponse {
    context.echoMetadata()
    var sum: Int32 = 0
    while let request = try await requests.next() {
      try context.expect(request.expectCompressed, isCompressed: requests.isCompressed)
      sum &+= Int32(clamping: request.payload?.body.count ?? 0)
    }
    return .init(aggregatedPayloadSize: sum)
  }

  func streamingOutputCall(
    _ request: GRPCTesting.StreamingOutputCallRequest,
    writer: ResponseWriter<GRPCTesting.StreamingOutputCallResponse>, context: ServerContext
  ) async throws {
    context.echoMetadata()
    try await answer(request, writer, context)
  }

  func fullDuplexCall(
    _ requests: RequestStream<GRPCTesting.StreamingOutputCallRequest>,
    writer: ResponseWriter<GRPCTesting.StreamingOutputCallResponse>, context: ServerContext
  ) async throws {
    context.echoMetadata()
    while let request = try await requests.next() { try await answer(request, writer, context) }
  }

  func halfDuplexCall(
    _ requests: RequestStream<GRPCTesting.StreamingOutputCallRequest>,
    writer: ResponseWriter<GRPCTesting.StreamingOutputCallResponse>, context: ServerContext
  ) async throws {
    context.echoMetadata()
    var kept: [GRPCTesting.StreamingOutputCallRequest] = []
    while let request = try await requests.next() {
      guard kept.count < Self.maximumKept else {
        throw Status(.resourceExhausted, "more than \(Self.maximumKept) requests before the first answer")
      }
      kept.append(request)
    }
    for request in kept { try await answer(request, writer, context) }
  }

  func unimplementedCall(_ request: GRPCTesting.Empty, context: ServerContext) async throws -> GRPCTesting.Empty {
    throw Status(.unimplemented, "no server implements UnimplementedCall")
  }

  /// Requests of a half-duplex call that wait for the last one.
  private static let maximumKept = 1_000

  /// The messages that one request asks for, and then the status that it asks for, if it does.
  private func answer(
    _ request: GRPCTesting.StreamingOutputCallRequest,
    _ writer: ResponseWriter<GRPCTesting.StreamingOutputCallResponse>, _ context: ServerContext
  ) async throws {
    for parameters in request.responseParameters {
      if parameters.intervalUs > 0 { try await Task.sleep(for: .microseconds(parameters.intervalUs)) }
      let payload = try context.payload(request.responseType, size: parameters.size)
      try await writer.write(.init(payload: payload), compressed: parameters.compressed?.value)
    }
    try context.refuseAsAsked(request.responseStatus)
  }
}

extension ServerContext {
  /// Payloads larger than this are refused: a few such requests would take the machine's memory.
  static let maximumPayloadBytes: Int32 = 64 << 20

  /// Sends back what the metadata ask to have sent back.
  func echoMetadata(adding fields: KeyValuePairs<String, String> = [:]) {
    var initial = Metadata(fields)
    for value in metadata.values("x-grpc-test-echo-initial") { initial.append("x-grpc-test-echo-initial", value) }
    if !initial.isEmpty { setInitialMetadata(initial) }
    var trailing = Metadata()
    for value in metadata.bytes("x-grpc-test-echo-trailing-bin") {
      trailing.append("x-grpc-test-echo-trailing-bin", bytes: value)
    }
    if !trailing.isEmpty { setTrailingMetadata(trailing) }
  }

  /// Ends the call with the status that the request names; code 0 and no status are none.
  func refuseAsAsked(_ asked: GRPCTesting.EchoStatus?) throws(Status) {
    guard let asked, asked.code != 0 else { return }
    throw refusal(Code(rawValue: Int(asked.code)) ?? .unknown, asked.message)
  }

  /// Refuses a message that is not compressed as its sender says it is.
  func expect(_ expected: GRPCTesting.BoolValue?, isCompressed: Bool) throws(Status) {
    guard let expected, expected.value != isCompressed else { return }
    throw refusal(
      .invalidArgument, "the message was to be \(expected.value ? "" : "un")compressed and is not")
  }

  /// That many zeros.
  func payload(_ type: GRPCTesting.PayloadType, size: Int32) throws(Status) -> GRPCTesting.Payload {
    guard case .compressable = type else {
      throw refusal(.invalidArgument, "there is no payload type \(type.rawValue)")
    }
    guard (0...Self.maximumPayloadBytes).contains(size) else {
      throw refusal(.invalidArgument, "a payload of \(size) bytes, where 0 to \(Self.maximumPayloadBytes) are made")
    }
    return .init(body: [UInt8](repeating: 0, count: Int(size)))
  }

  private func refusal(_ code: Code, _ message: String) -> Status {
    guard metadata["x-status-details"] == "1" else { return Status(code, message) }
    let reason = Reason(
      "INTEROP_TEST", zh: "互通测试", en: "asked for by x-status-details", metadata: ["method": method.path])
    return Status(code, message, reasons: [reason])
  }
}
