import HTTP2
import Testing

@testable import RPC

@Suite struct MessageAssemblerTests {
  static let messages: [[UInt8]] = [[], [1], Array("hello".utf8), [], (0..<300).map { UInt8(truncatingIfNeeded: $0) }]

  static func assembled(_ bytes: [UInt8], cutAt sizes: [Int], limit: Int = 1 << 20) throws -> [[UInt8]] {
    var assembler = MessageAssembler(limit: limit)
    var messages: [[UInt8]] = []
    var start = 0
    for size in sizes + [bytes.count] {
      let end = min(bytes.count, start + size)
      try bytes[start..<end].withUnsafeBytes { try assembler.append($0) { message, _ in messages.append(message) } }
      start = end
    }
    #expect(assembler.isBetweenMessages)
    return messages
  }

  @Test func `messages come whole wherever the bytes are cut`() throws {
    let bytes = Self.messages.flatMap { MessagePrefix.bytes($0.count) + $0 }
    for size in 1...bytes.count {
      #expect(try Self.assembled(bytes, cutAt: [size]) == Self.messages)
      let even = Array(repeating: size, count: bytes.count / size + 1)
      #expect(try Self.assembled(bytes, cutAt: even) == Self.messages)
    }
  }

  @Test(arguments: [
    ([1, 0, 0, 0, 0], Code.internal), ([2, 0, 0, 0, 0], .internal), ([0, 0, 0, 1, 1], .resourceExhausted),
    ([0, 255, 255, 255, 255], .resourceExhausted),
  ]) func `a prefix that breaks the rules is refused`(bytes: [UInt8], code: Code) {
    let status = #expect(throws: Status.self) { try Self.assembled(bytes, cutAt: [], limit: 256) }
    #expect(status?.code == code)
  }

  @Test func `a prefix is filled and read back`() throws {
    var framed: [UInt8] = [9, 9, 9, 9, 9] + [UInt8](repeating: 7, count: 70_000)
    MessagePrefix.fill(&framed)
    #expect(Array(framed.prefix(5)) == [0, 0, 1, 0x11, 0x70])
    #expect(MessagePrefix.bytes(70_000) == Array(framed.prefix(5)))
    #expect(try Self.assembled(framed, cutAt: []).map(\.count) == [70_000])
  }
}

@Suite struct InboxTests {
  @Test func `bytes go back at once while the reader keeps up`() {
    var inbox = Inbox()
    #expect(inbox.account(10) == 10)
    inbox.put([1])
    inbox.put([2])
    #expect(inbox.account(10) == 0)
    #expect(inbox.account(5) == 0)
    guard case .message([1], release: 0) = inbox.take() else { return #expect(Bool(false)) }
    guard case .message([2], release: 15) = inbox.take() else { return #expect(Bool(false)) }
    guard case .nothing = inbox.take() else { return #expect(Bool(false)) }
    #expect(inbox.account(3) == 3)
  }

  @Test func `what has come is read before the end, but not after a sudden one`() {
    var inbox = Inbox()
    inbox.put([1])
    inbox.fail(Status(.notFound, ""), now: false)
    inbox.put([2])
    guard case .message([1], _) = inbox.take() else { return #expect(Bool(false)) }
    guard case .failed = inbox.take() else { return #expect(Bool(false)) }

    var cut = Inbox()
    cut.put([1])
    cut.complete()
    cut.fail(CancellationError(), now: true)
    guard case .failed = cut.take() else { return #expect(Bool(false)) }
  }
}
