import Kernel
import Testing

struct IdentifierTests {
  struct Fixed: RandomNumberGenerator {
    let word: UInt64
    func next() -> UInt64 { word }
  }

  @Test func `a UUID of version 7 carries its time, its version and its variant`() {
    var ones = Fixed(word: .max)
    let id = UUIDv7.make(at: Timestamp(seconds: 1_556_155_929), using: &ones)
    #expect(id.prefix(15) == "016a521f-11a8-7")
    #expect(id.utf8.count == 36)
    #expect("89ab".contains(id.dropFirst(19).prefix(1)))
  }

  @Test func `later identifiers sort behind earlier ones and none repeats`() {
    let ids = (0..<1_000).map { UUIDv7.make(at: Timestamp(microseconds: Int64($0) * 1_000)) }
    #expect(ids == ids.sorted())
    let same = Set((0..<1_000).map { _ in UUIDv7.make(at: Timestamp(seconds: 0)) })
    #expect(same.count == 1_000)
  }

  @Test func `a named identifier is the same for the same digest`() {
    let digest = [UInt8](0..<32)
    #expect(UUIDv7.named(digest: digest) == "00010203-0405-8607-8809-0a0b0c0d0e0f")
  }

  @Test func `identifiers of different things do not mix and sort by text`() {
    let grid: ID<Int> = "b"
    #expect(grid > "a")
    #expect(grid.description == "b")
  }

  @Test(arguments: [([], ""), ([0, 15, 255], "000fff")] as [([UInt8], String)])
  func `bytes survive hexadecimal`(bytes: [UInt8], text: String) {
    #expect(bytes.hexadecimal == text)
    #expect([UInt8](hexadecimal: text) == bytes)
  }

  @Test(arguments: ["0", "0g", "+0"])
  func `other text is no hexadecimal`(text: String) { #expect([UInt8](hexadecimal: text) == nil) }
}
