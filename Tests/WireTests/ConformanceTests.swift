import SampleContract
import Testing
import Wire
import WireTypes

/// What protobuf's own conformance suite asks of a binary format, as a table: bytes in, bytes out, or a refusal. Generated types and those
/// that are known from their descriptor only give the same.
struct ConformanceTests {
  /// One line of the table, the bytes in hexadecimal.
  struct Case: CustomTestStringConvertible {
    let name: String
    let input: String
    /// `nil`: refused.
    let output: String?
    let type: any Message.Type
    var testDescription: String { name }

    init(_ name: String, _ input: String, _ output: String?, _ type: any Message.Type = SampleV1.Everything.self) {
      (self.name, self.input, self.output, self.type) = (name, input, output, type)
    }

    /// What comes in goes out.
    init(keeps name: String, _ input: String, _ type: any Message.Type = SampleV1.Everything.self) {
      self.init(name, input, input, type)
    }
  }

  static let scalars: [Case] = [
    Case(keeps: "a negative int32 has ten bytes", "28ffffffffffffffffff01"),
    Case("an int32 of five bytes is the same number", "28ffffffff0f", "28ffffffffffffffffff01"),
    Case("an int32 takes the lower half of a larger number", "28 8180808010", "2801"),
    Case("a varint may be longer than it must", "2881808000", "2801"),
    Case("a varint of eleven bytes", "2880808080808080808080 01", nil),
    Case("a varint that does not end", "28ff", nil), Case("a tag that does not end", "ff", nil),
    Case("a truth value is anything but zero", "4002", "4001"),
    Case("a truth value of ten bytes", "4080808080808080808001", "4001"),
    Case("zero of a field without presence is not there", "2800 4000 4a00 6000", ""),
    Case(keeps: "zero of a field with presence is", "a00100 aa0100 b20100 b80100 c00100 c9010000000000000000"),
    Case(keeps: "minus zero is not zero", "090000000000000080 1500000080"),
    Case(keeps: "minus zero in a list", "f20110 0000000000000080 0000000000000000"),
    Case(keeps: "a NaN keeps its payload", "09010000000000f87f 150100c07f"),
    Case(keeps: "the ends of zigzag", "78ffffffff0f 8001ffffffffffffffffff01"),
    Case("a fixed number cut off", "09000000000000", nil), Case("a fixed32 cut off", "3d000000", nil),
    Case(keeps: "an enum value that nobody knows", "6063"),
    Case(keeps: "a negative enum value", "60ffffffffffffffffff01"),
    Case("the last of several values counts", "2801 2802", "2802"),
  ]

  static let fields: [Case] = [
    Case("field 0", "0000", nil), Case("field 0 of bytes", "0200", nil), Case("field 0, fixed", "0500000000", nil),
    Case("field 0 inside a message", "8a01020000", nil), Case("field 0 in a map's entry", "c202020000", nil),
    Case("field 0 as a group", "0304", nil),
    Case(keeps: "the highest field number", "f8ffffff0f01"),
    Case("wire type 6", "2e", nil), Case("wire type 7", "2f", nil),
    Case("wire type 6 of a field nobody knows", "867d", nil),
    Case(keeps: "unknown fields of all kinds", "c03e01 c13e0000000000000000 c23e0161 c53e00000000"),
    Case(keeps: "unknown fields keep their order", "c03e02 c83e01 c03e01"),
    Case("unknown fields go behind known ones", "c03e01 2801", "2801 c03e01"),
    Case(keeps: "an unknown group", "8b7d 0801 8c7d"), Case(keeps: "groups in a group", "8b7d 0b 13 0801 14 0c 8c7d"),
    Case(keeps: "an unknown group inside a message", "8a0106 1001 8b7d 8c7d"),
    Case("a group without its end", "8b7d0801", nil), Case("another group's end", "8b7d947d", nil),
    Case("an end without its group", "0c", nil), Case("a group's end inside its message", "8b7d 8a01028c7d", nil),
    Case(keeps: "a known field as a group", "2b2c"),
    Case(keeps: "a number's field with bytes", "2a0161"), Case(keeps: "a text's field with a number", "4801"),
    Case(keeps: "a fixed64's field with a fixed32", "3500000000"),
    Case(keeps: "a message's field with a number", "880101"),
    Case(keeps: "of the right kind and of another", "2801 2d00000000"),
    Case(keeps: "of another kind inside a message", "8a0104 1001 0801"),
  ]

  static let lengths: [Case] = [
    Case("longer than what is left", "4a0561", nil), Case("a length of 2 GiB", "4a80808080 08", nil),
    Case("a length of 4 GiB", "4affffffff0f", nil), Case("a length of 2^63", "4a80808080808080808001", nil),
    Case("a length that does not end", "4aff", nil), Case("a message longer than what is left", "8a010508", nil),
    Case("packed numbers of half a number", "f20104 00000000", nil), Case("a packed varint cut off", "fa0101ff", nil),
    Case("no packed numbers", "fa0100", ""), Case("packed where not packed is written", "ba02020102", "b80201b80202"),
    Case("not packed where packed is written", "f80101f80102", "fa01020102"),
    Case("both", "f80101fa010102f80103", "fa0103010203"),
    Case("packed truth values and enums", "9202020100 aa020201 02", "9202020100 aa02020102"),
    Case(
      "loose numbers of every kind", "49000000000000f83f 5001 5802 6001", "49000000000000f83f 5001 5802 6001",
      SampleV1.Lists.self),
    Case(
      "the same packed", "4a08000000000000f83f 520101 5a0102 620101", "49000000000000f83f 5001 5802 6001",
      SampleV1.Lists.self),
  ]

  static let messages: [Case] = [
    Case("two halves of a message are one", "8a01030a0161 8a01021005", "8a01050a01611005"),
    Case("the later half's field counts", "8a01021001 8a01021002", "8a01021002"),
    Case("two halves in a oneof", "a203030a0161 a203021005", "a203050a01611005"),
    Case("of a oneof the last member counts", "920301 61 980301", "980301"),
    Case("also when it was there before", "a203021001 980301 a203021002", "a203021002"),
    Case(keeps: "a oneof's member that is zero", "980300"),
    Case("two values for one key: the last counts", "c202060a01611201 31 c202060a0161120132", "c202060a0161120132"),
    Case("an entry without a key", "c20203120131", "c202050a00120131"),
    Case("an entry without a value", "c202030a0161", "c202050a01611200"),
    Case("an empty entry", "c20200", "c202040a001200"),
    Case("a value before its key", "c202061201310a0161", "c202060a0161120131"),
    Case("an entry's message without a value", "ca02020801", "ca020408011200"),
    Case("more in an entry is passed over", "c202080a01611201311801", "c202060a0161120131"),
    Case(
      "entries are written in the order of their keys", "ca02040802 1200 ca0204080112 00",
      "ca020408011200 ca020408021200"),
    Case("a key that is not UTF-8", "c202050a01ff1200", nil),
    Case("a value that is not UTF-8", "c202050a00 1201ff", nil),
    Case("a text in a list that is not UTF-8", "9a0201ff", nil), Case("a text of a oneof", "920301ff", nil),
    Case("a surrogate", "4a03eda080", nil), Case("an overlong character", "4a02c0af", nil),
  ]

  static let keys: [Case] = [
    Case(keeps: "int32", "0a0d08ffffffffffffffffff011001", SampleV1.Maps.self),
    Case(keeps: "uint64", "220408011002", SampleV1.Maps.self),
    Case(keeps: "sint32", "2a0408011002", SampleV1.Maps.self),
    Case(keeps: "sint64", "320408011002", SampleV1.Maps.self),
    Case(keeps: "fixed32", "3a0a0d010000001502000000", SampleV1.Maps.self),
    Case(keeps: "fixed64", "421209010000000000000011 0200000000000000", SampleV1.Maps.self),
    Case(keeps: "sfixed32", "4a0a0dffffffff1502000000", SampleV1.Maps.self),
    Case(keeps: "sfixed64", "521209ffffffffffffffff11 0200000000000000", SampleV1.Maps.self),
    Case(keeps: "bool", "5a0408001001 5a0408011000", SampleV1.Maps.self),
    Case(keeps: "string", "62060a01611201 62", SampleV1.Maps.self),
    Case(keeps: "a value of minus zero", "6a0c0a016111 0000000000000080", SampleV1.Maps.self),
  ]

  @Test(arguments: scalars + fields + lengths + messages + keys)
  func `the table`(line: Case) throws {
    let input = bytes(line.input.filter { $0 != " " })
    let output = line.output.map { bytes($0.filter { $0 != " " }) }
    let pool = try DescriptorPool(files: SampleV1.fileDescriptors)
    let type = try #require(pool.message(named: line.type.fullName))
    let generated = Result { () throws(WireError) in try line.type.passing(input) }
    let dynamic = Result { () throws(WireError) in try DynamicMessage(decoding: input, as: type).encoded() }
    #expect((try? generated.get()) == output)
    #expect(generated == dynamic)
  }

  @Test func `groups end before the stack does`() {
    let start: [UInt8] = [0x0b]
    let bomb = (0..<100_000).flatMap { _ in start }
    #expect(throws: WireError.tooDeep(limit: 64)) { try SampleV1.Everything(decoding: bomb) }
    #expect(throws: WireError.tooDeep(limit: 64)) { try SampleV1.Tree(decoding: bomb) }
    let deep = [UInt8](repeating: 0x0b, count: 64) + [UInt8](repeating: 0x0c, count: 64)
    #expect(throws: Never.self) { try SampleV1.Tree(decoding: deep) }
  }

  @Test func `a field of ours that a stranger writes is refused`() {
    // The shape of a field that is set aside, with a key that is guessed.
    #expect(throws: WireError.self) {
      try SampleV1.Everything(decoding: [0x02, 10] + [UInt8](repeating: 7, count: 10))
    }
  }
}

extension Message {
  /// The bytes decoded as this type and encoded again.
  static func passing(_ bytes: [UInt8]) throws(WireError) -> [UInt8] { try Self(decoding: bytes).encoded() }
}
