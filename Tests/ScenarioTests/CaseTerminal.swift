import Foundation
import RPC
import Runtime
import TestSupport
import Testing

/// A case at the terminal, by people who have never seen a proto file.
extension Scenarios {
  @Test func `A2 S06 M02 huying case: from the report to the closing, and what may come next is said`() async throws {
    try await Scenarios.withCounty { stack in
      let member = Seat(stack, "GRID_MEMBER@village-379922001201", "person-0144")
      let help = try await stack.huying(["case", "--help", "--lang", "zh"])
      #expect(help.exitCode == 0 && help.output.contains("一件普通纠纷，网格员自己办结"), "\(help.errors)")

      let reported = try await member.take([
        "report", "--grid", "grid-379922001201R001", "--title", "屋檐水流入邻居院内", "--party", "王某某=13900000000",
      ])
      let number = try #require(reported.split(separator: " ").first.map(String.init))
      #expect(reported.contains("已上报") && reported.contains("您接下来可以"), "\(reported)")
      #expect(reported.contains("huying case self-handle \(number)"), "\(reported)")
      _ = try await member.take(["self-handle", number])
      _ = try await member.take(["attempt", number, "--result", "success", "--text", "双方同意改管道"])
      _ = try await member.take(["settle", number, "--agreement", "on-spot", "--text", "本周内改好"])
      let bare = try await member.run(["close", number])
      #expect(bare.exitCode == 64 + 9 && bare.errors.contains("CLOSURE_INCOMPLETE"), "\(bare.errors)")
      let may = try await member.take(["may", number])
      #expect(may.contains("登记结案"), "\(may)")
      let closed = try await member.take([
        "close", number, "--result", "SOLVED", "--authority", "mediation", "--notified", "--satisfaction", "satisfied",
      ])
      #expect(closed.contains("已结案"), "\(closed)")
      _ = try await member.take(["follow-up", number, "--performed", "--text", "已改好"])
      let shown = try await member.take(["show", number])
      #expect(shown.contains("王＊＊") && !shown.contains("13900000000"), "\(shown)")
      let revealed = try await member.take(["reveal", number, "--purpose", "回访"])
      #expect(revealed.contains("13900000000"), "\(revealed)")
      let timeline = try await member.take(["timeline", number])
      #expect(timeline.contains("followup.recorded") && timeline.contains("personal_fields.read"), "\(timeline)")
      let wrong = try await member.run(["attempt", number, "--result", "perhaps"])
      #expect(wrong.exitCode == 64 && wrong.errors.contains("success"), "\(wrong.errors)")

      // A matter goes the same way without agreement and consent.
      let matter = try #require(
        try await member.take([
          "report", "--grid", "grid-379922001201R001", "--kind", "matter", "--title", "道路设施损坏", "--discovery", "patrol",
        ]).split(separator: " ").first.map(String.init))
      _ = try await member.take(["self-handle", matter])
      _ = try await member.take(["attempt", matter, "--result", "success", "--text", "已修好"])
      _ = try await member.take(["settle", matter, "--text", "已修好"])
      _ = try await member.take(["close", matter, "--result", "SOLVED", "--authority", "own-power", "--notified"])
      // What is not ordinary is not the grid member's own.
      let group = try #require(
        try await member.take([
          "report", "--grid", "grid-379922001201R001", "--flag", "group", "--title", "多户反映排水",
        ]).split(separator: " ").first.map(String.init))
      let refused = try await member.run(["self-handle", group])
      #expect(refused.exitCode == 64 + 9 && refused.errors.contains("NOT_GENERAL"), "\(refused.errors)")
      // Both closed cases count, and are too few to be ranked by.
      let score = try await Seat(stack, "COUNTY_ADMIN@county-gov", "person-0001").takes(["score", "--wait"])
      #expect(score.contains("未排名") && score.contains("K03 100.00% (n=2)"), "\(score)")
      // The grid's own numbers; the group's case is reported, not closed.
      let lead = Seat(stack, "GRID_LEAD@village-379922001201", "person-0144")
      let ours = try await lead.takes(["score", "--grid", "379922001201R001"])
      #expect(ours.contains("大林村网格"), "\(ours)")
      let lines = ours.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true) }
      func line(_ code: String) -> [String] { lines.first { $0.first == code[...] }?.map(String.init) ?? [] }
      #expect(line("K04").contains("2/2") && line("K04").last == "未排名，暂定", "\(ours)")
      #expect(line("K06").contains("3/3") && line("K06").last == "未排名", "\(ours)")
      let why = try await lead.takes(["score", "--grid", "379922001201R001", "--explain", "k04"])
      #expect(why.contains(number) && why.contains(matter) && !why.contains(group), "\(why)")
      let json = try await lead.takes(["score", "--grid", "379922001201R001", "-o", "json"])
      #expect(json.contains("\"indicatorCode\":\"K04\""), "\(json)")
      let none = try await lead.huying(["score", "--grid", "379922001203R001"])
      #expect(none.exitCode == 64 + 5 && none.errors.contains("还没有任何案件"), "\(none.errors)")
      try await stack.expectSoundness()
    }
  }

  @Test func `A3 M01 M03 huying case: accepted, failed, sent up, received and given down at the terminal`() async throws
  {
    try await Scenarios.withCounty { stack in
      let village = Seat(stack, "LEVEL_CLERK@village-room-379922001201", "person-0122")
      let community = Seat(stack, "LEVEL_CLERK@community-room-379922001-34", "person-0100")
      let reported = try await village.take([
        "report", "--grid", "grid-379922001201R001", "--complexity", "complex", "--title", "宅基地边界", "--party", "李某某",
        "--discovery", "citizen",
      ])
      let number = try #require(reported.split(separator: " ").first.map(String.init))
      _ = try await village.take(["accept", number, "--responsible", "person-0122"])
      _ = try await village.take(["start", number, "--no-conflict", "--rights-told", "--consent", "P1"])
      let early = try await village.run(["escalate", number])
      #expect(early.exitCode == 64 + 9 && early.errors.contains("NO_FAILED_ATTEMPT_AT_LEVEL"), "\(early.errors)")
      _ = try await village.take(["attempt", number, "--result", "failed", "--failure", "各执一词"])
      _ = try await village.take(["escalate", number, "--reason", "调解不成"])
      _ = try await community.take(["receive", number, "--responsible", "person-0100"])
      _ = try await community.take([
        "study", number, "--attended", "person-0100", "--route", "mediate-here", "--text", "本级调解",
      ])
      let down = try await community.take(["return-down", number, "--reason", "再调解一次"])
      #expect(down.contains("village-room-379922001201") && down.contains("person-0122"), "\(down)")
      let list = try await village.take(["list", "--org", "village-room-379922001201"])
      #expect(list.contains(number) && list.contains("已受理"), "\(list)")
      try await stack.expectSoundness()
    }
  }
}

/// Somebody at a terminal of their own, in Chinese.
struct Seat {
  private let stack: RunningStack
  private let identity: String
  private let person: String
  private let session = "\(NSTemporaryDirectory())/huying-seat-\(UUID().uuidString.prefix(8)).json"

  init(_ stack: RunningStack, _ identity: String, _ person: String) {
    self.stack = stack
    self.identity = identity
    self.person = person
  }

  /// `huying case …`, however it ends.
  func run(_ arguments: [String]) async throws -> CommandResult { try await huying(["case"] + arguments) }

  /// The same, which has to go well.
  func take(_ arguments: [String]) async throws -> String { try await takes(["case"] + arguments) }

  /// `huying …`, however it ends.
  func huying(_ arguments: [String]) async throws -> CommandResult {
    if !FileManager.default.fileExists(atPath: session) {
      let login = try await stack.huying(
        ["login", "--as", identity, "--person", person, "--quiet"], session: session)
      guard login.exitCode == 0 else { throw StackError("login: \(login.errors)") }
    }
    return try await stack.huying(arguments + ["--lang", "zh"], session: session)
  }

  /// The same, which has to go well.
  func takes(_ arguments: [String]) async throws -> String {
    let result = try await huying(arguments)
    #expect(result.exitCode == 0, "\(arguments): \(result.output)\(result.errors)")
    return result.output
  }
}
