import ArgumentParser
import Foundation
import Runtime
import Testing
import TestSupport

@testable import HuyingCLI

/// `huying keys`: which keys may leave a file, and where they go.
@Suite struct KeysTests {
  private let folder = TemporaryFolder()

  private func line(_ byte: UInt8) -> String { String(repeating: String(format: "%02x", byte), count: 32) + "\n" }

  private func make(_ name: String, _ bytes: UInt8...) throws -> String {
    try Data(bytes.map(line).joined().utf8).write(to: URL(fileURLWithPath: folder.file(name)))
    return folder.file(name)
  }

  private func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

  /// What `huying keys drop` complains of; `nil`: it was done.
  private func drop(_ arguments: String...) throws -> String? {
    let command = try #require(KeysCommand.parseAsRoot(["drop"] + arguments) as? KeysCommand.Drop)
    do { try command.run() } catch let complaint as Complaint { return "\(complaint)" }
    return nil
  }

  private func name(_ byte: UInt8) throws -> String {
    KeyRing.name(of: try KeyRing.keys(line(byte), "")[0])
  }

  @Test func `a signing key goes; the one in force stays`() throws {
    let file = try make("actor-signing.key", 2, 1)
    #expect(try drop(file, name(2)) != nil)
    #expect(try drop(file, name(1)) != nil, "what it signed is under way")
    try FileManager.default.setAttributes([.modificationDate: Date() - 61], ofItemAtPath: file)
    #expect(try drop(file, name(1)) == nil)
    #expect(text(file) == line(2))
  }

  @Test func `a sealing key between the first and the last is moved, not deleted`() throws {
    let file = try make("dispute-sealing.key", 3, 2, 1)
    #expect(try drop(file, name(2)) != nil, "nobody said where to")
    let kept = folder.file("kept.key")
    #expect(try drop(file, name(2), "--into", kept) == nil)
    #expect(text(file) == line(3) + line(1))
    #expect(text(kept) == line(2))
    #expect(try FileManager.default.attributesOfItem(atPath: kept)[.posixPermissions] as? Int == 0o600)
    #expect(try drop(file, name(1), "--into", folder.file("other.key")) != nil, "the last one makes the digests")
    #expect(text(file) == line(3) + line(1) && text(folder.file("other.key")) == nil)
  }

  @Test func `nothing is overwritten, and the register of care visits keeps all its keys`() throws {
    let file = try make("dispute-sealing.key", 3, 2, 1)
    let kept = try make("kept.key", 9)
    #expect(try drop(file, name(2), "--into", kept) != nil)
    #expect(text(kept) == line(9) && text(file) == line(3) + line(2) + line(1))
    let register = try make("care-visit.key", 3, 2, 1)
    #expect(try drop(register, name(2), "--into", folder.file("new.key")) != nil)
    #expect(text(register) == line(3) + line(2) + line(1) && text(folder.file("new.key")) == nil)
  }
}
