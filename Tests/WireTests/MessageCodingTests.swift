import Kernel
import SampleContract
import Testing
import Wire
import WireTypes

struct MessageCodingTests {
  @Test func `every kind of field has the bytes that another implementation gives it`() throws {
    #expect(Samples.everything.encoded() == bytes(Golden.everything))
    #expect(Samples.tree.encoded() == bytes(Golden.tree))
    #expect(Samples.words.encoded() == bytes(Golden.words))
  }

  @Test func `another implementation's bytes are read as the same value`() throws {
    #expect(try SampleV1.Everything(decoding: bytes(Golden.everything)) == Samples.everything)
    #expect(try SampleV1.Tree(decoding: bytes(Golden.tree)) == Samples.tree)
    #expect(try SampleV1.Words(decoding: bytes(Golden.words)) == Samples.words)
  }

  @Test func `a message with nothing set has no bytes`() throws {
    #expect(SampleV1.Everything().encoded().isEmpty)
    #expect(try SampleV1.Everything(decoding: [UInt8]()) == SampleV1.Everything())
  }

  @Test func `a oneof keeps its case when the value is the default`() throws {
    #expect(SampleV1.Everything(choice: .chosenText("")).encoded() == bytes(Golden.chosenText))
    #expect(SampleV1.Everything(choice: .chosenNumber(0)).encoded() == bytes(Golden.chosenNumber))
    #expect(try SampleV1.Everything(decoding: bytes(Golden.chosenText)).choice == .chosenText(""))
  }

  @Test func `of two members of a oneof the last one on the wire counts`() throws {
    let both = bytes(Golden.chosenText) + bytes(Golden.chosenNumber)
    #expect(try SampleV1.Everything(decoding: both).choice == .chosenNumber(0))
  }

  @Test func `a field split in two on the wire is put together`() throws {
    let first = SampleV1.Everything(inner: .init(name: "x"), texts: ["a"]).encoded()
    let second = SampleV1.Everything(inner: .init(amount: 2), texts: ["b"]).encoded()
    let whole = try SampleV1.Everything(decoding: first + second)
    #expect(whole.inner == .init(name: "x", amount: 2))
    #expect(whole.texts == ["a", "b"])
  }

  @Test func `packed and unpacked numbers are both read`() throws {
    let packed: [UInt8] = [0xba, 0x02, 0x02, 1, 2]
    let unpacked: [UInt8] = [0xb8, 0x02, 1, 0xb8, 0x02, 2]
    #expect(try SampleV1.Everything(decoding: packed).unpacked == [1, 2])
    #expect(try SampleV1.Everything(decoding: unpacked).unpacked == [1, 2])
  }

  @Test func `fields that the contract does not know are kept and sent on`() throws {
    let old = try SampleV1.OldEverything(decoding: bytes(Golden.everything))
    #expect(old.anInt32 == -1)
    #expect(!old.unknownFields.isEmpty)
    #expect(try SampleV1.Everything(decoding: old.encoded()) == Samples.everything)
  }

  @Test func `an enum value of a newer contract keeps its number`() throws {
    let value = SampleV1.Everything(warmth: .unrecognized(77), warmths: [.unrecognized(-3)])
    #expect(try SampleV1.Everything(decoding: value.encoded()) == value)
    #expect(value.warmth.protoName == "77")
    #expect(SampleV1.Warmth(protoName: "WARMTH_HOT") == .hot)
  }

  @Test func `the frame's room comes before the message`() {
    let framed = Samples.tree.encoded(prefix: 5)
    #expect(Array(framed[..<5]) == [0, 0, 0, 0, 0])
    #expect(Array(framed[5...]) == Samples.tree.encoded())
  }

  @Test func `a domain instant survives the wire, before 1970 too`() {
    for microseconds: Int64 in [0, 1, -1, 1_767_323_045_000_006, -1_500_000] {
      let instant = GoogleProtobuf.Timestamp(.init(microseconds: microseconds))
      #expect(instant.nanos >= 0)
      #expect(instant.kernel.microseconds == microseconds)
    }
  }

  @Test(arguments: [Int64.min, -62_135_596_801, 253_402_300_800, .max])
  func `an instant that the contract does not have is its nearest end, and a date can be made of it`(seconds: Int64) {
    for nanos: Int32 in [.min, 0, .max] {
      let instant = GoogleProtobuf.Timestamp(seconds: seconds, nanos: nanos).kernel
      #expect(instant.microseconds == (seconds < 0 ? -62_135_596_800_000_000 : 253_402_300_799_000_000))
      #expect(CivilDate(instant).year == (seconds < 0 ? 1 : 10_000))
    }
  }

  @Test func `a length of time that the contract does not have is its nearest end`() {
    #expect(GoogleProtobuf.Duration(seconds: .max).kernel == .seconds(315_576_000_000))
    #expect(GoogleProtobuf.Duration(seconds: .min, nanos: .min).kernel == .seconds(-315_576_000_000))
  }
}
