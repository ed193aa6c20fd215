import Foundation
import RPC
import TestSupport
import Testing
import Wire

@testable import HuyingCLI

/// `huying call`, as a person or a script uses it.
@Suite struct CallTests {
  private func call(_ server: SampleServer, _ arguments: String..., input: String = "") async throws
    -> HuyingProgram.Result
  {
    try await HuyingProgram.run(["call"] + arguments + ["-t", server.target], input: input)
  }

  @Test func `answers are lines in a pipe, and for people when asked`() async throws {
    let server = try await SampleServer()
    #expect(
      try await call(server, "Watch", "-d", #"{"name":"3"}"#).output
        == "{\"name\":\"0\"}\n{\"name\":\"1\"}\n{\"name\":\"2\"}\n")
    #expect(
      try await call(server, "Collect", "-d", #"{"name":"a"}"#, "-o", "json").output == "{\n  \"name\": \"a\"\n}\n")
    #expect(try await call(server, "Collect", "--emit-defaults").output == "{\"name\":\"\"}\n")
    let file = server.folder.file("answer.json")
    #expect(try await call(server, "Collect", "-d", #"{"name":"a"}"#, "--output", file, "-c").output == "")
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "{\"name\":\"a\"}\n")
    await server.stop()
  }

  @Test func `a client stream is as many values as there are`() async throws {
    let server = try await SampleServer()
    #expect(try await call(server, "Gather", "-d", #"{"name":"a"}{"name":"b"}"#).output == "{\"name\":\"a+b\"}\n")
    #expect(
      try await call(server, "Gather", "-d", "@-", input: "{\"name\":\"a\"}\n\n{\"name\":\n\"b\"}\n").output
        == "{\"name\":\"a+b\"}\n")
    #expect(try await call(server, "Gather", "-d", "@-").output == "{}\n")
    let file = try server.folder.write("requests", Array(#"{"name":"x"} {"name":"y"} {"name":"z"}"#.utf8))
    #expect(try await call(server, "Gather", "-d", "@\(file)").output == "{\"name\":\"x+y+z\"}\n")
    await server.stop()
  }

  @Test func `each message leaves as it is typed, each answer is shown as it comes`() async throws {
    let server = try await SampleServer()
    let program = try HuyingProgram(["call", "Chat", "-d", "@-", "-t", server.target], in: server.folder)
    for word in ["one", "two"] {
      try program.write("{\"name\":\"\(word)\"}")
      #expect(try await program.line() == "{\"name\":\"re: \(word)\"}")
    }
    try program.endInput()
    #expect(try await program.end().exitCode == 0)
    await server.stop()
  }

  @Test func `a server that has had enough ends the program, whatever is still to be typed`() async throws {
    let server = try await SampleServer()
    let program = try HuyingProgram(["call", "Chat", "-d", "@-", "-t", server.target], in: server.folder)
    try program.write(#"{"name":"enough"}"#)
    let result = try await program.end()
    #expect(result.exitCode == 64 + 10)
    #expect(result.errors == "huying: enough [ABORTED]\n")
    await server.stop()
  }

  @Test func `a failed call has its code as exit code, and its details in full`() async throws {
    let server = try await SampleServer()
    let text = try await call(server, "Collect", "-d", #"{"name":"missing"}"#)
    #expect(text.exitCode == 64 + 5)
    #expect(text.errors.hasPrefix("huying: 没有 such name [NOT_FOUND]\n"))
    let result = try await call(server, "Collect", "-d", #"{"name":"missing"}"#, "--format-error")
    #expect(result.exitCode == 64 + 5)
    let status = try JSONValue(parsing: result.errors)
    #expect(status["code"] == .number("5"))
    #expect(status["message"]?.text == "没有 such name")
    let details = try #require(status["details"]?.elements)
    #expect(
      details.map { $0["@type"]?.text?.split(separator: "/").last } == [
        "google.rpc.ErrorInfo", "huying.sample.v1.Tree", "nobody.knows.This",
      ])
    #expect(details[0]["reason"]?.text == "NO_NAME")
    #expect(details[1]["name"]?.text == "oak")
    #expect(details[2]["value"]?.text == "CAE=")
    await server.stop()
  }

  @Test func `a request that does not fit is refused before it leaves`() async throws {
    let server = try await SampleServer()
    for (data, complaint) in [
      ("{} {}", "takes one message; there are 2"),
      (#"{"nome":1}"#, "nome: huying.sample.v1.CollectRequest has no such field"),
      ("{", "the value in line 1: not JSON"),
    ] {
      let result = try await call(server, "Collect", "-d", data)
      #expect(result.exitCode == 64)
      #expect(result.errors.contains(complaint), "\(result.errors)")
    }
    let result = try await call(server, "Gather", "-d", "@-", input: "{}\n{\"name\": 7}\n")
    #expect(result.exitCode == 64)
    #expect(result.errors.contains("line 2: name: a string is expected"), "\(result.errors)")
    await server.stop()
  }

  @Test func `time runs out`() async throws {
    let server = try await SampleServer()
    #expect(try await call(server, "Collect", "-d", #"{"name":"slow"}"#, "--max-time", "300ms").exitCode == 64 + 4)
    await server.stop()
  }

  @Test func `headers go, and -v shows what came back and when`() async throws {
    let server = try await SampleServer()
    let result = try await call(server, "Collect", "-H", "x-key: seven", "-H", "x-blob-bin: AQI=", "-v")
    #expect(result.exitCode == 0)
    for line in [
      "> POST /huying.sample.v1.SampleService/Collect", ">   x-key: seven", "<   x-head: seven", "<   x-tail: [1, 2]",
      "* status    0 OK", "* received  1 message, 0 B", "* time      connect ", " · first message ",
    ] { #expect(result.errors.contains(line), "\(line) in \(result.errors)") }
    await server.stop()
  }

  @Test func `large messages go packed if asked for`() async throws {
    let server = try await SampleServer()
    let data = try server.folder.write(
      "large.json", Array("{\"name\":\"\(String(repeating: "呼应", count: 2000))\"}".utf8))
    for packing in ["gzip", "deflate"] {
      let result = try await call(server, "Collect", "-d", "@\(data)", "--compression", packing, "-v")
      #expect(result.exitCode == 0)
      #expect(result.output.count > 4000)
      #expect(result.errors.contains("<   x-packed: true"), "\(result.errors)")
    }
    #expect(try await call(server, "Collect", "-d", "@\(data)", "-v").errors.contains("<   x-packed: false"))
    #expect(try await call(server, "Collect", "--compression", "zip").exitCode == 64)
    await server.stop()
  }

  @Test func `a message that is larger than is taken is refused`() async throws {
    let server = try await SampleServer()
    let data = #"{"name":"\#(String(repeating: "x", count: 3000))"}"#
    #expect(try await call(server, "Collect", "-d", data, "--max-message-size", "2k").exitCode == 64 + 8)
    #expect(try await call(server, "Collect", "-d", data, "--max-message-size", "4k").exitCode == 0)
    await server.stop()
  }

  @Test func `a Unix socket is an address`() async throws {
    let server = try await SampleServer()
    let result = try await HuyingProgram.run(["call", "Collect", "-d", #"{"name":"u"}"#, "-t", server.unixTarget])
    #expect(result.output == "{\"name\":\"u\"}\n", "\(result.errors)")
    await server.stop()
  }

  @Test func `a target's name is an address, with its headers`() async throws {
    let server = try await SampleServer()
    let folder = TemporaryFolder()
    func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> HuyingProgram.Result {
      try await HuyingProgram.run(arguments, in: folder, environment: environment)
    }
    let secret = ["target", "add", "here", "--address", server.target, "-H", "x-key: 7"]
    let refused = try await HuyingProgram.run(secret, in: folder)
    #expect(refused.exitCode == 64)
    #expect(refused.errors.contains("${NAME}"))
    #expect(
      try await run("target", "add", "here", "--address", server.target, "-H", "x-key: ${KEY}", "--use").exitCode == 0)
    #expect(try await run("target", "list").output.contains("*  here  \(server.target)"))
    let result = try await run("call", "Collect", "-v", environment: ["KEY": "eight"])
    #expect(result.errors.contains("<   x-head: eight"), "\(result.errors)")
    #expect(try await run("call", "Collect", "-t", "there").exitCode == 64)
    #expect(try await run("target", "remove", "here").exitCode == 0)
    #expect(try await run("target", "use", "here").exitCode == 64 + 5)
    await server.stop()
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `a shell can be told all the words`(_ shell: String) async throws {
    let result = try await HuyingProgram.run(["completion", shell])
    #expect(result.exitCode == 0)
    #expect(result.output.contains("journey"))
    #expect(result.output.contains("bench"))
  }

  @Test func `a shell is told the server's methods`() async throws {
    let server = try await SampleServer()
    let words = ["huying", "call", "-t", server.target, "huying.sample.v1.SampleService/C"]
    let result = try await HuyingProgram.run(
      ["---completion", "call", "--", "positional@0", "4", "32"] + words,
      environment: ["SAP_SHELL": "bash", "SAP_SHELL_VERSION": "5"])
    #expect(
      result.lines == ["huying.sample.v1.SampleService/Collect", "huying.sample.v1.SampleService/Chat"],
      "\(result.errors)")
    await server.stop()
  }
}
