import ArgumentParser
import DisputeContract
import Foundation
import RPC
import WireTypes

// One word per step: each reads the case, takes the step on the version that it read, and says what may come next.

extension CaseCommand {
  struct Accept: AsyncParsableCommand {
    static let configuration = CommandConfiguration("受理。", "Take it in, or take it in again.")
    @Option(help: .of("责任人：办理单位的人员。", "Who answers for it: a person of the handling organisation."))
    var responsible: String
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.cases.acceptCase(
          .init(requestID: RequestID.fresh, caseID: id, expectedVersion: version, responsiblePersonID: responsible),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct SelfHandle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "self-handle", "网格员自行办理。", "Handle it yourself, as the grid member.")
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.cases.selfHandleCase(
          .init(requestID: RequestID.fresh, caseID: id, expectedVersion: version),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Reject: AsyncParsableCommand {
    static let configuration = CommandConfiguration("不予受理。", "Do not take it in.")
    @Option(
      help: .of("not-a-matter 不属受理范围、no-jurisdiction 无管辖。", "not-a-matter or no-jurisdiction."),
      completion: .words(of: DisputeV1.Rejection.Ground.self))
    var ground: String
    @Option(help: .of("理由。", "Why.")) var reason = ""
    @Flag(help: .of("已告知上报人。", "The reporter has been told.")) var told = false
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.cases.rejectCase(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version,
            ground: try CaseWords.value(ground, "GROUND_"), rejectReason: reason, reporterTold: told),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Reconsider: AsyncParsableCommand {
    static let configuration = CommandConfiguration("复核不予受理的异议。", "Take it in after all, on the reporter's objection.")
    @Option(help: .of("理由。", "Why.")) var reason: String
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.cases.reconsiderCase(
          .init(requestID: RequestID.fresh, caseID: id, expectedVersion: version, objection: reason),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Locate: AsyncParsableCommand {
    static let configuration = CommandConfiguration("定位到网格。", "Say in which grid it lies.")
    @Option(help: .of("网格标识。", "The grid's id.")) var grid: String
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.cases.locateCase(
          .init(requestID: RequestID.fresh, caseID: id, expectedVersion: version, gridID: grid),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Classify: AsyncParsableCommand {
    static let configuration = CommandConfiguration("重新分类。", "Say anew what it is about and how complex.")
    @Option(help: .of("类别。", "What it is about: the category.")) var category = ""
    @Option(
      help: .of("general 一般、complex 复杂。", "general or complex."), completion: .words(of: DisputeV1.Case.Complexity.self)
    )
    var complexity = ""
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.cases.classifyCase(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version, category: category,
            complexity: try CaseWords.value(complexity, "COMPLEXITY_")),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct FlagCase: AsyncParsableCommand {
    static let configuration = CommandConfiguration("flag", "设置标记（写全部适用的）。", "Set the flags: all that apply.")
    @Option(
      help: .of(
        "group 群体、petition 信访、emergency 紧急、industry 行业、responsibility-overlap 职责交叉、beyond-capacity 超出能力。",
        "group, petition, emergency, industry, responsibility-overlap, beyond-capacity."),
      completion: .words(of: DisputeV1.Case.Flag.self))
    var flag: [String] =
      []
    @Option(help: .of("理由。", "Why.")) var reason: String
    @Option(help: .of("行业纠纷：先行调解的行业调解室。", "With industry: the room that tries first.")) var room = ""
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.cases.setFlags(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version,
            flags: try flag.map { try CaseWords.value($0, "FLAG_") }, flagReason: reason,
            industryRoomOrgID: room),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Assign: AsyncParsableCommand {
    static let configuration = CommandConfiguration("更换责任人。", "Name another responsible person.")
    @Option(help: .of("责任人：办理单位的人员。", "Who answers for it: a person of the handling organisation."))
    var responsible: String
    @Option(help: .of("理由。", "Why.")) var reason: String
    @Option(help: .of("联合化解中须填。", "Needed in joint handling.")) var phone = ""
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.cases.reassignCase(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version, responsiblePersonID: responsible,
            reassignReason: reason,
            responsiblePhone: phone),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Merge: AsyncParsableCommand {
    static let configuration = CommandConfiguration("并入另一案件。", "Merge it into another case, which goes on for both.")
    @Option(help: .of("继续办理的案件的编号。", "Number or id of the case that goes on.")) var into: String
    @Option(help: .of("理由。", "Why.")) var reason = ""
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.merges.mergeCase(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version,
            survivorCaseID: try await desk.read(into).caseID,
            mergeReason: reason),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Unmerge: AsyncParsableCommand {
    static let configuration = CommandConfiguration("撤销并案（30日内）。", "Part a merged case again, within 30 days.")
    @Option(help: .of("理由。", "Why.")) var reason: String
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.merges.unmergeCase(
          .init(requestID: RequestID.fresh, caseID: id, expectedVersion: version, unmergeReason: reason),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Withdraw: AsyncParsableCommand {
    static let configuration = CommandConfiguration("按申请人请求撤回。", "Withdraw it at the applicant's request.")
    @Option(help: .of("理由。", "Why.")) var reason: String
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.cases.withdrawCase(
          .init(requestID: RequestID.fresh, caseID: id, expectedVersion: version, withdrawReason: reason),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration("开始调解。", "Begin to mediate.")
    @Option(help: .of("调解员；不填为本人。", "A mediator; you, if nobody is named.")) var mediator: [String] = []
    @Flag(help: .of("调解员与本案无利害关系。", "The mediators have no interest in the case.")) var noConflict = false
    @Flag(help: .of("已告知当事人权利。", "The parties were told their rights.")) var rightsTold = false
    @Option(help: .of("同意调解的当事人：P1、P2 等。", "A party that agrees to be mediated: P1, P2, …")) var consent: [String] = []
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.mediation.startMediation(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version, mediatorPersonIDs: mediator,
            noConflictDeclared: noConflict,
            rightsTold: rightsTold, consentingPartyIDs: consent),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct AttemptCase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "attempt", "记录一次调处。", "Record a session: success, failed or adjourned.")
    @Option(
      help: .of("success 成功、failed 不成、adjourned 中止。", "success, failed or adjourned."),
      completion: .words(of: DisputeV1.Attempt.Result.self))
    var result: String
    @Option(help: .of("ON_SITE 现场、MEETING 会议、PHONE 电话等。", "ON_SITE, MEETING, PHONE, …")) var method = ""
    @Option(help: .of("到场人数。", "How many were present.")) var present: Int32 = 0
    @Option(help: .of("说明。", "In words.")) var text = ""
    @Option(help: .of("不成的原因。", "Why it failed.")) var failure = ""
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.mediation.recordAttempt(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version,
            result: try CaseWords.value(result, "RESULT_"), method: method,
            presentCount: present, record: text, failureReason: failure),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Adjourn: AsyncParsableCommand {
    static let configuration = CommandConfiguration("中止调解。", "Let the mediation rest until a day.")
    @Option(
      help: .of(
        "expert-opinion 等鉴定、party-absent 当事人缺席、legal-pending 等法律结果。", "expert-opinion, party-absent or legal-pending."),
      completion: .words(of: DisputeV1.Adjournment.Reason.self))
    var why: String
    @Option(help: .of("恢复时间：2020-03-10。", "When it goes on: 2020-03-10.")) var until: String
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.mediation.adjournMediation(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version,
            reason: try CaseWords.value(why, "REASON_"),
            resumeTime: try CaseCommand.time(until)),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration("恢复调解。", "Go on mediating.")
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.mediation.resumeMediation(
          .init(requestID: RequestID.fresh, caseID: id, expectedVersion: version),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Settle: AsyncParsableCommand {
    static let configuration = CommandConfiguration("化解：口头、书面或当场协议。", "Settle it: oral, written or on-spot agreement.")
    @Option(
      help: .of("oral 口头、written 书面、on-spot 当场；事项不填。", "oral, written or on-spot; none for a matter."),
      completion: .words(of: DisputeV1.Settlement.AgreementKind.self))
    var agreement = ""
    @Option(help: .of("说明。", "In words.")) var text = ""
    @Option(help: .of("履行期限。", "By when it is performed.")) var until = ""
    @Option(help: .of("书面协议：签字的当事人，P1 等。", "Written: a party that signed, P1 …")) var signed: [String] = []
    @Option(help: .of("书面协议：事实和责任。", "Written: facts and who answers for what.")) var facts = ""
    @Option(help: .of("书面协议：权利义务。", "Written: rights and duties.")) var duties = ""
    @Option(help: .of("书面协议：履行方式。", "Written: how it is performed.")) var manner = ""
    @Option(help: .of("书面协议：履行地点。", "Written: where.")) var place = ""
    @Option(help: .of("书面协议：签字文本编号。", "Written: reference of the signed paper.")) var evidence: [String] = []
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.cases.settleCase(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version,
            agreement: try CaseWords.value(agreement, "AGREEMENT_KIND_"),
            settlementText: text, performanceDueTime: try CaseCommand.time(until),
            content: agreement == "written"
              ? .init(
                signedPartyIDs: signed, facts: facts, duties: duties, manner: manner, place: place,
                evidenceRefs: evidence) : nil),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct FallBack: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "fall-back", "化解后又反复，恢复办理。", "It does not hold: go back to where it was settled from.")
    @Option(help: .of("理由。", "Why.")) var reason: String
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.cases.fallBackCase(
          .init(requestID: RequestID.fresh, caseID: id, expectedVersion: version, fallBackReason: reason),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }

  struct Guide: AsyncParsableCommand {
    static let configuration = CommandConfiguration("引导依法解决。", "Show the parties the way to the law.")
    @Option(help: .of("court 诉讼、arbitration 仲裁、review 行政复议。", "court, arbitration or review.")) var way: String
    @Option(help: .of("书面引导内容。", "The written guidance.")) var text: String
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.take { desk, id, version in
        try await desk.cases.guideToLaw(
          .init(
            requestID: RequestID.fresh, caseID: id, expectedVersion: version, way: way.uppercased(), guidance: text),
          options: CaseDesk.options
        ).caseRecord
      }
    }
  }
}
