import ArgumentParser
import DisputeContract
import Foundation
import RPC
import WireTypes

// The ways between levels, joint handling and what follows. One word per step: each reads the case, takes the step on the version that it read, and says what may come next.

extension CaseCommand {
  struct HandUp: AsyncParsableCommand {
    static let configuration = CommandConfiguration("hand-up", "网格员上交本级组织。", "Hand it up, as the grid member.")
    @Option(help: .of("理由。", "Why.")) var reason = ""
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
    @Option(help: .of("理由。", "Why.")) var reason = ""
    @Option(help: .of("上报到的组织；须为路径上的下一级。", "The organisation; must be the next of the path.")) var to = ""
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
    @Option(help: .of("理由。", "Why.")) var reason = ""
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
    @Option(help: .of("责任人：办理单位的人员。", "Who answers for it: a person of the handling organisation."))
    var responsible: String
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
    @Option(help: .of("理由。", "Why.")) var reason: String
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
    @Option(help: .of("说明。", "In words.")) var text = ""
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
    @Option(help: .of("参加人。", "Who attended.")) var attended: [String] = []
    @Option(
      help: .of(
        "mediate-here 本级调解、industry 行业、joint 联合、agency 派驻机构、call 呼叫、guide-legal 引导依法、return-down 退下级。",
        "mediate-here, industry, joint, agency, call, guide-legal or return-down."),
      completion: .words(of: DisputeV1.Analysis.Route.self))
    var route: String
    @Option(help: .of("成因。", "What caused it.")) var causes = ""
    @Option(help: .of("说明。", "In words.")) var text = ""
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        let answer = try await desk.analysis.recordAnalysis(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version, attendantPersonIDs: attended,
            causes: causes,
            route: try CaseWords.value(route, "ROUTE_"), minutes: text),
          options: CaseDesk.options)
        if answer.determinationUnavailable {
          Terminal.say(
            Say.of("责任清单服务暂不可用，职责判定请稍后补录。", "responsibility-list does not answer: record the determination later."))
        }
        return answer.caseRecord
      }
    }
  }

  struct Determined: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "记录职责判定（huying determine --keep 得到编号）。", "Record whose matter it is (the id is from huying determine --keep).")
    @Option(help: .of("职责判定的编号。", "The determination's id.")) var id: String
    @Option(
      help: .of(
        "self 本级、agency 派驻机构、call 呼叫、ambiguous 不明确、off-list 清单外。", "self, agency, call, ambiguous or off-list."),
      completion: .words(of: DisputeV1.DeterminationRef.Verdict.self))
    var verdict: String
    @Option(help: .of("清单事项编号。", "The list's item.")) var item = ""
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
    @Option(help: .of("理由。", "Why.")) var reason: String
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
    @Option(help: .of("理由。", "Why.")) var reason: String
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
    @Option(help: .of("说明。", "In words.")) var text = ""
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
    @Option(help: .of("部门的组织编号。", "Its organisation id.")) var department: String
    @Option(help: .of("请其做什么。", "What is asked of it.")) var ask: String
    @Option(help: .of("答复期限。", "By when it should answer.")) var until = ""
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
    @Option(help: .of("序号。", "Its number.")) var invitation: Int32
    @Flag(inversion: .prefixedNo, help: .of("接受或拒绝。", "Accept it, or not.")) var accept = true
    @Option(help: .of("拒绝的依据。", "On what a refusal rests.")) var basis = ""
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
    @Option(help: .of("序号。", "Its number.")) var number: Int32
    @Flag(help: .of("已完成。", "It is done.")) var done = false
    @Flag(help: .of("取消；说明原因。", "It is dropped; say why.")) var drop = false
    @Option(help: .of("说明。", "In words.")) var text = ""
    @Option(help: .of("佐证材料编号。", "Reference of a document.")) var evidence: [String] = []
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
    @Option(help: .of("说明。", "In words.")) var text: String
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
    @Option(help: .of("SOLVED 解决、EXPLAINED 解释、REFERRED 转办等。", "SOLVED, EXPLAINED, REFERRED, …")) var result = ""
    @Option(
      help: .of(
        "own-power 自身权限、mediation 调解、agency 派驻机构、department 部门、legal 法律途径。",
        "own-power, mediation, agency, department or legal."), completion: .words(of: DisputeV1.Closure.Authority.self))
    var authority = ""
    @Flag(help: .of("已告知当事人。", "The parties have been told.")) var notified = false
    @Option(
      help: .of(
        "satisfied 满意、basic 基本满意、dissatisfied 不满意、unreached 未联系上。", "satisfied, basic, dissatisfied or unreached."),
      completion: .words(of: DisputeV1.Closure.Satisfaction.self))
    var satisfaction = ""
    @Option(help: .of("回访时间；不填为30天。", "When it is followed up; 30 days unless given.")) var followUp = ""
    @Option(help: .of("依据的规定或文件。", "The rule or document on which it rests.")) var basis = ""
    @Option(help: .of("佐证材料编号。", "Reference of a document.")) var evidence: [String] = []
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
    @Flag(help: .of("协议已履行。", "What was agreed has been performed.")) var performed = false
    @Flag(help: .of("由此产生新的纠纷。", "A new dispute has come of it.")) var newDispute = false
    @Option(help: .of("说明。", "In words.")) var text = ""
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
    @Option(
      help: .of(
        "satisfied 满意、basic 基本满意、dissatisfied 不满意、unreached 未联系上。", "satisfied, basic, dissatisfied or unreached."),
      completion: .words(of: DisputeV1.Closure.Satisfaction.self))
    var rating: String
    @Option(help: .of("PHONE 电话、VISIT 上门、APP 等。", "PHONE, VISIT, APP, …")) var channel = "PHONE"
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
    @Option(
      help: .of("applied 已申请、confirmed 已确认、refused 不予确认。", "applied, confirmed or refused."),
      completion: .words(of: DisputeV1.Settlement.Confirmation.self))
    var court: String
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
    @Option(
      help: .of("party 当事人、follow-up 回访、supervision 督查。", "party, follow-up or supervision."),
      completion: .words(of: DisputeV1.Reopening.Source.self))
    var source = ""
    @Option(help: .of("理由。", "Why.")) var reason: String
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
    @Argument(help: .of("here 本级、industry 行业、joint 联合、agency 派驻机构、call 呼叫。", "here, industry, joint, agency or call."))
    var way: Way
    @Option(help: .of("本级、行业：责任人。", "here, industry: who answers for it.")) var responsible = ""
    @Option(help: .of("行业：调解室。", "industry: the room.")) var room = ""
    @Option(
      help: .of(
        "派驻机构：任务编号；呼叫：呼叫编号。不填为写有本案的那一个。", "agency: the task; call: the call. Empty: the one that names this case."))
    var id = ""
    @Option(help: .of("会议记录。", "Minutes.")) var text = ""

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
}
