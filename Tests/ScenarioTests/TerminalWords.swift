import Foundation
import Runtime
import TestSupport
import Testing
import Wire

/// What an operator needs besides the case itself, by words of `huying` alone, in Chinese.
extension Scenarios {
  @Test func `S05 S08 huying case search, duplicates, merge; huying alert: what is found, and what is warned of`()
    async throws
  {
    try await Scenarios.withCounty { stack in
      let member = Seat(stack, "GRID_MEMBER@village-379922001201", "person-0144")
      let clerk = Seat(stack, "LEVEL_CLERK@village-room-379922001201", "person-0122")
      let centre = Seat(stack, "LEVEL_CLERK@center-379922001000", "person-0083")
      let grid = "grid-379922001201R001"

      func report(_ title: String, _ text: String) async throws -> (number: String, said: String) {
        let said = try await member.take([
          "report", "--grid", grid, "--title", title, "--text", text, "--party", "王某某=13900000000", "--against-org",
          "沭安某物业公司",
        ])
        return (try #require(said.split(separator: " ").first.map(String.init)), said)
      }
      let first = try await report("屋檐水流入邻居院内", "雨天屋檐水流进院子，墙根泡软")
      let second = try await report("屋檐水流进邻居院子", "雨天屋檐水流入院内，墙根泡软")
      #expect(second.said.contains("可能与 \(first.number) 是同一件事"), "\(second.said)")
      let third = try await report("路灯不亮", "村口路灯坏了三天")

      let found = try await clerk.take(["search", "鄰居"])
      #expect(found.contains(first.number) && found.contains(second.number), "\(found)")
      #expect(!found.contains(third.number), "\(found)")
      #expect(Self.isAligned(found), "\(found)")
      let both = try await clerk.take(["search", "屋檐 路灯"])
      #expect(both.contains("没有找到案件"), "\(both)")
      let watched = try await Seat(stack, "DPO@county-gov", "person-0004").take(["searches", "--purpose", "季度检查"])
      #expect(watched.contains("鄰居") && watched.contains("person-0122"), "\(watched)")

      let similar = try await clerk.take(["duplicates", second.number])
      #expect(similar.contains(first.number) && similar.contains("很可能"), "\(similar)")
      #expect(similar.contains("huying case merge \(second.number) --into \(first.number)"), "\(similar)")
      let merged = try await clerk.take(["merge", second.number, "--into", first.number, "--reason", "同一件事"])
      #expect(merged.contains("已并案"), "\(merged)")
      let apart = try await clerk.take(["unmerge", second.number, "--reason", "并非同一件事"])
      #expect(apart.contains("已上报"), "\(apart)")

      // The third case with the same respondent organisation.
      let warnings = try await centre.takes(["alert", "list", "--state", "open"])
      #expect(warnings.contains("同一单位第三件") && warnings.contains("待签收"), "\(warnings)")
      #expect(Self.isAligned(warnings), "\(warnings)")
      let early = try await centre.huying(["alert", "act", "last", "--ref", third.number])
      #expect(early.exitCode == 64 + 9 && early.errors.contains("ILLEGAL_TRANSITION"), "\(early.errors)")
      let acknowledged = try await centre.takes(["alert", "ack", "last"])
      #expect(acknowledged.contains("已签收"), "\(acknowledged)")
      let json = try JSONValue(parsing: try await centre.takes(["alert", "list", "-o", "json"]))
      #expect(json["state"] == .string("STATE_ACKNOWLEDGED"))
      let none = try await centre.huying(["alert", "dismiss", "nothing-like-it", "--reason", "不实"])
      #expect(none.exitCode == 64 + 5, "\(none.errors)")
      let dismissed = try await centre.takes(["alert", "dismiss", "last", "--reason", "三件互不相关"])
      #expect(dismissed.contains("已排除"), "\(dismissed)")
      let again = try await centre.huying(["alert", "act", "last", "--ref", third.number])
      #expect(again.errors.contains("ILLEGAL_TRANSITION"), "\(again.errors)")
      try await stack.expectSoundness()
    }
  }

  @Test func `S02 S03 S04 S05 huying screening: a plan, a round, a visit that finds something, what was left out`()
    async throws
  {
    try await Scenarios.withDrivenCounty(at: "2021-01-20 09:00") { stack in
      let member = Seat(stack, "GRID_MEMBER@village-379922001201", "person-0144")
      let centre = Seat(stack, "LEVEL_CLERK@center-379922001000", "person-0083")
      let (grid, other) = ("grid-379922001201R001", "grid-379922001001U001")
      let plan = try await centre.takes([
        "screening", "plan", "--org", "center-379922001000", "--every", "URBAN=7", "--every", "rural=14",
      ])
      #expect(plan.contains("城区") && plan.contains("14"), "\(plan)")
      let wrong = try await centre.huying(["screening", "plan", "--org", "center-379922001000", "--every", "URBAN"])
      #expect(wrong.exitCode == 64 && wrong.errors.contains("URBAN=7"), "\(wrong.errors)")

      let opened = try await centre.takes([
        "screening", "open", "--org", "center-379922001000", "--name", "节前排查", "--from", "2021-01-20", "--to",
        "2021-02-08",
        "--grid", grid, "--grid", other,
      ])
      #expect(opened.contains("节前排查") && opened.contains("进行中"), "\(opened)")
      let foreign = try await member.huying([
        "screening", "visit", grid, "--unit", "nowhere", "--households", "3", "--round", "last",
      ])
      #expect(foreign.exitCode == 64 + 9 && foreign.errors.contains("UNIT_NOT_OF_GRID"), "\(foreign.errors)")
      let visit = try await member.takes([
        "screening", "visit", grid, "--unit", "379922001201R001-1", "--households", "351", "--round", "last",
        "--text", "入户走访", "--found", "楼道堆放杂物",
      ])
      #expect(visit.contains("已登记走访") && visit.contains("DJ-") && visit.contains("已上报"), "\(visit)")
      let coverage = try await centre.takes(["screening", "coverage", "--round", "last"])
      #expect(coverage.contains("（1/3 个单元"), "\(coverage)")
      #expect(coverage.contains("未走访的单元") && coverage.contains("从未"), "\(coverage)")
      let ledger = try await member.takes(["screening", "ledger", grid])
      #expect(ledger.contains("共 1 件，未结 1"), "\(ledger)")
      #expect(Self.isAligned(String(ledger.drop { $0 != "\n" }.dropFirst())), "\(ledger)")
      let closed = try await centre.takes(["screening", "close", "last", "--report", "走访一半，发现一件"])
      #expect(closed.contains("已结束") && closed.contains("33.33%"), "\(closed)")
      let twice = try await centre.huying(["screening", "close", "last", "--report", "再来"])
      #expect(twice.exitCode == 64 + 9 && twice.errors.contains("ILLEGAL_TRANSITION"), "\(twice.errors)")
      let rounds = try JSONValue(parsing: try await centre.takes(["screening", "rounds", "-o", "json"]))
      #expect(rounds["state"] == .string("STATE_CLOSED") && rounds["name"] == .string("节前排查"))
      try await stack.expectSoundness()
    }
  }

  @Test func `huying right: a party sees, corrects and withdraws; another person answers, with a reason if it is no`()
    async throws
  {
    try await Scenarios.withCounty { stack in
      let clerk = Seat(stack, "LEVEL_CLERK@village-room-379922001201", "person-0122")
      let leader = Seat(stack, "TOWNSHIP_LEADER@town-379922001000", "person-0080")
      let number = try #require(
        try await clerk.take([
          "report", "--grid", "grid-379922001201R001", "--title", "邻里排水", "--party", "王某某=13900000000",
        ]).split(separator: " ").first.map(String.init))

      func request(_ kind: String, _ more: String...) async throws -> String {
        try await clerk.takes(
          ["right", "request", number, "--party", "P1", "--kind", kind, "--identity", "ID_CARD"] + more)
      }
      let asked = try await request("access")
      #expect(asked.contains("查阅") && asked.contains("待答复") && Self.isAligned(asked), "\(asked)")
      let own = try await clerk.huying(["right", "grant", "last"])
      #expect(own.exitCode != 0, "\(own.output)")
      let granted = try await leader.takes(["right", "grant", "last"])
      #expect(granted.contains("已同意") && granted.contains("王某某") && granted.contains("13900000000"), "\(granted)")
      _ = try await request("correction", "--phone", "13900000001")
      #expect(try await leader.takes(["right", "grant", "last"]).contains("已同意"))
      _ = try await request("deletion")
      let still = try await leader.huying(["right", "grant", "last"])
      #expect(still.exitCode == 64 + 9 && still.errors.contains("CASE_NOT_ENDED"), "\(still.errors)")
      #expect(try await leader.takes(["right", "refuse", "last", "--reason", "案件尚在办理"]).contains("已拒绝"))
      _ = try await request("access")
      #expect(try await clerk.takes(["right", "withdraw", "last"]).contains("已撤回"))
      let open = try await leader.takes(["right", "list", "--state", "open"])
      #expect(open.contains("没有请求"), "\(open)")
      let all = try await leader.takes(["right", "list", "-o", "json"]).split(separator: "\n").map {
        try JSONValue(parsing: String($0))["state"]
      }
      let names = ["WITHDRAWN", "REFUSED", "GRANTED", "GRANTED"]
      #expect(all == names.map { .string("STATE_" + $0) })
      let officer = Seat(stack, "DPO@county-gov", "person-0004")
      #expect(try await officer.takes(["right", "sweep", "--purpose", "年度清理"]).contains("清除比对键 0 件"))
      let revealed = try await clerk.take(["reveal", number, "--purpose", "回访"])
      #expect(revealed.contains("13900000001"), "\(revealed)")
      try await stack.expectSoundness()
    }
  }

  @Test func `P01 P02 P03 P04 P05 P08 P09 huying member, training, capability: into the team`() async throws {
    try await Scenarios.withDrivenCounty(at: "2020-03-10 09:00") { stack in
      let county = Seat(stack, "GRID_CENTRE@grid-centre", "person-0010")
      let community = Seat(stack, "LEVEL_CLERK@community-379922001-01", "clerk")
      let centre = Seat(stack, "LEVEL_CLERK@center-379922001000", "person-0083")
      let course = try await county.takes([
        "training", "course", "basic", "--name", "全科网格员培训", "--competence", "全科基础",
      ])
      #expect(course.contains("全科基础") && course.contains("60"), "\(course)")
      let team = Team(community: community, centre: centre)

      let first = try await team.nominate("person-0138")
      let other = try await team.nominate("person-0139")
      let reserved = try await centre.takes(["member", "reserve", other, "--exam", "85", "--years", "3"])
      #expect(reserved.contains("储备"), "\(reserved)")
      let rank = try await centre.takes(["member", "rank", "379922001000"])
      #expect(rank.contains(other) && Self.isAligned(rank), "\(rank)")
      let trained = try await centre.takes(["member", "train", first, "--course", "basic"])
      #expect(trained.contains("培训"), "\(trained)")
      let uncertified = try await centre.huying(["member", "appoint", first, "--grid", "379922001001U001"])
      #expect(uncertified.exitCode == 64 + 9 && uncertified.errors.contains("CERTIFICATE_MISSING"))
      let session = try await team.examine(["person-0138=85", "person-0139=59"])
      let shown = try await centre.takes(["training", "session", session])
      #expect(shown.contains("85") && shown.contains("59"), "\(shown)")
      #expect(try await centre.takes(["training", "certificates", "person-0139"]).contains("没有证书"))
      let expiring = try await centre.takes(["training", "expiring", "--until", "2022-03-31"])
      #expect(expiring.contains("person-0138") && expiring.contains("2022-03-10"), "\(expiring)")

      let before = try await centre.takes(["member", "vacancies", "--township", "379922001000"])
      #expect(before.contains("grid-379922001001U001"), "\(before)")
      let appointed = try await centre.takes(["member", "appoint", first, "--grid", "379922001001U001"])
      #expect(appointed.contains("在岗") && appointed.contains("您接下来可以"), "\(appointed)")
      #expect(appointed.contains("huying member coach \(first)"), "\(appointed)")
      let after = try await centre.takes(["member", "vacancies", "--township", "379922001000"])
      #expect(!after.contains("grid-379922001001U001 "), "\(after)")
      _ = try await centre.takes(["member", "assign", first, "--grid", "379922001001U002", "--deputy"])
      let given = try await centre.takes(["member", "give-back", first, "--grid", "379922001001U002"])
      #expect(given.contains("U001") && !given.contains("U002（"), "\(given)")
      #expect(try await centre.takes(["member", "vacancy", "379922001001U003"]).contains("协助"))
      let lead = try await centre.takes(["member", "grade", first, "lead", "--reason", "业务过硬"])
      #expect(lead.contains("网格长"), "\(lead)")

      let until = try await centre.takes([
        "member", "suspend", first, "--reason", "配合调查", "--until", "2020-03-20",
      ])
      #expect(until.contains("停职"), "\(until)")
      #expect(try await centre.takes(["member", "resume", first]).contains("在岗"))
      _ = try await centre.takes(["member", "suspend", first, "--reason", "配合调查", "--until", "2020-03-20"])
      try await stack.advance(to: "2020-03-20 09:00")
      let steps = try await centre.takes(["member", "show", first])
      #expect(steps.contains("resume") && steps.contains("SYSTEM"), "\(steps)")
      #expect(try await centre.takes(["member", "drop", other, "--reason", "本人退出"]).contains("已离任"))
      let third = try await centre.huying([
        "member", "import", try team.legacyFile("person-0140", "person-0141"), "--source", "2019",
      ])
      #expect(third.exitCode == 64 + 7, "\(third.errors)")
      let brought = try await county.takes([
        "member", "import", try team.legacyFile("person-0140", "person-0141"), "--source", "2019",
      ])
      #expect(brought.contains("新增 2，已有 0，拒绝 0"), "\(brought)")
      #expect(
        try await county.takes([
          "member", "import", try team.legacyFile("person-0140", "person-0141"), "--source", "2019",
        ]).contains("新增 0，已有 2"))
      let statistics = try await centre.takes(["member", "statistics", "--township", "379922001000", "--months", "1"])
      #expect(statistics.contains("2020-03-20") && statistics.contains("33.33%"), "\(statistics)")

      let lines = try await county.takes(["capability", "lines"])
      #expect(lines.split(separator: "\n").count == 2 + 7, "\(lines)")
      #expect(try await county.takes(["capability", "line", "SANITATION", "--name", "环卫"]).contains("环卫"))
      let gap = try await centre.takes(["capability", "matrix", "379922001000", "--gaps"])
      #expect(gap.contains("环卫") && gap.contains("联络人和持证网格员"), "\(gap.prefix(900))")
      let liaison = try await centre.takes([
        "capability", "liaison", "SANITATION", "person-0138", "--grid", "379922001001U001",
      ])
      #expect(liaison.contains("person-0138"), "\(liaison)")
      let matrix = try await centre.takes(["capability", "matrix", "379922001000"])
      #expect(matrix.contains("无持证") && Self.isAligned(matrix), "\(matrix.prefix(900))")
      let id = try #require(
        try await centre.takes(["capability", "liaisons", "-o", "json"]).split(separator: "\n").compactMap {
          try JSONValue(parsing: String($0))["liaisonId"]?.text
        }.first)
      #expect(try await centre.takes(["capability", "end", id]).contains("2020-03-20"))
      try await stack.expectSoundness()
    }
  }

  @Test func `P06 P07 huying member: coached, proposed, heard, handed over, decided by another, reinstated`()
    async throws
  {
    try await Scenarios.withDrivenCounty(at: "2020-03-10 09:00") { stack in
      let county = Seat(stack, "GRID_CENTRE@grid-centre", "person-0010")
      let centre = Seat(stack, "LEVEL_CLERK@center-379922001000", "person-0083")
      let own = Seat(stack, "GRID_MEMBER@community-379922001-01", "person-0138")
      let team = Team(community: Seat(stack, "LEVEL_CLERK@community-379922001-01", "clerk"), centre: centre)
      #expect(
        try await county.takes([
          "member", "import", try team.legacyFile("person-0138", "person-0140"), "--source", "2019",
        ]).contains("新增 2"))
      let (first, second) = ("member-a", "member-b")
      let failed = try await centre.takes([
        "member", "coach", second, "--evaluation", "2020Q1", "--reason", "走访不足",
      ])
      #expect(failed.contains("帮扶"), "\(failed)")
      let low = try await centre.huying(["member", "recover", second, "--evaluation", "2020Q2", "--score", "59"])
      #expect(low.exitCode == 64 + 9 && low.errors.contains("EVALUATION_BELOW_PASS"), "\(low.errors)")
      #expect(
        try await centre.takes(["member", "recover", second, "--evaluation", "2020Q2", "--score", "60"]).contains("在岗"))

      _ = try await centre.takes(["member", "coach", first, "--evaluation", "2020Q1", "--reason", "走访不足"])
      let proposal = [
        "member", "propose", first, "--suggestion", "S-1", "--standard", "考核办法第七条", "--evidence", "2020Q1", "--text",
        "连续不合格",
      ]
      #expect(try await centre.takes(proposal).contains("拟调出"))
      #expect(try await centre.takes(["member", "withdraw", first, "--reason", "材料不全"]).contains("帮扶"))
      _ = try await centre.takes(proposal)
      let mine = try await own.takes(["member", "actions", first])
      #expect(mine.contains("本人陈述") && mine.contains("statement M --text"), "\(mine)")
      #expect(try await own.takes(["member", "statement", first, "--text", "本人因病请假两周"]).contains("拟调出"))
      try await stack.untilRelayed()
      let early = try await county.huying(["member", "decide", first, "move-out", "--reason", "情况属实"])
      #expect(early.exitCode == 64 + 9 && early.errors.contains("STATEMENT_PERIOD_RUNNING"), "\(early.errors)")
      #expect(try await county.takes(["member", "decide", first, "refuse", "--reason", "请假属实"]).contains("帮扶"))
      let texts = try await county.takes(["member", "texts", first, "--purpose", "复核"])
      for text in ["走访不足", "材料不全", "本人因病请假两周", "请假属实"] { #expect(texts.contains(text), "\(texts)") }

      _ = try await centre.takes(proposal)
      #expect(try await centre.takes(["member", "hand-over", first, "--to", second]).contains("拟调出"))
      try await stack.advance(to: "2020-03-18 09:00")
      // What dispute has written by then is heard of a moment later.
      try await eventually("the open cases are known") {
        try await !county.takes(["member", "actions", first]).contains("超过一小时未更新")
      }
      let out = try await county.takes(["member", "decide", first, "move-out", "--reason", "情况属实"])
      #expect(out.contains("已调出"), "\(out)")
      let back = try await county.takes([
        "member", "reinstate", first, "--objection", "Y-3", "--grid", "379922001001U001",
      ])
      #expect(back.contains("在岗") && back.contains("U001"), "\(back)")
      let unretired = try await centre.huying(["member", "release", first])
      #expect(unretired.exitCode == 64 + 9 && unretired.errors.contains("GRID_NOT_RETIRED"), "\(unretired.errors)")
      #expect(try await centre.takes(["member", "leave", second, "--reason", "调县直单位"]).contains("已离任"))
      let listed = try await centre.takes(["member", "list", "--state", "left", "--township", "379922001000"])
      #expect(listed.contains(second) && !listed.contains(first) && Self.isAligned(listed), "\(listed)")
      try await stack.expectSoundness()
    }
  }

  /// Every row of a table fills exactly the columns of its rule, whatever script stands in them.
  static func isAligned(_ text: String) -> Bool {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let rule = lines.firstIndex(where: { $0.hasPrefix("─") }), rule > 0 else { return false }
    var starts: [Int] = []
    var column = 0
    for part in lines[rule].split(separator: " ", omittingEmptySubsequences: true) {
      starts.append(column)
      column += part.count + 2
    }
    // What stands right before a column's beginning is the gap between two columns.
    return lines[(rule - 1)...].prefix { !$0.isEmpty }.allSatisfy { line in
      let cells = Self.cells(line)
      return line.hasPrefix("您") || line.hasPrefix("  ")
        || starts.dropFirst().allSatisfy { start in
          start - 2 >= cells.count || (cells[start - 1] == " " && cells[start - 2] == " ")
        }
    }
  }

  /// The characters of a line by terminal column; what is two columns wide stands twice.
  private static func cells(_ line: String) -> [Character] {
    line.flatMap { character -> [Character] in
      let isWide = character.unicodeScalars.contains { (0x2E80...0xFFE6).contains($0.value) }
      return isWide ? [character, character] : [character]
    }
  }
}

/// People who bring others into the team.
private struct Team {
  let community: Seat
  let centre: Seat

  /// The new member's id.
  func nominate(_ person: String) async throws -> String {
    let answer = try await community.takes(["member", "nominate", person, "-o", "json"])
    return try #require(try JSONValue(parsing: answer)["memberId"]?.text)
  }

  /// Holds a session of the basic course on the day of the story, and examines those who came. The session's id.
  func examine(_ results: [String]) async throws -> String {
    let scheduled = try await centre.takes([
      "training", "schedule", "basic", "--on", "2020-03-10", "--place", "党校", "-o", "json",
    ])
    let session = try #require(try JSONValue(parsing: scheduled)["sessionId"]?.text)
    let persons = results.map { String($0.prefix { $0 != "=" }) }
    _ = try await centre.takes(["training", "attend", session] + persons)
    let certified = try await centre.takes(["training", "exam", session] + results)
    #expect(certified.contains("全科基础"), "\(certified)")
    return session
  }

  /// Two members as a county had them before.
  func legacyFile(_ first: String, _ second: String) throws -> String {
    let path = NSTemporaryDirectory() + "/huying-team-\(UUID().uuidString.prefix(8)).csv"
    let rows = [
      "member_id,person_id,grid_id,post,from_date,grade",
      "member-a,\(first),379922001001U004,PRIMARY,2019-01-01,MEMBER",
      "member-b,\(second),379922001001U005,PRIMARY,2019-01-01,LEAD",
    ]
    try rows.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }
}
