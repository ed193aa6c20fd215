import Crypto
import Foundation
import Kernel

/// To whom a set is sealed: whoever makes sets has this half and cannot open one.
package struct BackupPublicKey: Sendable {
  let key: Curve25519.KeyAgreement.PublicKey

  /// The first characters of the key's digest: tells keys apart, opens nothing.
  package var name: String { Array(SHA256.hash(data: key.rawRepresentation)).hexadecimal.prefix(16).description }

  static let start = "huying-backup-public-1:"

  /// Reads the key in the file at `path`.
  package init(file path: String) throws(BackupFailure) {
    let bytes = try KeyText.read(
      path, after: Self.start, zh: "备份公钥（backup.pub）", en: "a public backup key (backup.pub)")
    guard let key = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: bytes) else {
      throw BackupFailure("\(path) 不是备份公钥", "\(path) is no public backup key")
    }
    self.key = key
  }

  init(_ key: Curve25519.KeyAgreement.PublicKey) { self.key = key }

  var text: String { Self.start + Array(key.rawRepresentation).hexadecimal + "\n" }
}

/// A new pair of backup keys, as the text of their files.
package enum BackupKeys {
  /// `backup.key` and `backup.pub`.
  package static func make() -> (privateText: String, publicText: String) {
    let key = Curve25519.KeyAgreement.PrivateKey()
    return (
      BackupPrivateKey.start + Array(key.rawRepresentation).hexadecimal + "\n", BackupPublicKey(key.publicKey).text
    )
  }
}

/// What opens the sets that were sealed to its public half. It is kept away from the machine that makes them.
package struct BackupPrivateKey: Sendable {
  let key: Curve25519.KeyAgreement.PrivateKey

  package var publicKey: BackupPublicKey { BackupPublicKey(key.publicKey) }

  static let start = "huying-backup-private-1:"

  /// Reads the key in the file at `path`.
  package init(file path: String) throws(BackupFailure) {
    let bytes = try KeyText.read(
      path, after: Self.start, zh: "备份私钥（backup.key）", en: "a private backup key (backup.key)")
    guard let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: bytes) else {
      throw BackupFailure("\(path) 不是备份私钥", "\(path) is no private backup key")
    }
    self.key = key
  }

  /// Makes a pair, `backup.key` and `backup.pub`, in `folder`. Refuses to overwrite one.
  package static func makePair(in folder: String) throws(BackupFailure) -> (privatePath: String, publicPath: String) {
    let paths = ("\(folder)/backup.key", "\(folder)/backup.pub")
    let files = FileManager.default
    for path in [paths.0, paths.1] where files.fileExists(atPath: path) {
      throw BackupFailure(
        "\(path) 已存在：新密钥打不开用旧密钥加密的备份", "\(path) is there already; a new key would not open the sets made to the old one"
      )
    }
    try? files.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let pair = BackupKeys.make()
    for (path, text, mode) in [(paths.0, pair.privateText, 0o600), (paths.1, pair.publicText, 0o644)] {
      guard files.createFile(atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode]) else {
        throw BackupFailure.unwritable(path)
      }
    }
    return paths
  }
}

private enum KeyText {
  static func read(_ path: String, after start: String, zh: String, en: String) throws(BackupFailure) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw BackupFailure("没有可读的文件 \(path)", "there is no readable file at \(path)")
    }
    let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard text.hasPrefix(start), let bytes = [UInt8](hexadecimal: String(text.dropFirst(start.count))) else {
      throw BackupFailure("\(path) 不是\(zh)", "\(path) is not \(en)")
    }
    return bytes
  }
}
