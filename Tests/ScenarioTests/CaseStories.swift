import Access
import CommonContract
import DisputeContract
import Foundation
import PerformanceEvaluationContract
import RPC
import Testing
import TestSupport

/// A2 and A3 (D§5) as people live them, through the gateway.
extension Scenarios {
  @Test func `A2 F10 an ordinary dispute is closed by the grid member, and the grid's K04 and K06 say so`() async throws
  {
    try await Scenarios.withCounty { stack in
      let member = try await stack.desk(.gridMember, of: "village-379922001201", person: "person-0144")
      for (kind, grid) in [
        (DisputeV1.Case.Kind.dispute, "grid-379922001201R001"), (.matter, "grid-379922001201R002"),
      ] {
        var story = CaseStory(
          try await member.cases.reportCase(
            .init(
              requestID: requestID(), kind: kind, complexity: .general, discovery: .patrol,
              gridID: grid, title: kind == .dispute ? "邻里排水" : "道路设施", narrative: "屋檐水流入邻居院内",
              parties: [.init(role: .applicant, name: "王某某", phone: "13900000000")])
          ).caseRecord)
        #expect(story.record.number.hasPrefix("DJ-379922001-"))
        try await story.take {
          try await member.cases.selfHandleCase(.init(requestID: requestID(), caseID: $0, expectedVersion: $1))
            .caseRecord
        }
        try await story.attempt(.success, by: member)
        try await story.take {
          try await member.cases.settleCase(
            .init(
              requestID: requestID(), caseID: $0, expectedVersion: $1,
              agreement: kind == .dispute ? .onSpot : .unspecified, settlementText: "改好了")
          ).caseRecord
        }
        #expect(
          await story.reasons {
            try await member.cases.registerClose(.init(requestID: requestID(), caseID: $0, expectedVersion: $1))
          }
            == ["CLOSURE_INCOMPLETE"])
        try await story.close(by: member)
        #expect(story.record.state == .closed && story.record.closure?.resolvingLevel == .grid)
        #expect(story.record.closure?.followUpDueTime != nil)
        try await stack.untilRelayed()
        let score = try await stack.desk(.gridLead, of: "village-379922001201").scores.getScorecard(
          .init(subject: .init(subjectClass: .grid, subjectID: grid)))
        for (code, isProvisional) in [("K04", true), ("K06", false)] {
          let value = try #require(score.scorecard?.values.first { $0.indicatorCode == code })
          #expect((value.numeratorCount, value.count, value.rankable) == (1, 1, false), "\(kind) \(code)")
          #expect(value.provisional == isProvisional && value.value == 1)
        }
      }
      let flagged = CaseStory(
        try await member.cases.reportCase(
          .init(
            requestID: requestID(), kind: .dispute, complexity: .general, flags: [.group], discovery: .patrol,
            gridID: "grid-379922001201R001", title: "群体纠纷")
        ).caseRecord)
      #expect(
        await flagged.reasons {
          try await member.cases.selfHandleCase(.init(requestID: requestID(), caseID: $0, expectedVersion: $1))
        }
        .contains("NOT_GENERAL"))
      let stranger = try await stack.desk(.levelClerk, of: "center-379922200000", person: "person-0106")
      #expect(
        await flagged.reasons { id, _ in try await stranger.cases.getCase(.init(key: .caseID(id))) }
          == ["JURISDICTION_MISMATCH"])
      try await stack.untilRelayed()
      try await stack.expectSoundness()
    }
  }

  @Test func `A3 a homestead dispute goes level by level with failed attempts`() async throws {
    try await Scenarios.withCounty { stack in
      let member = try await stack.desk(.gridMember, of: "village-379922001201", person: "person-0144")
      let village = try await stack.desk(.levelClerk, of: "village-room-379922001201", person: "person-0122")
      let community = try await stack.desk(.levelClerk, of: "community-room-379922001-34", person: "person-0100")
      let centre = try await stack.desk(.levelClerk, of: SmallCounty.chengguanCentre, person: "person-0083")

      var story = CaseStory(
        try await member.cases.reportCase(
          .init(
            requestID: requestID(), kind: .dispute, complexity: .complex, discovery: .citizen,
            gridID: "grid-379922001201R001", title: "宅基地边界", narrative: "院墙挪了半米",
            parties: [.init(role: .applicant, name: "李某某"), .init(role: .respondent, name: "赵某某")])
        ).caseRecord)
      try await story.acceptAndStart(by: village, "person-0122")
      #expect(await story.escalation(by: village) == ["NO_FAILED_ATTEMPT_AT_LEVEL"])
      try await story.attempt(.adjourned, by: village)
      #expect(await story.escalation(by: village) == ["NO_FAILED_ATTEMPT_AT_LEVEL"])
      try await story.attempt(.failed, by: village)
      #expect(await story.escalation(by: village, to: SmallCounty.chengguanCentre) == ["NOT_NEXT_LEVEL"])
      try await story.escalate(by: village)
      #expect(story.record.escalations.last?.toOrgID == "community-room-379922001-34")

      try await story.receive(by: community, "person-0100")
      try await story.routeHere(by: community, "person-0100")
      try await story.start(by: community)
      try await story.attempt(.failed, by: community)
      try await story.escalate(by: community)
      try await story.receive(by: centre, "person-0083")
      try await story.routeHere(by: centre, "person-0083")
      try await story.start(by: centre)
      try await story.attempt(.success, by: centre)
      try await story.settleInWriting(by: centre)
      try await story.close(by: centre)
      #expect(story.record.state == .closed && story.record.closure?.resolvingLevel == .township)
      #expect(story.record.attempts.filter { $0.result == .failed }.map(\.level) == [.village, .community])
      #expect(story.record.clocks.filter { $0.clockKind == "MEDIATION" }.count == 3)
      #expect(story.record.clocks.filter { $0.clockKind == "CASE" }.count == 1)
      // The village still sees the case.
      #expect(try await village.cases.getCase(.init(key: .caseID(story.record.caseID))).caseRecord?.state == .closed)

      var urban = CaseStory(
        try await stack.desk(.gridMember, of: "community-379922001-01", person: "person-0138").cases.reportCase(
          .init(
            requestID: requestID(), kind: .dispute, complexity: .general, discovery: .patrol,
            gridID: "grid-379922001001U001", title: "楼道堆物")
        ).caseRecord)
      let grid = try await stack.desk(.gridMember, of: "community-379922001-01", person: "person-0138")
      try await urban.take {
        try await grid.cases.selfHandleCase(.init(requestID: requestID(), caseID: $0, expectedVersion: $1)).caseRecord
      }
      try await urban.attempt(.failed, by: grid)
      try await urban.take {
        try await grid.escalation.handUpCase(.init(requestID: requestID(), caseID: $0, expectedVersion: $1)).caseRecord
      }
      #expect(urban.record.escalations.last?.toOrgID == "community-room-379922001-01")
      let urbanCommunity = try await stack.desk(.levelClerk, of: "community-room-379922001-01", person: "person-0094")
      try await urban.receive(by: urbanCommunity, "person-0094")
      try await urban.routeHere(by: urbanCommunity, "person-0094")
      try await urban.start(by: urbanCommunity)
      try await urban.attempt(.failed, by: urbanCommunity)
      try await urban.escalate(by: urbanCommunity)
      #expect(urban.record.escalations.last?.toOrgID == SmallCounty.chengguanCentre)
      try await stack.untilRelayed()
      try await stack.expectSoundness()
    }
  }
}

/// A case on its way: every step is taken on the version that the last one left.
struct CaseStory: Sendable {
  private(set) var record: DisputeV1.Case

  init(_ record: DisputeV1.Case?) { self.record = record ?? .init() }

  mutating func take(_ step: (_ caseID: String, _ version: UInt64) async throws -> DisputeV1.Case?) async throws {
    record = try await step(record.caseID, record.version) ?? record
  }

  /// Looks at it again: others have gone on with it.
  mutating func read(by desk: Desk) async throws {
    try await take { id, _ in try await desk.cases.getCase(.init(key: .caseID(id))).caseRecord }
  }

  /// Why a step is refused now.
  func reasons<Answer>(_ step: (_ caseID: String, _ version: UInt64) async throws -> Answer) async -> [String] {
    await ScenarioTests.reasons { try await step(record.caseID, record.version) }
  }

  mutating func attempt(_ result: DisputeV1.Attempt.Result, by desk: Desk) async throws {
    try await take {
      try await desk.mediation.recordAttempt(
        .init(
          requestID: requestID(), caseID: $0, expectedVersion: $1, result: result, record: "双方到场",
          failureReason: result == .failed ? "意见不一" : "")
      ).caseRecord
    }
  }

  mutating func acceptAndStart(by desk: Desk, _ person: String) async throws {
    try await take {
      try await desk.cases.acceptCase(
        .init(requestID: requestID(), caseID: $0, expectedVersion: $1, responsiblePersonID: person)
      ).caseRecord
    }
    try await start(by: desk)
  }

  mutating func start(by desk: Desk) async throws {
    let parties = record.parties.map(\.partyID)
    try await take {
      try await desk.mediation.startMediation(
        .init(
          requestID: requestID(), caseID: $0, expectedVersion: $1, noConflictDeclared: true, rightsTold: true,
          consentingPartyIDs: parties)
      ).caseRecord
    }
  }

  func escalation(by desk: Desk, to organisation: String = "") async -> [String] {
    await reasons {
      try await desk.escalation.submitEscalation(
        .init(requestID: requestID(), caseID: $0, expectedVersion: $1, escalationReason: "调解不成", toOrgID: organisation))
    }
  }

  mutating func escalate(by desk: Desk) async throws {
    try await take {
      try await desk.escalation.submitEscalation(
        .init(requestID: requestID(), caseID: $0, expectedVersion: $1, escalationReason: "调解不成")
      ).caseRecord
    }
  }

  mutating func receive(by desk: Desk, _ person: String) async throws {
    try await take {
      try await desk.escalation.receiveEscalation(
        .init(requestID: requestID(), caseID: $0, expectedVersion: $1, responsiblePersonID: person)
      ).caseRecord
    }
  }

  mutating func routeHere(by desk: Desk, _ person: String) async throws {
    try await take {
      try await desk.analysis.routeHere(
        .init(requestID: requestID(), caseID: $0, expectedVersion: $1, responsiblePersonID: person)
      ).caseRecord
    }
  }

  mutating func close(by desk: Desk) async throws {
    try await take {
      try await desk.cases.registerClose(
        .init(
          requestID: requestID(), caseID: $0, expectedVersion: $1,
          closure: .init(result: "SOLVED", authority: .mediation, partiesNotified: true, satisfaction: .satisfied))
      ).caseRecord
    }
  }
}
