import Access
import Crypto
import Foundation
import Journal
import Kernel
import Persistence
import RPC
import Synchronization
import TestSupport
import Testing

@testable import Runtime

/// Keys that change while a process runs.
@Suite struct KeyRingTests {
  let folder = TemporaryFolder()
  private var path: String { folder.file("ring.key") }

  private func line(_ byte: UInt8) -> String { [UInt8](repeating: byte, count: 32).hexadecimal + "\n" }

  /// In place, as a container sees a mounted file.
  private func write(_ lines: String...) throws {
    let text = lines.joined()
    if !FileManager.default.fileExists(atPath: path) { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.write(contentsOf: Data(text.utf8))
    try handle.truncate(atOffset: UInt64(text.utf8.count))
    try handle.close()
  }

  @Test func `what the old key has sealed opens, and the new one seals from then on`() throws {
    try write(line(1))
    let ring = try KeyRing(file: path)
    let cryptography = Cryptography.live(ring)
    let old = try cryptography.seal([1, 2, 3], [9])
    let digest = cryptography.hmac("label", [5])
    try write(line(2), line(1))
    #expect(ring.lookAgain())
    #expect(try cryptography.open(old, [9]) == [1, 2, 3])
    let new = try cryptography.seal([4], [9])
    #expect(try cryptography.open(new, [9]) == [4])
    let onlyOld = Cryptography.live(sealingKey: SymmetricKey(data: [UInt8](repeating: 1, count: 32)))
    #expect(throws: (any Error).self) { try onlyOld.open(new, [9]) }
    let onlyNew = Cryptography.live(sealingKey: SymmetricKey(data: [UInt8](repeating: 2, count: 32)))
    #expect(try onlyNew.open(new, [9]) == [4])
    #expect(cryptography.hmac("label", [5]) == digest, "stored things are found by the same digests as before")
  }

  @Test func `a file that cannot be used leaves the keys that were`() throws {
    try write(line(1))
    let ring = try KeyRing(file: path)
    let names = ring.current.names
    for bad in ["", "not a key\n", line(2).dropLast(3) + "\n"] {
      try write(String(bad))
      #expect(!ring.lookAgain())
      #expect(ring.current.names == names)
    }
    try write(line(2), line(1))
    #expect(ring.lookAgain())
    #expect(ring.current.names.count == 2 && ring.current.names[1] == names[0])
    #expect(!ring.lookAgain(), "nothing has changed since")
  }

  @Test func `whoever listens hears of other keys once`() throws {
    try write(line(1))
    let ring = try KeyRing(file: path)
    let heard = Mutex<[[String]]>([])
    ring.onChange { keys in heard.withLock { $0.append(keys.names) } }
    try write(line(3), line(1))
    ring.lookAgain()
    ring.lookAgain()
    #expect(heard.withLock { $0 } == [ring.current.names])
  }

  @Test func `a gateway that signs with a new key is understood by a service that has not looked yet`() throws {
    try write(line(1))
    let gateway = ActorSignature(ring: try KeyRing(file: path))
    let service = ActorSignature(ring: try KeyRing(file: path))
    let actor = Actor(personID: "p", organisationID: "o", role: .levelClerk, countyCode: "379922000000")
    #expect(try service.verify(gateway.sign(actor, path: "/a/b"), path: "/a/b") == actor)
    let early = gateway.sign(actor, path: "/a/c")
    try write(line(2), line(1))
    let fresh = ActorSignature(ring: try KeyRing(file: path))
    #expect(try service.verify(fresh.sign(actor, path: "/a/b"), path: "/a/b") == actor)
    #expect(try service.verify(early, path: "/a/c") == actor, "what the old key has signed is still good")
    // The old key is dropped: what it signs is good no more, also for who has not looked by himself.
    try write(line(2))
    let later = ActorSignature(ring: try KeyRing(file: path))
    #expect(throws: Refused.self) { try later.verify(gateway.sign(actor, path: "/a/d"), path: "/a/d") }
  }

  @Test func `a key is never made anew beside a database`() throws {
    let database = folder.file("dispute.sqlite")
    _ = FileManager.default.createFile(atPath: database, contents: Data("x".utf8))
    let error = #expect(throws: SettingError.self) { _ = try KeyRing.loadOrMake(at: path, besides: database) }
    #expect(error?.description.contains("never made anew") == true)
    #expect(!FileManager.default.fileExists(atPath: path))
    try FileManager.default.removeItem(atPath: database)
    let made = try KeyRing.loadOrMake(at: path, besides: database).current.names
    #expect(try KeyRing.loadOrMake(at: path, besides: database).current.names == made)
  }

  /// Taken for missing, another one would be made in its place, or the data be called keyless.
  @Test func `a key that may not be read is not a missing one`() throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
    for database in [nil, folder.path] {
      let error = #expect(throws: SettingError.self) { _ = try KeyRing.loadOrMake(at: path, besides: database) }
      #expect(error?.description.contains("cannot read \(path)") == true, "\(String(describing: error))")
    }
  }

  @Test func `keys that many make at once are one, and nothing else is left`() async throws {
    let path = path
    let names = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<16 { group.addTask { KeyRing.name(of: try KeyFile.loadOrMake(at: path)) } }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(names.count == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [(path as NSString).lastPathComponent])
  }

  @Test func `a file that needs a key which the ring lacks is found out`() async throws {
    let bench = try ServiceBench(migrations: Journal.migrations)
    let now = bench.clock.now
    try await bench.database.write { try SealingKeys.note(["aa", "bb"], at: now, $0) }
    try await bench.database.write { try SealingKeys.note(["aa"], at: now, $0) }
    let read = { (names: [String]) in try bench.database.readInline { try SealingKeys.missing(from: names, in: $0) } }
    #expect(try read(["aa", "bb", "cc"]) == [])
    #expect(try read(["cc", "aa"]) == ["bb"])
  }
}
