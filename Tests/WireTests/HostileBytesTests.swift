import Kernel
import SampleContract
import Testing
import Wire
import WireTypes

struct HostileBytesTests {
  @Test(arguments: [[0x80], [0xc3], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xc0, 0xaf], [0x61, 0xff]])
  func `text that is not UTF-8 is refused with its field`(text: [UInt8]) {
    let message: [UInt8] = [0x4a, UInt8(text.count)] + text
    #expect(throws: WireError.textNotUTF8(field: "a_string")) { try SampleV1.Everything(decoding: message) }
  }

  @Test func `text with U+0000 is refused with its path`() {
    var value = SampleV1.Everything(inners: [.init(), .init(name: "a\u{0}b")])
    #expect(throws: WireError.textContainsNUL(field: "inners[1].name")) {
      try SampleV1.Everything(decoding: value.encoded())
    }
    value = SampleV1.Everything(labels: ["k": "\u{0}"])
    #expect(throws: WireError.textContainsNUL(field: "labels.value")) {
      try SampleV1.Everything(decoding: value.encoded())
    }
  }

  @Test func `a type known from its descriptor only names the same path`() throws {
    let everything = try DynamicMessageTests().everything
    for value in [
      SampleV1.Everything(inners: [.init(), .init(name: "a\u{0}b")]), SampleV1.Everything(labels: ["k": "\u{0}"]),
    ] {
      let generated = #expect(throws: WireError.self) { try SampleV1.Everything(decoding: value.encoded()) }
      let dynamic = #expect(throws: WireError.self) { try DynamicMessage(decoding: value.encoded(), as: everything) }
      #expect(generated == dynamic)
    }
  }

  @Test func `bad text is the caller's fault`() {
    #expect(WireError.textNotUTF8(field: "name").kind == .invalidArgument)
    #expect(WireError.textNotUTF8(field: "name").reasons.first?.field == "name")
    #expect(WireError.tooLarge(limit: 1).kind == .resourceExhausted)
  }

  @Test func `nesting is allowed to 64 levels and no deeper`() throws {
    #expect(throws: Never.self) { try SampleV1.Tree(decoding: nested(levels: 64)) }
    #expect(throws: WireError.tooDeep(limit: 64)) { try SampleV1.Tree(decoding: nested(levels: 65)) }
  }

  @Test func `a bomb of nesting ends before the stack does`() {
    var bomb: [UInt8] = []
    for _ in 0..<20_000 { bomb = [0x12] + length(bomb.count) + bomb }
    #expect(throws: WireError.tooDeep(limit: 64)) { try SampleV1.Tree(decoding: bomb) }
  }

  @Test func `a message above the cap is refused`() {
    let large = SampleV1.Everything(someBytes: [UInt8](repeating: 1, count: 100))
    #expect(throws: WireError.tooLarge(limit: 64)) { try SampleV1.Everything(decoding: large.encoded(), limit: 64) }
    #expect(throws: Never.self) { try SampleV1.Everything(decoding: large.encoded(), limit: 200) }
  }

  @Test func `small bytes that would become much memory are refused`() {
    let million = [UInt8](repeating: 0, count: 2 << 20).enumerated().map { $0.offset % 2 == 0 ? UInt8(0x1a) : 0 }
    #expect(throws: WireError.tooLarge(limit: WireLimits.maximumArenaBytes)) { try SampleV1.Tree(decoding: million) }
  }

  @Test func `every beginning of a message is read or refused, never more`() {
    let whole = bytes(Golden.everything)
    for count in 0..<whole.count {
      _ = try? SampleV1.Everything(decoding: Array(whole[..<count]))
    }
    #expect(throws: (any Error).self) { try SampleV1.Everything(decoding: Array(whole.dropLast())) }
  }

  @Test func `every changed byte is read or refused, never more`() {
    let whole = bytes(Golden.everything)
    for index in whole.indices {
      for change: UInt8 in [0x01, 0x80, 0xff, 0x07] {
        var changed = whole
        changed[index] ^= change
        if let value = try? SampleV1.Everything(decoding: changed) { _ = value.encoded() }
      }
    }
  }

  private func nested(levels: Int) -> [UInt8] {
    var message: [UInt8] = []
    for _ in 1..<levels { message = [0x12] + length(message.count) + message }
    return message
  }

  private func length(_ count: Int) -> [UInt8] {
    var rest = count
    var result: [UInt8] = []
    while rest >= 0x80 {
      result.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    return result + [UInt8(rest)]
  }
}
