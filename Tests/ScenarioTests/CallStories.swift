import Access
import DispatchContract
import DisputeContract
import Foundation
import GatewayContract
import ResponsibilityListContract
import RPC
import Runtime
import Testing
import TestSupport

/// A6 (D§5) through the gateway, which asks responsibility-list before dispatch judges.
extension Scenarios {
  @Test func `A6 admission by two reasons to call and two not to`() async throws {
    try await Scenarios.withCounty { stack in
      let town = try await CallingTownship(SmallCounty.chengguan, "person-0080", on: stack)

      // a: the township's own matter
      let own = try await town.submit("菜市场后面的垃圾好几天没人清运，保洁不到位")
      #expect(own.decision == .notAdmitted && own.failed.contains("N1"))
      let cited = try #require(own.admission.rules.first { $0.ruleCode == "N1" })
      #expect(cited.basis.contains("CJ-06") && cited.basis.contains("2019-1") && !cited.adviceZh.isEmpty)

      // b: the agency was not asked
      let notAsked = try await town.submit(CallingTownship.pollution)
      #expect(notAsked.decision == .notAdmitted && notAsked.failed == ["N2"])
      #expect(notAsked.admission.rules.first { $0.ruleCode == "N2" }?.adviceZh.contains("城关生态环境所") == true)

      // c: the agency is unable, but the study is not signed
      try await town.askInVain(
        "agency-379922001000-sthjs", head: "person-0085", item: "ST-04", type: "生态环境所", on: stack)
      let unsigned = try await town.submit(CallingTownship.pollution, signed: false)
      #expect(unsigned.decision == .notAdmitted && unsigned.failed == ["Y1"])

      // d: telephoned in without a caller record
      let hotline = try await stack.desk(.hotlineOperator, of: "hotline", person: "person-0007")
      let offline = try #require(
        try await hotline.calls.draftCall(
          .init(requestID: requestID(), draft: town.draft(CallingTownship.pollution, signed: true, channel: .offline))
        ).call)
      #expect(
        await reasons {
          try await hotline.calls.submitCall(
            .init(requestID: requestID(), callID: offline.callID, expectedVersion: offline.version))
        } == ["CALLER_RECORD_MISSING"])

      // e: complete
      let complete = try await town.submit(CallingTownship.pollution)
      #expect(complete.decision == .admitted && complete.call.state == .admitted)
      #expect(
        complete.call.determination?.itemCode == "ST-04" && complete.call.determination?.manualPhone.isEmpty == false)

      // f: a township without that agency
      let guiyi = try await CallingTownship(SmallCounty.guiyi, "person-0103", on: stack)
      let noAgency = try await guiyi.submit(CallingTownship.pollution)
      #expect(noAgency.decision == .admitted)

      // g: off the list
      let offList = try await town.submit("有人放无人机黑飞")
      #expect(offList.decision == .manualReview && offList.admission.reviewCauses == ["OFF_LIST"])
      try await stack.untilRelayed()
      try await stack.expectSoundness()
    }
  }

  @Test func `a client that gives a determination is refused, and without responsibility-list the office decides`()
    async throws
  {
    try await Scenarios.withCounty { stack in
      let town = try await CallingTownship(SmallCounty.chengguan, "person-0080", on: stack)
      let draft = town.draft(CallingTownship.pollution, signed: true)
      let own = DispatchV1.DeterminationFinding(availability: .available, determinationID: "x", verdict: .call)
      #expect(
        await reasons { try await town.desk.calls.checkAdmission(.init(draft: draft, determination: own)) }
          == ["DETERMINATION_GIVEN"])
      #expect(
        await reasons {
          try await town.desk.calls.submitCall(
            .init(requestID: requestID(), callID: "x", expectedVersion: 1, determination: own))
        } == ["DETERMINATION_GIVEN"])

      try await stack.stop(.responsibilityList)
      let judged = try await town.submit(CallingTownship.pollution)
      #expect(judged.decision == .manualReview && judged.admission.reviewCauses == ["RL_UNAVAILABLE"])
      var emergency = draft
      (emergency.kind, emergency.place) = (.emergency, "化工园北门")
      let call = try #require(
        try await town.desk.calls.draftCall(.init(requestID: requestID(), draft: emergency)).call)
      let submitted = try await town.desk.calls.submitCall(
        .init(requestID: requestID(), callID: call.callID, expectedVersion: call.version))
      #expect(submitted.call?.state == .admitted)
      try await stack.start(.responsibilityList)

      let office = try await stack.desk(.callOffice, of: "call-office", person: "person-0005")
      let reviewed = try await office.calls.reviewCall(
        .init(
          requestID: requestID(), callID: judged.call.callID, expectedVersion: judged.call.version, admit: true,
          reviewReason: "情况属实，乡镇无执法权"))
      #expect(reviewed.call?.state == .admitted && reviewed.call?.admission?.machineDecision == .manualReview)
    }
  }

  @Test func `a matter is called up, solved by the county, and closed where it came from`() async throws {
    try await Scenarios.withCounty { stack in
      let centre = try await stack.desk(.levelClerk, of: "center-379922200000", person: "person-0106")
      let hotline = try await stack.desk(.hotlineOperator, of: "hotline", person: "person-0007")
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
      let determined = try #require(
        try await centre.determinations.determine(
          .init(requestID: requestID(), question: .init(text: CallingTownship.pollution, townshipCode: "379922200000"))
        ).determination)
      try await story.take {
        try await centre.analysis.analyseCase(
          .init(
            requestID: requestID(), caseID: $0, expectedVersion: $1,
            determination: .init(
              determinationID: determined.determinationID, verdict: .call, itemCode: determined.itemCode,
              listVersion: determined.listNumber), minutes: "乡镇无执法权")
        ).caseRecord
      }
      #expect(
        await story.reasons {
          try await centre.analysis.routeCall(.init(requestID: requestID(), caseID: $0, expectedVersion: $1))
        }
          == ["NO_SUBMITTED_CALL"])

      let town = try await CallingTownship(SmallCounty.guiyi, "person-0103", on: stack)
      let submitted = try await town.submit(CallingTownship.pollution, cases: [story.record.caseID])
      #expect(submitted.decision == .admitted)
      try await stack.untilRelayed()
      try await story.read(by: centre)
      try await story.take {
        try await centre.analysis.routeCall(.init(requestID: requestID(), caseID: $0, expectedVersion: $1)).caseRecord
      }
      #expect(story.record.state == .awaitingCall)

      let closed = try await solve(submitted.call, for: town, on: stack)
      #expect(closed?.state == .closed && closed?.outcome == .solved)
      try await stack.untilRelayed()
      try await story.read(by: centre)
      #expect(story.record.state == .settled)
      try await story.close(by: centre)
      #expect(story.record.state == .closed)

      let journey = try await centre.journeys.getJourney(
        .init(number: story.record.number), options: CallOptions(timeout: .seconds(10)))
      let types = journey.entries.map(\.eventType)
      #expect(!journey.partial && types.first == "case.reported" && types.last == "case.closed")
      for step in [
        "determination.made", "case.call_awaited", "call.dispatched", "call.signed", "call.verified",
        "case.call_solved",
      ] {
        #expect(types.contains(step), "\(step) is not on \(types)")
      }
      try await stack.expectSoundness()
    }
  }

  /// Office and department do their parts; the township says that it is solved.
  private func solve(
    _ call: DispatchV1.Call, for town: CallingTownship, on stack: RunningStack
  ) async throws -> DispatchV1.Call? {
    let office = try await stack.desk(.callOffice, of: "call-office", person: "person-0005")
    let sent = try #require(
      try await office.calls.dispatchCall(
        .init(requestID: requestID(), callID: call.callID, expectedVersion: call.version)
      ).call)
    let main = try #require(sent.assignments.first { $0.part == .main })
    let department = try await stack.desk(.departmentClerk, of: main.orgID)
    let signed = try await department.calls.signCall(
      .init(requestID: requestID(), callID: call.callID, expectedVersion: sent.version)
    ).call
    let responded = try await department.calls.respondCall(
      .init(
        requestID: requestID(), callID: call.callID, expectedVersion: signed?.version ?? 0,
        contactRecord: "已与乡镇电话联系", plan: "现场取证并责令停产", planDate: "2030-01-01")
    ).call
    var version = responded?.version ?? 0
    for assist in sent.assignments where assist.part == .assist {
      version =
        try await department.calls.releaseAssist(
          .init(
            requestID: requestID(), callID: call.callID, expectedVersion: version, orgID: assist.orgID,
            releaseReason: "无需配合")
        ).call?.version ?? 0
    }
    let done = try await department.calls.reportDone(
      .init(requestID: requestID(), callID: call.callID, expectedVersion: version, result: "已关停")
    ).call
    return try await town.desk.calls.verifyCall(
      .init(
        requestID: requestID(), callID: call.callID, expectedVersion: done?.version ?? 0, verdict: .solved,
        rating: .init(speed: 5, attitude: 5, result: 5))
    ).call
  }
}

/// A township whose leader calls the county.
struct CallingTownship: Sendable {
  static let pollution = "村口有人偷倒工业污水到河里"

  let organisation: String
  let leader: String
  let desk: Desk

  struct Submitted: Sendable {
    let call: DispatchV1.Call
    let admission: DispatchV1.Admission
    var decision: DispatchV1.Admission.Decision { admission.decision }
    var failed: [String] { admission.rules.filter { $0.result == .fail }.map(\.ruleCode) }
  }

  init(_ organisation: String, _ leader: String, on stack: RunningStack) async throws {
    self.organisation = organisation
    self.leader = leader
    desk = try await stack.desk(.townshipLeader, of: organisation, person: leader)
  }

  func draft(
    _ narrative: String, signed: Bool, channel: DispatchV1.Call.Channel = .online, cases: [String] = []
  ) -> DispatchV1.CallDraft {
    .init(
      kind: .reasoned, channel: channel, ground: .noAuthority, townshipOrgID: organisation, caseIDs: cases,
      narrative: narrative,
      study: channel == .offline
        ? nil
        : .init(
          studyDate: "2020-03-01", participants: "综治中心、司法所", tried: "多次劝阻", conclusion: .cannotAlone,
          signedBy: signed ? leader : ""))
  }

  /// Drafts and submits; the dry run before has said the same.
  func submit(_ narrative: String, signed: Bool = true, cases: [String] = []) async throws -> Submitted {
    let draft = draft(narrative, signed: signed, cases: cases)
    let foretold = try #require(try await desk.calls.checkAdmission(.init(draft: draft)).admission)
    let drafted = try #require(try await desk.calls.draftCall(.init(requestID: requestID(), draft: draft)).call)
    let answer = try await desk.calls.submitCall(
      .init(requestID: requestID(), callID: drafted.callID, expectedVersion: drafted.version))
    let submitted = Submitted(call: try #require(answer.call), admission: try #require(answer.admission))
    #expect(foretold.decision == submitted.decision)
    #expect(foretold.rules.map(\.result) == submitted.admission.rules.map(\.result))
    #expect(foretold.reviewCauses == submitted.admission.reviewCauses)
    return submitted
  }

  /// Asks an agency, whose head says that it is unable.
  func askInVain(_ agency: String, head: String, item: String, type: String, on stack: RunningStack) async throws {
    let task = try #require(
      try await desk.coordination.requestCoordination(
        .init(
          requestID: requestID(), townshipOrgID: organisation, agencyOrgID: agency, itemCode: item,
          itemAgencyTypes: [type], ask: "请协调处理")
      ).task)
    let agencyHead = try await stack.desk(.agencyHead, of: agency, person: head)
    let answer = try await agencyHead.coordination.declareUnable(
      .init(
        requestID: requestID(), taskID: task.taskID, expectedVersion: task.version, unableReason: .noPower,
        unableBasis: "水污染防治法第九条"))
    #expect(answer.task?.state == .unable)
  }
}
