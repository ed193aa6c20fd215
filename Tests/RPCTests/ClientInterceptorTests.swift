import RPC
import Synchronization
import Testing
import WireTypes

/// Every way in which a call can end, as interceptors of the channel see it: each call begins once and ends once.
@Suite(.timeLimit(.minutes(1))) struct ClientInterceptorTests {
  /// Writes down what it sees; refuses what is marked so.
  final class Watcher: ClientInterceptor {
    private let state = Mutex<[String]>([])
    var lines: [String] { state.withLock { $0 } }

    func begin(_ method: MethodDescriptor, _ options: inout CallOptions) throws(Status) {
      state.withLock { $0.append("begin") }
      if options.metadata["x-refuse-here"] != nil { throw Status(.permissionDenied, "not from here") }
    }

    func end(_ method: MethodDescriptor, _ end: ExchangeEnd) {
      state.withLock { $0.append(end.status?.code.name ?? "OK") }
    }
  }

  /// What a watcher saw of `body`, once the call has ended.
  static func watch(_ body: (Channel, Loopback) async throws -> Void) async throws -> [String] {
    let watcher = Watcher()
    try await Loopback.run { loop in
      var configuration = ChannelConfiguration()
      configuration.interceptors = [watcher]
      let channel = Channel(target: "127.0.0.1:\(loop.server.port)", configuration: configuration)
      try await body(channel, loop)
      #expect(await StatisticsTests.comes { watcher.lines.count >= 2 })
      await channel.close(within: .zero)
    }
    return watcher.lines
  }

  static func echo(_ channel: Channel, _ options: CallOptions = CallOptions()) async throws {
    let _: Text = try await channel.unary(EchoService.echo, Text(value: "x"), options)
  }

  @Test func `an answer, a failure, a method that nobody has`() async throws {
    #expect(try await Self.watch { channel, _ in try await Self.echo(channel) } == ["begin", "OK"])
    let failed = try await Self.watch { channel, _ in
      _ = try? await channel.unary(EchoService.fail, Text(value: "")) as Text
    }
    #expect(failed == ["begin", "FAILED_PRECONDITION"])
    let unknown = try await Self.watch { channel, _ in
      _ = try? await channel.unary(EchoService.method("Nothing"), Text(value: "")) as Text
    }
    #expect(unknown == ["begin", "UNIMPLEMENTED"])
  }

  @Test func `a deadline, before the call and during it`() async throws {
    let early = try await Self.watch { channel, _ in
      try? await Self.echo(channel, CallOptions(deadline: .now - .seconds(1)))
    }
    #expect(early == ["begin", "DEADLINE_EXCEEDED"])
    let late = try await Self.watch { channel, _ in
      _ =
        try? await channel.unary(
          EchoService.sleep, Number(value: 60_000), CallOptions(timeout: .milliseconds(300))) as Text
    }
    #expect(late == ["begin", "DEADLINE_EXCEEDED"])
  }

  @Test func `a caller that gives up, and one that lets go`() async throws {
    let cancelled = try await Self.watch { channel, _ in
      let call = channel.call(EchoService.hang)
      _ = try await call.initialMetadata()
      call.cancel()
    }
    #expect(cancelled == ["begin", "CANCELLED"])
    let released = try await Self.watch { channel, _ in
      let stream: ResponseStream<Text> = channel.serverStreaming(EchoService.endless, Number(value: 10))
      _ = try await stream.next()
    }
    #expect(released == ["begin", "CANCELLED"])
  }

  @Test func `an interceptor's own refusal`() async throws {
    let refused = CallOptions(metadata: Metadata(["x-refuse-here": "1"]))
    let unary = try await Self.watch { channel, _ in try? await Self.echo(channel, refused) }
    #expect(unary == ["begin", "PERMISSION_DENIED"])
    let stream = try await Self.watch { channel, _ in
      let call = channel.call(EchoService.chat, refused)
      _ = try? await call.next()
    }
    #expect(stream == ["begin", "PERMISSION_DENIED"])
  }

  @Test func `a server that is gone, and one that goes`() async throws {
    let gone = try await Self.watch { channel, loop in
      await loop.server.drain(within: .zero)
      try? await Self.echo(channel)
    }
    #expect(gone == ["begin", "UNAVAILABLE"])
    let going = try await Self.watch { channel, loop in
      let call = channel.call(EchoService.hang)
      _ = try await call.initialMetadata()
      await loop.server.drain(within: .zero)
      _ = try? await call.next()
    }
    #expect(going == ["begin", "UNAVAILABLE"])
  }

  @Test func `a channel that is closed`() async throws {
    let closed = try await Self.watch { channel, _ in
      await channel.close()
      try? await Self.echo(channel)
    }
    #expect(closed == ["begin", "UNAVAILABLE"])
  }
}
