import Access
import DisputeContract
import Kernel
import Runtime
import TestSupport
import Testing
import TimeContract
import WireTypes

/// Months of a county's life in a moment, through its public doors.
extension Scenarios {
  @Test func `driven time: what is reported on a day is reported on that day`() async throws {
    try await Scenarios.withDrivenCounty(at: "2020-03-02 09:00") { stack in
      let member = try await stack.desk(.gridMember, of: "village-379922001201", person: "person-0144")
      func report() async throws -> DisputeV1.Case {
        try await member.cases.reportCase(
          .init(
            requestID: requestID(), kind: .dispute, complexity: .general, discovery: .patrol,
            gridID: "grid-379922001201R001", title: "邻里排水", narrative: "屋檐水流入邻居院内")
        ).caseRecord ?? .init()
      }
      let first = try await report()
      #expect(first.reportTime?.kernel.wall == "2020-03-02 09:00")
      try await stack.advance(to: "2021-06-30 17:59:59")
      let second = try await report()
      #expect(second.reportTime?.kernel.wall == "2021-06-30 17:59:59")
      #expect(second.number.contains("-2021-") && first.number.contains("-2020-"))
      // The past is past.
      try await stack.advance(to: "2020-01-01 00:00")
      #expect(try await stack.time().now.wall == "2021-06-30 17:59:59")
      // A process that comes back goes on where it stood.
      try await stack.kill(.dispute)
      try await stack.start(.dispute)
      try await stack.waitUntilAllAreSeen()
      #expect(try await report().reportTime?.kernel.wall == "2021-06-30 17:59:59")
      #expect(stack.log(of: .dispute).contains("\"driven_time\":\"2021-06-30T09:59:59Z\""))
      let clerk = try await stack.channel(.levelClerk, of: SmallCounty.chengguanCentre)
      #expect(
        await reasons {
          try await TimeV1.TimeServiceClient(clerk).advanceTime(.init(toTime: .init(seconds: 1_700_000_000)))
        } == ["ROLE_NOT_ALLOWED"])
      try await stack.untilRelayed()
      try await stack.expectSoundness()
    }
  }

  @Test func `driven time: a county of real time has no such service`() async throws {
    try await RunningStack.withStack { stack in
      let channel = try await stack.channel(.countyIT)
      #expect(await reasons { try await TimeV1.TimeServiceClient(channel).getTime(.init()) } == ["UNIMPLEMENTED"])
    }
  }
}
