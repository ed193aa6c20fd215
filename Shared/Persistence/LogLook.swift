import Glibc

/// What can be seen of a write-ahead log before the engine touches it.
///
/// The engine takes a log up to the first frame that does not hold, and forgets what is behind it: right after a power cut, when
/// the last transaction was on its way to the disk; wrong after damage, when what is behind was acknowledged. They can be told
/// apart by two things:
///
/// * The index beside the log (`-shm`) counts a transaction's frames only once they are on the disk. It outlives a process that is
///   killed; after a power cut it may be older than the log, never newer.
/// * A transaction's frames are written only when the commit before it is on the disk. So frames behind a commit say that
///   everything up to it had been whole.
///
/// ```
/// header │ frame frame COMMIT │ frame COMMIT │ frame …
///                 ▲ does not hold             ▲ written after the commit before it was on the disk: damage
/// ```
enum LogLook {
  private static let headerSize = 32
  private static let frameHeaderSize = 24
  /// The engine's largest page; a log that says it has larger ones is damaged.
  private static let largestPage = 65_536

  /// Throws if acknowledged writes in the log beside the file at `path` cannot be read any more.
  static func refuseDamaged(_ path: String) throws(StorageError) {
    let index = try Index(path + "-shm")
    let log = path + "-wal"
    let descriptor = open(log, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 || errno == ENOENT else { throw .cannotOpen(path: log, code: errno) }
    defer { if descriptor >= 0 { close(descriptor) } }
    // The header is on the disk before the first frame is written: alone it says nothing.
    guard descriptor >= 0, let header = try read(descriptor, headerSize, at: 0),
      try read(descriptor, frameHeaderSize, at: headerSize) != nil
    else {
      guard let index, index.frames > index.copied else { return }
      throw .corrupt(
        descriptor < 0
          ? "its log (-wal) is missing, with writes that are not in the file; if the file was put here on purpose, remove its -shm"
          : "its log (-wal) is cut off: it has none of \(index.frames) pages")
    }
    var sum = Checksum(isBigEndian: header[3] & 1 == 1)
    sum.add(header[..<24])
    let pageSize = Int(header.word(8))
    guard
      header.word(0) & ~1 == 0x377f_0682, sum.isEqual(to: header[24...]), pageSize >= 512, pageSize <= largestPage,
      pageSize & (pageSize - 1) == 0
    else { throw .corrupt("the head of its log (-wal) does not hold") }

    let salts = Array(header[16..<24])
    var whole = 0
    var damage: Int?
    var commitBehind = false
    var offset = headerSize
    while let frame = try read(descriptor, frameHeaderSize + pageSize, at: offset) {
      let isOfThisLog = frame[8..<16].elementsEqual(salts)
      if damage == nil {
        sum.add(frame[..<8])
        sum.add(frame[frameHeaderSize...])
        if isOfThisLog, sum.isEqual(to: frame[16..<24]) { whole += 1 } else { damage = offset }
      } else if commitBehind, isOfThisLog {
        throw .corrupt("its log (-wal) does not hold at byte \(damage ?? 0), and writes are behind it")
      }
      if damage != nil, isOfThisLog, frame.word(4) != 0 { commitBehind = true }
      offset += frame.count
    }
    if let index, index.salts == salts, whole < index.frames {
      throw .corrupt("its log (-wal) does not hold behind page \(whole) of \(index.frames)")
    }
  }

  /// So many bytes from `offset` on; `nil` if there are not as many.
  private static func read(_ descriptor: Int32, _ count: Int, at offset: Int) throws(StorageError) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress! + filled, count - filled, offset + filled)
      }
      guard got >= 0 else { throw .inputOutput(code: errno) }
      guard got > 0 else { return nil }
      filled += got
    }
    return bytes
  }

  /// What the index says: it begins with two equal copies of a header with a sum of its own.
  private struct Index {
    /// Frames that were on the disk.
    let frames: UInt32
    /// Frames of them that are in the file.
    let copied: UInt32
    /// Which log it is the index of.
    let salts: [UInt8]

    /// `nil` if there is none, or none that says anything.
    init?(_ path: String) throws(StorageError) {
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      guard let bytes = try read(descriptor, 100, at: 0), bytes[..<48] == bytes[48..<96] else { return nil }
      // Of this machine: its numbers are in the machine's order.
      var sum = Checksum(isBigEndian: 1.bigEndian == 1)
      sum.add(bytes[..<40])
      guard bytes[12] == 1, sum.isEqual(to: [bytes.own(40), bytes.own(44)]) else { return nil }
      frames = bytes.own(16)
      copied = bytes.own(96)
      salts = Array(bytes[32..<40])
    }
  }

  /// The engine's running sum over header and frames.
  private struct Checksum {
    let isBigEndian: Bool
    private var first: UInt32 = 0
    private var second: UInt32 = 0

    init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

    mutating func add(_ bytes: ArraySlice<UInt8>) {
      bytes.withUnsafeBytes { bytes in
        for index in stride(from: 0, to: bytes.count, by: 8) {
          let words = (
            bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self),
            bytes.loadUnaligned(fromByteOffset: index + 4, as: UInt32.self)
          )
          first &+= (isBigEndian ? UInt32(bigEndian: words.0) : UInt32(littleEndian: words.0)) &+ second
          second &+= (isBigEndian ? UInt32(bigEndian: words.1) : UInt32(littleEndian: words.1)) &+ first
        }
      }
    }

    func isEqual(to bytes: ArraySlice<UInt8>) -> Bool {
      let bytes = Array(bytes)
      return isEqual(to: [bytes.word(0), bytes.word(4)])
    }

    func isEqual(to words: [UInt32]) -> Bool { words == [first, second] }
  }
}

extension [UInt8] {
  /// Four bytes as the engine writes numbers.
  fileprivate func word(_ offset: Int) -> UInt32 {
    self[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Four bytes as this machine writes numbers.
  fileprivate func own(_ offset: Int) -> UInt32 {
    withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self) }
  }
}
