import Access
import DisputeContract
import Foundation
import RPC
import Runtime
import TestSupport
import Testing

/// Files that something has happened to, and a disk without room: what the real process says and leaves alone.
extension Scenarios {
  @Test func `a file that is cut off, emptied, changed or something else is refused with one line and left as it is`()
    async throws
  {
    try await Scenarios.withCounty(isDamaged: true) { stack in
      for _ in 0..<3 { try await reportOne(on: stack) }
      try await stack.stop(.dispute)
      let path = stack.dataFolder(.dispute) + "/dispute.sqlite"
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      let page = 4_096
      func changed(_ offset: Int, _ bit: UInt8) -> Data {
        var bytes = whole
        bytes[bytes.startIndex + offset] ^= bit
        return bytes
      }
      let text = try #require(whole.range(of: Data("case.reported".utf8)), "a line of the journal")
      let damages: [(String, Data, String)] = [
        ("cut off within a page", whole.prefix(whole.count / 2 + 100), "cut off"),
        ("cut off between pages", whole.prefix(page * 3), "cut off"),
        ("a page of nothing", whole.prefix(page) + Data(count: page) + whole.dropFirst(2 * page), "damaged"),
        ("a bit in the name of the format", changed(3, 1), "is not a database"),
        ("a bit in the size of pages", changed(16, 0x40), "dispute.sqlite"),
        ("a bit in a table's tree", changed(page * 2, 0x04), "damaged"),
        (
          "a bit in a line of the journal", changed(whole.distance(from: whole.startIndex, to: text.lowerBound) + 6, 1),
          "damaged"
        ),
        ("a letter", Data("dear county".utf8), "is not a database"), ("of no bytes", Data(), "the file is empty"),
      ]
      for (what, bytes, words) in damages {
        try bytes.write(to: URL(fileURLWithPath: path))
        let result = try await stack.tryToStart(.dispute)
        #expect(result.exitCode == 2, "\(what): \(result.exitCode) \(result.errors)")
        #expect(result.errors.contains(words), "\(what): \(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1, "\(what): \(result.errors)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes, "\(what): the file was changed")
      }
      // The good file is as good as before.
      try whole.write(to: URL(fileURLWithPath: path))
      try await stack.start(.dispute)
      try await stack.waitUntilAllAreSeen()
      try await reportOne(on: stack)
      try await stack.expectSoundness()
    }
  }

  @Test func `a file in use, without the right to write, of a newer program or of another service is refused`()
    async throws
  {
    try await Scenarios.withCounty(isDamaged: true) { stack in
      let inUse = try await stack.tryToStart(.dispute)
      #expect(inUse.exitCode == 2 && inUse.errors.contains("is in use by process"), "\(inUse.errors)")
      try await reportOne(on: stack)

      try await stack.stop(.dispute)
      let path = stack.dataFolder(.dispute) + "/dispute.sqlite"
      chmod(path, 0o444)
      let readOnly = try await stack.tryToStart(.dispute, within: SmallDisk.unprivileged)
      #expect(readOnly.exitCode == 2 && readOnly.errors.contains("may not be written"), "\(readOnly.errors)")
      chmod(path, 0o600)

      try TableRows.tamper(path, "INSERT INTO schema_migration VALUES ('m9999_future', '00', 0)")
      let newer = try await stack.tryToStart(.dispute)
      #expect(newer.exitCode == 2 && newer.errors.contains("run the newer program"), "\(newer.errors)")
      try TableRows.tamper(path, "DELETE FROM schema_migration WHERE name = 'm9999_future'")

      let mine = try Data(contentsOf: URL(fileURLWithPath: path))
      try await stack.stop(.dispatch)
      let other = try Data(contentsOf: URL(fileURLWithPath: stack.dataFolder(.dispatch) + "/dispatch.sqlite"))
      try other.write(to: URL(fileURLWithPath: path))
      let foreign = try await stack.tryToStart(.dispute)
      #expect(foreign.exitCode == 2 && foreign.errors.contains("another service's file"), "\(foreign.errors)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == other)

      try mine.write(to: URL(fileURLWithPath: path))
      let elsewhere = try await stack.tryToStart(.dispute, ["--county", "370000000001"])
      #expect(elsewhere.exitCode == 2 && elsewhere.errors.contains("put HUYING_COUNTY back"), "\(elsewhere.errors)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == mine)
      try await stack.start(.dispute)
      try await stack.start(.dispatch)
      try await stack.waitUntilAllAreSeen()
      try await reportOne(on: stack)
    }
  }

  @Test func `a sealing key that is missing or another one is refused, and never made anew`() async throws {
    try await Scenarios.withCounty(isDamaged: true) { stack in
      try await reportOne(on: stack)
      try await stack.stop(.dispute)
      let path = stack.dataFolder(.dispute) + "/sealing.key"
      let key = try Data(contentsOf: URL(fileURLWithPath: path))
      try FileManager.default.removeItem(atPath: path)
      let missing = try await stack.tryToStart(.dispute)
      #expect(missing.exitCode == 2 && missing.errors.contains("never made anew"), "\(missing.errors)")
      #expect(!FileManager.default.fileExists(atPath: path))
      try Data((String(repeating: "ab", count: 32) + "\n").utf8).write(to: URL(fileURLWithPath: path))
      let another = try await stack.tryToStart(.dispute)
      #expect(another.exitCode == 2 && another.errors.contains("put its line back"), "\(another.errors)")
      try key.write(to: URL(fileURLWithPath: path))
      try await stack.start(.dispute)

      // The gateway has sealed nothing yet, and belongs to its installation all the same.
      try await stack.stop(.gateway)
      let gateway = stack.dataFolder(.gateway) + "/sealing.key"
      let own = try Data(contentsOf: URL(fileURLWithPath: gateway))
      try Data((String(repeating: "cd", count: 32) + "\n").utf8).write(to: URL(fileURLWithPath: gateway))
      let stranger = try await stack.tryToStart(.gateway)
      #expect(stranger.exitCode == 2 && stranger.errors.contains("put its line back"), "\(stranger.errors)")
      try own.write(to: URL(fileURLWithPath: gateway))
      try await stack.start(.gateway)
    }
  }

  @Test
  func `a file that another program writes is refused; a backup disk that cannot be written is not the county's end`()
    async throws
  {
    try await Scenarios.withCounty(isDamaged: true) { stack in
      try await reportOne(on: stack)
      try await stack.stop(.dispute)
      try await TableRows.held(stack.dataFolder(.dispute) + "/dispute.sqlite") {
        let held = try await stack.tryToStart(.dispute)
        #expect(held.exitCode == 2 && held.errors.contains("is locked by another program"), "\(held.errors)")
      }
      try await stack.start(.dispute)

      try await stack.stop(.gateway)
      try await stack.start(
        .gateway, within: ["/usr/bin/env", "HUYING_BACKUP_EVERY=24h", "HUYING_BACKUP_DIR=/proc/no-such-disk"])
      try await stack.waitUntilAllAreSeen()
      try await reportOne(on: stack)
    }
  }

  @Test(.enabled(if: SmallDisk.isPossible))
  func `a full disk refuses writes with a reason, answers reads, and takes writes again when there is room`()
    async throws
  {
    try await Scenarios.withCounty(isDamaged: true) { stack in
      try await stack.stop(.dispute)
      let disk = try await stack.start(.dispute, onDiskOf: 24)
      try await stack.waitUntilAllAreSeen()
      let desk = try await stack.desk(.hotlineOperator, of: "hotline")
      let first = try #require(try await desk.cases.reportCase(Load.report(requestID())).caseRecord)
      try fill(disk + "/filler")
      let refused = requestID()
      var written: [String] = []
      // What room the log has left is used up first.
      while written.count < 5_000 {
        let codes = await reasons {
          try await desk.cases.reportCase(Load.report(written.isEmpty ? refused : requestID()))
        }
        guard codes == ["OK"] else {
          #expect(codes == ["STORAGE_FULL"])
          break
        }
        written.append("")
      }
      let id = requestID()
      #expect(await reasons { try await desk.cases.reportCase(Load.report(id)) } == ["STORAGE_FULL"])
      let status = await #expect(throws: Status.self) { try await desk.cases.reportCase(Load.report(id)) }
      #expect(status?.code == .resourceExhausted)
      #expect(try await desk.cases.getCase(.init(key: .caseID(first.caseID))).caseRecord?.number == first.number)
      // The gateway may be on its way back to dispute; a copy has no room until there is some.
      try await eventually("a backup says that there is no room") {
        let backup = try await stack.huying(["backup", stack.folder + "/none"])
        #expect(backup.exitCode != 0)
        return backup.exitCode == 64 + 8 && backup.errors.contains("STORAGE_FULL")
      }
      try FileManager.default.removeItem(atPath: disk + "/filler")
      let again = try #require(try await desk.cases.reportCase(Load.report(id)).caseRecord)
      #expect(again.caseID != first.caseID)
      try await stack.untilRelayed()
      try await stack.expectSoundness()
    }
  }

  private func reportOne(on stack: RunningStack) async throws {
    let desk = try await stack.desk(.hotlineOperator, of: "hotline")
    try await eventually("dispute takes a report") {
      (try? await desk.cases.reportCase(Load.report(requestID()))) != nil
    }
  }

  /// Writes until there is no room.
  private func fill(_ path: String) throws {
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    defer { try? handle.close() }
    var size = 1 << 20
    while size > 0 {
      do { try handle.write(contentsOf: Data(count: size)) } catch { size /= 2 }
    }
  }
}
