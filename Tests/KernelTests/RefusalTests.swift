import Kernel
import Testing

struct RefusalTests {
  static let reason = Reason("TEXT_MISSING", zh: "缺少内容。", en: "The text is missing.")

  @Test func `a reason names a field and facts without losing its code`() {
    let reason = Self.reason.at("parties[2].name").with("limit", "10")
    #expect(reason.code == "TEXT_MISSING")
    #expect(reason.field == "parties[2].name")
    #expect(reason.metadata == ["limit": "10"])
    #expect(Self.reason.field.isEmpty && Self.reason.metadata.isEmpty)
  }

  @Test func `a refusal gives all its reasons`() {
    let other = Reason("TEXT_TOO_LONG", zh: "内容过长。", en: "The text is too long.")
    #expect(Refused(.invalidArgument, [Self.reason, other]).reasons.map(\.code) == ["TEXT_MISSING", "TEXT_TOO_LONG"])
    #expect(Refused(.notFound, Self.reason) == Refused(.notFound, [Self.reason]))
    #expect(
      "\(Refused(.notFound, [Self.reason.with("limit", "10"), other]))"
        == "The text is missing. [TEXT_MISSING]; The text is too long. [TEXT_TOO_LONG]")
  }
}
