import Kernel
import RPC
import TestSupport
import Testing
import WireTypes

@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
  @Test func `a drain lets calls finish and takes no new ones`() async throws {
    try await Loopback.run { loop in
      let call = Task { () -> Text in try await loop.channel.unary(EchoService.sleep, Number(value: 1_500)) }
      #expect(await loop.log.wait(for: "begin Sleep"))
      await loop.server.drain(within: .seconds(30))
      let answer = try await call.value
      #expect(answer.value == "slept")
      let status = await #expect(throws: Status.self) { try await loop.echo("too late") }
      #expect(status?.code == .unavailable)
      #expect(status?.message.contains("cannot connect to 127.0.0.1:") == true)
      #expect(loop.server.connectionCount == 0)
      #expect(loop.server.runningCount == 0)
    }
  }

  @Test func `a drain cancels what does not finish`() async throws {
    try await Loopback.run { loop in
      let hang: StreamingCall<Text, Text> = loop.channel.streaming(EchoService.hang)
      try await hang.send(Text(value: "x"))
      _ = try await hang.responses.call.initialMetadata()
      await loop.server.drain(within: .milliseconds(100))
      let status = await #expect(throws: Status.self) { try await hang.responses.next() }
      #expect(status?.code == .unavailable)
      #expect(loop.server.runningCount == 0)
    }
  }

  @Test func `a drain does not wait for those who only wait for news`() async throws {
    try await Loopback.run { loop in
      let watch: ResponseStream<Number> = loop.channel.serverStreaming(EchoService.watch, Number(value: 7))
      let first = try await watch.next()
      #expect(first?.value == 7)
      let start = ContinuousClock.now
      await loop.server.drain(within: .seconds(50))
      #expect(start.duration(to: .now) < .seconds(20))
      let status = await #expect(throws: Status.self) { try await watch.next() }
      #expect(status?.code == .unavailable)
    }
  }

  /// One reads nothing of a large answer, one answers no PING, one has said nothing, one stops inside a header block.
  @Test func `a drain ends also for those who do not help`() async throws {
    let server = Server(ServerConfiguration(.tcp(host: "127.0.0.1", port: 0)), services: [EchoService()])
    try await server.start()
    let deaf = try await Attacker.connect(server, settings: [4: 0x7fff_ffff])
    await deaf.stopReading()
    deaf.say([
      .windowUpdate(0, 0x7fff_0000 - 65_535), .headers(1, HPACK.request("/test.Echo/Endless"), end: false),
      .data(1, [0, 0, 0, 0, 4, 8, 0x80, 0x89, 0x7a], end: true),
    ])
    let mute = try await Attacker.connect(server)
    mute.say([.headers(1, HPACK.request("/test.Echo/Hang"), end: false)])
    let silent = try await Attacker.connect(server, isSilent: true)
    let cut = try await Attacker.connect(server)
    cut.say([.headers(1, HPACK.request(), isWhole: false)])
    #expect(await mute.wait { _ in server.runningCount == 2 && server.connectionCount == 4 })
    await server.drain(within: .seconds(3))
    #expect(server.connectionCount == 0)
    #expect(server.runningCount == 0)
    for attacker in [mute, silent, cut] { #expect(await attacker.wait(\.isClosed)) }
    await deaf.hangUp()
  }

  @Test func `nobody there is UNAVAILABLE with the reason, and wait-for-ready waits`() async throws {
    let path = "/tmp/huying-rpc-\(UInt32.random(in: 0 ... .max)).sock"
    var settings = ChannelConfiguration()
    settings.maximumBackoff = .milliseconds(50)
    let channel = Channel(target: "unix:" + path, configuration: settings)
    let status = await #expect(throws: Status.self) {
      let _: Text = try await channel.unary(EchoService.echo, Text(value: "x"))
    }
    #expect(status?.code == .unavailable)
    #expect(status?.message.hasPrefix("cannot connect to unix:" + path) == true)
    // Between two attempts, or past the pause with nobody asking for the next.
    #expect(channel.state < .connecting)
    let waiting = Task { () -> Text in
      try await channel.unary(EchoService.echo, Text(value: "x"), CallOptions(waitForReady: true))
    }
    try await Task.sleep(for: .milliseconds(200))
    let server = Server(ServerConfiguration(.unix(path: path)), services: [EchoService()])
    try await server.start()
    #expect(try await waiting.value.value == "x")
    await channel.close()
    #expect(channel.state == .shutdown)
    await server.drain()
  }

  @Test func `waiting for ready ends at the deadline`() async throws {
    let channel = Channel(target: "unix:/nowhere/at/all.sock")
    let status = await #expect(throws: Status.self) {
      let _: Text = try await channel.unary(
        EchoService.echo, Text(value: "x"), CallOptions(timeout: .milliseconds(100), waitForReady: true))
    }
    #expect(status?.code == .deadlineExceeded)
    await channel.close()
  }

  @Test func `a lost server is found again`() async throws {
    let path = "/tmp/huying-rpc-\(UInt32.random(in: 0 ... .max)).sock"
    var settings = ChannelConfiguration()
    settings.maximumBackoff = .milliseconds(20)
    let channel = Channel(target: "unix:" + path, configuration: settings)
    for _ in 0..<3 {
      let server = Server(ServerConfiguration(.unix(path: path)), services: [EchoService()])
      try await server.start()
      let answer: Text = try await channel.unary(
        EchoService.echo, Text(value: "x"), CallOptions(timeout: .seconds(5), waitForReady: true))
      #expect(answer.value == "x")
      await server.drain()
    }
    await channel.close()
  }

  @Test func `the fallback passes on whatever comes, both ways, to the end`() async throws {
    try await Loopback.run { backend in
      let fallback: RawHandler = { call, context in try await passOn(call, context, to: backend.channel) }
      try await Loopback.run(fallback: fallback) { loop in
        // The front has an echo of its own, so ask for one it does not know.
        _ = try await loop.echo("front")
      }
      let front = Server(ServerConfiguration(.tcp(host: "127.0.0.1", port: 0)), services: [], fallback: fallback)
      try await front.start()
      let channel = Channel(target: "127.0.0.1:\(front.port)")
      let answer: Text = try await channel.unary(EchoService.echo, Text(value: "through"))
      #expect(answer.value == "through")
      let failure = await #expect(throws: Status.self) {
        let _: Text = try await channel.unary(EchoService.fail, Text(value: ""))
      }
      #expect(failure?.reasons.map(\.code) == ["NO_PATH", "TOO_EARLY"])
      #expect(failure?.reasons.first?.chinese == "没有调解路径")
      let chat: StreamingCall<Text, Text> = channel.streaming(EchoService.chat)
      for word in ["a", "b"] {
        try await chat.send(Text(value: word))
        #expect(try await chat.responses.next()?.value == "re: " + word)
      }
      try await chat.finishSending()
      #expect(try await chat.responses.next() == nil)
      do {
        let stream: ResponseStream<Text> = channel.serverStreaming(EchoService.endless, Number(value: 10_000))
        _ = try await stream.next()
      }
      #expect(await backend.log.wait(for: "endless ended"))
      await channel.close()
      await front.drain()
    }
  }
}

/// What a gateway does with a call it does not look into.
func passOn(_ call: ServerCall, _ context: ServerContext, to channel: Channel) async throws {
  let onward = channel.call(context.method, CallOptions(metadata: context.metadata, deadline: context.deadline))
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask {
      while let message = try await call.next() { try await onward.send(message) }
      try await onward.finishSending()
    }
    context.setInitialMetadata(try await onward.initialMetadata())
    while let message = try await onward.next() { try await call.write(message) }
    context.setTrailingMetadata(onward.trailingMetadata)
    group.cancelAll()
  }
}
