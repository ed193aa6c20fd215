import Access
import BackupContract
import Crypto
import Feed
import Foundation
import Journal
import Kernel
import Persistence
import Runtime
import TestSupport
import Testing

@testable import Backup

/// A set from its first message to files that are back in their place.
@Suite struct SetTests {
  let folder = TemporaryFolder()

  @Test(arguments: [false, true])
  func `a set comes back byte by byte, sealed or not`(_ sealed: Bool) async throws {
    let key = try sealed ? pair() : nil
    let set = try await make(rows: 300, sealedTo: key?.publicKey)
    let backup = try BackupSet(set, key: key)
    #expect(backup.isSealed == sealed)
    let findings = try backup.verify(workFolder: folder.path) { _ in }
    #expect(findings.map(\.complaints) == [[]])
    #expect(findings.map(\.isUnopened) == [false])
    let file = try #require(backup.manifest.files.first)
    #expect(file.journal?.seq == 300 && file.tables["journal"] == 300)
    let place = BackupSet.Place(file: file, path: folder.file("back/dispute.sqlite"))
    try backup.restore([place]) { _ in }
    #expect(try bytes(place.path) == bytes(folder.file("copy.sqlite")))
    #expect(throws: BackupFailure.self) { try backup.restore([place]) { _ in } }
    #expect(try bytes(place.path) == bytes(folder.file("copy.sqlite")))
  }

  @Test func `a sealed set shows nothing of its content and opens to its own key only`() async throws {
    let key = try pair()
    let set = try await make(rows: 20, sealedTo: key.publicKey)
    let stored = try bytes(set + "/dispute/dispute.sqlite.sealed")
    #expect(stored.range(of: Data("SQLite format 3".utf8)) == nil)
    #expect(throws: BackupFailure.self) { _ = try BackupSet(set, key: try pair("other")) }
    let findings = try BackupSet(set, key: nil).verify(workFolder: folder.path) { _ in }
    #expect(findings.map(\.isUnopened) == [true] && findings.map(\.complaints) == [[]])
  }

  @Test(arguments: [false, true])
  func `whichever byte is changed, cut off or added, verifying says so and a restore writes nothing`(
    _ sealed: Bool
  ) async throws {
    let key = try sealed ? pair() : nil
    let set = try await make(rows: 40, sealedTo: key?.publicKey)
    let path = set + "/dispute/dispute.sqlite" + (sealed ? ".sealed" : "")
    let good = try bytes(path)
    var broken: [Data] = [good.dropLast(1), good + [0], good.prefix(10), Data()]
    for offset in stride(from: 0, to: good.count, by: good.count / 37) {
      var changed = good
      changed[changed.startIndex + offset] ^= 0x10
      broken.append(changed)
    }
    for content in broken {
      try content.write(to: URL(fileURLWithPath: path))
      let backup = try BackupSet(set, key: key)
      let findings = try backup.verify(workFolder: folder.path) { _ in }
      #expect(findings.allSatisfy { !$0.complaints.isEmpty }, "\(content.count) of \(good.count) bytes")
      // The file is named beside the sentence, and once.
      for finding in findings {
        for complaint in finding.complaints {
          #expect(!complaint.chinese.contains(finding.file.path) && !complaint.english.contains(finding.file.path))
        }
      }
      let place = BackupSet.Place(file: backup.manifest.files[0], path: folder.file("none/dispute.sqlite"))
      #expect(throws: BackupFailure.self) { try backup.restore([place]) { _ in } }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("none")).isEmpty)
    }
  }

  @Test func `what breaks off is no set, and nothing is left of it`() async throws {
    let messages = try await messages(rows: 30)
    for count in 0..<messages.count {
      var writer = try SetWriter(in: folder.file("shelf"), at: Timestamp(seconds: 1_000_000), sealedTo: nil)
      for message in messages.prefix(count) { try writer.take(message) }
      #expect(throws: BackupFailure.self) { _ = try writer.finish(at: Timestamp(seconds: 1_000_001)) }
      writer.discard()
    }
    #expect(BackupShelf(folder.file("shelf")).sets == [])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("shelf")).isEmpty)
  }

  @Test func `a manifest that counts otherwise, or a file of another moment, is found out`() async throws {
    let set = try await make(rows: 25, sealedTo: nil)
    var manifest = try BackupManifest(in: set)
    manifest.files[0].tables["journal"] = 26
    manifest.files[0].journal?.seq = 26
    manifest.files[0].heard = [.init(source: "dispute", sourceEpoch: "another", seq: 3, eventID: "x")]
    try manifest.encoded().write(to: URL(fileURLWithPath: set + "/manifest.json"))
    let complaints = try BackupSet(set, key: nil).verify(workFolder: folder.path) { _ in }.flatMap(\.complaints)
      .map(\.english)
    #expect(
      complaints == [
        "journal has 25 rows, the manifest says 26", "the journal ends at 25, the manifest says 26",
        "dispute has heard 3, which is not in this copy",
      ])
    manifest.files[0].tables["journal"] = 25
    manifest.files[0].journal?.seq = 25
    manifest.files[0].journal?.hash = String(repeating: "0", count: 64)
    manifest.files[0].heard = []
    try manifest.encoded().write(to: URL(fileURLWithPath: set + "/manifest.json"))
    let other = try BackupSet(set, key: nil).verify(workFolder: folder.path) { _ in }.flatMap(\.complaints)
    #expect(other.map(\.english) == ["the journal's line 25 is not the one that the manifest names"])
  }

  @Test func `a manifest names no place outside of the data folders, and none twice`() async throws {
    let set = try await make(rows: 2, sealedTo: nil)
    let good = try BackupManifest(in: set)
    for (service, name) in [
      ("../../evil", "dispute.sqlite"), ("..", "x"), ("", "x"), ("dispute", "../../../evil.sqlite"),
      ("dispute", "/abs/x.sqlite"), ("dispute", "a/b.sqlite"), ("dispute", ".."), ("dispute", ""), ("keys", "../x"),
      ("keys", "/x"), ("keys", "a//b"),
    ] {
      var manifest = good
      (manifest.files[0].service, manifest.files[0].name) = (service, name)
      try manifest.encoded().write(to: URL(fileURLWithPath: set + "/manifest.json"))
      let failure = #expect(throws: BackupFailure.self) { try BackupManifest(in: set) }
      #expect(failure?.english.contains("outside of the data folders") == true, "\(service) \(name)")
    }
    var manifest = good
    manifest.files.append(manifest.files[0])
    try manifest.encoded().write(to: URL(fileURLWithPath: set + "/manifest.json"))
    #expect(throws: BackupFailure.self) { try BackupManifest(in: set) }
  }

  @Test func `half a set is told from a whole one`() async throws {
    let manifest = try BackupManifest(in: try await make(rows: 2, sealedTo: nil))
    #expect(manifest.complaints(expecting: ["dispute"]) == [])
    #expect(
      manifest.complaints(expecting: ["dispute", "gateway"]).map(\.english) == [
        "there is no database of gateway: this is no whole set"
      ])
    #expect(
      manifest.complaints(expecting: ["gateway"]).map(\.english) == [
        "there is no database of gateway: this is no whole set", "there is no service called dispute",
      ])
  }

  @Test func `a restore that fails in the middle leaves nothing under its name, and can be done again`() async throws {
    let set = try BackupSet(try await make(rows: 5, sealedTo: nil), key: nil)
    let file = try #require(set.manifest.files.first)
    var broken = file
    broken.sha256 = String(repeating: "0", count: 64)
    let places = ["one", "two", "three"].map { folder.file("\($0)/dispute.sqlite") }
    func place(_ index: Int, _ file: BackupManifest.File) -> BackupSet.Place { .init(file: file, path: places[index]) }
    #expect(throws: BackupFailure.self) {
      try set.restore([place(0, file), place(1, file), place(2, broken)]) { _ in }
    }
    for name in ["one", "two", "three"] {
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file(name)) == [])
    }
    try set.restore([place(0, file), place(1, file), place(2, file)]) { _ in }
    for path in places { #expect(try bytes(path) == bytes(folder.file("copy.sqlite"))) }
  }

  @Test func `a restore that was killed between two names is gone on with`() async throws {
    let set = try BackupSet(try await make(rows: 5, sealedTo: nil), key: nil)
    let file = try #require(set.manifest.files.first)
    let places = ["one", "two", "three"].map { BackupSet.Place(file: file, path: folder.file("\($0)/dispute.sqlite")) }
    try set.restore(places) { _ in }
    // As the kill left it: one has its name, two are drafts, one of them half.
    let files = FileManager.default
    try files.moveItem(atPath: places[1].path, toPath: places[1].path + ".restoring")
    try files.removeItem(atPath: places[2].path)
    try Data([1, 2]).write(to: URL(fileURLWithPath: places[2].path + ".restoring"))
    var told = 0
    try set.restore(places) { _ in told += 1 }
    #expect(told == 3)
    for place in places {
      #expect(try bytes(place.path) == bytes(folder.file("copy.sqlite")))
      #expect(!files.fileExists(atPath: place.path + ".restoring"))
    }
    // What was served since is never overwritten.
    try Data([9]).write(to: URL(fileURLWithPath: places[0].path))
    try files.moveItem(atPath: places[1].path, toPath: places[1].path + ".restoring")
    #expect(throws: BackupFailure.self) { try set.restore(places) { _ in } }
    #expect(try bytes(places[0].path) == Data([9]))
  }

  @Test func `what a killed verify had opened goes with the next one`() async throws {
    let key = try pair()
    let set = try BackupSet(try await make(rows: 5, sealedTo: key.publicKey), key: key)
    let left = folder.file("work") + "/huying-verify-0001"
    try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
    let findings = try set.verify(workFolder: folder.file("work")) { _ in }
    #expect(findings.allSatisfy { $0.complaints.isEmpty && !$0.isUnopened })
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("work")) == [])
  }

  @Test func `keys go into sealed sets only, and come back`() async throws {
    let keys = folder.file("keys")
    try FileManager.default.createDirectory(atPath: keys + "/deep", withIntermediateDirectories: true)
    try Data("secret".utf8).write(to: URL(fileURLWithPath: keys + "/deep/one.key"))
    var open = try SetWriter(in: folder.file("shelf"), at: Timestamp(seconds: 1), sealedTo: nil)
    #expect(throws: BackupFailure.self) { _ = try open.add(keysOf: keys) }
    open.discard()
    let key = try pair()
    var writer = try SetWriter(in: folder.file("shelf"), at: Timestamp(seconds: 1), sealedTo: key.publicKey)
    for message in try await messages(rows: 3) { try writer.take(message) }
    #expect(try writer.add(keysOf: keys) == 1)
    let set = try BackupSet(try writer.finish(at: Timestamp(seconds: 2)), key: key)
    let file = try #require(set.manifest.files.last)
    try set.restore([.init(file: file, path: folder.file("back/one.key"))]) { _ in }
    #expect(try bytes(folder.file("back/one.key")) == Data("secret".utf8))
  }

  @Test func `a set belongs to whom the folder belongs, whoever makes it`() async throws {
    let shelf = folder.file("shelf")
    try FileManager.default.createDirectory(atPath: shelf, withIntermediateDirectories: true)
    if geteuid() == 0 { #expect(chown(shelf, 10_001, 10_001) == 0) }
    var writer = try SetWriter(in: shelf, at: Timestamp(seconds: 1), sealedTo: nil)
    for message in try await messages(rows: 3) { try writer.take(message) }
    let set = try writer.finish(at: Timestamp(seconds: 2))
    func owner(_ path: String) throws -> Int? {
      (try FileManager.default.attributesOfItem(atPath: path)[.ownerAccountID] as? NSNumber)?.intValue
    }
    for path in [set, set + "/manifest.json", set + "/dispute", set + "/dispute/dispute.sqlite"] {
      #expect(try owner(path) == owner(shelf), "\(path)")
    }
  }

  @Test func `of old sets the last ones stay`() async throws {
    let messages = try await messages(rows: 2)
    let shelf = BackupShelf(folder.file("shelf"))
    for second in 1...5 {
      var writer = try SetWriter(in: shelf.folder, at: Timestamp(seconds: Int64(second)), sealedTo: nil)
      for message in messages { try writer.take(message) }
      _ = try writer.finish(at: Timestamp(seconds: Int64(second)))
    }
    let now = Timestamp(seconds: 10)
    #expect(shelf.lastTime(at: now) == Timestamp(seconds: 5))
    let all = shelf.sets
    #expect(shelf.keepLast(2, at: now) == Array(all.prefix(3)))
    #expect(shelf.sets == Array(all.suffix(2)))
  }

  /// Otherwise no set would be made until that day comes, and the one made now would go as the oldest.
  @Test func `a set of a clock that was ahead neither counts nor goes`() async throws {
    let messages = try await messages(rows: 2)
    let shelf = BackupShelf(folder.file("shelf"))
    for second in [1, 2, 3, 50_000] {
      var writer = try SetWriter(in: shelf.folder, at: Timestamp(seconds: Int64(second)), sealedTo: nil)
      for message in messages { try writer.take(message) }
      _ = try writer.finish(at: Timestamp(seconds: Int64(second)))
    }
    let now = Timestamp(seconds: 10)
    let all = shelf.sets
    #expect(shelf.setsAhead(of: now) == [all[3]])
    #expect(shelf.lastTime(at: now) == Timestamp(seconds: 3))
    #expect(shelf.keepLast(1, at: now) == Array(all.prefix(2)))
    #expect(shelf.sets == Array(all.suffix(2)))
  }

  @Test func `the draft of a killed process goes, the one that somebody makes stays`() async throws {
    let messages = try await messages(rows: 2)
    let shelf = BackupShelf(folder.file("shelf"))
    var making = try SetWriter(in: shelf.folder, at: Timestamp(seconds: 1), sealedTo: nil)
    for message in messages.dropLast(2) { try making.take(message) }
    try FileManager.default.createDirectory(
      atPath: shelf.folder + "/.making-0001/dispute", withIntermediateDirectories: true)
    // Another one begins, ends, and clears up.
    var second = try SetWriter(in: shelf.folder, at: Timestamp(seconds: 2), sealedTo: nil)
    #expect(!FileManager.default.fileExists(atPath: shelf.folder + "/.making-0001"))
    for message in messages { try second.take(message) }
    _ = try second.finish(at: Timestamp(seconds: 2))
    _ = shelf.keepLast(1, at: Timestamp(seconds: 10))
    for message in messages.suffix(2) { try making.take(message) }
    _ = try making.finish(at: Timestamp(seconds: 3))
    #expect(shelf.sets.count == 2)
  }

  // MARK: What a service would say

  private func pair(_ name: String = "pair") throws -> BackupPrivateKey {
    try BackupPrivateKey(file: try BackupPrivateKey.makePair(in: folder.file(name)).privatePath)
  }

  private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

  private func make(rows: Int, sealedTo key: BackupPublicKey?) async throws -> String {
    var writer = try SetWriter(in: folder.file("shelf"), at: Timestamp(seconds: 1_000_000), sealedTo: key)
    for message in try await messages(rows: rows) { try writer.take(message) }
    return try writer.finish(at: Timestamp(seconds: 1_000_001))
  }

  private func messages(rows: Int) async throws -> [BackupV1.CopyDatabasesResponse] {
    let bench = try ServiceBench(migrations: Journal.migrations + Feed.migrations)
    for number in 0..<rows {
      try await bench.shell.apply(as: .system(county: "379922000000")) { command in
        _ = try command.record(
          eventType: "case.reported", aggregateType: "case", aggregateID: "\(number)", version: 1, correlationID: "c",
          payload: [])
      }
    }
    let path = folder.file("copy.sqlite")
    try? FileManager.default.removeItem(atPath: path)
    try await bench.database.copy(to: path)
    let copy = try DatabaseFile(path: path)
    let head = try copy.read { try Journal.head(in: $0) }
    let content = Array(try bytes(path))
    var result: [BackupV1.CopyDatabasesResponse] = [
      .init(content: .copiesMade(.init(fileCount: 1))),
      .init(
        content: .fileBegin(
          .init(
            service: "dispute", fileName: "dispute.sqlite", byteCount: Int64(content.count),
            tables: try copy.rowCounts().map { .init(tableName: $0.table, rowCount: $0.count) },
            migrations: try copy.migrations(),
            journal: .init(sourceEpoch: head.sourceEpoch, seq: head.seq, eventID: head.eventID, hash: head.hash)))),
    ]
    for start in stride(from: 0, to: content.count, by: 30_000) {
      result.append(.init(content: .chunk(Array(content.dropFirst(start).prefix(30_000)))))
    }
    result.append(.init(content: .fileEnd(.init(sha256: Array(SHA256.hash(data: content))))))
    return result
  }
}
