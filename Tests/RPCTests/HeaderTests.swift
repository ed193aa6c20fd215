import HTTP2
import Kernel
import Testing
import Wire

@testable import RPC

@Suite struct HeaderTests {
  @Test(arguments: [
    ("1n", Duration.nanoseconds(1)), ("20u", .microseconds(20)), ("300m", .milliseconds(300)), ("4S", .seconds(4)),
    ("5M", .seconds(300)), ("6H", .seconds(21_600)), ("99999999H", .seconds(99_999_999 * 3600)),
  ]) func `a timeout is read`(text: String, duration: Duration) {
    #expect(Array(text.utf8).withUnsafeBytes { Timeout.parse($0) } == duration)
  }

  @Test(arguments: ["", "1", "S", "-1S", "1.5S", "123456789S", "1s", " 1S"])
  func `what is no timeout is refused`(text: String) {
    #expect(Array(text.utf8).withUnsafeBytes { Timeout.parse($0) } == nil)
  }

  @Test(arguments: [
    (Duration.nanoseconds(1), "1n"), (.milliseconds(100), "100000u"), (.seconds(3), "3000000u"),
    (.seconds(100), "100000m"), (.seconds(100_000), "100000S"), (.zero, "1n"), (.seconds(-1), "1n"),
    (.seconds(1) + .nanoseconds(1), "1000001u"), (.seconds(99_999), "99999000m"),
  ]) func `a timeout is written in eight digits, never too short`(duration: Duration, text: String) {
    #expect(Timeout.text(duration) == text)
  }

  @Test(arguments: ["", "plain", "100%", "没有这样的案件\n", "a\u{7f}b", "🙂"]) func `any Unicode is a message`(text: String) {
    let encoded = PercentEncoding.encode(text)
    #expect(encoded.utf8.allSatisfy { (0x20...0x7e).contains($0) })
    #expect(PercentEncoding.decode(encoded) == text)
  }

  @Test func `broken escapes stay as they are`() {
    #expect(PercentEncoding.decode("100% %zz %4") == "100% %zz %4")
    #expect(PercentEncoding.decode("%e4%BD%a0") == "你")
  }

  @Test(arguments: 0...40) func `base64 is read padded and unpadded`(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 200) }
    let text = Base64.encode(bytes, padded: false)
    #expect(Base64.decode(text) == bytes)
    #expect(Base64.decode(text + String(repeating: "=", count: (4 - text.count % 4) % 4)) == bytes)
  }

  @Test func `metadata hides gRPC's own names and splits joined bytes`() {
    var metadata = Metadata(["a": "1", "grpc-secret": "x", "te": "x", ":path": "x", "a": "2", "bad": "a\nb"])
    #expect(metadata.entries.map(\.name) == ["a", "a", "bad"])
    #expect(metadata["bad"] == "ab")
    #expect(metadata.values("a") == ["1", "2"])
    metadata.append("x-bin", bytes: [1])
    metadata.append(Metadata(HeaderBlock(["y-bin": "AQ==,Ag"])))
    #expect(metadata.bytes("x-bin") == [[1]])
    #expect(metadata.bytes("y-bin") == [[1], [2]])
    metadata.remove("a")
    #expect(metadata["a"] == nil)
    #expect(Metadata(HeaderBlock([":status": "200", "grpc-status": "0"])).isEmpty)
  }
}

@Suite struct RequestHeadTests {
  static let good = HeaderBlock([":method": "POST", ":path": "/a/b", "content-type": "application/grpc", "x": "1"])

  static func judged(_ block: HeaderBlock, isTruncated: Bool = false) -> RequestHead.Rejection? {
    do throws(RequestHead.Rejection) {
      _ = try RequestHead(block, isTruncated: isTruncated)
      return nil
    } catch {
      return error
    }
  }

  static func good(with name: StaticString, _ value: String) -> HeaderBlock {
    var block = good
    block.append(name, value)
    return block
  }

  @Test(arguments: ["application/grpc", "application/grpc+proto", "application/grpc;charset=utf-8"])
  func `gRPC's content types are taken`(type: String) {
    var block = HeaderBlock([":method": "POST", ":path": "/a/b"])
    block.append("content-type", type)
    #expect(Self.judged(block) == nil)
  }

  @Test func `what is not gRPC gets an HTTP status`() {
    #expect(Self.judged(HeaderBlock([":method": "POST", "content-type": "application/json"])) == .http(415))
    #expect(Self.judged(HeaderBlock([":method": "POST", "content-type": "application/grpc-web"])) == .http(415))
    #expect(Self.judged(HeaderBlock([":method": "POST"])) == .http(415))
    #expect(Self.judged(HeaderBlock([":method": "GET", "content-type": "application/grpc"])) == .http(405))
    #expect(Self.judged(Self.good, isTruncated: true) == .http(431))
  }

  @Test func `what gRPC forbids gets a status`() {
    let timeout = Self.judged(Self.good(with: "grpc-timeout", "soon"))
    guard case .status(let status) = timeout else { return #expect(Bool(false)) }
    #expect(status.code == .internal)
    guard case .status(let snappy) = Self.judged(Self.good(with: "grpc-encoding", "snappy")) else {
      return #expect(Bool(false))
    }
    #expect(snappy.code == .unimplemented)
    #expect(
      ReplyBlocks.trailers(snappy, Metadata(), isChinese: true)["grpc-accept-encoding"] == "identity,deflate,gzip")
    for name in ["identity", "gzip", "deflate"] {
      #expect(Self.judged(Self.good(with: "grpc-encoding", name)) == nil)
    }
  }
}

@Suite struct ResponseBlockTests {
  static func first(_ block: HeaderBlock, end: Bool) -> ResponseBlock {
    ResponseBlock.first(block, isTruncated: false, endStream: end)
  }

  @Test func `a head is a head, an early hint is not`() {
    #expect(Self.first(HeaderBlock([":status": "103"]), end: false) == .informational)
    let head = HeaderBlock([":status": "200", "content-type": "application/grpc", "x": "1"])
    #expect(Self.first(head, end: false) == .head(Metadata(["x": "1"])))
  }

  @Test(arguments: [
    ("503", Code.unavailable), ("401", .unauthenticated), ("403", .permissionDenied), ("404", .unimplemented),
    ("429", .unavailable), ("400", .internal), ("500", .unknown), ("200", .unknown),
  ]) func `what is not gRPC is mapped by its HTTP status`(status: String, code: Code) {
    var block = HeaderBlock()
    block.append(":status", status)
    block.append("content-type", "text/html")
    for end in [true, false] {
      guard case .failure(let status) = Self.first(block, end: end) else { return #expect(Bool(false)) }
      #expect(status.code == code)
    }
  }

  @Test func `trailers say how it ended`() {
    func end(_ fields: KeyValuePairs<StaticString, String>) -> ResponseBlock {
      ResponseBlock.trailers(HeaderBlock(fields), isTruncated: false)
    }
    #expect(end(["grpc-status": "0", "x": "1"]) == .success(Metadata(["x": "1"])))
    #expect(
      end(["grpc-status": "5", "grpc-message": "%E4%BD%A0", "x": "1"])
        == .failure(Status(.notFound, "你", metadata: Metadata(["x": "1"]))))
    for text in ["17", "-1", "x", ""] {
      var block = HeaderBlock()
      block.append("grpc-status", text)
      guard case .failure(let status) = ResponseBlock.trailers(block, isTruncated: false) else {
        return #expect(Bool(false))
      }
      #expect(status.code == .unknown)
    }
    guard case .failure(let status) = end(["x": "1"]) else { return #expect(Bool(false)) }
    #expect(status.code == .unknown)
  }
}

@Suite struct StatusTests {
  static func reasons(_ count: Int) -> [Reason] {
    (0..<count).map {
      Reason("REASON_\($0)", zh: "第 \($0) 条理由不成立。", en: "Reason number \($0) does not hold.", field: "field_\($0)")
    }
  }

  @Test(arguments: [1, 2, 10, 40, 200, 2_000]) func `trailers stay under 6 KiB, whatever the number of reasons`(
    count: Int
  ) {
    for code in [Code.invalidArgument, .failedPrecondition] {
      let status = Status(code, String(repeating: "没", count: 3_000), reasons: Self.reasons(count))
      let block = ReplyBlocks.trailers(status, Metadata(), isChinese: true)
      #expect(block.listSize <= 6 << 10)
      guard case .failure(let read) = ResponseBlock.trailers(block, isTruncated: false) else {
        return #expect(Bool(false))
      }
      #expect(read.code == code)
      #expect(read.reasons.first?.code == "REASON_0")
      if count <= 2 { #expect(read.reasons == status.reasons) }
      if count >= 200 { #expect(read.reasons.last?.code == "MORE_REASONS") }
    }
  }

  @Test func `a caller who reads English gets English`() {
    let status = Status(.failedPrecondition, "no", reasons: Self.reasons(1))
    let block = ReplyBlocks.trailers(status, Metadata(), isChinese: false)
    let details = Base64.decode(block["grpc-status-details-bin"] ?? "") ?? []
    #expect(String(decoding: details, as: UTF8.self).contains("does not hold"))
    #expect(!String(decoding: details, as: UTF8.self).contains("理由"))
  }

  @Test func `details that were received are passed on as they are`() {
    var status = Status(.notFound, "x")
    status.details = [8, 5, 0x7a, 1, 65]
    let block = ReplyBlocks.trailers(status, Metadata(), isChinese: true)
    guard case .failure(let read) = ResponseBlock.trailers(block, isTruncated: false) else {
      return #expect(Bool(false))
    }
    #expect(read.details == status.details)
  }

  @Test func `errors become statuses at one place`() {
    struct Secret: Error { let path = "/etc/key" }
    var secret = Status(Secret())
    #expect(secret.cause == "Secret", "what it is may be logged, what is in it not")
    secret.cause = ""
    #expect(secret == Status(.internal, "internal error"))
    #expect(Status(CancellationError()).code == .cancelled)
    #expect(Status(Refused(.notFound, Self.reasons(2))).reasons.count == 2)
    #expect(Status(Status(.aborted, "x") as any Error) == Status(.aborted, "x"))
  }

  @Test func `pauses between attempts grow and stay below the maximum`() {
    var backoff = Backoff(maximum: .seconds(10))
    #expect((0..<8).map { _ in backoff.next(random: 0) }.map { $0.components.seconds } == [1, 1, 2, 4, 6, 10, 10, 10])
    backoff.reset()
    #expect(backoff.next(random: 1) == .seconds(1) * 1.2)
  }
}
