import SampleContract
import Testing
import Wire
import WireTypes

struct DynamicMessageTests {
  let pool: DescriptorPool
  let everything: MessageType

  init() throws {
    pool = try DescriptorPool(files: SampleV1.fileDescriptors)
    everything = try #require(pool.message(named: "huying.sample.v1.Everything"))
  }

  @Test func `a type known only at run time has the same bytes as a generated one`() throws {
    let message = try DynamicMessage(decoding: bytes(Golden.everything), as: everything)
    #expect(message.encoded() == bytes(Golden.everything))
    #expect(message["a_string"] == .string(Samples.everything.aString))
    #expect(message["aString"] == message["a_string"])
    #expect(message["maybe_number"] == .int32(0))
    #expect(message["chosen_text"] == nil)
    let tree = try #require(pool.message(named: "huying.sample.v1.Tree"))
    #expect(try DynamicMessage(decoding: bytes(Golden.tree), as: tree).encoded() == bytes(Golden.tree))
  }

  @Test func `fields that the descriptor does not know are kept`() throws {
    let old = try #require(pool.message(named: "huying.sample.v1.OldEverything"))
    let message = try DynamicMessage(decoding: bytes(Golden.everything), as: old)
    #expect(message.fields.count == 2)
    #expect(try SampleV1.Everything(decoding: message.encoded()) == Samples.everything)
  }

  @Test func `bad text is refused with its path, as in generated messages`() {
    let value = SampleV1.Everything(inners: [.init(name: "\u{0}")])
    #expect(throws: WireError.textContainsNUL(field: "inners[0].name")) {
      try DynamicMessage(decoding: value.encoded(), as: everything)
    }
  }

  @Test func `a generated message and its dynamic twin are one`() throws {
    let message = try DynamicMessage(decoding: Samples.everything.encoded(), as: everything)
    #expect(try SampleV1.Everything(decoding: message.encoded()) == Samples.everything)
  }

  @Test func `services and their methods are found by path`() throws {
    let method = try #require(pool.method(path: "/huying.sample.v1.SampleService/Chat"))
    #expect(method.clientStreaming && method.serverStreaming)
    #expect(method.request.fullName == "huying.sample.v1.CollectRequest")
    #expect(pool.service(named: "huying.sample.v1.SampleService")?.methods.count == 4)
  }

  @Test func `a pool whose imports are missing is refused`() {
    let own = SampleV1.fileDescriptors.suffix(1)
    #expect(throws: DescriptorPool.Failure.self) { try DescriptorPool(files: Array(own)) }
  }

  @Test func `a type is described in the proto's own language`() {
    #expect(
      pool.text(describing: "huying.sample.v1.SampleService/Watch") == """
        rpc Watch(huying.sample.v1.CollectRequest) returns (stream huying.sample.v1.CollectResponse);

        message huying.sample.v1.CollectRequest {
          string name = 1;
        }

        message huying.sample.v1.CollectResponse {
          string name = 1;
        }
        """)
    let tree = pool.text(describing: "huying.sample.v1.Tree")
    #expect(tree?.contains("map<string, huying.sample.v1.Tree> by_name = 4;\n  oneof side {\n    huying") == true)
    #expect(pool.text(describing: "huying.sample.v1.Warmth")?.contains("WARMTH_FROZEN = -1;") == true)
    #expect(pool.text(describing: "no.Such") == nil)
  }
}
