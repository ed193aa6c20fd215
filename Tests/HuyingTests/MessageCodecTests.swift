import SampleContract
import Testing
import Wire
import WireTypes

@testable import HuyingCLI

/// Types inside an Any, which nothing else needs and which come when they are asked for.
@Suite struct MessageCodecTests {
  /// Knows `box.Box`, which has an Any, and, only if asked, `toy.Toy`.
  private struct Source: SchemaSource {
    let title = "test"

    func services() -> [String] { [] }

    func schema(declaring symbol: String) throws -> Schema? {
      switch symbol {
      case "box.Box": try Self.schema("box", "Box", ".google.protobuf.Any")
      case "toy.Toy": try Self.schema("toy", "Toy", nil)
      default: nil
      }
    }

    func schema(of services: [String]) throws -> Schema { try Schema([]) }

    private static func schema(_ package: String, _ name: String, _ type: String?) throws -> Schema {
      let field = GoogleProtobuf.FieldDescriptorProto(
        name: "what_is_in", number: 1, label: .optional, type: type == nil ? .string : .message, typeName: type)
      let file = GoogleProtobuf.FileDescriptorProto(
        name: "\(package).proto", package: package, dependency: ["google/protobuf/any.proto"],
        messageType: [.init(name: name, field: [field])], syntax: "proto3")
      return try Schema([SchemaFile(bytes: file.encoded())])
    }
  }

  private func codec(usesProtoNames: Bool = false) throws -> (codec: MessageCodec, box: MessageType) {
    let schema = try #require(try Source().schema(declaring: "box.Box"))
    let box = try #require(schema.pool.message(named: "box.Box"))
    return (MessageCodec(Source(), schema, usesProtoNames: usesProtoNames), box)
  }

  private func value(_ text: String) -> JSONSequence.Value { .init(bytes: Array(text.utf8), line: 1) }

  @Test(arguments: [
    #"{"whatIsIn":{"@type":"type.googleapis.com/toy.Toy","whatIsIn":"a ball"}}"#,
    #"{"whatIsIn":{"@type":"type.googleapis.com/box.Box","whatIsIn":{"@type":"x/toy.Toy","whatIsIn":"deep"}}}"#,
    #"{"whatIsIn":{"@type":"type.googleapis.com/google.protobuf.Duration","value":"1.500s"}}"#, "{}",
  ])
  func `what stands in an Any is asked for, both ways`(_ text: String) async throws {
    let sender = try codec()
    let bytes = try await sender.codec.encode(value(text), as: sender.box)
    // Another one: it has to find out for itself.
    let receiver = try codec()
    #expect(try await receiver.codec.decode(bytes, as: receiver.box).compact == text)
  }

  @Test func `of a type that nobody knows the bytes are shown`() async throws {
    let (codec, box) = try codec()
    let unknown = GoogleProtobuf.AnyMessage(typeURL: "type.googleapis.com/no.Body", value: [8, 1]).encoded()
    let bytes: [UInt8] = [0x0a, UInt8(unknown.count)] + unknown
    let json = try await codec.decode(bytes, as: box)
    #expect(json["whatIsIn"]?["@type"]?.text == "type.googleapis.com/no.Body")
    #expect(json["whatIsIn"]?["value"]?.text == "CAE=")
  }

  @Test func `names are spelled as JSON does, or as the proto does`() async throws {
    let (codec, box) = try codec(usesProtoNames: true)
    let bytes = try await codec.encode(value(#"{"what_is_in":{"@type":"x/toy.Toy"}}"#), as: box)
    #expect(try await codec.decode(bytes, as: box)["what_is_in"] != nil)
  }

  @Test func `a template of everything is a message`() async throws {
    let schema = try Schema(SampleV1.fileDescriptors.map { try SchemaFile(bytes: $0.bytes) })
    for name in ["Everything", "Tree", "Words"] {
      let type = try #require(schema.pool.message(named: "huying.sample.v1.\(name)"))
      let codec = MessageCodec(FileSchemas(schema), schema)
      let template = await codec.template(of: type)
      _ = try await codec.encode(value(template.pretty), as: type)
    }
  }
}
