import Access
import CommonContract
import DisputeContract
import Foundation
import Kernel
import PerformanceEvaluationContract
import RPC
import TestSupport
import Testing
import WireTypes

/// A3 and A4 (D§5) on the days that they name, in driven time.
extension Scenarios {
  @Test func `A3 M01 M03 F11 three levels, three mediation clocks, one case clock, on time`() async throws {
    try await Scenarios.withDrivenCounty(at: "2020-04-20 09:00") { stack in
      let member = try await stack.desk(.gridMember, of: "village-379922001201", person: "person-0144")
      let village = try await stack.desk(.levelClerk, of: "village-room-379922001201", person: "person-0122")
      let community = try await stack.desk(.levelClerk, of: "community-room-379922001-34", person: "person-0100")
      let centre = try await stack.desk(.levelClerk, of: SmallCounty.chengguanCentre, person: "person-0083")
      let stranger = try await stack.desk(.levelClerk, of: "center-379922200000", person: "person-0106")
      var story = CaseStory(
        try await member.cases.reportCase(
          .init(
            requestID: requestID(), kind: .dispute, category: "宅基地", complexity: .complex, discovery: .citizen,
            gridID: "grid-379922001201R001", title: "宅基地边界", narrative: "院墙挪了半米",
            parties: [.init(role: .applicant, name: "李某某"), .init(role: .respondent, name: "赵某某")])
        ).caseRecord)
      try await stack.advance(to: "2020-04-20 10:00")
      try await story.acceptAndStart(by: village, "person-0122")
      #expect(story.due("MEDIATION") == "2020-04-28 10:00")
      try await story.attempt(.adjourned, by: village)
      #expect(await story.escalation(by: village) == ["NO_FAILED_ATTEMPT_AT_LEVEL"])
      try await stack.advance(to: "2020-04-28 09:40")
      try await story.read(by: village)
      try await story.attempt(.failed, by: village)
      #expect(await story.escalation(by: village, to: SmallCounty.chengguanCentre) == ["NOT_NEXT_LEVEL"])
      try await stack.advance(to: "2020-04-28 09:50")
      try await story.escalate(by: village)
      #expect(story.due("RECEIPT") == "2020-04-29 09:50")
      try await stack.advance(to: "2020-04-29 09:00")
      try await story.read(by: community)
      try await story.receive(by: community, "person-0100")
      try await story.take {
        try await community.analysis.recordAnalysis(
          .init(
            requestID: requestID(), caseID: $0, expectedVersion: $1, attendantPersonIDs: ["person-0100"],
            causes: "四至不清", route: .mediateHere, minutes: "本级再调解一次")
        ).caseRecord
      }
      try await stack.advance(to: "2020-04-29 15:00")
      try await story.read(by: community)
      try await story.routeHere(by: community, "person-0100")
      try await story.start(by: community)
      #expect(story.due("MEDIATION") == "2020-05-12 15:00")
      #expect(story.due("CASE") == "2020-05-21 00:00")
      try await story.attempt(.failed, by: community)
      try await story.escalate(by: community)
      try await story.receive(by: centre, "person-0083")
      try await story.routeHere(by: centre, "person-0083")
      try await story.start(by: centre)
      try await stack.advance(to: "2020-05-08 10:00")
      try await story.read(by: centre)
      try await story.attempt(.success, by: centre)
      let bare = await story.reasons {
        try await centre.cases.settleCase(
          .init(requestID: requestID(), caseID: $0, expectedVersion: $1, agreement: .written, settlementText: "以界桩为准"))
      }
      #expect(bare == ["AGREEMENT_INCOMPLETE"])
      try await story.settleInWriting(by: centre)
      try await story.close(by: centre)
      #expect(story.record.closure?.onTime == true && story.record.closure?.resolvingLevel == .township)
      #expect(story.record.escalations.map(\.toLevel) == [.community, .township])
      #expect(story.record.clocks.filter { $0.clockKind == "MEDIATION" }.map(\.onTime) == [true, true, true])
      #expect(story.record.clocks.filter { $0.clockKind == "CASE" }.count == 1)
      // F11: below one keeps seeing what one sent up; another township does not.
      #expect(try await village.cases.getCase(.init(key: .caseID(story.record.caseID))).caseRecord?.state == .closed)
      #expect(
        await story.reasons { id, _ in try await stranger.cases.getCase(.init(key: .caseID(id))) }
          == ["JURISDICTION_MISMATCH"])
      try await stack.untilRelayed()
      try await stack.expectSoundness()
    }
  }

  @Test func `A4 M07 M08 M09 M10 M11 M12 industry first, then joint handling of a group petition`() async throws {
    try await Scenarios.withDrivenCounty(at: "2020-03-02 09:00") { stack in
      let county = try await stack.desk(.countyAdmin)
      let rules = DisputeV1.IndustryRuleServiceClient(county.channel)
      _ = try await rules.putIndustryRules(
        .init(requestID: requestID(), rules: [.init(category: "劳动争议", roomOrgID: "industry-room-ldrs")]))
      let centre = try await stack.desk(.levelClerk, of: SmallCounty.chengguanCentre, person: "person-0083")
      let leader = try await stack.desk(.townshipLeader, of: SmallCounty.chengguan, person: "person-0080")
      let room = try await stack.desk(.levelClerk, of: "industry-room-ldrs", person: "person-0069")
      let bureau = try await stack.desk(.departmentClerk, of: "dept-rsj", person: "person-0042")

      // Nine reports by nine people from four grids, all at one site.
      var reports: [CaseStory] = []
      for number in 1...9 {
        let member = try await stack.desk(
          .gridMember, of: "community-379922001-01", person: "reporter-\(number)")
        reports.append(
          CaseStory(
            try await member.cases.reportCase(
              .init(
                requestID: requestID(), kind: .dispute, category: "劳动争议", complexity: .complex, flags: [.petition],
                discovery: .citizen, gridID: "grid-379922001001U00\((number - 1) % 4 + 1)", title: "工地拖欠工资",
                narrative: "第\(number)人反映工资未发", parties: [.init(role: .applicant, name: "工人\(number)")],
                partyCount: number == 1 ? 63 : 1)
            ).caseRecord))
      }
      var first = reports[0]
      #expect(first.record.handlingOrgID == "industry-room-ldrs" && first.record.level == .industry)
      #expect(first.record.flags.contains(.industry))
      let merges = DisputeV1.MergeServiceClient(centre.channel)
      for index in 1..<9 {
        try await reports[index].take { id, version in
          let answer = try await merges.mergeCase(
            .init(
              requestID: requestID(), caseID: id, expectedVersion: version, survivorCaseID: first.record.caseID,
              mergeReason: "同一工地同一事项"))
          #expect(answer.survivor?.reporterCount == Int32(index + 1))
          return answer.caseRecord
        }
        #expect(reports[index].record.state == .merged)
      }
      try await first.read(by: centre)
      #expect(first.record.reporterCount == 9 && first.record.proposedFlags == [.group])
      try await first.take {
        try await centre.cases.setFlags(
          .init(
            requestID: requestID(), caseID: $0, expectedVersion: $1, flags: [.group, .petition, .industry],
            flagReason: "九人反映")
        ).caseRecord
      }
      #expect(
        await first.reasons {
          try await centre.escalation.raiseCase(.init(requestID: requestID(), caseID: $0, expectedVersion: $1))
        } == ["NOT_YOUR_ROLE"])
      #expect(
        await first.reasons {
          try await room.escalation.raiseCase(.init(requestID: requestID(), caseID: $0, expectedVersion: $1))
        } == ["NOT_URGENT"])

      try await stack.advance(to: "2020-03-03 09:00")
      try await first.read(by: room)
      try await first.acceptAndStart(by: room, "person-0069")
      try await stack.advance(to: "2020-03-10 10:00")
      try await first.read(by: room)
      try await first.attempt(.failed, by: room)
      try await first.escalate(by: room)
      #expect(first.record.escalations.last?.toOrgID == SmallCounty.chengguanCentre)
      try await first.receive(by: centre, "person-0083")
      #expect(
        await first.joint(by: centre) == [
          "PLAN_MISSING", "NO_DEPARTMENT_ACCEPTED", "RESPONSIBLE_PERSON_NOT_ONE", "RESPONSIBLE_PHONE_MISSING",
        ])
      try await first.plan(by: centre, ["person-0083", "person-0082"])
      #expect(await first.joint(by: centre) == ["NO_DEPARTMENT_ACCEPTED", "RESPONSIBLE_PERSON_NOT_ONE"])

      try await second(stack, centre)

      try await first.plan(by: centre, ["person-0083"])
      try await first.take {
        try await centre.plans.inviteDepartment(
          .init(requestID: requestID(), caseID: $0, expectedVersion: $1, orgID: "dept-rsj", ask: "核算欠薪并监督支付")
        ).caseRecord
      }
      try await first.take {
        try await bureau.plans.answerInvitation(
          .init(requestID: requestID(), caseID: $0, expectedVersion: $1, invitationNumber: 1, accept: true)
        ).caseRecord
      }
      #expect(await first.joint(by: centre, commits: false) == [])
      try await first.take {
        try await centre.analysis.routeJoint(.init(requestID: requestID(), caseID: $0, expectedVersion: $1)).caseRecord
      }
      #expect(first.record.state == .jointHandling && first.record.responsiblePersonID == "person-0083")

      // One report was about something else: it is parted again within thirty days.
      try await stack.advance(to: "2020-03-20 10:00")
      try await reports[8].take { id, version in
        let answer = try await merges.unmergeCase(
          .init(requestID: requestID(), caseID: id, expectedVersion: version, unmergeReason: "另一工地"))
        #expect(answer.survivor?.reporterCount == 8)
        return answer.caseRecord
      }
      #expect(reports[8].record.state == .reported)
      try await stack.advance(to: "2020-04-15 10:00")
      #expect(
        await reports[7].reasons {
          try await merges.unmergeCase(
            .init(requestID: requestID(), caseID: $0, expectedVersion: $1, unmergeReason: "另一工地"))
        } == ["WINDOW_CLOSED"])

      try await first.read(by: centre)
      for (measure, desk) in [(first.record.plan?.measures.first, centre), (first.record.plan?.measures.last, bureau)] {
        let number = try #require(measure?.number)
        #expect(
          await first.reasons {
            try await centre.cases.settleCase(
              .init(requestID: requestID(), caseID: $0, expectedVersion: $1, agreement: .oral))
          } == ["MEASURES_OPEN"])
        try await first.take {
          try await desk.plans.updateMeasure(
            .init(
              requestID: requestID(), caseID: $0, expectedVersion: $1, measureNumber: number, state: .done,
              outcome: "已完成", evidenceRefs: ["pay-2020-04"])
          ).caseRecord
        }
      }
      try await first.take {
        try await centre.cases.settleCase(
          .init(
            requestID: requestID(), caseID: $0, expectedVersion: $1, agreement: .oral, settlementText: "工资已全部支付")
        ).caseRecord
      }
      let closure = DisputeV1.Closure(result: "SOLVED", authority: .mediation, partiesNotified: true)
      #expect(
        await first.reasons {
          try await centre.cases.registerClose(
            .init(requestID: requestID(), caseID: $0, expectedVersion: $1, closure: closure))
        } == ["CLOSURE_INCOMPLETE"])
      try await first.take {
        try await leader.cases.signCase(.init(requestID: requestID(), caseID: $0, expectedVersion: $1)).caseRecord
      }
      try await first.take {
        try await centre.cases.registerClose(
          .init(requestID: requestID(), caseID: $0, expectedVersion: $1, closure: closure)
        ).caseRecord
      }
      #expect(first.record.state == .closed && first.record.closure?.secondSignerPersonID == "person-0080")

      // Both sides keep their timelines; statistics count the survivor once.
      let merged = try await centre.cases.listTimeline(.init(caseID: reports[1].record.caseID))
      #expect(merged.entries.map(\.eventType) == ["case.reported", "case.merged"])
      let mine = try await centre.cases.listTimeline(.init(caseID: first.record.caseID))
      #expect(mine.entries.count { $0.eventType == "case.merged" } == 8)
      #expect(mine.entries.contains { $0.eventType == "case.unmerged" })
      try await stack.untilRelayed()
      let scores = try await stack.desk(.assessmentOffice).scores
      let time = try await scores.getHandlingTime(.init())
      // The survivor, the parted one and the second case: the seven others stand for nothing of their own.
      #expect(time.handlingTime?.caseCount == 3)
      try await stack.expectSoundness()
    }
  }

  /// A second case of the kind that came up without the flag: joint handling is refused until the industry has tried.
  private func second(_ stack: RunningStack, _ centre: Desk) async throws {
    let member = try await stack.desk(.gridMember, of: "community-379922001-01", person: "person-0138")
    let community = try await stack.desk(.levelClerk, of: "community-room-379922001-01", person: "person-0094")
    var story = CaseStory(
      try await member.cases.reportCase(
        .init(
          requestID: requestID(), kind: .dispute, category: "其他", complexity: .complex, discovery: .patrol,
          gridID: "grid-379922001001U001", title: "装修队讨薪")
      ).caseRecord)
    try await story.acceptAndStart(by: community, "person-0094")
    try await story.attempt(.failed, by: community)
    try await story.escalate(by: community)
    try await story.receive(by: centre, "person-0083")
    try await story.take {
      try await centre.cases.setFlags(
        .init(
          requestID: requestID(), caseID: $0, expectedVersion: $1, flags: [.industry], flagReason: "属劳动争议",
          industryRoomOrgID: "industry-room-ldrs")
      ).caseRecord
    }
    #expect(await story.joint(by: centre).contains("INDUSTRY_NOT_TRIED"))
    try await story.take {
      try await centre.analysis.routeIndustry(.init(requestID: requestID(), caseID: $0, expectedVersion: $1)).caseRecord
    }
    #expect(story.record.state == .accepted && story.record.handlingOrgID == "industry-room-ldrs")
    #expect(story.record.responsiblePersonID == "person-0069")
  }
}

extension CaseStory {
  /// When the running clock of a kind is due, as the county's wall shows it.
  func due(_ kind: String) -> String? {
    record.clocks.last { $0.clockKind == kind && $0.stopTime == nil }?.dueTime?.kernel.wall
  }

  /// Why joint handling cannot begin; what may be done is asked, so nothing happens where it could.
  func joint(by desk: Desk, commits: Bool = true) async -> [String] {
    guard commits else {
      let answer = try? await desk.cases.listAllowedActions(.init(caseID: record.caseID))
      let action = answer?.actions.first { $0.action == "route joint" }
      return action?.unmetGuards.map(\.reason) ?? ["NOT_OFFERED"]
    }
    return await reasons {
      try await desk.analysis.routeJoint(.init(requestID: requestID(), caseID: $0, expectedVersion: $1))
    }
  }

  mutating func plan(by desk: Desk, _ persons: [String]) async throws {
    try await take {
      try await desk.plans.putPlan(
        .init(
          requestID: requestID(), caseID: $0, expectedVersion: $1,
          responsibles: persons.map { .init(personID: $0, phone: "13900000083") },
          measures: [
            .init(
              text: "逐人核对工资", ownerOrgID: SmallCounty.chengguanCentre,
              dueTime: Timestamp(wall: "2020-03-31 18:00").map { .init($0) }),
            .init(
              text: "监督支付", ownerOrgID: "dept-rsj", dueTime: Timestamp(wall: "2020-04-10 18:00").map { .init($0) }),
          ])
      ).caseRecord
    }
  }

  mutating func settleInWriting(by desk: Desk) async throws {
    let signers = record.parties.map(\.partyID)
    try await take {
      try await desk.cases.settleCase(
        .init(
          requestID: requestID(), caseID: $0, expectedVersion: $1, agreement: .written, settlementText: "以界桩为准",
          performanceDueTime: .init(Timestamp(seconds: 4_102_444_800)),
          content: .init(
            signedPartyIDs: signers, facts: "院墙越界半米", duties: "一方退回，一方谅解", manner: "自行拆改", place: "院墙处",
            evidenceRefs: ["agreement-1"]))
      ).caseRecord
    }
  }
}
