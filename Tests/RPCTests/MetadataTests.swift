import HTTP2
import Testing

@testable import RPC

@Suite struct MetadataTests {
  @Test(arguments: [
    ":path", ":status", "grpc-status", "grpc-timeout", "grpc-anything", "GRPC-Status", "content-type", "Content-Length",
    "te", "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "host", "trailer", "",
    "bad name", "bad\nname", "näme", "a:b",
  ]) func `a name that is not ours to set is left out`(name: String) {
    var metadata = Metadata([name: "x"])
    metadata.append(name + "-bin", bytes: [])
    metadata.append(name, bytes: [1])
    #expect(metadata[name] == nil)
    #expect(metadata.entries.allSatisfy { !$0.name.hasPrefix("grpc-") && $0.value.isEmpty })
  }

  @Test(arguments: [
    ("plain", "plain"), ("  two  words ", "two  words"), ("", ""), ("   ", ""), ("a\r\nb: c", "ab: c"), ("a\0b", "ab"),
    ("中a文", "a"), ("\u{7f}~ !", "~ !"), ("\t x\t", "x"),
  ]) func `a value is what a header can carry`(value: String, carried: String) {
    #expect(Metadata(["x": value])["x"] == carried)
  }

  @Test func `names become lower case, order and duplicates stay`() {
    let metadata = Metadata(["X-Two": "1", "a": "x", "x-two": "2", "X_3.y": "z", "x-two": "1"])
    #expect(metadata.entries.map { "\($0.name)=\($0.value)" } == ["x-two=1", "a=x", "x-two=2", "x_3.y=z", "x-two=1"])
    #expect(metadata.values("x-two") == ["1", "2", "1"])
    #expect(metadata["x-two"] == "1")
  }

  @Test(
    arguments: [
      ("AQI", [[1, 2]]), ("AQI=", [[1, 2]]), ("AQ==,AQI,", [[1], [1, 2], []]), ("AQ== , Ag", [[1], [2]]), ("", [[]]),
      ("AQ==,!!,Ag==", [[1], [2]]), ("-_-_", []),
    ] as [(String, [[UInt8]])]) func `bytes are read padded, unpadded and joined`(value: String, bytes: [[UInt8]])
  {
    var block = HeaderBlock()
    block.append("x-bin", value)
    #expect(Metadata(block).bytes("x-bin") == bytes)
  }

  @Test func `a -bin name takes base64 as it travels, and nothing else`() {
    let metadata = Metadata(["x-bin": "AQI=", "x-bin": "no base64!", "x-bin": "AQ,Ag"])
    #expect(metadata.values("x-bin") == ["AQI=", "AQ,Ag"])
    #expect(metadata.bytes("x-bin") == [[1, 2], [1], [2]])
    var bytes = Metadata()
    bytes.append("x-bin", bytes: [0, 255])
    bytes.append("x", bytes: [1])
    #expect(bytes.entries.map { "\($0.name)=\($0.value)" } == ["x-bin=AP8"])
  }
}

@Suite(.timeLimit(.minutes(1))) struct MetadataOnTheWireTests {
  /// A server whose handler sets what the request says, and a client that says how large a list it takes.
  static func ask(_ kind: String, takes: UInt32) async throws -> WireRuleTests.Answer {
    let path = "/tmp/huying-rpc-\(UInt32.random(in: 0 ... .max)).sock"
    let server = Server(ServerConfiguration(.unix(path: path)), services: [SettingService()])
    try await server.start()
    let socket = try PlainSocket(path)
    var limits = SessionLimits()
    limits.maximumHeaderListBytes = takes
    let session = try Session(.client, limits: limits)
    let answer = WireRuleTests.Answer()
    var head = HeaderBlock([
      ":method": "POST", ":scheme": "http", ":path": "/test.Setting/Set", ":authority": "here",
      "content-type": "application/grpc",
    ])
    head.append("x-kind", kind)
    // A server may answer before it has read the settings: they come first, so that this one has.
    let stream = try session.open(head, owner: answer)
    stream.send([0, 0, 0, 0, 0])
    stream.finish()
    while answer.code == nil {
      while try session.drain(limit: 1 << 16, { socket.write($0) }) {}
      let input = socket.read()
      try input.withUnsafeBytes { try session.receive($0) }
      if input.isEmpty { session.end(.internalError) }
    }
    socket.close()
    await server.drain()
    return answer
  }

  struct SettingService: Service {
    static let method = MethodDescriptor(service: "test.Setting", name: "Set")
    var handlers: [MethodHandler] {
      [
        .unary(Self.method) { (request: Text, context) in
          let large = Metadata(["x-large": String(repeating: "x", count: 3_000)])
          let huge = Metadata(["x-large": String(repeating: "x", count: 100_000)])
          switch context.metadata["x-kind"] {
          case "initial": context.setInitialMetadata(large)
          case "trailing": context.setTrailingMetadata(large)
          case "huge initial": context.setInitialMetadata(huge)
          case "huge trailing": context.setTrailingMetadata(huge)
          case "huge trailing of a failure":
            context.setTrailingMetadata(huge)
            throw Status(.notFound, "not there")
          default:
            let bad = Metadata([
              ":status": "500", "grpc-status": "5", "connection": "close", "x-ok": "a\r\nb", "te": "x",
              "content-length": "3", "X-Upper": " v ", "bad name": "x",
            ])
            context.setInitialMetadata(bad)
            context.setTrailingMetadata(bad)
          }
          return request
        }
      ]
    }
  }

  @Test func `a handler's bad names and values harm nobody`() async throws {
    let answer = try await Self.ask("bad", takes: 8_192)
    #expect(answer.code == .noError)
    #expect(answer.fields[":status"] == "200")
    #expect(answer.fields["grpc-status"] == "0")
    #expect(answer.fields["x-ok"] == "ab")
    #expect(answer.fields["x-upper"] == "v")
    #expect(answer.fields["connection"] == nil)
    #expect(answer.body == [0, 0, 0, 0, 0])
  }

  @Test(arguments: [
    ("initial", 8_192, "0"), ("trailing", 8_192, "0"), ("initial", 2_000, "8"), ("trailing", 2_000, "8"),
    ("huge initial", 1 << 20, "8"), ("huge trailing", 1 << 20, "8"), ("huge trailing of a failure", 1 << 20, "5"),
  ]) func `metadata that the caller does not take ends the call, and nothing else`(
    kind: String, takes: UInt32, status: String
  ) async throws {
    let answer = try await Self.ask(kind, takes: takes)
    #expect(answer.code == .noError)
    #expect(answer.fields["grpc-status"] == status)
    if status != "0" { #expect(answer.fields["x-large"] == nil) }
  }

  @Test func `a request with more metadata than the server takes fails at once`() async throws {
    try await Loopback.run { loop in
      _ = try await loop.echo("the server's settings are here")
      for size in [20_000, 200_000] {
        let metadata = Metadata(["x-large": String(repeating: "x", count: size)])
        let status = await #expect(throws: Status.self) {
          try await loop.echo("x", CallOptions(metadata: metadata, deadline: .now + .seconds(30)))
        }
        #expect(status?.code == .resourceExhausted)
      }
      let next = try await loop.echo("on it goes")
      #expect(next == "on it goes")
    }
  }
}
