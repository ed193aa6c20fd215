import Access
import DisputeContract
import Foundation
import GridRegistryContract
import RPC
import Runtime
import TestSupport
import Testing

/// A1 (D§5) as people at three desks live it: from the terminal, through the gateway, on the county's clock.
extension Scenarios {
  @Test func `A1 grids are divided anew, from the terminal`() async throws {
    try await Scenarios.withDrivenCounty(at: "2020-02-10 09:00") { stack in
      let terminal = GridTerminal(stack: stack)
      try terminal.writeLegacyGrids()
      try await terminal.login("GRID_CENTRE@grid-centre", "person-0010")
      let brought = try await terminal.run("grid", "import", terminal.grids, "--units", terminal.units)
      #expect(brought.output.contains("不属于任何网格的单元：e"), "\(brought.output)\(brought.errors)")
      #expect(try await terminal.run("grid", "report", "--township", "379922200000").exitCode == 1)
      let before = try await terminal.count()
      try await stack.untilRelayed()
      let member = try await stack.desk(.hotlineOperator, of: "hotline")
      let older = try await member.cases.reportCase(
        .init(
          requestID: requestID(), kind: .dispute, complexity: .general, discovery: .hotline, gridID: "b17",
          title: "邻里排水", narrative: "屋檐水流入邻居院内")
      ).caseRecord

      try await terminal.login("LEVEL_CLERK@center-379922200000", "person-0106")
      let b17 = "379922200001U101"
      _ = try await terminal.run(
        "plan", "draft", "--id", "b17-1", "--title", "B-17拆分", "--township", "379922200000", "--from", "2020-03-01")
      _ = try await terminal.run("plan", "split", "b17-1", b17, "--into", "甲网格=a,b", "--into", "乙网格=c,d")
      try await terminal.login("TOWNSHIP_LEADER@town-379922200000", "person-0103")
      let refused = try await terminal.run("plan", "submit", "b17-1")
      #expect(refused.exitCode == 73)
      for reason in ["HOUSEHOLDS_OUT_OF_RANGE", "UNIT_IN_NO_GRID", "UNIT_IN_TWO_GRIDS"] {
        #expect(refused.errors.contains(reason), "\(refused.errors)")
      }
      #expect(refused.errors.contains("城区网格应为300至500户"))
      try await terminal.login("LEVEL_CLERK@center-379922200000", "person-0106")
      _ = try await terminal.run("plan", "unchange", "b17-1", "1")
      try await terminal.draft("b17-1", b17, first: "a,c", second: "b,d")
      let checked = try await terminal.run("plan", "check", "b17-1")
      #expect(checked.exitCode == 0 && checked.output.contains("检查通过"), "\(checked.output)\(checked.errors)")
      // A second plan on the same grid, approved before the first is in effect.
      _ = try await terminal.run(
        "plan", "draft", "--id", "b17-2", "--title", "B-17另案", "--township", "379922200000", "--from", "2020-03-02")
      try await terminal.draft("b17-2", b17, first: "a,d", second: "b,c")
      try await terminal.login("TOWNSHIP_LEADER@town-379922200000", "person-0103")
      #expect(try await terminal.run("plan", "submit", "b17-1").exitCode == 0)
      #expect(try await terminal.run("plan", "submit", "b17-2").exitCode == 0)
      try await terminal.login("GRID_CENTRE@grid-centre", "person-0106")
      let author = try await terminal.run("plan", "approve", "b17-1")
      #expect(author.exitCode == 73 && author.errors.contains("APPROVER_IS_AUTHOR"))
      try await terminal.login("GRID_CENTRE@grid-centre", "person-0010")
      #expect(try await terminal.run("plan", "approve", "b17-1").exitCode == 0)
      #expect(try await terminal.run("plan", "approve", "b17-2").exitCode == 0)

      try await stack.advance(to: "2020-03-01 00:00:01")
      #expect(try await terminal.count() == before + 1)
      let old = try await terminal.run("grid", "show", b17)
      #expect(old.output.contains("已变更") && old.output.contains("现由以下网格接替"), "\(old.output)")
      let lineage = try await terminal.run("grid", "lineage", b17)
      #expect(lineage.output.contains("拆分") && lineage.output.contains("379922200001U104"))
      for code in ["379922200001U104", "379922200001U105"] {
        let grid = try await terminal.run("grid", "show", code)
        #expect(grid.output.contains("户数 310") && grid.output.contains("生效"), "\(grid.output)")
      }
      try await stack.advance(to: "2020-03-02 00:00:01")
      let blocked = try await terminal.run("plan", "show", "b17-2")
      #expect(blocked.output.contains("已中止") && blocked.output.contains("该网格不在生效状态"), "\(blocked.output)")
      let clean = try await terminal.run("grid", "report", "--township", "379922200000")
      #expect(clean.exitCode == 0 && clean.output.contains("覆盖 100.00%"), "\(clean.output)")
      try await stack.untilRelayed()
      let clerk = try await stack.desk(.levelClerk, of: "center-379922200000", person: "person-0106")
      let unmoved = try await clerk.cases.getCase(.init(key: .caseID(older?.caseID ?? ""))).caseRecord
      #expect(unmoved?.gridID == "b17")
      try await stack.expectSoundness()
    }
  }
}

/// Somebody at a terminal, speaking Chinese.
private struct GridTerminal {
  let stack: RunningStack
  let session = NSTemporaryDirectory() + "/huying-grid-session-\(UUID().uuidString.prefix(8)).json"
  let grids = NSTemporaryDirectory() + "/huying-grids-\(UUID().uuidString.prefix(8)).csv"
  let units = NSTemporaryDirectory() + "/huying-units-\(UUID().uuidString.prefix(8)).csv"

  func login(_ role: String, _ person: String) async throws {
    let result = try await run("login", "--as", role, "--person", person, "--quiet")
    #expect(result.exitCode == 0, "\(result.errors)")
  }

  func run(_ arguments: String...) async throws -> CommandResult {
    let target = arguments[0] == "login" ? ["--target", await stack.target(.gateway)] : []
    return try await stack.huying(arguments + target + ["--lang", "zh"], session: session)
  }

  /// Split, gap and overlap mended.
  func draft(_ plan: String, _ grid: String, first: String, second: String) async throws {
    _ = try await run("plan", "split", plan, grid, "--into", "甲网格=\(first)", "--into", "乙网格=\(second)")
    _ = try await run("plan", "move", plan, "e", "--to", "379922200001U102")
    let moved = try await run("plan", "move", plan, "f", "--out-of", "379922200001U103")
    #expect(moved.exitCode == 0, "\(moved.errors)")
  }

  func count() async throws -> Int {
    let result = try await run("grid", "count", "--township", "379922200000")
    let line = result.output.split(separator: "\n").first { $0.hasPrefix("共") } ?? ""
    return Int(line.filter(\.isNumber)) ?? -1
  }

  func writeLegacyGrids() throws {
    func row(_ id: String, _ number: Int, _ units: [(String, Int)]) -> String {
      let list = units.map { "\($0.0):HOUSEHOLD_BLOCK:\($0.0)片:\($0.1)" }.joined(separator: ";")
      let households = units.reduce(0) { $0 + $1.1 }
      return
        "\(id),379922200001U\(number),\(id)网格,URBAN,community-379922200-01,379922200001,\(households),0,,,,,2019-01-01,\(list)"
    }
    let heading =
      "grid_id,grid_code,name,grid_type,org_id,area_code,household_count,population_count,natural_villages,subject_type,"
      + "host_org_id,party_org_id,effective_from_date,units"
    let rows = [
      row("b17", 101, [("a", 170), ("b", 160), ("c", 140), ("d", 150)]), row("x", 102, [("x1", 350), ("f", 30)]),
      row("y", 103, [("y1", 320), ("f", 30)]),
    ]
    try ([heading] + rows).joined(separator: "\n").write(toFile: grids, atomically: true, encoding: .utf8)
    try "unit_id,kind,name,area_code,household_count\ne,HOUSEHOLD_BLOCK,e片,379922200001,20\n"
      .write(toFile: units, atomically: true, encoding: .utf8)
  }
}
