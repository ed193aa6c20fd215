import SampleContract
import Testing
import Wire
import WireTypes

@testable import HuyingCLI

@Suite struct ProtoTextTests {
  typealias Location = GoogleProtobuf.SourceCodeInfo.Location

  /// A file as protoc makes it, with comments.
  static func schema() throws -> Schema {
    var text = GoogleProtobuf.FieldDescriptorProto(name: "page_size", number: 1, label: .optional, type: .int32)
    text.jsonName = "pageSize"
    let message = GoogleProtobuf.DescriptorProto(
      name: "Ask", field: [text, .init(name: "to", number: 2, label: .repeated, type: .message, typeName: ".a.Ask")],
      reservedRange: [.init(start: 4, end: 5), .init(start: 7, end: 10)], reservedName: ["old"])
    let service = GoogleProtobuf.ServiceDescriptorProto(
      name: "Asking", method: [.init(name: "Go", inputType: ".a.Ask", outputType: ".a.Ask", serverStreaming: true)])
    let file = GoogleProtobuf.FileDescriptorProto(
      name: "a.proto", package: "a", messageType: [message], service: [service],
      sourceCodeInfo: .init(location: [
        Location(path: [4, 0], leadingComments: " A question.\n\n In two parts.\n"),
        Location(path: [4, 0, 2, 0], trailingComments: " How many.\n"),
        Location(path: [6, 0, 2, 0], leadingComments: " Goes.\n"),
      ]), syntax: "proto3")
    return try Schema([SchemaFile(bytes: file.encoded())])
  }

  private func text(_ name: String) throws -> String {
    let index = SymbolIndex(try Self.schema())
    let symbol = try #require(index[name])
    return ProtoText(symbol.file).text(symbol)
  }

  @Test func `a message is shown as its proto has it, with comments and what is reserved`() throws {
    let expected = """
      // A question.
      //
      // In two parts.
      message a.Ask {
        // How many.
        int32 page_size = 1;
        repeated a.Ask to = 2;
        reserved 4, 7 to 9;
        reserved "old";
      }
      """
    #expect(try text("a.Ask") == expected)
  }

  @Test func `a service is shown with its methods' comments`() throws {
    #expect(try text("a.Asking") == "service a.Asking {\n  // Goes.\n  rpc Go(a.Ask) returns (stream a.Ask);\n}")
  }

  @Test func `maps, oneofs and optional fields are spelled as in the proto`() throws {
    let schema = try Schema(SampleV1.fileDescriptors.map { try SchemaFile(bytes: $0.bytes) })
    let symbol = try #require(SymbolIndex(schema)["huying.sample.v1.Everything"])
    let text = ProtoText(symbol.file).text(symbol)
    for line in [
      "  map<int32, huying.sample.v1.Everything.Inner> by_number = 41;", "  oneof choice {",
      "    bool chosen_flag = 55;",
      "  optional bool maybe_flag = 23;", "  repeated int32 unpacked = 39 [packed = false];", "  message Inner {",
      "  google.protobuf.Any any = 67;", "  string a_string = 9;",
    ] { #expect(text.contains("\n\(line)\n"), "\(line)") }
  }

  @Test func `a method's JSON has both messages, paths and comments`() throws {
    let index = SymbolIndex(try Self.schema())
    let json = SchemaJSON(index).json(try #require(index["a.Asking.Go"]))
    #expect(json["kind"]?.text == "method")
    #expect(json["path"]?.text == "/a.Asking/Go")
    #expect(json["serverStreaming"] == .bool(true))
    #expect(json["comment"]?.text == "Goes.")
    let field = try #require(json["requestMessage"]?["fields"]?.elements?.first)
    #expect(field["name"]?.text == "page_size")
    #expect(field["jsonName"]?.text == "pageSize")
    #expect(field["comment"]?.text == "How many.")
  }

  @Test func `a group is shown, and does not keep the rest from being used`() throws {
    let file = GoogleProtobuf.FileDescriptorProto(
      name: "old.proto", package: "old",
      messageType: [
        .init(
          name: "A",
          field: [
            .init(name: "name", number: 1, label: .required, type: .string),
            .init(name: "thing", number: 3, label: .repeated, type: .group, typeName: ".old.A.Thing"),
          ], nestedType: [.init(name: "Thing")])
      ], syntax: "proto2")
    let schema = try Schema([SchemaFile(bytes: file.encoded())])
    let type = try #require(schema.pool.message(named: "old.A"))
    #expect(type.fields.map(\.name) == ["name"])
    let symbol = try #require(SymbolIndex(schema)["old.A"])
    #expect(ProtoText(symbol.file).text(symbol).contains("  required string name = 1;\n  repeated group Thing = 3;"))
  }
}
