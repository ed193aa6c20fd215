import CommonContract
import HealthContract
import RPC
import ReflectionContract
import Testing
import Wire
import WireTypes

@testable import Runtime

/// A process's health and reflection on a real server, and a channel to it.
struct BuiltInBench {
  let serving = ServingState(services: ["test.Known"])
  let server: Server
  let channel: Channel

  init() async throws {
    let index = ReflectionIndex(
      services: HealthV1.services + ReflectionV1.services + ReflectionV1Alpha.services,
      files: HealthV1.fileDescriptors + ReflectionV1.fileDescriptors + ReflectionV1Alpha.fileDescriptors
        + GoogleAPI.fileDescriptors + CommonV1.fileDescriptors)
    server = Server(
      ServerConfiguration(.tcp(host: "127.0.0.1", port: 0)),
      services: [HealthHandlers(serving), ReflectionHandlers(index), ReflectionAlphaHandlers(index)])
    try await server.start()
    channel = Channel(target: "127.0.0.1:\(server.port)")
  }

  static func with(_ body: (BuiltInBench) async throws -> Void) async throws {
    let bench = try await BuiltInBench()
    do {
      try await body(bench)
    } catch {
      await bench.end()
      throw error
    }
    await bench.end()
  }

  private func end() async {
    await channel.close(within: .zero)
    await server.drain(within: .zero)
  }
}

@Suite(.timeLimit(.minutes(1))) struct HealthTests {
  typealias Watching = ResponseStream<HealthV1.HealthCheckResponse>

  typealias State = HealthV1.HealthCheckResponse.ServingStatus

  static func expect(_ state: State, of service: String, _ client: HealthV1.HealthClient) async throws {
    let answer = try await client.check(.init(service: service))
    #expect(answer.status == state)
  }

  static func expect(_ state: State, next watching: Watching) async throws {
    let answer = try await watching.next()
    #expect(answer?.status == state)
  }

  @Test func `check tells a service that is healthy from one that is not and one that nobody knows`() async throws {
    try await BuiltInBench.with { bench in
      let client = HealthV1.HealthClient(bench.channel)
      try await Self.expect(.notServing, of: "", client)
      bench.serving.set(isServing: true)
      try await Self.expect(.serving, of: "", client)
      try await Self.expect(.serving, of: "test.Known", client)
      bench.serving.set("test.Known", isServing: false)
      try await Self.expect(.notServing, of: "test.Known", client)
      let status = await #expect(throws: Status.self) { try await client.check(.init(service: "test.Unknown")) }
      #expect(status?.code == .notFound)
    }
  }

  @Test func `a watcher hears the state at once and then every change, also of a service that comes later`()
    async throws
  {
    try await BuiltInBench.with { bench in
      let client = HealthV1.HealthClient(bench.channel)
      let known = client.watch(.init(service: "test.Known"))
      let unknown = client.watch(.init(service: "test.Later"))
      try await Self.expect(.notServing, next: known)
      try await Self.expect(.serviceUnknown, next: unknown)
      // Nothing that changes nothing for it is heard; what changes twice is heard twice.
      bench.serving.set("test.Other", isServing: true)
      bench.serving.set("test.Known", isServing: false)
      bench.serving.set(isServing: true)
      bench.serving.set("test.Known", isServing: false)
      bench.serving.set("test.Known", isServing: true)
      for expected in [State.serving, .notServing, .serving] {
        try await Self.expect(expected, next: known)
      }
      bench.serving.add(services: ["test.Later"])
      try await Self.expect(.serving, next: unknown)
    }
  }

  @Test func `many watch at once, hear NOT_SERVING before the end, and leave nothing behind`() async throws {
    try await BuiltInBench.with { bench in
      let client = HealthV1.HealthClient(bench.channel)
      bench.serving.set(isServing: true)
      let streams = (0..<200).map { _ in client.watch(.init()) }
      for stream in streams { try await Self.expect(.serving, next: stream) }
      #expect(bench.serving.watcherCount == 200)
      bench.serving.set(isServing: false)
      async let drained: Void = bench.server.drain(within: .seconds(30))
      for stream in streams {
        try await Self.expect(.notServing, next: stream)
        let status = await #expect(throws: Status.self) { try await stream.next() }
        #expect(status?.code == .unavailable)
      }
      await drained
      #expect(bench.server.runningCount == 0)
      #expect(bench.serving.watcherCount == 0)
    }
  }

  @Test func `list names everything, up to a limit`() async throws {
    try await BuiltInBench.with { bench in
      let client = HealthV1.HealthClient(bench.channel)
      bench.serving.set("test.Known", isServing: true)
      let statuses = try await client.list(.init()).statuses
      #expect(statuses.mapValues(\.status) == ["": .notServing, "test.Known": .serving])
      bench.serving.add(services: (0..<100).map { "test.Service\($0)" })
      let status = await #expect(throws: Status.self) { try await client.list(.init()) }
      #expect(status?.code == .resourceExhausted)
    }
  }
}

@Suite(.timeLimit(.minutes(1))) struct ReflectionTests {
  typealias Request = ReflectionV1.ServerReflectionRequest
  typealias Response = ReflectionV1.ServerReflectionResponse

  /// Asks everything on one stream; both versions have to say the same.
  static func ask(_ bench: BuiltInBench, _ requests: [Request]) async throws -> [Response] {
    var answers: [[Response]] = []
    for method in [
      ReflectionV1.ServerReflectionMethods.serverReflectionInfo,
      ReflectionV1Alpha.ServerReflectionMethods.serverReflectionInfo,
    ] {
      let call: StreamingCall<Request, Response> = bench.channel.streaming(method)
      var responses: [Response] = []
      for request in requests {
        try await call.send(request)
        let response = try await call.responses.next()
        responses.append(try #require(response))
      }
      try await call.finishSending()
      let more = try await call.responses.next()
      #expect(more == nil)
      answers.append(responses)
    }
    #expect(answers[0] == answers[1])
    return answers[0]
  }

  static func names(_ response: Response) throws -> [String] {
    guard case .fileDescriptorResponse(let files) = response.messageResponse else { return [] }
    return try files.fileDescriptorProto.map { try GoogleProtobuf.FileDescriptorProto(decoding: $0).name ?? "" }
  }

  static func error(_ response: Response) -> Int32? {
    guard case .errorResponse(let error) = response.messageResponse else { return nil }
    #expect(!error.errorMessage.isEmpty)
    return error.errorCode
  }

  @Test func `services are listed, in both versions`() async throws {
    try await BuiltInBench.with { bench in
      let answer = try await Self.ask(bench, [.init(host: "here", messageRequest: .listServices("*"))])[0]
      #expect(answer.validHost == "here")
      #expect(answer.originalRequest == .init(host: "here", messageRequest: .listServices("*")))
      guard case .listServicesResponse(let list) = answer.messageResponse else { return #expect(Bool(false)) }
      #expect(
        list.service.map(\.name) == [
          "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
        ])
    }
  }

  @Test(arguments: [
    "grpc.health.v1.Health", "grpc.health.v1.Health.Check", "grpc.health.v1.HealthCheckRequest",
    "grpc.health.v1.HealthCheckRequest.service", "grpc.health.v1.HealthCheckResponse.ServingStatus",
    "grpc.health.v1.HealthCheckResponse.SERVING", "grpc.health.v1.HealthListResponse.StatusesEntry",
    ".grpc.health.v1.Health",
  ]) func `a symbol of any kind is found in its file`(symbol: String) async throws {
    try await BuiltInBench.with { bench in
      let answer = try await Self.ask(bench, [.init(messageRequest: .fileContainingSymbol(symbol))])[0]
      #expect(try Self.names(answer) == ["grpc/health/v1/health.proto"])
    }
  }

  @Test func `a file brings what it imports, once a stream`() async throws {
    try await BuiltInBench.with { bench in
      let access = Request(messageRequest: .fileByFilename("huying/common/v1/access.proto"))
      let answers = try await Self.ask(
        bench, [access, access, .init(messageRequest: .fileByFilename("google/protobuf/descriptor.proto"))])
      let first = try Self.names(answers[0])
      #expect(first.first == "huying/common/v1/access.proto")
      #expect(first.contains("google/protobuf/descriptor.proto"))
      #expect(Set(first).count == first.count)
      #expect(try Self.names(answers[1]) == ["huying/common/v1/access.proto"])
      #expect(try Self.names(answers[2]) == ["google/protobuf/descriptor.proto"])
    }
  }

  @Test func `extensions are found by number and counted by type`() async throws {
    try await BuiltInBench.with { bench in
      let options = "google.protobuf.MethodOptions"
      let answers = try await Self.ask(
        bench,
        [
          .init(messageRequest: .allExtensionNumbersOfType(options)),
          .init(messageRequest: .fileContainingExtension(.init(containingType: options, extensionNumber: 72_295_728))),
          .init(messageRequest: .allExtensionNumbersOfType("grpc.health.v1.HealthCheckRequest")),
        ])
      guard case .allExtensionNumbersResponse(let numbers) = answers[0].messageResponse else {
        return #expect(Bool(false))
      }
      #expect(numbers.baseTypeName == options)
      #expect(numbers.extensionNumber.contains(72_295_728))
      #expect(numbers.extensionNumber.count == 2)
      #expect(try Self.names(answers[1]).first == "google/api/annotations.proto")
      let access = try #require(numbers.extensionNumber.first { $0 != 72_295_728 })
      let file = try await Self.ask(
        bench,
        [.init(messageRequest: .fileContainingExtension(.init(containingType: options, extensionNumber: access)))])
      #expect(try Self.names(file[0]).first == "huying/common/v1/access.proto")
      guard case .allExtensionNumbersResponse(let none) = answers[2].messageResponse else {
        return #expect(Bool(false))
      }
      #expect(none.extensionNumber == [])
    }
  }

  @Test func `what is not there is an answer, and the stream goes on`() async throws {
    try await BuiltInBench.with { bench in
      let requests: [(Request.OneOfMessageRequest?, Int32)] = [
        (.fileByFilename("nothing.proto"), 5), (.fileContainingSymbol("grpc.health.v1.Nothing"), 5),
        (.fileContainingSymbol(""), 5), (.fileContainingSymbol("grpc.health.v1"), 5),
        (.fileContainingExtension(.init(containingType: "nothing", extensionNumber: 1)), 5),
        (.fileContainingExtension(.init(containingType: "google.protobuf.MethodOptions", extensionNumber: 1)), 5),
        (.allExtensionNumbersOfType("nothing"), 5), (.allExtensionNumbersOfType("grpc.health.v1.Health"), 5), (nil, 3),
      ]
      let all = requests.map { Request(host: "h", messageRequest: $0.0) }
      let answers = try await Self.ask(bench, all)
      for (answer, (request, code)) in zip(answers, requests) {
        #expect(Self.error(answer) == code, "\(String(describing: request))")
        #expect(answer.validHost == "h")
        #expect(answer.originalRequest?.messageRequest == request)
      }
    }
  }

  @Test func `many questions go over one stream`() async throws {
    try await BuiltInBench.with { bench in
      let requests = (0..<500).map { number -> Request in
        .init(host: "\(number)", messageRequest: .fileContainingSymbol("grpc.health.v1.Health"))
      }
      let answers = try await Self.ask(bench, requests)
      #expect(answers.map(\.validHost) == (0..<500).map(String.init))
      for answer in answers { #expect(try Self.names(answer) == ["grpc/health/v1/health.proto"]) }
    }
  }
}
