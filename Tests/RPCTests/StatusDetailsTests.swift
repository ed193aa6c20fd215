import HTTP2
import Kernel
import Testing
import Wire
import WireTypes

@testable import RPC

@Suite struct StatusDetailsTests {
  static func reasons(_ count: Int, text: Int = 40) -> [Reason] {
    (0..<count).map {
      Reason(
        "REASON_\($0)", zh: "第\($0)条：" + String(repeating: "不", count: text / 3),
        en: "Reason \($0): " + String(repeating: "x", count: text), field: "field_\($0)", metadata: ["n": "\($0)"])
    }
  }

  /// The details as a foreign client sees them: by type.
  static func details(_ block: HeaderBlock) throws -> [String: [UInt8]] {
    let bytes = try #require(Base64.decode(block["grpc-status-details-bin"] ?? "-"))
    let status = try GoogleRPC.Status(decoding: bytes)
    #expect(String(status.code) == block["grpc-status"])
    return Dictionary(uniqueKeysWithValues: status.details.map { ($0.typeURL, $0.value) })
  }

  static func type(_ name: String) -> String { "type.googleapis.com/google.rpc." + name }

  @Test func `a refusal of a request names fields, a refusal by the state names what is missing`() throws {
    let bad = try Self.details(
      ReplyBlocks.trailers(
        Status(.invalidArgument, "no", reasons: Self.reasons(2)), Metadata(), isChinese: true))
    #expect(Set(bad.keys) == [Self.type("ErrorInfo"), Self.type("BadRequest"), Self.type("LocalizedMessage")])
    let violations = try GoogleRPC.BadRequest(decoding: bad[Self.type("BadRequest")] ?? []).fieldViolations
    #expect(violations.map(\.field) == ["field_0", "field_1"])
    #expect(violations.map(\.reason) == ["REASON_0", "REASON_1"])
    let information = try GoogleRPC.ErrorInfo(decoding: bad[Self.type("ErrorInfo")] ?? [])
    #expect(information == .init(reason: "REASON_0", domain: "huying", metadata: ["n": "0"]))

    let unmet = try Self.details(
      ReplyBlocks.trailers(
        Status(.failedPrecondition, "no", reasons: Self.reasons(2)), Metadata(), isChinese: false))
    let failure = try GoogleRPC.PreconditionFailure(decoding: unmet[Self.type("PreconditionFailure")] ?? [])
    #expect(failure.violations.map(\.type) == ["REASON_0", "REASON_1"])
    let message = try GoogleRPC.LocalizedMessage(decoding: unmet[Self.type("LocalizedMessage")] ?? [])
    #expect(message.locale == "en")
    #expect(message.message.split(separator: "\n").count == 2)
  }

  @Test(arguments: [
    // reasons, bytes of text each, whether the sentences are there, reasons that are shown at least
    (1, 40, true, 1), (10, 40, true, 10), (30, 60, false, 30), (100, 40, false, 40), (1_000, 40, false, 40),
    (1_000, 3, false, 90), (20_000, 40, false, 40), (3, 3_000, false, 1), (1, 10_000, false, 0),
  ]) func `what does not fit goes in order: sentences first, then the last reasons, with a count`(
    count: Int, text: Int, isLocalized: Bool, least: Int
  ) throws {
    for code in [Code.invalidArgument, .failedPrecondition] {
      let status = Status(code, "no", reasons: Self.reasons(count, text: text))
      let block = ReplyBlocks.trailers(status, Metadata(["x": "kept"]), isChinese: true)
      #expect(block.listSize <= 6 << 10)
      #expect(block["x"] == "kept")
      let details = try Self.details(block)
      #expect((details[Self.type("LocalizedMessage")] != nil) == isLocalized)
      #expect(try GoogleRPC.ErrorInfo(decoding: details[Self.type("ErrorInfo")] ?? []).reason == "REASON_0")
      guard case .failure(let read) = ResponseBlock.trailers(block, isTruncated: false) else {
        return #expect(Bool(false))
      }
      let shown = read.reasons.filter { $0.code != "MORE_REASONS" }
      #expect(shown.count >= least)
      #expect(shown.map(\.code) == status.reasons.prefix(shown.count).map(\.code))
      if shown.count < count {
        #expect(read.reasons.last?.english == "\(count - shown.count) more reasons are not shown.")
      }
    }
  }

  @Test func `facts for programs go last, and the code stays whatever happens`() throws {
    var reason = Self.reasons(1)[0]
    for number in 0..<50 { reason.metadata["big-\(number)"] = String(repeating: "x", count: 200) }
    let block = ReplyBlocks.trailers(Status(.aborted, "no", reasons: [reason]), Metadata(), isChinese: true)
    let information = try GoogleRPC.ErrorInfo(decoding: try Self.details(block)[Self.type("ErrorInfo")] ?? [])
    #expect(information == .init(reason: "REASON_0", domain: "huying"))
    for room in [0, 50, 100, 200, 400] {
      let small = ReplyBlocks.trailers(
        Status(.aborted, String(repeating: "没", count: 500), reasons: Self.reasons(5)), Metadata(["x": "1"]),
        isChinese: true, room: room)
      #expect(small["grpc-status"] == "10")
      if room >= 100 { #expect(small.listSize <= room, "\(room)") }
    }
  }

  @Test func `what a caller sent comes back as its beginning, and the sentences stay`() throws {
    let reason = Reason("UNKNOWN", zh: "没有。", en: "None.", metadata: ["place": String(repeating: "长", count: 20_000)])
    let details = try Self.details(
      ReplyBlocks.trailers(Status(.notFound, "no", reasons: [reason]), Metadata(), isChinese: true))
    let information = try GoogleRPC.ErrorInfo(decoding: details[Self.type("ErrorInfo")] ?? [])
    #expect(information.metadata["place"] == String(repeating: "长", count: 64) + "…")
    let sentence = try GoogleRPC.LocalizedMessage(decoding: details[Self.type("LocalizedMessage")] ?? [])
    #expect(sentence == .init(locale: "zh-CN", message: "没有。"))
  }

  @Test func `a refusal that passes says when to try again, in both of gRPC's ways`() throws {
    let status = Status(.resourceExhausted, "busy", retryDelay: .milliseconds(1_500))
    let block = ReplyBlocks.trailers(status, Metadata(), isChinese: true)
    #expect(block["grpc-retry-pushback-ms"] == "1500")
    let retry = try GoogleRPC.RetryInfo(decoding: try Self.details(block)[Self.type("RetryInfo")] ?? [])
    #expect(retry.retryDelay == .init(seconds: 1, nanos: 500_000_000))
    guard case .failure(let read) = ResponseBlock.trailers(block, isTruncated: false) else {
      return #expect(Bool(false))
    }
    #expect(read.retryDelay == .milliseconds(1_500))
    // Passed on, it says the same.
    let again = ReplyBlocks.trailers(read, Metadata(), isChinese: true)
    #expect(again == block)

    for (kind, isPassing) in [
      (RefusalKind.resourceExhausted, true), (.unavailable, true), (.aborted, false), (.notFound, false),
      (.failedPrecondition, false), (.invalidArgument, false),
    ] {
      #expect((Status(Refused(kind, Self.reasons(1))).retryDelay != nil) == isPassing, "\(kind)")
    }
  }

  @Test(arguments: ["", "-1", "soon", "1.5", "99999999999999999999"]) func `a push-back that is none is none`(
    text: String
  ) {
    var block = HeaderBlock(["grpc-status": "14"])
    block.append("grpc-retry-pushback-ms", text)
    guard case .failure(let read) = ResponseBlock.trailers(block, isTruncated: false) else {
      return #expect(Bool(false))
    }
    #expect(read.retryDelay == nil)
  }

  @Test(arguments: [
    ([], true), ([""], true), (["zh-CN"], true), (["en"], false), (["en-GB,en;q=0.9"], false),
    (["zh-CN,zh;q=0.9,en;q=0.8"], true), (["en;q=0.8, zh-CN"], true), (["zh;q=0.5,en;q=0.7"], false),
    (["fr, en;q=0.5"], false), (["fr"], true), (["*"], true), (["en;q=0.5, *"], true), (["zh;q=0, *"], false),
    (["EN-us"], false), (["en;q=nonsense"], true), (["en;q=0"], true), (["en", "zh;q=0.1"], false),
    (["en;q=1.5,zh;q=0.1"], true), ([";;,,;q=1"], true),
  ]) func `accept-language is weighed`(values: [String], isChinese: Bool) {
    #expect(AcceptLanguage.prefersChinese(values) == isChinese, "\(values)")
  }

  @Test(arguments: [
    ("", ""), ("%", "%"), ("%4", "%4"), ("%%41", "%A"), ("%41", "A"), ("%zz%41", "%zzA"), ("%FF", "\u{fffd}"),
    ("%E4%BD", "\u{fffd}"), ("%e4%bd%a0", "你"), ("%00", "\0"), ("a%20b", "a b"), ("%F0%9F%98%80", "😀"),
    ("%C0%80", "\u{fffd}\u{fffd}"), ("%ED%A0%80", "\u{fffd}\u{fffd}\u{fffd}"),
  ]) func `a message that is encoded wrongly is read all the same`(text: String, message: String) {
    #expect(PercentEncoding.decode(text) == message)
  }

  @Test func `every scalar comes through a message`() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      let scalars = (0..<20).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0...0x10_ffff, using: &random)) }
      let text = String(String.UnicodeScalarView(scalars))
      let encoded = PercentEncoding.encode(text)
      #expect(encoded.utf8.allSatisfy { (0x20...0x7e).contains($0) })
      #expect(PercentEncoding.decode(encoded) == text)
    }
  }
}
