import Foundation
import RPC
import Testing
import WireTypes

/// grpcio of PyPI as the other side. Skipped where it is not installed.
@Suite(.timeLimit(.minutes(2)), .enabled(if: Python.hasGRPC)) struct StockPeerTests {
  @Test func `a stock client works unchanged with our server`() async throws {
    try await Loopback.run { loop in
      let client = try Python.start("echo_client.py", "127.0.0.1:\(loop.server.port)")
      #expect(await client.end() == 0)
      #expect(loop.server.runningCount == 0)
    }
  }

  @Test func `our client works with a stock server`() async throws {
    let path = "/tmp/huying-rpc-\(UInt32.random(in: 0 ... .max)).sock"
    let server = try Python.start("echo_server.py", "unix:" + path)
    var settings = ChannelConfiguration()
    settings.maximumBackoff = .milliseconds(100)
    let channel = Channel(target: "unix:" + path, configuration: settings)
    let patient = CallOptions(timeout: .seconds(100), waitForReady: true)

    let call = channel.call(EchoService.echo, CallOptions(metadata: Metadata(["x-echo-a": "1"]), waitForReady: true))
    try await call.send([1, 2, 3])
    try await call.finishSending()
    #expect(try await call.initialMetadata()["x-head"] == "1")
    #expect(try await call.next() == [1, 2, 3])
    #expect(try await call.next() == nil)
    #expect(call.trailingMetadata["x-echo-a"] == "1")

    let large: Text = try await channel.unary(
      EchoService.echo, Text(value: String(repeating: "呼", count: 1_000_000)), patient)
    #expect(large.value.count == 1_000_000)
    // It takes 50 at a time by its own count, which lags behind what it said: it may refuse, more than once.
    var stubborn = patient
    stubborn.retryPolicy = RetryPolicy(
      maximumAttempts: 5, initialBackoff: .milliseconds(50), maximumBackoff: .seconds(1), multiplier: 2,
      codes: [.unavailable])
    try await withThrowingTaskGroup(of: Text.self) { [stubborn] group in
      for number in 0..<300 {
        group.addTask { try await channel.unary(EchoService.echo, Text(value: "\(number)"), stubborn) }
      }
      for try await _ in group {}
    }
    let failure = await #expect(throws: Status.self) {
      let _: Text = try await channel.unary(EchoService.fail, Text(value: ""))
    }
    #expect(failure?.code == .notFound)
    #expect(failure?.message == "没有 100% 这样的案件\n")
    let late = await #expect(throws: Status.self) {
      let _: Text = try await channel.unary(
        EchoService.sleep, Text(value: ""), CallOptions(timeout: .milliseconds(200)))
    }
    #expect(late?.code == .deadlineExceeded)

    let stream: ResponseStream<Number> = channel.serverStreaming(EchoService.count, Number(value: 1))
    var expected: Int32 = 0
    for try await number in stream {
      #expect(number.value == expected)
      expected += 1
    }
    #expect(expected == 1000)
    let chat: StreamingCall<Text, Text> = channel.streaming(EchoService.chat)
    for word in ["a", "b", "c"] {
      try await chat.send(Text(value: word))
      #expect(try await chat.responses.next()?.value == word)
    }
    try await chat.finishSending()
    #expect(try await chat.responses.next() == nil)
    await channel.close()
    server.stop()
  }
}

/// A Python process of a test.
struct Python {
  static let hasGRPC: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", "import grpc"]
    process.standardError = FileHandle.nullDevice
    try? process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  private let process: Process
  private let input: Pipe

  static func start(_ script: String, _ argument: String) throws -> Python {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let folder = tests.appendingPathComponent("InteropTests/python")
    process.arguments = ["python3", folder.appendingPathComponent(script).path, argument]
    let input = Pipe()
    process.standardInput = input
    try process.run()
    return Python(process: process, input: input)
  }

  func end() async -> Int32 {
    while process.isRunning { try? await Task.sleep(for: .milliseconds(20)) }
    return process.terminationStatus
  }

  func stop() { try? input.fileHandleForWriting.close() }
}
