import RPC
import TestSupport
import Testing
import Wire

@testable import HuyingCLI

/// The program against servers that describe themselves in the ways that servers do.
@Suite struct ReflectionTests {
  private let methods = ["Collect", "Watch", "Gather", "Chat"].map { "huying.sample.v1.SampleService/\($0)" }

  @Test func `v1 is enough`() async throws {
    let server = try await SampleServer(.v1)
    let services = try await HuyingProgram.run(["list", "-t", server.target])
    #expect(services.lines == ["huying.sample.v1.SampleService"], "\(services.errors)")
    #expect(try await HuyingProgram.run(["list", "SampleService", "-t", server.target]).lines == methods)
    await server.stop()
  }

  @Test func `v1alpha is enough`() async throws {
    let server = try await SampleServer(.v1alpha)
    #expect(try await HuyingProgram.run(["list", "SampleService", "-t", server.target]).lines == methods)
    await server.stop()
  }

  @Test(arguments: [Code.unavailable, .unauthenticated, .permissionDenied, .unknown, .internal])
  func `v1alpha is asked however v1 is refused`(_ code: Code) async throws {
    let server = try await SampleServer(.refused(code))
    #expect(try await HuyingProgram.run(["list", "SampleService", "-t", server.target]).lines == methods)
    await server.stop()
  }

  @Test func `without reflection a descriptor set does`() async throws {
    let server = try await SampleServer(.none)
    let refused = try await HuyingProgram.run(["list", "-t", server.target])
    #expect(refused.exitCode == 64 + 12)
    #expect(refused.errors == "huying: the server has no reflection; give the types with --proto or --protoset\n")
    let file = try server.protoset()
    let answer = try await HuyingProgram.run([
      "call", "Collect", "--protoset", file, "-t", server.target, "-d", #"{"name":"呼应"}"#,
    ])
    #expect(answer.output == "{\"name\":\"呼应\"}\n", "\(answer.errors)")
    #expect(try await HuyingProgram.run(["list", "--protoset", file]).lines == ["huying.sample.v1.SampleService"])
    await server.stop()
  }

  @Test func `nobody there is UNAVAILABLE`() async throws {
    let server = try await SampleServer(.none)
    await server.stop()
    let answer = try await HuyingProgram.run(["list", "-t", server.target])
    #expect(answer.exitCode == 64 + 14)
    #expect(answer.errors.contains(server.target))
  }

  @Test func `a description says what there is to fill in`() async throws {
    let server = try await SampleServer(.v1)
    let text = try await HuyingProgram.run(["describe", "Collect", "-t", server.target])
    #expect(
      text.output.hasPrefix(
        "rpc Collect(huying.sample.v1.CollectRequest) returns (huying.sample.v1.CollectResponse);\n"))
    #expect(text.output.hasSuffix("to fill in (-d):\n{\n  \"name\": \"\"\n}\n"))
    let json = try await HuyingProgram.run(["describe", "Tree", "-o", "json", "-t", server.target]).json
    #expect(json["fields"]?.elements?.count == 6)
    #expect(json["template"]?["children"]?.elements == [])
    let missing = try await HuyingProgram.run(["describe", "Trei", "-t", server.target])
    #expect(missing.exitCode == 64 + 5)
    #expect(missing.errors.contains("did you mean huying.sample.v1.Tree?"))
    await server.stop()
  }

  @Test func `a template is a request`() async throws {
    let server = try await SampleServer(.v1)
    let template = try await HuyingProgram.run(["call", "Collect", "--template", "-t", server.target])
    let answer = try await HuyingProgram.run(
      ["call", "Collect", "-d", "@-", "-t", server.target], input: template.output)
    #expect(answer.exitCode == 0)
    #expect(answer.output == "{}\n")
    await server.stop()
  }

  @Test func `a proto file needs a compiler, and the lack of one is said in a line`() async throws {
    let folder = TemporaryFolder()
    let file = try folder.write("a.proto", Array("syntax = \"proto3\";\n".utf8))
    let result = try await HuyingProgram.run(["list", "--proto", file], in: folder, environment: ["PATH": "/nowhere"])
    #expect(result.exitCode == 64)
    #expect(result.errors.hasPrefix("huying: --proto needs protoc, which is not on PATH"))
  }

  @Test(.enabled(if: ProtoCompiler.find("protoc") != nil))
  func `a proto file is compiled, with what it imports and its comments`() async throws {
    let folder = TemporaryFolder()
    let text = """
      syntax = "proto3";
      package shop;
      import "b.proto";
      import "google/protobuf/timestamp.proto";
      // Sells.
      service Shop { rpc Sell(Item) returns (google.protobuf.Timestamp); }
      """
    let file = try folder.write("a.proto", Array(text.utf8))
    _ = try folder.write(
      "b.proto", Array("syntax = \"proto3\"; package shop; message Item { string name = 1; }\n".utf8))
    for arguments in [["--proto", file], ["--proto", "a.proto", "-I", folder.path]] {
      let result = try await HuyingProgram.run(["describe", "Shop"] + arguments, in: folder)
      let expected = "// Sells.\nservice shop.Shop {\n  rpc Sell(shop.Item) returns (google.protobuf.Timestamp);\n}\n"
      #expect(result.output == expected, "\(result.errors)")
    }
    let broken = try folder.write("c.proto", Array("nonsense".utf8))
    let result = try await HuyingProgram.run(["list", "--proto", broken], in: folder)
    #expect(result.exitCode == 64)
    #expect(result.errors.contains("c.proto:1:1"), "\(result.errors)")
  }
}
