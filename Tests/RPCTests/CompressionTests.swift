import HTTP2
import Testing

@testable import RPC

/// Packing and unpacking, byte by byte.
@Suite struct CompressionTests {
  static let limit = 1 << 16

  private static func packed(_ message: [UInt8], _ compression: Compression) throws -> [UInt8] {
    try #require(message.withUnsafeBytes { MessageCodec.pack($0, compression) })
  }

  private static func assembled(
    _ bytes: [UInt8], _ compression: Compression, cutAt sizes: [Int] = [], limit: Int = limit
  ) throws -> [[UInt8]] {
    var assembler = MessageAssembler(limit: limit)
    assembler.encoding = .known(compression)
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

  @Test(arguments: Compression.allCases) func `messages of all sizes come back`(compression: Compression) throws {
    var random = SystemRandomNumberGenerator()
    for size in Array(0...300) + [1_023, 1_024, 4_096, 32_767, 32_768, 32_769, 65_535, 65_536] {
      let messages: [[UInt8]] = [
        [UInt8](repeating: 0, count: size), (0..<size).map { UInt8(truncatingIfNeeded: $0 / 7) },
        (0..<size).map { _ in random.next() },
      ]
      for message in messages {
        let framed = try Self.packed(message, compression)
        #expect(framed[0] == 1)
        // What does not shrink grows by a little, and the limit holds on the wire too.
        #expect(try Self.assembled(framed, compression, limit: 2 * Self.limit) == [message])
      }
    }
  }

  @Test(arguments: Compression.allCases) func `wherever the bytes are cut`(compression: Compression) throws {
    let messages = [Array("呼应 call and response".utf8), [], [UInt8](repeating: 7, count: 2_000)]
    let plain = Array("as it is".utf8)
    var bytes = try messages.flatMap { try Self.packed($0, compression) }
    bytes += MessagePrefix.bytes(plain.count) + plain
    for size in 1...bytes.count {
      #expect(try Self.assembled(bytes, compression, cutAt: [size]) == messages + [plain])
      let even = Array(repeating: size, count: bytes.count / size + 1)
      #expect(try Self.assembled(bytes, compression, cutAt: even) == messages + [plain])
    }
  }

  @Test(arguments: Compression.allCases) func `what is larger than the limit is refused, however small it came`(
    compression: Compression
  ) throws {
    let full = [UInt8](repeating: 0, count: Self.limit)
    #expect(try Self.assembled(Self.packed(full, compression), compression) == [full])
    for size in [Self.limit + 1, 2 * Self.limit, 32 << 20] {
      let bomb = try Self.packed([UInt8](repeating: 0, count: size), compression)
      #expect(bomb.count < size / 50)
      let status = #expect(throws: Status.self) { try Self.assembled(bomb, compression, limit: Self.limit) }
      #expect(status?.code == .resourceExhausted)
    }
  }

  @Test(arguments: Compression.allCases) func `what is cut, damaged or followed by more is refused`(
    compression: Compression
  ) throws {
    let body = Array(try Self.packed(Array("a message that is damaged".utf8), compression).dropFirst(5))
    func code(_ body: [UInt8]) -> Code? {
      let status = #expect(throws: Status.self) {
        try Self.assembled([1] + MessagePrefix.bytes(body.count).dropFirst() + body, compression)
      }
      return status?.code
    }
    for count in 0..<body.count { #expect(code(Array(body.prefix(count))) == .internal) }
    #expect(code(body + [0]) == .internal)
    #expect(code(body + body) == .internal)
    for index in [0, 1, body.count - 1, body.count - 4] {
      var wrong = body
      wrong[index] ^= 0x55
      #expect(code(wrong) == .internal)
    }
    let other: Compression = compression == .gzip ? .deflate : .gzip
    let foreign = try Self.packed([1, 2, 3], other)
    #expect(throws: Status.self) { try Self.assembled(foreign, compression) }
    // The state serves the next message all the same.
    #expect(try Self.assembled(Self.packed([1, 2, 3], compression), compression) == [[1, 2, 3]])
  }

  /// Made by Python's gzip and zlib.
  @Test(arguments: [
    (
      Compression.gzip,
      [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 123, 58, 113, 207, 211, 93, 83, 20, 50, 82, 115, 114, 242, 145, 73, 0, 110,
        244, 175, 207, 24, 0, 0, 0,
      ]
    ), (.deflate, [120, 156, 123, 58, 113, 207, 211, 93, 83, 20, 50, 82, 115, 114, 242, 145, 73, 0, 155, 105, 11, 2]),
  ]) func `what others packed is read`(compression: Compression, body: [UInt8]) throws {
    let bytes = [1] + MessagePrefix.bytes(body.count).dropFirst() + body
    #expect(try Self.assembled(bytes, compression) == [Array("呼应 hello hello hello".utf8)])
  }

  @Test func `the flag without a way to unpack is refused`() throws {
    let packed = try Self.packed([1], .gzip)
    for encoding in [MessageEncoding.identity, .unknown("snappy")] {
      var assembler = MessageAssembler(limit: 100)
      assembler.encoding = encoding
      let status = #expect(throws: Status.self) {
        try packed.withUnsafeBytes { try assembler.append($0) { _, _ in } }
      }
      #expect(status?.code == .internal)
    }
  }

  @Test func `a packer packs what gains by it, and gives up where nothing does`() {
    var random = SystemRandomNumberGenerator()
    let zeros = [UInt8](repeating: 0, count: 2_000)
    let noise = (0..<2_000).map { _ in random.next() as UInt8 }
    var packer = MessagePacker(.gzip)
    func isPacked(_ message: [UInt8], _ isWanted: Bool?) -> Bool {
      message.withUnsafeBytes { packer.pack($0, isWanted: isWanted) } != nil
    }
    #expect(isPacked(zeros, nil))
    #expect(!isPacked(Array(zeros.prefix(100)), nil))
    #expect(!isPacked(zeros, false))
    #expect(isPacked([], true))
    #expect(!isPacked(noise, nil))
    #expect(!isPacked(zeros, nil))
    #expect(isPacked(noise, true))
    packer = MessagePacker(.gzip, isWorthwhile: false)
    #expect(!isPacked(zeros, nil))
  }

  @Test func `the other side's list is read with and without spaces`() {
    func accepted(_ list: String?, own: String? = nil) -> Compression? {
      var metadata = Metadata()
      if let list { metadata.block.append("grpc-accept-encoding", list) }
      if let own { metadata.block.append("grpc-encoding", own) }
      return metadata.block.acceptedCompression
    }
    #expect(accepted(nil) == nil)
    #expect(accepted("identity") == nil)
    #expect(accepted("br,zstd") == nil)
    #expect(accepted("identity,deflate,gzip") == .gzip)
    #expect(accepted("identity, deflate, gzip", own: "deflate") == .deflate)
    #expect(accepted("identity ,deflate ") == .deflate)
    #expect(accepted("gzip", own: "deflate") == .gzip)
  }
}
