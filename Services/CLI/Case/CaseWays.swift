import ArgumentParser
import DisputeContract
import Foundation
import RPC
import WireTypes

// The ways between levels, joint handling and what follows. One word per step: each reads the case, takes the step on the version that it read, and says what may come next.

extension CaseCommand {
  struct HandUp: AsyncParsableCommand {
    static let configuration = CommandConfiguration("hand-up", "网格员上交本级组织。", "Hand it up, as the grid member.")
    @Option(help: "Why.") var reason = ""
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.escalation.handUpCase(
          .init(requestID: RequestID.fresh, caseID: id, expectedVersion: version, handUpReason: reason),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Escalate: AsyncParsableCommand {
    static let configuration = CommandConfiguration("调解不成，上报上一级。", "Send it one level up, after a failed attempt.")
    @Option(help: "Why.") var reason = ""
    @Option(help: "The organisation; must be the next of the path.") var to = ""
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.escalation.submitEscalation(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version, escalationReason: reason, toOrgID: to),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Raise: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "紧急上报镇街；第二次重新办理的上报一级。", "Straight to the township; a second reopening goes one level up.")
    @Option(help: "Why.") var reason = ""
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.escalation.raiseCase(
          .init(requestID: RequestID.fresh, caseID: id, expectedVersion: version, raiseReason: reason),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Receive: AsyncParsableCommand {
    static let configuration = CommandConfiguration("签收上报。", "Take what was sent up.")
    @Option(help: "Who answers for it: a person of the handling organisation.") var responsible: String
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.escalation.receiveEscalation(
          .init(requestID: RequestID.fresh, caseID: id, expectedVersion: version, responsiblePersonID: responsible),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Return: AsyncParsableCommand {
    static let configuration = CommandConfiguration("退回上报。", "Give back what was sent up.")
    @Option(help: "Why.") var reason: String
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.escalation.returnEscalation(
          .init(requestID: RequestID.fresh, caseID: id, expectedVersion: version, returnReason: reason),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Retract: AsyncParsableCommand {
    static let configuration = CommandConfiguration("撤回上报。", "Take back what you sent up, before it is received.")
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.escalation.retractEscalation(
          .init(requestID: RequestID.fresh, caseID: id, expectedVersion: version),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Analyse: AsyncParsableCommand {
    static let configuration = CommandConfiguration("转入研判。", "Analyse it at the township.")
    @Option(help: "In words.") var text = ""
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.analysis.analyseCase(
          .init(requestID: RequestID.fresh, caseID: id, expectedVersion: version, minutes: text),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Study: AsyncParsableCommand {
    static let configuration = CommandConfiguration("记录研判会。", "Record the session that analysed it.")
    @Option(help: "Who attended.") var attended: [String] = []
    @Option(help: "mediate-here, industry, joint, agency, call, guide-legal or return-down.") var route: String
    @Option(help: "What caused it.") var causes = ""
    @Option(help: "In words.") var text = ""
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.analysis.recordAnalysis(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version, attendantPersonIDs: attended,
            causes: causes,
            route: try CaseWords.value(route, "ROUTE_"), minutes: text),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Determined: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "记录职责判定（huying determine --keep 得到编号）。", "Record whose matter it is (the id is from huying determine --keep).")
    @Option(help: "The determination's id.") var id: String
    @Option(help: "self, agency, call, ambiguous or off-list.") var verdict: String
    @Option var item = ""
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.analysis.recordDetermination(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version,
            determination: .init(
              determinationID: self.id, verdict: try CaseWords.value(verdict, "VERDICT_"), itemCode: item)),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct ReturnDown: AsyncParsableCommand {
    static let configuration = CommandConfiguration("return-down", "退给上报单位办理。", "Give it down to who sent it up.")
    @Option(help: "Why.") var reason: String
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.analysis.returnDown(
          .init(requestID: RequestID.fresh, caseID: id, expectedVersion: version, returnReason: reason),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct ReAnalyse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "re-analyse", "联合化解不成，重新研判。", "Analyse anew: a measure was dropped or a department refused.")
    @Option(help: "Why.") var reason: String
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.analysis.reanalyseCase(
          .init(requestID: RequestID.fresh, caseID: id, expectedVersion: version, reanalysisReason: reason),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct AgencyDone: AsyncParsableCommand {
    static let configuration = CommandConfiguration("agency-done", "确认派驻机构已办结。", "Confirm what the agency has done.")
    @Option(help: "In words.") var text = ""
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.analysis.confirmAgencyDone(
          .init(requestID: RequestID.fresh, caseID: id, expectedVersion: version, settlementText: text),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Invite: AsyncParsableCommand {
    static let configuration = CommandConfiguration("邀请部门参与。", "Ask a department to take part.")
    @Option(help: "Its organisation id.") var department: String
    @Option(help: "What is asked of it.") var ask: String
    @Option(help: "By when it should answer.") var until = ""
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.plans.inviteDepartment(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version, orgID: department, ask: ask,
            dueTime: try CaseCommand.time(until)),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Answer: AsyncParsableCommand {
    static let configuration = CommandConfiguration("答复邀请。", "Answer an invitation.")
    @Option(help: "Its number.") var invitation: Int32
    @Flag(inversion: .prefixedNo) var accept = true
    @Option(help: "On what a refusal rests.") var basis = ""
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.plans.answerInvitation(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version, invitationNumber: invitation,
            accept: accept, basis: basis),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct MeasureCase: AsyncParsableCommand {
    static let configuration = CommandConfiguration("measure", "更新措施：完成或取消。", "A measure is done, or dropped.")
    @Option(help: "Its number.") var number: Int32
    @Flag(help: "It is done.") var done = false
    @Flag(help: "It is dropped; say why.") var drop = false
    @Option(help: "In words.") var text = ""
    @Option(help: "Reference of a document.") var evidence: [String] = []
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.plans.updateMeasure(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version, measureNumber: number,
            state: done ? .done : drop ? .dropped : .unspecified, outcome: text, evidenceRefs: evidence),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Assist: AsyncParsableCommand {
    static let configuration = CommandConfiguration("记录协助情况。", "Record what you did to help.")
    @Option(help: "In words.") var text: String
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.cases.recordAssist(
          .init(requestID: RequestID.fresh, caseID: id, expectedVersion: version, assistText: text),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Sign: AsyncParsableCommand {
    static let configuration = CommandConfiguration("镇街领导会签。", "The township leader's second signature.")
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.cases.signCase(
          .init(requestID: RequestID.fresh, caseID: id, expectedVersion: version),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Close: AsyncParsableCommand {
    static let configuration = CommandConfiguration("登记结案。", "Register the closing.")
    @Option(help: "SOLVED, EXPLAINED, REFERRED, …") var result = ""
    @Option(help: "own-power, mediation, agency, department or legal.") var authority = ""
    @Flag(help: "The parties have been told.") var notified = false
    @Option(help: "satisfied, basic, dissatisfied or unreached.") var satisfaction = ""
    @Option(help: "When it is followed up; 30 days unless given.") var followUp = ""
    @Option(help: "The rule or document on which it rests.") var basis = ""
    @Option(help: "Reference of a document.") var evidence: [String] = []
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.cases.registerClose(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version,
            closure: .init(
              result: result, authority: try CaseWords.value(authority, "AUTHORITY_"), partiesNotified: notified,
              satisfaction: try CaseWords.value(satisfaction, "SATISFACTION_"),
              followUpDueTime: try CaseCommand.time(followUp), evidenceRefs: evidence, basis: basis)),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct FollowUp: AsyncParsableCommand {
    static let configuration = CommandConfiguration("follow-up", "记录回访。", "Record the visit after the closing.")
    @Flag(help: "What was agreed has been performed.") var performed = false
    @Flag(help: "A new dispute has come of it.") var newDispute = false
    @Option(help: "In words.") var text = ""
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.cases.recordFollowUp(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version, performed: performed,
            newDispute: newDispute, remark: text),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Satisfaction: AsyncParsableCommand {
    static let configuration = CommandConfiguration("记录满意度。", "Record how satisfied the applicant is.")
    @Option(help: "satisfied, basic, dissatisfied or unreached.") var rating: String
    @Option(help: "PHONE, VISIT, APP, …") var channel = "PHONE"
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.cases.recordSatisfaction(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version,
            satisfaction: try CaseWords.value(rating, "SATISFACTION_"),
            channel: channel),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Confirm: AsyncParsableCommand {
    static let configuration = CommandConfiguration("记录司法确认。", "Record the court's confirmation of the agreement.")
    @Option(help: "applied, confirmed or refused.") var court: String
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.cases.recordConfirmation(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version,
            confirmation: try CaseWords.value(court, "CONFIRMATION_")),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Reopen: AsyncParsableCommand {
    static let configuration = CommandConfiguration("重新办理。", "Open it anew.")
    @Option(help: "party, follow-up or supervision.") var source = ""
    @Option(help: "Why.") var reason: String
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.cases.reopenCase(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version,
            source: try CaseWords.value(source, "SOURCE_"), reopenReason: reason),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Route: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "研判后的去向：本级、行业、联合、派驻机构、呼叫。", "Where it goes after the analysis: here, industry, joint, agency or call.")
    /// The ways that begin in ANALYSING.
    enum Way: String, ExpressibleByArgument, CaseIterable {
      case here, industry, joint, agency, call
    }
    @OptionGroup var options: CaseOptions
    @Argument(help: "here, industry, joint, agency or call.") var way: Way
    @Option(help: "here, industry: who answers for it.") var responsible = ""
    @Option(help: "industry: the room.") var room = ""
    @Option(help: "agency: the task; call: the call. Empty: the one that names this case.") var id = ""
    @Option(help: "Minutes.") var text = ""

    func run() async throws {
      try await options.take { desk, caseID, version in
        let (request, analysis) = (RequestID.fresh, desk.analysis)
        switch way {
        case .here:
          return try await analysis.routeHere(
            .init(
              requestID: request, caseID: caseID, expectedVersion: version, responsiblePersonID: responsible,
              minutes: text), options: CaseDesk.options
          ).caseRecord
        case .industry:
          return try await analysis.routeIndustry(
            .init(
              requestID: request, caseID: caseID, expectedVersion: version, responsiblePersonID: responsible,
              minutes: text, industryRoomOrgID: room), options: CaseDesk.options
          ).caseRecord
        case .joint:
          return try await analysis.routeJoint(
            .init(requestID: request, caseID: caseID, expectedVersion: version, minutes: text),
            options: CaseDesk.options
          ).caseRecord
        case .agency:
          return try await analysis.routeAgency(
            .init(requestID: request, caseID: caseID, expectedVersion: version, taskID: id, minutes: text),
            options: CaseDesk.options
          ).caseRecord
        case .call:
          return try await analysis.routeCall(
            .init(requestID: request, caseID: caseID, expectedVersion: version, callID: id, minutes: text),
            options: CaseDesk.options
          ).caseRecord
        }
      }
    }
  }

  struct Plan: AsyncParsableCommand {
    static let configuration = CommandConfiguration("制定联合化解方案。", "Write the plan of joint handling.")
    @Option(help: "PERSON=PHONE of who answers for it; exactly one before joint handling begins.")
    var responsible: [String] = []
    @Option(help: "OWNER|DAY|TEXT: owner organisation, due day, what is done.") var measure: [String] = []
    @Option(help: "The organisation that leads; yours unless given.") var lead = ""
    @OptionGroup var options: CaseOptions

    func run() async throws {
      let measures = try measure.map { line in
        let parts = line.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3 else {
          throw Complaint(
            Say.of("措施请写作 \"单位|日期|内容\"", "write a measure as \"OWNER|DAY|TEXT\""))
        }
        return DisputeV1.Measure(text: parts[2], ownerOrgID: parts[0], dueTime: try CaseCommand.time(parts[1]))
      }
      let responsibles = responsible.map { text in
        let (person, phone) = CaseCommand.pair(text)
        return DisputeV1.Responsible(personID: person, phone: phone)
      }
      try await options.take { desk, id, version in
        try await desk.plans.putPlan(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version, leadOrgID: lead,
            responsibles: responsibles, measures: measures), options: CaseDesk.options
        ).caseRecord
      }
    }
  }
}
