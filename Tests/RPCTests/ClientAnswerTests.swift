import HTTP2
import NIOCore
import Testing
import WireTypes

@testable import RPC

/// A wrong answer, and what the caller has to see.
struct Lie: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let code: Code?
  let words: String
  let answer: @Sendable (LyingPeer, UInt32) -> Void

  init(
    _ name: String, _ code: Code?, _ words: String = "", _ answer: @escaping @Sendable (LyingPeer, UInt32) -> Void
  ) {
    self.testDescription = name
    self.code = code
    self.words = words
    self.answer = answer
  }
}

@Suite(.timeLimit(.minutes(2))) struct ClientAnswerTests {
  /// Answers that are not gRPC's, or not quite.
  static let pages: [Lie] = pageCodes.map { status, code in
    Lie("HTTP \(status)", code, "HTTP status \(status), content-type text/html") {
      $0.headers($1, [":status": "\(status)", "content-type": "text/html"])
      $0.data($1, Array("<html>".utf8), end: true)
    }
  }

  private static let pageCodes: [(Int, Code)] = [
    (400, Code.internal), (401, .unauthenticated), (403, .permissionDenied), (404, .unimplemented),
    (429, .unavailable), (502, .unavailable), (503, .unavailable), (504, .unavailable), (500, .unknown),
    (302, .unknown), (204, .unknown), (418, .unknown),
  ]

  static let heads: [Lie] = [
    Lie("HTTP 503 without a body", .unavailable, "HTTP status 503") {
      $0.headers($1, [":status": "503"], end: true)
    },
    Lie("HTTP 503 and a grpc-status", .notFound, "there") {
      $0.headers($1, [":status": "503", "grpc-status": "5", "grpc-message": "there"], end: true)
    },
    Lie("a page", .unknown, "content-type text/html") {
      $0.headers($1, [":status": "200", "content-type": "text/html"])
      $0.data($1, Array("<html>".utf8), end: true)
    },
    Lie("no content-type", .unknown, "not gRPC") { $0.headers($1, [":status": "200"]) },
    Lie("a content-type that begins alike", .unknown, "application/grpc-web") {
      $0.headers($1, [":status": "200", "content-type": "application/grpc-web"])
    },
    Lie("content-type with a suffix", nil) {
      $0.headers($1, [":status": "200", "content-type": "application/grpc+proto"])
      $0.message($1, LyingPeer.hi)
      $0.trailers($1)
    },
    Lie("trailers only", .aborted, "lost") {
      $0.headers(
        $1, [":status": "200", "content-type": "application/grpc", "grpc-status": "10", "grpc-message": "lost"],
        end: true)
    },
    Lie("trailers only without content-type", .aborted) {
      $0.headers($1, [":status": "200", "grpc-status": "10"], end: true)
    },
    Lie("a head that ends", .unknown, "without a grpc-status") {
      $0.headers($1, [":status": "200", "content-type": "application/grpc"], end: true)
    },
    Lie("1xx before the head", nil) {
      $0.headers($1, [":status": "100"])
      $0.headers($1, [":status": "103"])
      $0.answer($1)
    },
    Lie("no :status", .internal) { $0.headers($1, ["content-type": "application/grpc"]) },
    Lie("a header in capitals", .internal) {
      $0.headers($1, [":status": "200", "content-type": "application/grpc", "X-A": "1"])
    },
    Lie("a header of HTTP/1.1", .internal) {
      $0.headers($1, [":status": "200", "content-type": "application/grpc", "connection": "close"])
    },
    Lie("metadata larger than is taken", .resourceExhausted, "metadata") {
      $0.headers(
        $1,
        [
          ":status": "200", "content-type": "application/grpc", "x-a": String(repeating: "a", count: 9_000),
          "x-b": String(repeating: "b", count: 5_000), "x-c": String(repeating: "c", count: 1_500),
          "x-d": String(repeating: "d", count: 800),
        ])
    },
  ]

  /// Trailers.
  static let ends: [Lie] = [
    Lie("no trailers", .unknown, "without a grpc-status") {
      $0.head($1)
      $0.message($1, LyingPeer.hi)
      $0.data($1, [], end: true)
    },
    Lie("trailers without grpc-status", .unknown, "without a grpc-status") {
      $0.head($1)
      $0.message($1, LyingPeer.hi)
      $0.headers($1, ["x-other": "1"], end: true)
    },
    Lie("a word for a status", .unknown, "\"OK\"") { ended($0, $1, "OK") },
    Lie("an unknown status", .unknown, "\"17\"") { ended($0, $1, "17") },
    Lie("a huge status", .unknown, "99999999999999999999") { ended($0, $1, "99999999999999999999") },
    Lie("a negative status", .unknown, "\"-1\"") { ended($0, $1, "-1") },
    Lie("a status with a sign", .unknown, "\"+5\"") { ended($0, $1, "+5") },
    Lie("a status with zeros", .unknown, "\"00\"") { ended($0, $1, "00") },
    Lie("an empty status", .unknown, "\"\"") { ended($0, $1, "") },
    Lie("two statuses", .unknown, "more than one") {
      $0.head($1)
      $0.message($1, LyingPeer.hi)
      $0.headers($1, ["grpc-status": "0", "grpc-status": "13"], end: true)
    },
    Lie("the same status twice", .notFound) {
      $0.head($1)
      $0.headers($1, ["grpc-status": "5", "grpc-status": "5"], end: true)
    },
    Lie("a message in broken percent-encoding", .notFound, "50% of 100%2") {
      $0.head($1)
      $0.headers($1, ["grpc-status": "5", "grpc-message": "50% of%20100%2"], end: true)
    },
    Lie("a message that is not UTF-8", .notFound, "a\u{fffd}b") {
      $0.head($1)
      $0.headers($1, ["grpc-status": "5", "grpc-message": "a%ffb"], end: true)
    },
    Lie("details that are none", .notFound, "gone") {
      $0.head($1)
      $0.headers($1, ["grpc-status": "5", "grpc-message": "gone", "grpc-status-details-bin": "!!"], end: true)
    },
    Lie("an answer without a message", .unimplemented, "no message") {
      $0.head($1)
      $0.trailers($1)
    },
    Lie("trailers only, and OK", .unimplemented, "no message") {
      $0.headers($1, [":status": "200", "content-type": "application/grpc", "grpc-status": "0"], end: true)
    },
    Lie("trailers larger than are taken", .resourceExhausted, "metadata") {
      $0.head($1)
      $0.message($1, LyingPeer.hi)
      $0.headers(
        $1,
        [
          "grpc-status": "0", "x-a": String(repeating: "a", count: 9_000), "x-b": String(repeating: "b", count: 7_300),
        ], end: true)
    },
  ]

  /// Messages.
  static let bodies: [Lie] = [
    Lie("two messages on a unary answer", .unimplemented, "more than one message") {
      $0.head($1)
      $0.message($1, LyingPeer.hi)
      $0.message($1, LyingPeer.hi)
      $0.trailers($1)
    },
    Lie("half a message, then trailers", .internal, "inside a message") {
      $0.head($1)
      $0.data($1, [0, 0, 0, 0, 9, 10])
      $0.trailers($1)
    },
    Lie("half a prefix, then trailers", .internal, "inside a message") {
      $0.head($1)
      $0.data($1, [0, 0, 0])
      $0.trailers($1)
    },
    Lie("half a message, then the end", .unknown) {
      $0.head($1)
      $0.data($1, [0, 0, 0, 0, 9, 10], end: true)
    },
    Lie("half a message, then RST_STREAM", .internal, "INTERNAL_ERROR") {
      $0.head($1)
      $0.data($1, [0, 0, 0, 0, 9, 10])
      $0.reset($1, 2)
    },
    Lie("half a message, then nobody", .unavailable, "was lost") {
      $0.head($1)
      $0.data($1, [0, 0, 0, 0, 9, 10])
      $0.close()
    },
    Lie("half a message, then a failure", .notFound) {
      $0.head($1)
      $0.data($1, [0, 0, 0, 0, 9, 10])
      $0.trailers($1, "5")
    },
    Lie("a message before the head", .unavailable, "broke HTTP/2 (PROTOCOL_ERROR") { $0.message($1, LyingPeer.hi) },
    Lie("a message of 4 GiB", .resourceExhausted, "4294967295 bytes") {
      $0.head($1)
      $0.data($1, [0, 255, 255, 255, 255, 1])
    },
    Lie("a message one byte too large", .resourceExhausted, "4194305 bytes") {
      $0.head($1)
      $0.data($1, [0, 0, 64, 0, 1])
    },
    Lie("a flag that gRPC does not know", .internal, "flag") {
      $0.head($1)
      $0.data($1, [2, 0, 0, 0, 1, 1])
      $0.trailers($1)
    },
    Lie("compressed, with no word about it", .internal, "compress") {
      $0.head($1)
      $0.data($1, [1, 0, 0, 0, 1, 1])
      $0.trailers($1)
    },
    Lie("a message that is none", .internal, "cannot be read") {
      $0.head($1)
      $0.message($1, [10, 200])
      $0.trailers($1)
    },
    Lie("data after trailers", nil) {
      $0.answer($1)
      $0.data($1, [1, 2, 3])
    },
    Lie("trailers twice", nil) {
      $0.answer($1)
      $0.trailers($1, "5")
    },
    Lie("a body shorter than its content-length", .internal) {
      $0.headers($1, [":status": "200", "content-type": "application/grpc", "content-length": "100"])
      $0.message($1, LyingPeer.hi)
      $0.trailers($1)
    },
  ]

  /// RST_STREAM, as gRPC's HTTP/2 document maps it.
  static let resets: [Lie] = codes.map { number, code, words in
    Lie("RST_STREAM \(number)", code, words) { $0.reset($1, number) }
  }

  private static let codes: [(UInt32, Code, String)] = [
    (0, Code.internal, "NO_ERROR"), (1, .internal, "PROTOCOL_ERROR"), (2, .internal, "INTERNAL_ERROR"),
    (3, .internal, "FLOW_CONTROL_ERROR"), (4, .internal, "SETTINGS_TIMEOUT"), (5, .internal, "STREAM_CLOSED"),
    (6, .internal, "FRAME_SIZE_ERROR"), (7, .unavailable, "did not take"), (8, .cancelled, "gave the call up"),
    (9, .internal, "COMPRESSION_ERROR"), (10, .internal, "CONNECT_ERROR"), (11, .resourceExhausted, "too much"),
    (12, .permissionDenied, "not safe enough"), (13, .internal, "HTTP_1_1_REQUIRED"), (4_711, .internal, "4711"),
  ]

  @Sendable static func ended(_ peer: LyingPeer, _ stream: UInt32, _ status: String) {
    peer.head(stream)
    peer.message(stream, LyingPeer.hi)
    peer.trailers(stream, status)
  }

  static let all: [Lie] = [pages, heads, ends, bodies, resets].flatMap { $0 }

  @Test(arguments: all)
  func `a wrong answer is the right status, once, and does no harm to the next call`(lie: Lie) async throws {
    var script = LyingServer.Script()
    script.answer = { peer, request in
      if request.headers["x-good"] != nil { peer.answer(request.stream) } else { lie.answer(peer, request.stream) }
    }
    let log = Journal()
    try await LyingServer.run(script, configure: { $0.interceptors = [log] }) { channel, server in
      let (answer, status) = await result { try await channel.hi() }
      #expect(status?.code == lie.code, "\(status.map { "\($0)" } ?? "OK")")
      #expect(status?.message.contains(lie.words) ?? true, "\(status.map { "\($0)" } ?? "OK")")
      #expect(answer == (lie.code == nil ? "hi" : nil))
      let good = CallOptions(metadata: Metadata(["x-good": "1"]), waitForReady: true)
      // The connection may be on its way out: what was not taken is made again, what was cut off may be called again.
      let next = await first(of: 3) { try await channel.hi(20, good) }
      #expect(next == "hi")
      // A message that cannot be read is the caller's finding, after the exchange.
      let seen = lie.words == "cannot be read" ? "OK" : lie.code?.name ?? "OK"
      #expect(log.lines.first == "Echo \(seen)")
    }
  }

  @Test func `metadata in base64 is read padded, unpadded and joined`() async throws {
    var script = LyingServer.Script()
    script.answer = { peer, request in
      peer.headers(
        request.stream,
        [
          ":status": "200", "content-type": "application/grpc", "a-bin": "AP8=", "a-bin": "AP8", "a-bin": "AQ,Ag==,Aw",
          "b-bin": "***", "c": "plain",
        ])
      peer.message(request.stream, LyingPeer.hi)
      peer.headers(request.stream, ["grpc-status": "0", "d-bin": "BA"], end: true)
    }
    try await LyingServer.run(script) { channel, _ in
      let call = channel.call(EchoService.echo, CallOptions(timeout: .seconds(20)))
      try await call.finishSending()
      let head = try await call.initialMetadata()
      #expect(head.bytes("a-bin") == [[0, 255], [0, 255], [1], [2], [3]])
      #expect(head.bytes("b-bin") == [])
      #expect(head["c"] == "plain")
      #expect(try await call.next() == LyingPeer.hi)
      #expect(try await call.next() == nil)
      #expect(call.trailingMetadata.bytes("d-bin") == [[4]])
    }
  }

  @Test func `a message cut at every byte is the same message`() async throws {
    var script = LyingServer.Script()
    script.answer = { peer, request in
      peer.head(request.stream)
      for byte in [0, 0, 0, 0, 4] + LyingPeer.hi { peer.data(request.stream, [byte]) }
      peer.trailers(request.stream)
    }
    try await LyingServer.run(script) { channel, _ in try await channel.expectHi() }
  }
}

/// What came of it.
func result<Value>(_ body: () async throws -> Value) async -> (Value?, Status?) {
  do { return (try await body(), nil) } catch { return (nil, Status(error)) }
}

/// The first of `count` attempts that works.
func first<Value>(of count: Int, _ body: () async throws -> Value) async -> Value? {
  for _ in 0..<count { if let value = try? await body() { return value } }
  return nil
}
