import Crypto
import Foundation
import Kernel

/// A file sealed to a public key by HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM): a line, the encapsulated key, then pieces
/// of the file, each behind its length. The order of the pieces is part of what HPKE seals; the last one says that it is.
enum SealedFile {
  static let firstLine = Array("huying-sealed-1\n".utf8)
  static let suite = HPKE.Ciphersuite(kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_256)
  static let keyLength = 32
  /// The most bytes of a piece; more in a file is not ours.
  static let longestPiece = 1 << 20

  /// What the pieces of one file in one set belong to: they open nowhere else.
  static func info(set: String, path: String) -> Data { Data("huying backup \(set) \(path)".utf8) }
  static let middle = Data([0])
  static let last = Data([1])
}

/// Writes a file of a set, sealed if there is a key, and counts it both ways.
struct SetFileWriter {
  private let handle: FileHandle
  private let path: String
  private var sender: HPKE.Sender?
  private var waiting: [UInt8] = []
  private var plain = SHA256()
  private var stored = SHA256()
  private(set) var bytes: Int64 = 0
  private(set) var storedBytes: Int64 = 0

  init(_ path: String, set: String, name: String, to key: BackupPublicKey?) throws {
    self.path = path
    let files = FileManager.default
    try files.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    guard files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
      let handle = FileHandle(forWritingAtPath: path)
    else { throw BackupFailure.unwritable(path) }
    self.handle = handle
    guard let key else { return }
    let sender = try HPKE.Sender(
      recipientKey: key.key, ciphersuite: SealedFile.suite, info: SealedFile.info(set: set, path: name))
    self.sender = sender
    try put(SealedFile.firstLine + Array(sender.encapsulatedKey))
  }

  mutating func write(_ piece: [UInt8]) throws {
    plain.update(data: piece)
    bytes += Int64(piece.count)
    guard sender != nil else { return try put(piece) }
    if !waiting.isEmpty { try seal(waiting, SealedFile.middle) }
    waiting = piece
  }

  /// Ends the file on the disk; both digests in hexadecimal.
  mutating func finish() throws -> (sha256: String, storedSha256: String) {
    if sender != nil { try seal(waiting, SealedFile.last) }
    do { try handle.synchronize() } catch { throw BackupFailure.full(path) }
    try handle.close()
    return (Array(plain.finalize()).hexadecimal, Array(stored.finalize()).hexadecimal)
  }

  private mutating func seal(_ piece: [UInt8], _ place: Data) throws {
    guard let sealed = try sender?.seal(piece, authenticating: place) else { return }
    let length = withUnsafeBytes(of: UInt32(sealed.count).bigEndian) { Array($0) }
    try put(length + Array(sealed))
  }

  private mutating func put(_ bytes: [UInt8]) throws {
    stored.update(data: bytes)
    storedBytes += Int64(bytes.count)
    do { try handle.write(contentsOf: Data(bytes)) } catch { throw BackupFailure.full(path) }
  }
}

/// Reads a file of a set as it was before it was sealed, piece by piece, and its stored bytes' digest.
struct SetFileReader {
  private let handle: FileHandle
  private let what: String
  private var recipient: HPKE.Recipient?
  private var stored = SHA256()
  private var isOver = false

  init(_ folder: String, _ file: BackupManifest.File, set: String, sealed: Bool, key: BackupPrivateKey?) throws {
    what = file.path
    guard let handle = FileHandle(forReadingAtPath: "\(folder)/\(file.path)") else {
      throw BackupFailure(of: file.path, "缺少这个文件，或不可读", "is missing, or may not be read")
    }
    self.handle = handle
    guard sealed else { return }
    guard let key else {
      throw BackupFailure(
        of: file.path, "已加密：请用 --key backup.key 给出私钥", "is sealed: say which key opens it (--key backup.key)")
    }
    let start = try take(SealedFile.firstLine.count + SealedFile.keyLength)
    guard start.starts(with: SealedFile.firstLine) else { throw damaged }
    do {
      recipient = try HPKE.Recipient(
        privateKey: key.key, ciphersuite: SealedFile.suite, info: SealedFile.info(set: set, path: file.path),
        encapsulatedKey: Data(start.dropFirst(SealedFile.firstLine.count)))
    } catch { throw damaged }
  }

  /// The next bytes; `nil` at the end. Throws if anything of the sealing does not hold.
  mutating func next() throws -> [UInt8]? {
    guard !isOver else { return nil }
    guard recipient != nil else {
      guard let bytes = try handle.read(upToCount: 1 << 20), !bytes.isEmpty else {
        isOver = true
        return nil
      }
      stored.update(data: bytes)
      return Array(bytes)
    }
    let length = try take(4).reduce(0) { $0 << 8 | Int($1) }
    guard length >= 16, length <= SealedFile.longestPiece + 16 else { throw damaged }
    let sealed = Data(try take(length))
    if let piece = try? recipient?.open(sealed, authenticating: SealedFile.middle) { return Array(piece) }
    // A key's counter moves only when a piece opens, so the same piece may be tried as the last one.
    guard let piece = try? recipient?.open(sealed, authenticating: SealedFile.last) else { throw damaged }
    guard try handle.read(upToCount: 1)?.isEmpty ?? true else { throw damaged }
    isOver = true
    return Array(piece)
  }

  /// The digest of everything that was read, in hexadecimal; asked at the end.
  var storedSha256: String { Array(stored.finalize()).hexadecimal }

  private mutating func take(_ count: Int) throws -> [UInt8] {
    guard let bytes = try handle.read(upToCount: count), bytes.count == count else { throw damaged }
    stored.update(data: bytes)
    return Array(bytes)
  }

  private var damaged: BackupFailure {
    BackupFailure(
      of: what, "打不开：密钥不对，或文件被改动过、不完整", "does not open: another key, or it was changed or cut off")
  }
}
