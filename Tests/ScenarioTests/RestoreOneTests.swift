import Access
import DisputeContract
import FeedContract
import Foundation
import GatewayContract
import RPC
import Runtime
import TestSupport
import Testing

/// One service's file comes back from a set while the others go on: nothing is lost unseen, nothing is done twice.
extension Scenarios {
  @Test(arguments: [
    "grid-registry", "dispute", "responsibility-list", "dispatch", "performance-evaluation", "gateway",
  ])
  func `one service alone, restored from a set, meets the others again`(_ name: String) async throws {
    let identity = try #require(ServiceIdentity.all.first { $0.name == name })
    try await Scenarios.withCounty { stack in
      let shelf = stack.folder + "/shelf"
      try await importSome("early.jsonl", 40, seed: 41, on: stack)
      #expect(try await stack.huying(["backup", shelf]).exitCode == 0)
      let set = try #require(try stack.sets(in: shelf).last)
      let early = try await stack.tables()
      try await importSome("late.jsonl", 25, seed: 42, on: stack)
      let before = try await stack.tables()
      #expect(before["dispute"]?["cases"] ?? 0 != early["dispute"]?["cases"] ?? 0 || name.isEmpty || before != early)

      try await stack.stop(identity)
      try stack.emptyData(of: identity)
      let restored = try await stack.huying(
        ["restore", set, "--only", name, "--data-dir", stack.dataFolder(identity)])
      #expect(restored.exitCode == 0, "\(restored.errors)")
      try await stack.start(identity)
      try await stack.waitUntilAllAreSeen()

      let alarmed = try await stack.untilDecided(about: name)
      let lostBefore = try await stack.lost()
      #expect(lostBefore.isEmpty)
      if !alarmed.isEmpty {
        #expect(alarmed.allSatisfy { $0.alarm == "SOURCE_REWOUND" && $0.lostCount > 0 && $0.commonSeq > 0 })
        let accepted = try await stack.huying(["relay", "accept", name])
        #expect(accepted.exitCode == 0, "\(accepted.errors)")
      }
      try await stack.untilAtRest()
      try await stack.expectSoundness()
      let lost = try await stack.lost()
      #expect(lost.count == alarmed.reduce(0) { $0 + Int($1.lostCount) })
      #expect(lost.allSatisfy { $0.source == name })
      // Once accepted there is nothing more to accept.
      #expect(
        try await stack.huying(["relay", "accept", name]).output.contains("no alarm") || name == "gateway"
          || alarmed.isEmpty)

      let after = try await stack.tables()
      switch name {
      case "performance-evaluation", "gateway":
        // It only derives, or only keeps: it is what it would have been.
        #expect(
          after[name]?.filter { !$0.key.hasPrefix("inbox") } == before[name]?.filter { !$0.key.hasPrefix("inbox") })
      case "dispute", "dispatch":
        #expect(!alarmed.isEmpty, "others had heard more of it")
      default: break
      }
      // The others have not done anything twice: they know what they knew.
      let derived = ServiceIdentity.performanceEvaluation.name
      for other in ServiceIdentity.all where other.name != name && other.name != derived {
        for (table, count) in before[other.name] ?? [:] where !table.hasPrefix("inbox") && table != "journal" {
          #expect(after[other.name]?[table] ?? 0 >= count, "\(other.name).\(table)")
        }
      }
      // Who only derives has forgotten what is lost, and what is entered again is heard as new.
      #expect(after[derived]?["case_records"] == after["dispute"]?["cases"])
      if name == "dispute" {
        try await importSome("late.jsonl", 25, seed: 42, on: stack)
        try await stack.expectSoundness()
        let entered = try await stack.tables()
        #expect(entered["dispute"]?["cases"] == before["dispute"]?["cases"])
        #expect(entered[derived]?["case_records"] == entered["dispute"]?["cases"])
      }
      // Life goes on, in both directions.
      try await importSome("next.jsonl", 10, seed: 43, on: stack)
      try await stack.expectSoundness()
    }
  }

  @Test func `signing and sealing keys are rotated while the county works, and nobody is refused`() async throws {
    try await Scenarios.withCounty { stack in
      let load = try await Load(stack)
      let writers = Task { await load.run() }
      try await load.untilMore(20)
      let signing = stack.keyFolder + "/actor-signing.key"
      let old = try String(contentsOfFile: signing, encoding: .utf8)
      let sealing = stack.dataFolder(.dispute) + "/sealing.key"
      for file in [signing, sealing] {
        let rotated = try await stack.huying(["keys", "rotate", file])
        #expect(rotated.exitCode == 0, "\(rotated.errors)")
        try await load.untilMore(40)
      }
      let listed = try await stack.huying(["keys", "list", signing, sealing])
      #expect(listed.output.components(separatedBy: "seals, signs").count == 3)
      let dropped = try await stack.huying(["keys", "drop", sealing, "00000000"])
      #expect(dropped.exitCode == 64, "a sealing key is never dropped")
      // Restarted, it opens what either key has sealed.
      try await stack.stop(.dispute)
      try await stack.start(.dispute)
      try await load.untilMore(20)
      load.stop()
      await writers.value
      let desk = try await stack.desk(.hotlineOperator, of: "hotline")
      for (requestID, report) in load.acknowledged.reports {
        #expect(try await desk.cases.reportCase(Load.report(requestID)).caseRecord?.caseID == report.caseID)
      }
      // Without the new key the file is refused; with it put back it is served.
      try await stack.stop(.dispute)
      let both = try String(contentsOfFile: sealing, encoding: .utf8)
      try String(both.split(separator: "\n")[1] + "\n").write(toFile: sealing, atomically: true, encoding: .utf8)
      let refused = try await stack.tryToStart(.dispute)
      #expect(refused.exitCode == 2 && refused.errors.contains("put its line back"), "\(refused.errors)")
      try both.write(toFile: sealing, atomically: true, encoding: .utf8)
      try await stack.start(.dispute)
      #expect(try String(contentsOfFile: signing, encoding: .utf8).hasSuffix(old))
      try await stack.waitUntilAllAreSeen()
      try await stack.untilRelayed()
      try await stack.expectSoundness()
    }
  }

  private func importSome(_ name: String, _ count: Int, seed: UInt64, on stack: RunningStack) async throws {
    let file = try MessageFile(name, in: stack.folder, count: count, seed: seed)
    let result = try await stack.huying(["import", "cases", file.path])
    #expect(result.exitCode == 0, "\(result.errors)")
    // A silent agency is spoken of within a second of the import, which dispute and performance-evaluation then hear.
    try await stack.untilAtRest()
  }
}

extension RunningStack {
  /// What services have heard and their sources no longer know.
  func lost() async throws -> [GatewayV1.LostEvent] {
    try await desk(.countyIT).relay.listLostEvents(.init()).events
  }

  /// Waits until every way out of a service has caught up or stands under an alarm that names where both part; those under one.
  func untilDecided(about source: String) async throws -> [GatewayV1.RelayRoute] {
    var alarmed: [GatewayV1.RelayRoute] = []
    // A gateway that has just seen the service again may still show how it stood before: it has looked when a way was asked anew.
    try await eventually("the ways of \(source) are decided", within: .seconds(60)) {
      let routes = try await routes().filter { $0.source == source }
      var decided = 0
      alarmed = []
      for route in routes {
        guard let target = ServiceIdentity.all.first(where: { $0.name == route.target }),
          let own = ServiceIdentity.all.first(where: { $0.name == source })
        else { continue }
        let position = try await position(of: target, on: own)
        let head = try await head(of: own)
        if route.state == .alarm, route.commonSeq > 0 {
          alarmed.append(route)
          decided += 1
        } else if route.state == .caughtUp, position.seq == head.seq, position.eventID == head.eventID {
          decided += 1
        }
      }
      return decided == routes.count
    }
    return alarmed
  }
}
