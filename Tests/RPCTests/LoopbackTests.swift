import Kernel
import RPC
import Testing
import WireTypes

@Suite(.timeLimit(.minutes(1))) struct LoopbackTests {
  @Test func `a unary call is answered, many of them on one connection`() async throws {
    try await Loopback.run { loop in
      #expect(loop.channel.state == .idle)
      for number in 0..<50 { #expect(try await loop.echo("你好 \(number)") == "你好 \(number)") }
      #expect(loop.channel.state == .ready)
      try await withThrowingTaskGroup(of: String.self) { group in
        for number in 0..<300 { group.addTask { try await loop.echo("\(number)") } }
        var seen: Set<String> = []
        for try await answer in group { seen.insert(answer) }
        #expect(seen.count == 300)
      }
      #expect(loop.log.count("Echo OK in 1 out 1") == 350)
      #expect(loop.clientLog.count("Echo OK") == 350)
    }
  }

  @Test func `a Unix socket does as well as a port`() async throws {
    try await Loopback.run(address: .unix(path: "/tmp/huying-rpc-\(UInt32.random(in: 0 ... .max)).sock")) { loop in
      let answer = try await loop.echo("here")
      #expect(answer == "here")
    }
  }

  @Test func `metadata travels both ways`() async throws {
    try await Loopback.run { loop in
      var metadata = Metadata(["x-echo-a": "1", "x-echo-a": "2"])
      metadata.append("x-echo-bin", bytes: [0, 255, 7])
      let call = loop.channel.call(EchoService.echo, CallOptions(metadata: metadata))
      try await call.send([10, 1, 65])
      try await call.finishSending()
      #expect(try await call.initialMetadata()["x-head"] == "1")
      #expect(try await call.next() == [10, 1, 65])
      #expect(try await call.next() == nil)
      #expect(call.trailingMetadata.values("x-echo-a") == ["1", "2"])
      #expect(call.trailingMetadata.bytes("x-echo-bin") == [[0, 255, 7]])
      #expect(call.trailingMetadata["grpc-status"] == nil)
    }
  }

  @Test func `a refusal keeps all its reasons on the way`() async throws {
    try await Loopback.run { loop in
      let status = await #expect(throws: Status.self) {
        let _: Text = try await loop.channel.unary(EchoService.fail, Text(value: ""))
      }
      #expect(status?.code == .failedPrecondition)
      #expect(status?.message == "There is no path.; It is too early.")
      #expect(
        status?.reasons == [
          Reason("NO_PATH", zh: "没有调解路径", en: "There is no path.", field: "grid", metadata: ["grid": "7"]),
          Reason("TOO_EARLY", zh: "太早", en: "It is too early."),
        ])
      #expect(loop.log.lines == ["begin Fail", "Fail FAILED_PRECONDITION in 1 out 0"])
    }
  }

  @Test func `a server stream comes in order, an empty one too`() async throws {
    try await Loopback.run { loop in
      for count in [0, 1, 5_000] {
        let stream: ResponseStream<Number> = loop.channel.serverStreaming(
          EchoService.count, Number(value: Int32(count)))
        var numbers: [Int32] = []
        for try await number in stream { numbers.append(number.value) }
        #expect(numbers == (0..<Int32(count)).map { $0 })
      }
    }
  }

  @Test func `streams of the client are heard, and answered while they go on`() async throws {
    try await Loopback.run { loop in
      let join: StreamingCall<Text, Text> = loop.channel.streaming(EchoService.join)
      for word in ["a", "b", "c"] { try await join.send(Text(value: word)) }
      #expect(try await join.response().value == "abc")

      let chat: StreamingCall<Text, Text> = loop.channel.streaming(EchoService.chat)
      for word in ["a", "b", "c"] {
        try await chat.send(Text(value: word))
        #expect(try await chat.responses.next()?.value == "re: " + word)
      }
      try await chat.finishSending()
      #expect(try await chat.responses.next() == nil)
    }
  }

  @Test func `a deadline ends the call on both sides`() async throws {
    try await Loopback.run { loop in
      _ = try await loop.echo("connected")
      let status = await #expect(throws: Status.self) {
        let _: Text = try await loop.channel.unary(
          EchoService.sleep, Number(value: 60_000), CallOptions(timeout: .seconds(2)))
      }
      #expect(status?.code == .deadlineExceeded)
      #expect(await loop.log.wait(for: "sleep cancelled"))
      let late = await #expect(throws: Status.self) { try await loop.echo("x", CallOptions(timeout: .zero)) }
      #expect(late?.code == .deadlineExceeded)
    }
  }

  @Test func `cancelling the caller's task cancels the handler`() async throws {
    try await Loopback.run { loop in
      let task = Task {
        let _: Text = try await loop.channel.unary(EchoService.sleep, Number(value: 60_000))
      }
      #expect(await loop.log.wait(for: "begin Sleep"))
      task.cancel()
      let status = await #expect(throws: Status.self) { try await task.value }
      #expect(status?.code == .cancelled)
      #expect(await loop.log.wait(for: "Sleep CANCELLED in 1 out 0"))
    }
  }

  @Test func `letting go of a stream cancels it, and a writer waits while nobody reads`() async throws {
    try await Loopback.run { loop in
      do {
        let stream: ResponseStream<Text> = loop.channel.serverStreaming(EchoService.endless, Number(value: 10_000))
        _ = try await stream.next()
        try await Task.sleep(for: .milliseconds(300))
        let written = loop.log.count("written")
        #expect(written < 100, "a window, a buffer and what the socket holds")
        try await Task.sleep(for: .milliseconds(200))
        #expect(loop.log.count("written") == written)
        for _ in 0..<200 { _ = try await stream.next() }
      }
      #expect(await loop.log.wait(for: "endless ended"))
    }
  }

  @Test func `a call whose window is shut still ends at its deadline`() async throws {
    try await Loopback.run { loop in
      _ = try await loop.echo("connected")
      let stream: ResponseStream<Text> = loop.channel.serverStreaming(
        EchoService.endless, Number(value: 100_000), CallOptions(timeout: .seconds(2)))
      #expect(await loop.log.wait(for: "endless ended"))
      let status = await #expect(throws: Status.self) { while try await stream.next() != nil {} }
      #expect(status?.code == .deadlineExceeded)
    }
  }

  @Test func `messages up to the limit pass, larger ones are refused`() async throws {
    try await Loopback.run { loop in
      let large = String(repeating: "x", count: (4 << 20) - 5)
      let answer = try await loop.echo(large)
      #expect(answer == large)
      let status = await #expect(throws: Status.self) { try await loop.echo(large + "xxxxxx") }
      #expect(status?.code == .resourceExhausted)
      let next = try await loop.echo("on it goes")
      #expect(next == "on it goes")
    }
  }

  @Test func `unknown methods are UNIMPLEMENTED, and seen by interceptors`() async throws {
    try await Loopback.run { loop in
      let status = await #expect(throws: Status.self) {
        let _: Text = try await loop.channel.unary(
          MethodDescriptor(service: "test.Echo", name: "Nothing"), Text(value: ""))
      }
      #expect(status?.code == .unimplemented)
      #expect(loop.log.lines == ["Nothing UNIMPLEMENTED in 0 out 0"])
    }
  }

  @Test func `an interceptor refuses before the handler`() async throws {
    try await Loopback.run { loop in
      let status = await #expect(throws: Status.self) {
        try await loop.echo("x", CallOptions(metadata: Metadata(["x-refuse": "1"])))
      }
      #expect(status?.code == .unauthenticated)
      #expect(loop.log.lines == ["begin Echo", "Echo UNAUTHENTICATED in 1 out 0"])
    }
  }

  @Test func `calls above the peer's stream limit get another connection or wait`() async throws {
    try await Loopback.run(streams: 2) { loop in
      try await withThrowingTaskGroup(of: Text.self) { group in
        for _ in 0..<40 {
          group.addTask { try await loop.channel.unary(EchoService.sleep, Number(value: 30)) }
        }
        for try await answer in group { #expect(answer.value == "slept") }
      }
      #expect(loop.server.connectionCount > 1)
      #expect(loop.server.connectionCount <= 8)
    }
  }
}
