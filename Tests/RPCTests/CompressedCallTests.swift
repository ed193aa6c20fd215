import RPC
import Testing
import Wire
import WireTypes

/// Compressed messages between our two sides.
@Suite(.timeLimit(.minutes(1))) struct CompressedCallTests {
  static let large = String(repeating: "呼应 ", count: 2_000)

  @Test(arguments: Compression.allCases) func `both sides pack what gains by it`(compression: Compression) async throws
  {
    try await run { channel in
      var options = CallOptions()
      options.compression = compression
      let tell: StreamingCall<Text, Text> = channel.streaming(Self.tell, options)
      try await tell.send(Text(value: Self.large))
      try await tell.send(Text(value: "small"))
      try await tell.send(Text(value: Self.large), compressed: false)
      try await tell.send(Text(value: "small"), compressed: true)
      try await tell.finishSending()
      for (expected, isCompressed) in [(true, true), (false, false), (false, true), (true, false)] {
        let answer = try await tell.responses.next()
        #expect(answer?.value.hasPrefix("\(expected) ") == true)
        // Answers are as large as what was sent, and a caller who packs is answered alike.
        #expect(tell.responses.isCompressed == isCompressed)
      }
      #expect(try await tell.responses.next() == nil)
    }
  }

  @Test func `nothing is packed that nobody asked for on one machine`() async throws {
    try await run { channel in
      let tell: StreamingCall<Text, Text> = channel.streaming(Self.tell)
      try await tell.send(Text(value: Self.large), compressed: true)
      #expect(try await tell.responses.next()?.value.hasPrefix("false ") == true)
      #expect(!tell.responses.isCompressed)
      tell.responses.call.cancel()
    }
  }

  @Test(arguments: [true, false]) func `a handler says for a whole answer`(isWanted: Bool) async throws {
    try await run { channel in
      var options = CallOptions()
      options.compression = .gzip
      let whole: ResponseStream<Text> = channel.serverStreaming(
        Self.whole, Text(value: isWanted ? "yes" : Self.large), options)
      let answer = try await whole.next()
      #expect(answer?.value == (isWanted ? "yes" : Self.large))
      #expect(whole.isCompressed == isWanted)
      #expect(try await whole.next() == nil)
    }
  }

  @Test func `a handler says for one message`() async throws {
    try await run { channel in
      let each: ResponseStream<Text> = channel.serverStreaming(Self.each, Text(value: "x"))
      var flags: [Bool] = []
      while let answer = try await each.next() {
        #expect(answer.value == "x")
        flags.append(each.isCompressed)
      }
      #expect(flags == [false, true, false, true])
    }
  }

  @Test func `what is passed on comes plain to who passes it on`() async throws {
    try await Loopback.run(fallback: { call, context in
      let message = try await call.onlyMessage()
      #expect(context.isRequestCompressed)
      #expect(try Text(decoding: message).value == Self.large)
      try await call.write(message)
    }) { loop in
      var options = CallOptions()
      options.compression = .deflate
      let answer: Text = try await loop.channel.unary(EchoService.method("PassedOn"), Text(value: Self.large), options)
      #expect(answer.value == Self.large)
    }
  }

  @Test func `a bomb costs its caller the call, and nobody else`() async throws {
    try await Loopback.run { loop in
      var options = CallOptions()
      options.compression = .gzip
      let status = await #expect(throws: Status.self) {
        let _: Text = try await loop.channel.unary(
          EchoService.echo, Text(value: String(repeating: "x", count: 16 << 20)), options)
      }
      #expect(status?.code == .resourceExhausted)
      let answer = try await loop.echo("x")
      #expect(answer == "x")
    }
  }

  private static let tell = EchoService.method("Tell", true, true)
  private static let whole = EchoService.method("Whole", false, true)
  private static let each = EchoService.method("Each", false, true)

  private struct Packing: Service {
    var handlers: [MethodHandler] {
      [
        .bidirectional(CompressedCallTests.tell) { (requests: RequestStream<Text>, writer: ResponseWriter<Text>, _) in
          for try await request in requests {
            try await writer.write(Text(value: "\(requests.isCompressed) \(request.value)"))
          }
        },
        .serverStreaming(CompressedCallTests.whole) { (request: Text, writer: ResponseWriter<Text>, context) in
          context.setResponseCompression(request.value == "yes")
          try await writer.write(request)
        },
        .serverStreaming(CompressedCallTests.each) { (request: Text, writer: ResponseWriter<Text>, _) in
          try await writer.write(request, compressed: false)
          try await writer.write(request, compressed: true)
          try await writer.write(request)
          try await writer.write(request, compressed: true)
        },
      ]
    }
  }

  private func run(_ body: (Channel) async throws -> Void) async throws {
    let server = Server(ServerConfiguration(.tcp(host: "127.0.0.1", port: 0)), services: [Packing()])
    try await server.start()
    let channel = Channel(target: "127.0.0.1:\(server.port)")
    do { try await body(channel) } catch {
      await server.drain(within: .zero)
      throw error
    }
    await channel.close(within: .seconds(1))
    await server.drain(within: .seconds(1))
  }
}
