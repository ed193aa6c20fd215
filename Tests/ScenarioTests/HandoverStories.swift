import Access
import DisputeContract
import Foundation
import GridRegistryContract
import Kernel
import RPC
import ResponsibilityListContract
import Runtime
import TestSupport
import Testing

/// What grid-registry decides about people, and what that means for their cases in dispute, over the relay.
extension Scenarios {
  @Test func `P07 a member leaves after a hand-over, which gives the open cases to another in dispute`() async throws {
    try await Scenarios.withDrivenCounty(at: "2020-03-02 09:00") { stack in
      let team = try await Team(stack)
      var anna = try await team.active("person-0138", .primary)
      let berta = try await team.active("person-0139", .deputy)
      try await stack.untilRelayed()

      // Whoever belongs to the community but not to the grid has no business there any more.
      let stranger = try await stack.desk(.gridMember, of: Team.community, person: "person-0140")
      let screening = DisputeV1.ScreeningServiceClient(stranger.channel)
      #expect(
        await reasons {
          try await screening.recordVisit(.init(requestID: requestID(), gridID: Team.grid, householdCount: 3))
        } == ["NOT_YOUR_GRID"])
      let first = try await stack.desk(.gridMember, of: Team.community, person: "person-0138")
      let second = try await stack.desk(.gridMember, of: Team.community, person: "person-0139")
      var story = CaseStory(
        try await first.cases.reportCase(
          .init(
            requestID: requestID(), kind: .dispute, complexity: .general, discovery: .patrol, gridID: Team.grid,
            title: "楼道堆物", parties: [.init(role: .applicant, name: "王某某")])
        ).caseRecord)
      try await story.take {
        try await first.cases.selfHandleCase(.init(requestID: requestID(), caseID: $0, expectedVersion: $1)).caseRecord
      }
      #expect(story.record.responsiblePersonID == "person-0138")
      try await stack.untilRelayed()

      #expect(await reasons { try await team.leave(anna) } == ["OPEN_CASES_REMAIN"])
      anna = try #require(
        try await team.members.orderHandover(
          .init(
            requestID: requestID(), memberID: anna.memberID, expectedVersion: anna.version, toMemberID: berta.memberID)
        ).member)
      // To dispute, and its answer back.
      try await stack.untilRelayed()
      try await stack.untilRelayed()
      try await story.read(by: second)
      #expect(story.record.responsiblePersonID == "person-0139" && story.record.state == .selfHandling)
      #expect(try await team.leave(anna).state == .left)
      try await stack.untilRelayed()
      #expect(
        await reasons {
          try await DisputeV1.ScreeningServiceClient(first.channel).recordVisit(
            .init(requestID: requestID(), gridID: Team.grid, householdCount: 3))
        } == ["NOT_YOUR_GRID"])
      try await story.attempt(.success, by: second)
      try await story.take {
        try await second.cases.settleCase(
          .init(requestID: requestID(), caseID: $0, expectedVersion: $1, agreement: .onSpot, settlementText: "已清理")
        ).caseRecord
      }
      try await story.close(by: second)
      #expect(story.record.state == .closed)
      let mine = try await second.cases.listCases(.init(assigneePersonID: "person-0139")).cases
      #expect(mine.map(\.caseID) == [story.record.caseID])
      try await stack.expectSoundness()
    }
  }

  @Test func `M04 the determination of an analysis is the list's, and without the list the case stays ANALYSING`()
    async throws
  {
    try await Scenarios.withCounty { stack in
      let centre = try await stack.desk(.levelClerk, of: "center-379922200000", person: "person-0106")
      let hotline = try await stack.desk(.hotlineOperator, of: "hotline", person: "person-0007")
      func analysing() async throws -> CaseStory {
        var story = CaseStory(
          try await hotline.cases.reportCase(
            .init(
              requestID: requestID(), kind: .matter, discovery: .hotline, townshipOrgID: SmallCounty.guiyi,
              title: "河水发黑", narrative: CallingTownship.pollution)
          ).caseRecord)
        try await story.take {
          try await centre.cases.acceptCase(
            .init(requestID: requestID(), caseID: $0, expectedVersion: $1, responsiblePersonID: "person-0106")
          ).caseRecord
        }
        try await story.take {
          try await centre.analysis.analyseCase(.init(requestID: requestID(), caseID: $0, expectedVersion: $1))
            .caseRecord
        }
        return story
      }
      func session(
        _ story: CaseStory, naming determination: DisputeV1.DeterminationRef? = nil,
        finding: DisputeV1.DeterminationRef? = nil, requestID id: String = requestID()
      ) async throws -> DisputeV1.RecordAnalysisResponse {
        try await centre.analysis.recordAnalysis(
          .init(
            requestID: id, caseID: story.record.caseID, expectedVersion: story.record.version,
            attendantPersonIDs: ["person-0106"], route: .call, determination: determination, finding: finding))
      }

      var story = try await analysing()
      #expect(
        await reasons { try await session(story, finding: .init(determinationID: "mine", verdict: .`self`)) }
          == ["DETERMINATION_GIVEN"])
      // Nothing is named: what was reported is asked about. The same request again is the same session.
      let id = requestID()
      let answer = try await session(story, requestID: id)
      #expect(try await session(story, requestID: id).caseRecord == answer.caseRecord)
      let made = try #require(answer.caseRecord?.determination)
      let asked = try #require(
        try await centre.determinations.determine(
          .init(
            requestID: requestID(),
            question: .init(text: "河水发黑\n" + CallingTownship.pollution, townshipCode: "379922200000"))
        ).determination)
      #expect(made.itemCode == asked.itemCode)
      #expect(made.verdict != .unspecified && made.verdict != .offList)
      #expect(made.listVersion == asked.listNumber)
      #expect(!answer.determinationUnavailable)
      #expect(answer.caseRecord?.state == .analysing)
      // What a client claims about the one that it names counts for nothing.
      try await story.read(by: centre)
      let claim = DisputeV1.DeterminationRef(
        determinationID: made.determinationID, verdict: .`self`, itemCode: "CJ-06", listVersion: "9")
      try await story.take {
        try await centre.analysis.recordDetermination(
          .init(requestID: requestID(), caseID: $0, expectedVersion: $1, determination: claim)
        ).caseRecord
      }
      #expect(story.record.determination == made)
      #expect(
        await story.reasons {
          try await centre.analysis.recordDetermination(
            .init(
              requestID: requestID(), caseID: $0, expectedVersion: $1, determination: .init(determinationID: "none")))
        } == ["DETERMINATION_NOT_FOUND"])

      let other = try await analysing()
      try await stack.stop(.responsibilityList)
      let without = try await session(other)
      #expect(without.determinationUnavailable && without.caseRecord?.determination == nil)
      #expect(without.caseRecord?.state == .analysing && without.caseRecord?.analyses.count == 1)
      var waiting = CaseStory(without.caseRecord)
      #expect(
        await waiting.reasons {
          try await centre.analysis.routeCall(.init(requestID: requestID(), caseID: $0, expectedVersion: $1))
        } == ["DETERMINATION_MISSING", "NO_SUBMITTED_CALL"])
      try await stack.start(.responsibilityList)
      try await stack.waitUntilAllAreSeen()
      try await waiting.take {
        try await centre.analysis.recordDetermination(
          .init(
            requestID: requestID(), caseID: $0, expectedVersion: $1,
            determination: .init(determinationID: made.determinationID))
        ).caseRecord
      }
      #expect(waiting.record.determination == made)
      try await stack.untilRelayed()
      try await stack.expectSoundness()
    }
  }

  @Test func `S08 a second reopening warns and goes one level up, and a group that grows warns`() async throws {
    try await Scenarios.withDrivenCounty(at: "2020-03-02 09:00") { stack in
      let member = try await stack.desk(.gridMember, of: "village-379922001201", person: "person-0144")
      let village = try await stack.desk(.levelClerk, of: "village-room-379922001201", person: "person-0122")
      let hotline = try await stack.desk(.hotlineOperator, of: "hotline", person: "person-0007")
      let centre = try await stack.desk(.levelClerk, of: SmallCounty.chengguanCentre, person: "person-0083")
      let alerts = DisputeV1.AlertServiceClient(centre.channel)
      func warnings() async throws -> [DisputeV1.Alert] {
        try await alerts.listAlerts(.init(state: .open)).alerts
      }
      func report(_ number: Int, flags: [DisputeV1.Case.Flag] = []) async throws -> CaseStory {
        CaseStory(
          try await member.cases.reportCase(
            .init(
              requestID: requestID(), kind: .matter, complexity: .complex, flags: flags, discovery: .citizen,
              gridID: "grid-379922001201R001", title: "路面积水\(number)", narrative: "第\(number)人反映", partyCount: 1)
          ).caseRecord)
      }

      var story = try await report(0)
      for round in 1...2 {
        try await story.acceptAndStart(by: village, "person-0122")
        try await story.attempt(.success, by: village)
        try await story.take {
          try await village.cases.settleCase(
            .init(requestID: requestID(), caseID: $0, expectedVersion: $1, settlementText: "已疏通")
          ).caseRecord
        }
        try await story.close(by: village)
        try await story.take {
          try await hotline.cases.reopenCase(
            .init(
              requestID: requestID(), caseID: $0, expectedVersion: $1, source: .party, reopenReason: "又积水")
          ).caseRecord
        }
        #expect(story.record.state == .reopened && story.record.reopenings.count == round)
        let raised = try await warnings()
        #expect(raised.map(\.rule) == (round == 1 ? [] : [.reopened]))
        #expect(raised.allSatisfy { $0.caseIDs == [story.record.caseID] && $0.figures?.count == 2 })
        let early = await story.reasons {
          try await village.escalation.raiseCase(.init(requestID: requestID(), caseID: $0, expectedVersion: $1))
        }
        if round == 1 { #expect(early == ["NOT_SECOND_REOPENING"]) }
      }
      try await story.read(by: village)
      #expect(story.record.state == .escalating && story.record.escalations.last?.toLevel == .community)

      // Six people in the end where there was one: five more than reported.
      let group = try await report(1, flags: [.group])
      let merges = DisputeV1.MergeServiceClient(centre.channel)
      for number in 2...6 {
        #expect(try await warnings().filter { $0.rule == .groupGrowth }.isEmpty)
        var other = try await report(number, flags: [.group])
        try await other.take {
          try await merges.mergeCase(
            .init(
              requestID: requestID(), caseID: $0, expectedVersion: $1, survivorCaseID: group.record.caseID,
              mergeReason: "同一路段")
          ).caseRecord
        }
      }
      let grown = try #require(try await warnings().first { $0.rule == .groupGrowth })
      #expect(grown.caseIDs == [group.record.caseID] && grown.figures?.count == 6)
      let known = try await alerts.acknowledgeAlert(
        .init(requestID: requestID(), alertID: grown.alertID, expectedVersion: grown.version))
      #expect(known.alert?.state == .acknowledged && known.alert?.acknowledgerPersonID == "person-0083")
      try await stack.untilRelayed()
      try await stack.expectSoundness()
    }
  }
}

/// The people of one urban grid of 城关, and who looks after them.
private struct Team {
  typealias V1 = GridRegistryV1

  static let community = "community-379922001-01"
  static let grid = "grid-379922001001U001"

  let clerk: Desk
  let nominator: Desk
  let members: V1.MemberServiceClient
  private let training: V1.TrainingServiceClient

  init(_ stack: RunningStack) async throws {
    clerk = try await stack.desk(.levelClerk, of: SmallCounty.chengguanCentre, person: "person-0083")
    nominator = try await stack.desk(.levelClerk, of: Self.community, person: "clerk")
    members = .init(clerk.channel)
    training = .init(clerk.channel)
    let centre = try await stack.desk(.gridCentre, of: "grid-centre", person: "person-0010")
    _ = try await V1.TrainingServiceClient(centre.channel).upsertCourse(
      .init(requestID: requestID(), course: .init(courseID: "basic", name: "全科网格员培训", competence: "全科基础")))
  }

  /// Nominated, trained, examined and appointed.
  func active(_ person: String, _ post: V1.Assignment.Post) async throws -> V1.Member {
    var member = try #require(
      try await V1.MemberServiceClient(nominator.channel).nominateMember(
        .init(requestID: requestID(), personID: person)
      ).member)
    member = try #require(
      try await members.startTraining(
        .init(
          requestID: requestID(), memberID: member.memberID, expectedVersion: member.version, courseID: "basic")
      ).member)
    var session = try #require(
      try await training.scheduleSession(
        .init(requestID: requestID(), courseID: "basic", sessionDate: "2020-03-02")
      ).session)
    session = try #require(
      try await training.recordAttendance(
        .init(
          requestID: requestID(), sessionID: session.sessionID, expectedVersion: session.version,
          attendances: [.init(personID: person, attended: true)])
      ).session)
    _ = try await training.recordExam(
      .init(
        requestID: requestID(), sessionID: session.sessionID, expectedVersion: session.version,
        results: [.init(personID: person, examScore: 80)]))
    return try #require(
      try await members.appointMember(
        .init(
          requestID: requestID(), memberID: member.memberID, expectedVersion: member.version, gridID: Self.grid,
          post: post)
      ).member)
  }

  func leave(_ member: V1.Member) async throws -> V1.Member {
    let answer = try await members.recordLeave(
      .init(requestID: requestID(), memberID: member.memberID, expectedVersion: member.version, reasonText: "调离"))
    return answer.member ?? .init()
  }
}
