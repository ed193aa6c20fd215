import Access
import CommonContract
import DisputeContract
import GridRegistryContract
import Kernel
import Runtime
import TestSupport
import Testing
import WireTypes

/// The clocks of a case over weeks of driven time, through the gateway (D§2.0.4, D§2.2.4; what A9 asks of these two services).
extension Scenarios {
  @Test func `A9 a case's clocks warn once, in order, over a crash in the yellow moment`() async throws {
    try await Scenarios.withDrivenCounty(at: "2020-03-16 08:30") { stack in
      let member = try await stack.desk(.gridMember, of: "village-379922001201", person: "person-0144")
      let record = try #require(try await member.report())
      let accept = try #require(record.clocks.first { $0.clockKind == "ACCEPT" })
      #expect(
        accept.dueTime?.kernel.wall == "2020-03-17 08:30" && accept.nextRungTime?.kernel.wall == "2020-03-16 16:24")
      #expect(try await stack.time().nextTimer?.wall == "2020-03-16 16:24")
      #expect(try await stack.advance(to: "2020-03-16 16:24") == 0)
      // Down in the yellow moment, and up again two days later.
      try await stack.kill(.dispute)
      try await stack.start(.dispute)
      try await stack.waitUntilAllAreSeen()
      try await stack.waitUntilTimeIsEverywhere()
      #expect(try await stack.advance(to: "2020-03-17 08:30") == 1)
      try await stack.kill(.dispute)
      try await stack.advance(to: "2020-03-18 09:00")
      try await stack.start(.dispute)
      try await stack.waitUntilAllAreSeen()
      try await stack.waitUntilTimeIsEverywhere()
      try await stack.advance(to: "2020-03-18 09:00")
      try await stack.advance(to: "2020-03-31 18:00")
      let lines = try await member.cases.listTimeline(.init(caseID: record.caseID)).entries
      let warnings = lines.filter { $0.eventType.hasPrefix("clock.") }
      #expect(warnings.map(\.eventType) == ["clock.yellow", "clock.red", "clock.red3"])
      #expect(warnings.first?.occurTime.map { String($0.kernel.wall.prefix(16)) } == "2020-03-16 16:24")
      let seen = try #require(try await member.cases.getCase(.init(key: .caseID(record.caseID))).caseRecord)
      #expect(seen.version == record.version)
      #expect(seen.clocks.first { $0.clockKind == "ACCEPT" }?.firedRungs == ["YELLOW", "RED", "RED3"])
      try await stack.expectSoundness()
    }
  }

  @Test func `A9 E20, E21: an imported calendar moves what runs, later and never earlier`() async throws {
    try await Scenarios.withDrivenCounty(at: "2022-02-04 10:00") { stack in
      let member = try await stack.desk(.gridMember, of: "village-379922001201", person: "person-0144")
      let calendars = GridRegistryV1.CalendarServiceClient(try await stack.channel(.countyAdmin))
      let validity = try await calendars.getCalendarValidity(.init())
      #expect(validity.missingYears.contains(2023))
      let record = try #require(try await member.report())
      func accept() async throws -> CommonV1.Clock? {
        let seen = try await member.cases.getCase(.init(key: .caseID(record.caseID))).caseRecord
        return seen?.clocks.first { $0.clockKind == "ACCEPT" }
      }
      let before = try await accept()
      #expect(before?.dueTime?.kernel.wall == "2022-02-07 10:00" && before?.provisional == true)
      let imported = try await calendars.importCalendar(
        .init(
          source: "state-council",
          rows: [
            .init(
              year: 2022,
              days: [.init(date: "2022-02-05", kind: .work, reason: "调休"), .init(date: "2022-02-07", kind: .rest)],
              confirmed: true, sourceDocument: "国办发明电〔2021〕11号")
          ]))
      #expect(imported.outcomes.allSatisfy { $0.result == .added })
      // Everybody hears before time moves on.
      try await stack.advance(to: "2022-02-04 10:01")
      let after = try await accept()
      #expect(after?.dueTime?.kernel.wall == "2022-02-07 10:00" && after?.provisional == false)
      let added = try await calendars.addTime(
        .init(
          startTime: .init(Timestamp(wall: "2022-02-04 10:00") ?? .init(seconds: 0)),
          budget: .init(amount: 1, unit: .workingDay)))
      #expect(added.dueTime?.kernel.wall == "2022-02-05 10:00" && !added.provisional)
      let types = try await member.cases.listTimeline(.init(caseID: record.caseID)).entries.map(\.eventType)
      #expect(types.last == "case.clocks_rederived")
      try await stack.expectSoundness()
    }
  }

  @Test func `E15: a new policy for open clocks, put through the gateway`() async throws {
    try await Scenarios.withDrivenCounty(at: "2020-03-02 09:00") { stack in
      let member = try await stack.desk(.gridMember, of: "village-379922001201", person: "person-0144")
      let record = try #require(try await member.report())
      let policies = DisputeV1.ClockPolicyServiceClient(try await stack.channel(.countyAdmin))
      try await stack.advance(to: "2020-03-03 09:00:01")
      let put = DisputeV1.PutClockPolicyRequest(
        requestID: requestID(), expectedVersion: 1,
        budgets: [.init(clockKind: "ACCEPT", budget: .init(amount: 10, unit: .workingDay))], appliesToOpen: true,
        basis: "县办发〔2020〕3号")
      let member2 = DisputeV1.ClockPolicyServiceClient(member.channel)
      #expect(await reasons { try await member2.putClockPolicy(put) } == ["ROLE_NOT_ALLOWED"])
      #expect(try await policies.putClockPolicy(put).policy?.version == 2)
      try await stack.advance(to: "2020-03-03 10:00")
      let seen = try await member.cases.getCase(.init(key: .caseID(record.caseID))).caseRecord
      let accept = try #require(seen?.clocks.first { $0.clockKind == "ACCEPT" })
      #expect(accept.dueTime?.kernel.wall == "2020-03-16 09:00" && accept.onTime)
      #expect(accept.firedRungs == ["YELLOW", "RED"] && accept.nextRungTime?.kernel.wall == "2020-03-19 09:00")
      try await stack.expectSoundness()
    }
  }
}

extension Desk {
  /// A neighbour dispute of a rural grid.
  fileprivate func report() async throws -> DisputeV1.Case? {
    try await cases.reportCase(
      .init(
        requestID: requestID(), kind: .dispute, complexity: .general, discovery: .patrol,
        gridID: "grid-379922001201R001", title: "邻里排水", narrative: "屋檐水流入邻居院内")
    ).caseRecord
  }
}

extension Scenarios {
  @Test func `A9 the terminal shows and moves the clocks`() async throws {
    try await Scenarios.withDrivenCounty(at: "2020-03-02 09:00") { stack in
      let policy = try await stack.huying(["clock", "policy", "--lang", "en"])
      #expect(policy.exitCode == 0 && policy.output.contains("DI-CLOCK 1") && policy.output.contains("15 wd"))
      let due = try await stack.huying(["clock", "due", "--from", "2019-04-25 10:00", "--days", "5", "--lang", "zh"])
      #expect(due.output == "2019-05-05 10:00\n")
      let calendar = try await stack.huying(["clock", "calendar", "--lang", "zh"])
      #expect(calendar.output.contains("工作日历有效至 2020 年") && calendar.output.contains("缺少：2021"))
      let moved = try await stack.huying(["clock", "time", "--to", "2020-03-11 10:00", "--lang", "en"])
      #expect(moved.output.contains("now: 2020-03-11 10:00"))
      #expect(try await stack.time().now.wall == "2020-03-11 10:00")
    }
  }
}
