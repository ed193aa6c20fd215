import Access
import DisputeContract
import DispatchContract
import FeedContract
import Foundation
import GatewayContract
import PerformanceEvaluationContract
import RPC
import ResponsibilityListContract
import Runtime
import TestSupport
import Testing

/// Backups of the whole running county, and life on from them.
extension Scenarios {
  @Test func `a backup under load is verified, restored into empty folders, and misses nothing that was acknowledged`()
    async throws
  {
    try await Scenarios.withCounty { stack in
      let keys = stack.folder + "/backup-keys"
      #expect(try await stack.huying(["backup", "keys", keys]).exitCode == 0)
      let load = try await Load(stack)
      let writers = Task { await load.run() }
      try await load.untilMore(60)
      let before = load.acknowledged
      let shelf = stack.folder + "/shelf"
      let made = try await stack.huying(["backup", shelf, "--to", keys + "/backup.pub"])
      #expect(made.exitCode == 0, "\(made.errors)")
      try await load.untilMore(30)
      load.stop()
      await writers.value
      #expect(load.acknowledged.count > before.count)

      let set = try #require(try stack.sets(in: shelf).first)
      let unopened = try await stack.huying(["backup", "verify", set])
      #expect(unopened.exitCode == 0 && unopened.output.contains("sealed, not opened"))
      let verified = try await stack.huying(["backup", "verify", set, "--key", keys + "/backup.key"])
      #expect(verified.exitCode == 0, "\(verified.output)\(verified.errors)")
      #expect(
        verified.output.components(separatedBy: "holds").count == 7, "five services and the gateway: \(verified.output)"
      )

      let refused = try await stack.huying(["restore", set, "--into", stack.folder, "--key", keys + "/backup.key"])
      #expect(refused.exitCode == 1 && refused.errors.contains("overwrites nothing"))

      let written = try await stack.tables()
      try await stack.stopAll()
      for identity in ServiceIdentity.all { try stack.emptyData(of: identity) }
      let restored = try await stack.huying(["restore", set, "--into", stack.folder, "--key", keys + "/backup.key"])
      #expect(restored.exitCode == 0, "\(restored.errors)")
      try await stack.startEverything()
      try await stack.untilRelayed()
      try await stack.expectSoundness()
      #expect(try await stack.routes().allSatisfy { $0.alarm.isEmpty })

      let desk = try await stack.desk(.hotlineOperator, of: "hotline")
      for (_, report) in before.reports {
        #expect(try await desk.cases.getCase(.init(key: .caseID(report.caseID))).caseRecord?.number == report.number)
      }
      let leader = try await stack.desk(.townshipLeader, of: SmallCounty.chengguan)
      for (_, callID) in before.calls {
        #expect(try await leader.calls.getCall(.init(callID: callID)).call?.callID == callID)
      }
      for (id, item) in before.determinations {
        #expect(
          try await leader.determinations.getDetermination(.init(determinationID: id)).determination?.itemCode == item)
      }
      // What was written after the copies were made is not in the set: the drill had something to leave out.
      let heard = try await desk.scores.getHandlingTime(.init()).handlingTime?.caseCount ?? 0
      #expect(heard >= Int64(before.reports.count) && heard <= Int64(load.acknowledged.reports.count))
      #expect(written["dispute"]?["journal"] ?? 0 > 0)
    }
  }

  @Test func `everything at rest comes back table by table, and goes on`() async throws {
    try await Scenarios.withCounty { stack in
      let file = try MessageFile("drill.jsonl", in: stack.folder, count: 60, seed: 31)
      #expect(try await stack.huying(["import", "cases", file.path]).exitCode == 0)
      // Dispatch looks for overdue tasks once at its start, then by the minute: what is old is found now, not after the restore.
      try await stack.stop(.dispatch)
      try await stack.start(.dispatch)
      try await stack.waitUntilAllAreSeen()
      try await stack.untilAtRest()
      let shelf = stack.folder + "/shelf"
      #expect(try await stack.huying(["backup", shelf]).exitCode == 0)
      let before = try await stack.tables()
      let heads = try await stack.heads()
      let set = try #require(try stack.sets(in: shelf).first)
      try await stack.stopAll()
      for identity in ServiceIdentity.all { try stack.emptyData(of: identity) }
      #expect(try await stack.huying(["restore", set, "--into", stack.folder]).exitCode == 0)
      try await stack.startEverything()
      try await stack.untilRelayed()
      let after = try await stack.tables()
      for (service, tables) in before {
        for (table, count) in tables { #expect(after[service]?[table] == count, "\(service) \(table)") }
      }
      #expect(try await stack.heads() == heads)
      let desk = try await stack.desk(.hotlineOperator, of: "hotline")
      _ = try await desk.cases.reportCase(Load.report(requestID()))
      try await stack.untilRelayed()
      try await stack.expectSoundness()
    }
  }

  @Test func `a set is whole or not at all: a service that does not answer is named`() async throws {
    try await Scenarios.withCounty { stack in
      try await stack.stop(.dispatch)
      let shelf = stack.folder + "/shelf"
      let failed = try await stack.huying(["backup", shelf])
      #expect(failed.exitCode == 64 + 14 && failed.errors.contains("SERVICE_UNAVAILABLE"), "\(failed.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: shelf).isEmpty)
      try await stack.start(.dispatch)
      try await stack.waitUntilAllAreSeen()
      #expect(try await stack.huying(["backup", shelf]).exitCode == 0)
      // Copies are gone from the data folders once they were read.
      for identity in ServiceIdentity.all {
        let names = try FileManager.default.contentsOfDirectory(atPath: stack.dataFolder(identity))
        #expect(names.allSatisfy { !$0.hasPrefix("copying-") }, "\(identity.name): \(names)")
      }
      let clerk = stack.folder + "/clerk.json"
      #expect(
        try await stack.huying(["login", "--as", "LEVEL_CLERK@\(SmallCounty.chengguan)", "--quiet"], session: clerk)
          .exitCode == 0)
      let denied = try await stack.huying(["backup", shelf], session: clerk)
      #expect(denied.exitCode == 64 + 7 && denied.errors.contains("ROLE_NOT_ALLOWED"), "\(denied.errors)")
    }
  }
}

extension RunningStack {
  /// The sets in a folder, oldest first.
  nonisolated func sets(in shelf: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: shelf).filter { $0.hasPrefix("huying-") }.sorted().map {
      "\(shelf)/\($0)"
    }
  }

  /// SIGTERM to all, the gateway first.
  func stopAll() async throws {
    for identity in ServiceIdentity.all.reversed() { try await stop(identity) }
  }

  /// Starts all, and waits until they have seen each other.
  func startEverything() async throws {
    for identity in ServiceIdentity.all { try await start(identity) }
    try await waitUntilAllAreSeen()
  }

  /// Takes a stopped process's database away and leaves its keys.
  nonisolated func emptyData(of identity: ServiceIdentity) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: dataFolder(identity)) where name.contains(".sqlite")
    {
      try FileManager.default.removeItem(atPath: "\(dataFolder(identity))/\(name)")
    }
  }

  /// How many rows each table of each service has: what a set made for the purpose says.
  func tables() async throws -> [String: [String: Int]] {
    let shelf = "\(folder)/look-\(UUID().uuidString)"
    let made = try await huying(["backup", shelf, "-o", "json"])
    guard made.exitCode == 0 else { throw StackError("backup: \(made.errors)") }
    struct Manifest: Decodable {
      struct File: Decodable {
        var service: String
        var tables: [String: Int]
      }
      var files: [File]
    }
    let manifest = try JSONDecoder().decode(Manifest.self, from: Data(made.output.utf8))
    return Dictionary(manifest.files.map { ($0.service, $0.tables) }) { $0.merging($1) { first, _ in first } }
  }

  /// Waits until nobody writes any more: old cases have timers (identities to be destroyed, rungs) that fire in the seconds after an
  /// import, each of which others then hear of.
  func untilAtRest() async throws {
    var before: [String: [UInt8]] = [:]
    try await eventually("nothing is written any more", within: .seconds(60)) {
      try await untilRelayed()
      let now = try await heads()
      defer { before = now }
      // Timers look once a second.
      if now != before { try await Task.sleep(for: .seconds(3)) }
      return now == before
    }
  }

  /// Where each journal ends.
  func heads() async throws -> [String: [UInt8]] {
    var heads: [String: [UInt8]] = [:]
    for identity in ServiceIdentity.all.dropLast() { heads[identity.name] = try await head(of: identity).hash }
    return heads
  }
}
