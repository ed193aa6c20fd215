import Foundation
import HTTP2
import RPC
import Testing

/// What a client that knows HTTP/2 and not gRPC's manners gets from a server.
@Suite(.timeLimit(.minutes(1))) struct WireRuleTests {
  /// A stream's answer: fields of all its blocks, its body and its end.
  final class Answer: StreamOwner {
    var fields: [String: String] = [:]
    var body: [UInt8] = []
    var code: ErrorCode?
    func received(headers: HeaderBlock, isTruncated: Bool, endStream: Bool) {
      for index in 0..<headers.count { fields[headers.name(index)] = headers.value(index) }
    }
    func received(data: UnsafeRawBufferPointer) { body += data }
    func receivedEnd() {}
    func becameWritable() {}
    func closed(_ code: ErrorCode) { self.code = code }
  }

  /// Says `bytes` on a stream with these headers, to a fresh server, and waits for the stream's end.
  static func ask(_ fields: KeyValuePairs<StaticString, String>, _ bytes: [UInt8], end: Bool = true) async throws
    -> Answer
  {
    let path = "/tmp/huying-rpc-\(UInt32.random(in: 0 ... .max)).sock"
    var configuration = ServerConfiguration(.unix(path: path))
    configuration.maximumMessageBytes = 1000
    let server = Server(configuration, services: [EchoService()])
    try await server.start()
    let socket = try PlainSocket(path)
    let session = try Session(.client)
    let answer = Answer()
    var head = HeaderBlock([":scheme": "http", ":authority": "here"])
    head.append(HeaderBlock(fields))
    let stream = try session.open(head, owner: answer)
    stream.send(bytes)
    if end { stream.finish() }
    while answer.code == nil {
      while try session.drain(limit: 1 << 16, { socket.write($0) }) {}
      let input = socket.read()
      try input.withUnsafeBytes { try session.receive($0) }
      if input.isEmpty { session.end(.internalError) }
    }
    while try session.drain(limit: 1 << 16, { socket.write($0) }) {}
    socket.close()
    await server.drain()
    return answer
  }

  static func ask(_ bytes: [UInt8], path: String = "/test.Echo/Echo", end: Bool = true) async throws -> Answer {
    try await ask([":method": "POST", ":path": path, "content-type": "application/grpc"], bytes, end: end)
  }

  @Test func `a good call is answered in gRPC's form`() async throws {
    let answer = try await Self.ask([0, 0, 0, 0, 3, 10, 1, 65])
    #expect(answer.fields[":status"] == "200")
    #expect(answer.fields["content-type"] == "application/grpc")
    #expect(answer.fields["grpc-status"] == "0")
    #expect(answer.body == [0, 0, 0, 0, 3, 10, 1, 65])
  }

  @Test func `another content type is 415, another method 405`() async throws {
    let json = try await Self.ask(
      [":method": "POST", ":path": "/test.Echo/Echo", "content-type": "application/json"], [])
    #expect(json.fields[":status"] == "415")
    let get = try await Self.ask([":method": "GET", ":path": "/"], [])
    #expect(get.fields[":status"] == "405")
  }

  @Test(arguments: [
    ([], "12"),  // no message on a unary call
    ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "12"),  // two of them
    ([0, 0, 0, 0], "13"),  // cut inside the prefix
    ([0, 0, 0, 0, 9, 1], "13"),  // cut inside the message
    ([1, 0, 0, 0, 0], "13"),  // compressed by nothing
    ([7, 0, 0, 0, 0], "13"),  // a flag that is none
    ([0, 255, 255, 255, 255], "8"),  // four gibibytes
    ([0, 0, 0, 0, 1, 255], "13"),  // not protobuf
    ([0, 0, 0, 0, 3, 10, 1, 255], "13"),  // not UTF-8
  ]) func `a body that breaks the rules gets the status that names it`(bytes: [UInt8], status: String) async throws {
    let answer = try await Self.ask(bytes)
    #expect(answer.fields["grpc-status"] == status)
  }

  @Test func `a length above the limit is refused before its body comes`() async throws {
    let answer = try await Self.ask([0, 0, 0, 4, 0], end: false)
    #expect(answer.fields["grpc-status"] == "8")
  }

  @Test func `an unknown method is refused before its body comes`() async throws {
    let answer = try await Self.ask([0, 0, 0], path: "/test.Echo/Nothing", end: false)
    #expect(answer.fields["grpc-status"] == "12")
    #expect(answer.code == .noError)
  }

  @Test func `a malformed deadline is refused`() async throws {
    let answer = try await Self.ask(
      [
        ":method": "POST", ":path": "/test.Echo/Echo", "content-type": "application/grpc", "grpc-timeout": "soon",
      ], [])
    #expect(answer.fields["grpc-status"] == "13")
  }
}

/// A blocking Unix socket.
struct PlainSocket {
  private let descriptor: Int32

  init(_ path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(100)) }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) { _ = Foundation.write(descriptor, bytes.baseAddress, bytes.count) }

  func read() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
      count = max(0, Foundation.read(descriptor, buffer.baseAddress, buffer.count))
    }
  }

  func close() { _ = Foundation.close(descriptor) }
}
