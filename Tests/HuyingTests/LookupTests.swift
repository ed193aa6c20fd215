import RPC
import SampleContract
import TestSupport
import Testing
import Wire
import WireTypes

@testable import HuyingCLI

@Suite struct LookupTests {
  private func lookup() throws -> Lookup {
    Lookup(source: FileSchemas(try Schema(SampleV1.fileDescriptors.map { try SchemaFile(bytes: $0.bytes) })))
  }

  @Test(arguments: [
    "huying.sample.v1.SampleService/Collect", "/huying.sample.v1.SampleService/Collect",
    "huying.sample.v1.SampleService.Collect", "SampleService/Collect", "SampleService.Collect",
    "v1.SampleService/Collect",
    "Collect", "collect", "sampleservice/COLLECT",
  ])
  func `a method may be written in full or by any end that is unique`(_ text: String) async throws {
    #expect(try await lookup().method(text).method.path == "/huying.sample.v1.SampleService/Collect")
  }

  @Test(arguments: [
    ("Colect", "the server has no method Colect; did you mean huying.sample.v1.SampleService.Collect?"),
    ("Nothing", "the server has no method Nothing"), ("ollect", "ollect; did you mean"),
    ("huying.sample.v1.SampleService/Wach", "has no method Wach; did you mean Watch?"), ("/", "is no method"),
    ("", "is no method"),
  ])
  func `a method that is not there is said, with what is near`(_ text: String, _ expected: String) async throws {
    let complaint = await #expect(throws: Complaint.self) { try await lookup().method(text) }
    #expect(complaint?.text.contains(expected) == true, "\(complaint?.text ?? "")")
  }

  @Test func `a name that may be several is not guessed`() throws {
    let complaint = #expect(throws: Complaint.self) {
      try Lookup.find("Get", "Get", ["a.One.Get", "a.Two.Get", "a.Two.Forget"], exitCode: 76, noun: "method")
    }
    #expect(complaint?.text == "Get may be any of: a.One.Get, a.Two.Get")
  }

  @Test(arguments: [
    ("huying.sample.v1.Tree", "huying.sample.v1.Tree"), ("Tree", "huying.sample.v1.Tree"),
    ("Everything.Inner", "huying.sample.v1.Everything.Inner"), ("Tree.children", "huying.sample.v1.Tree.children"),
    ("SampleService/Chat", "huying.sample.v1.SampleService.Chat"), ("Warmth", "huying.sample.v1.Warmth"),
  ])
  func `anything that has a name is found by it`(_ text: String, _ name: String) async throws {
    #expect(try await lookup().symbol(text).symbol.name == name)
  }

  @Test func `built-in types are known, but no service of the file`() async throws {
    let lookup = try lookup()
    #expect(try await lookup.symbol("google.protobuf.Timestamp").symbol.name == "google.protobuf.Timestamp")
    #expect(try await lookup.source.services() == ["huying.sample.v1.SampleService"])
  }

  @Test(arguments: [("kitten", "sitting", 3), ("", "ab", 2), ("ab", "", 2), ("same", "same", 0)])
  func `words are as far apart as letters have to change`(_ left: String, _ right: String, _ distance: Int) {
    #expect(Spelling.distance(left, right) == distance)
  }
}
