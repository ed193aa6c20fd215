import TestSupport
import RPC
import Testing
import Wire

@testable import HuyingCLI

/// `huying bench` against a real server. What it measures depends on the machine; what it counts does not.
@Suite struct BenchRunTests {
  private func bench(_ server: SampleServer, _ arguments: String...) async throws -> HuyingProgram.Result {
    try await HuyingProgram.run(["bench"] + arguments + ["-o", "json", "-t", server.target])
  }

  private func number(_ value: JSONValue?) -> Double {
    if case .number(let digits)? = value { Double(digits) ?? .nan } else { .nan }
  }

  @Test func `every call that is due is accounted for`() async throws {
    let server = try await SampleServer()
    let result = try await bench(
      server, "Collect", "--rate", "100", "--duration", "1s", "--warmup", "0", "--connections", "2")
    let json = try result.json
    #expect(json["loop"]?.text == "open")
    #expect(number(json["calls"]) + number(json["cutOff"]) + number(json["notStarted"]) == 100)
    #expect(number(json["calls"]) == number(json["statuses"]?["OK"]))
    let latency = try #require(json["latencyUs"])
    let times = ["min", "p50", "p90", "p99", "p99.9", "p99.99", "max"].map { number(latency[$0]) }
    #expect(times == times.sorted())
    // A call's service begins when it is due or later.
    #expect(number(json["serviceTimeUs"]?["p50"]) <= number(latency["p50"]))
    await server.stop()
  }

  @Test func `a server that stands still makes waiting, and the waiting is measured`() async throws {
    let server = try await SampleServer()
    let result = try await bench(
      server, "Collect", "-d", #"{"name":"slow"}"#, "--rate", "50", "-c", "1", "--duration", "4s", "--warmup", "0",
      "--max-time", "3s")
    let json = try result.json
    #expect(result.exitCode == 64 + 4)
    #expect(number(json["notStarted"]) > 0)
    #expect(json["warnings"]?.elements?.contains { $0.text?.contains("does not keep up") == true } == true)
    await server.stop()
  }

  @Test func `requests are used in turn, and a count ends the run`() async throws {
    let server = try await SampleServer()
    let result = try await bench(
      server, "Collect", "-d", #"{"name":"a"}{"name":"missing"}"#, "-n", "10", "-c", "1", "--warmup", "0")
    let json = try result.json
    #expect(result.exitCode == 1)
    #expect(json["loop"]?.text == "closed")
    #expect(json["statuses"] == .object([.init("OK", .number("5")), .init("NOT_FOUND", .number("5"))]))
    await server.stop()
  }

  @Test func `messages of streams are counted both ways`() async throws {
    let server = try await SampleServer()
    let chat = try await bench(
      server, "Chat", "-d", #"{"name":"a"}"#, "--messages", "5", "--message-rate", "500", "-n", "4", "--warmup", "0"
    ).json
    #expect(number(chat["messages"]?["sent"]?["count"]) == 20)
    #expect(number(chat["messages"]?["received"]?["count"]) == 20)
    let watch = try await bench(server, "Watch", "-d", #"{"name":"7"}"#, "-n", "3", "--warmup", "0").json
    #expect(number(watch["messages"]?["received"]?["count"]) == 21)
    await server.stop()
  }

  @Test func `Ctrl-C shows what was measured so far`() async throws {
    let server = try await SampleServer()
    let program = try HuyingProgram(
      [
        "bench", "Watch", "-d", #"{"name":"1"}"#, "--duration", "10m", "--warmup", "0", "-o", "json", "-t",
        server.target,
      ],
      in: server.folder)
    // It is loading once calls come.
    while server.server.runningCount == 0, server.server.connectionCount == 0 {
      try await Task.sleep(for: .milliseconds(5))
    }
    try await Task.sleep(for: .milliseconds(500))
    program.interrupt()
    let result = try await program.end()
    #expect(try result.json["interrupted"] == .bool(true))
    await server.stop()
  }

  @Test func `another machine is not loaded without being told to`() async throws {
    let result = try await HuyingProgram.run(["bench", "a.S/M", "-t", "192.0.2.1:1"])
    #expect(result.exitCode == 64)
    #expect(result.errors.contains("add --yes"))
  }

  @Test func `people get a table and a picture`() async throws {
    let server = try await SampleServer()
    let result = try await HuyingProgram.run(["bench", "Collect", "-n", "20", "--warmup", "0", "-t", server.target])
    #expect(result.exitCode == 0)
    for word in ["closed loop", "p99.99", "service time", "█"] { #expect(result.output.contains(word), "\(word)") }
    await server.stop()
  }
}
