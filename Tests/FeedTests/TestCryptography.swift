import Journal

extension Cryptography {
  /// The same bytes every time and no secrecy at all, with what the journal relies on: a digest that changes with every bit,
  /// and an opening that refuses what was changed or moved.
  static let deterministic = Cryptography(
    sha256: { digest($0, seed: 1) },
    hmac: { label, bytes in digest(Array(label.utf8) + [0] + bytes, seed: 2) },
    seal: { bytes, context in digest(bytes + context, seed: 3) + bytes.map { $0 ^ 0x5a } },
    open: { sealed, context in
      let bytes = sealed.dropFirst(32).map { $0 ^ 0x5a }
      guard sealed.prefix(32).elementsEqual(digest(bytes + context, seed: 3)) else { throw Changed() }
      return bytes
    },
    randomBytes: { (0..<$0).map { UInt8(truncatingIfNeeded: $0 &* 37) } })

  struct Changed: Error {}

  /// 32 bytes from four FNV-1a hashes: enough for a test, for nothing else.
  private static func digest(_ bytes: [UInt8], seed: UInt64) -> [UInt8] {
    (0..<4).flatMap { lane in
      let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 ^ seed << 8 ^ UInt64(lane)) {
        ($0 ^ UInt64($1)) &* 0x100_0000_01b3
      }
      return withUnsafeBytes(of: hash.bigEndian) { Array($0) }
    }
  }
}
