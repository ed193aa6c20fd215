import ArgumentParser
import CareVisitContract
import Foundation
import Kernel
import RPC
import WireTypes

/// `huying care`: the care-visit register from a terminal. Who somebody is comes from a file or standard input, never from the command line,
/// which a shell remembers.
struct CareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "care",
    abstract: Say.of("关爱回访台账（须由本县启用）", "The care-visit register (where the county has switched it on)."),
    discussion: Say.of(
      """
      只登记依法应当帮助或本人同意回访的人，一律用随机令牌；身份信息一次只看一人，须说明用途，逐次留痕。

        huying care programme propose --name 独居老人关爱回访 …            主管部门：提出项目（依据、目的、信息项、间隔、保存期限、影响评估缺一不可）
        huying care programme approve 项目                              个人信息保护负责人：批准项目（或 reject；结束用 close）
        huying care programmes                                          关爱项目
        huying care enrol 项目 --consent 同意书1号 --identity 文件        网格长：提出（文件：name=… phone=… 一行一项；- 为标准输入）
        huying care approve 令牌 --reason 材料齐全                       个人信息保护负责人：批准（或 reject）
        huying care begin 令牌 --visitor person-0144 --first 2020-03-12  网格长：指定回访人
        huying care reassign 令牌 --visitor person-0145                 网格长：换一名回访人
        huying care list                                                本人的回访对象（只有令牌）
        huying care show 令牌                                           一名回访对象：历次回访，本人现在可以做什么
        huying care reveal 令牌 --purpose 上门前核对地址                  查看身份
        huying care visit 令牌 --done --need JIUYI                       回访人：登记回访
        huying care end 令牌 --declined                                  网格长：结束（本人拒绝；或 --need-over）
        huying care right file 令牌 --kind access --document 申请书1号    本人要求查阅、更正、删除或投诉：登记，15个工作日内答复
        huying care right grant 申请 --reason 依法准予                    个人信息保护负责人：准予（更正另须 --identity 文件；不准用 deny）
        huying care right copy 申请                                     准予查阅的，出具本人的全部登记和历次查看记录
        huying care report --month 2020-03                              个人信息保护负责人：谁查看过、几次（另有 looks 令牌、alerts 提醒）
        huying care statistics 项目                                     人数（不足十人的不显示）
        huying care proof 令牌                                          身份信息已销毁的证明
        huying care verify                                              核验本台账的流水

      提出后90天内无人批准、批准后90天内无人开始回访的，自动结束，身份信息随即销毁。
      """,
      """
      Only people who are entitled to help by law or agreed to it, each under a random token. An identity is opened one at a time,
      with a purpose, and every look is written down.

        huying care programme propose --name NAME …                     department: proposes one (basis, purpose, fields, interval, retention, assessment)
        huying care programme approve PROGRAMME                         data protection officer: approves it (or reject; close ends it)
        huying care programmes                                          the programmes
        huying care enrol PROGRAMME --consent REF --identity FILE       lead: proposes (FILE: name=… phone=… a line each; - is standard input)
        huying care approve TOKEN --reason TEXT                         data protection officer: approves (or reject)
        huying care begin TOKEN --visitor person-0144 --first DATE      lead: names the visitor
        huying care reassign TOKEN --visitor person-0145                lead: another visitor
        huying care list                                                one's own, by token
        huying care show TOKEN                                          one of them: the visits, and what one may do now
        huying care reveal TOKEN --purpose TEXT                         who it is
        huying care visit TOKEN --done --need JIUYI                     visitor: writes a visit down
        huying care end TOKEN --declined                                lead: ends it (or --need-over)
        huying care right file TOKEN --kind access --document REF       the person asks to see, correct, delete, or complains: 15 working days
        huying care right grant REQUEST --reason TEXT                   data protection officer: grants (a correction with --identity FILE; or deny)
        huying care right copy REQUEST                                  of a granted access: the whole entry, and who looked at it
        huying care report --month 2020-03                              data protection officer: who looked, how often (and looks TOKEN, alerts)
        huying care statistics PROGRAMME                                how many people (fewer than ten are not shown)
        huying care proof TOKEN                                         that an identity was destroyed
        huying care verify                                              walks the register's own journal

      What nobody approves within 90 days, or begins within 90 days of its approval, ends by itself, and the identity is destroyed.
      """),
    subcommands: [
      Programme.self, Programmes.self, Enrol.self, Approve.self, Reject.self, Begin.self, Reassign.self,
      ListEnrolments.self, Show.self, Reveal.self, RecordVisit.self, End.self, Right.self, Report.self, Looks.self,
      Alerts.self, Statistics.self, Proof.self, Verify.self,
    ])

  static let patience = CallOptions(timeout: .seconds(30))

  struct Programmes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: Say.of("关爱项目", "The programmes."))

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let client = CareVisitV1.ProgrammeServiceClient(channel)
        let answer = try await client.listProgrammes(.init(pageSize: 500), options: patience)
        if gateway.output == .json { return print(try CareText.json(answer)) }
        var table = CareText.programmes
        for programme in answer.programmes { table.add(cells: CareText.cells(programme)) }
        print(table.text)
      }
    }
  }

  struct ListEnrolments: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: Say.of("本人的回访对象（只有令牌）", "One's own enrolments, by token."))

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let client = CareVisitV1.EnrolmentServiceClient(channel)
        var enrolments: [CareVisitV1.Enrolment] = []
        var request = CareVisitV1.ListEnrolmentsRequest(pageSize: 500)
        repeat {
          let page = try await client.listEnrolments(request, options: patience)
          enrolments += page.enrolments
          request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        if gateway.output == .json {
          return print(try enrolments.map { try CareText.json($0) }.joined(separator: "\n"))
        }
        print(CareText.table(enrolments))
      }
    }
  }

  struct Enrol: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: Say.of("网格长：提出回访对象", "Lead: proposes somebody."))

    @Argument(help: .init(Say.of("项目编号", "The programme's id.")))
    var programme: String

    @Option(help: .init(Say.of("同意书或告知记录", "The consent form, or the notice that was given.")))
    var consent: String

    @Option(
      help: .init(
        Say.of(
          "身份信息文件，一行一项：name、phone、address、guardian_name、guardian_phone；- 为标准输入",
          "File with a line each: name=, phone=, address=, guardian_name=, guardian_phone=; - is standard input.")))
    var identity: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      let identity = try CareText.identity(try CareText.content(of: identity))
      try await gateway.withChannel { channel in
        let client = CareVisitV1.EnrolmentServiceClient(channel)
        let answer = try await client.proposeEnrolment(
          .init(requestID: RequestID.fresh, programmeID: programme, consentRef: consent, identity: identity),
          options: patience)
        try CareText.show(answer.enrolment, gateway)
      }
    }
  }

  struct Approve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("个人信息保护负责人：批准", "Data protection officer: approves."))

    @OptionGroup var step: Step

    @Option(help: .init(Say.of("理由", "What it rests on.")))
    var reason: String

    func run() async throws { try await step.decide(approved: true, reason) }
  }

  struct Reject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("个人信息保护负责人：不批准", "Data protection officer: rejects."))

    @OptionGroup var step: Step

    @Option(help: .init(Say.of("理由", "What it rests on.")))
    var reason: String

    func run() async throws { try await step.decide(approved: false, reason) }
  }

  struct Begin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("网格长：指定回访人，开始回访", "Lead: names the visitor."))

    @OptionGroup var step: Step

    @Option(help: .init(Say.of("回访人", "The visitor's person id.")))
    var visitor: String

    @Option(help: .init(Say.of("首次回访日期（年-月-日）", "The first visit (YYYY-MM-DD).")))
    var first: String

    func run() async throws {
      try await step.take { client, enrolment in
        try await client.beginEnrolment(
          .init(
            requestID: RequestID.fresh, enrolmentID: enrolment.enrolmentID, expectedVersion: enrolment.version,
            visitorPersonID: visitor, nextVisitDate: first), options: patience
        ).enrolment
      }
    }
  }

  struct Reassign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("网格长：换一名回访人，原回访人随即看不到", "Lead: another visitor; the one before sees it no more."))

    @OptionGroup var step: Step

    @Option(help: .init(Say.of("新的回访人", "The new visitor's person id.")))
    var visitor: String

    func run() async throws {
      try await step.take { client, enrolment in
        try await client.reassignEnrolment(
          .init(
            requestID: RequestID.fresh, enrolmentID: enrolment.enrolmentID, expectedVersion: enrolment.version,
            visitorPersonID: visitor), options: patience
        ).enrolment
      }
    }
  }

  struct End: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("网格长：结束回访", "Lead: ends it."))

    @OptionGroup var step: Step

    @Flag(help: .init(Say.of("本人拒绝", "The person declined.")))
    var declined = false

    @Flag(help: .init(Say.of("需求已消除", "The need is over.")))
    var needOver = false

    func run() async throws {
      guard declined != needOver else {
        throw Complaint("请填写 --declined 或 --need-over 之一", "say one of --declined, --need-over")
      }
      try await step.take { client, enrolment in
        try await client.endEnrolment(
          .init(
            requestID: RequestID.fresh, enrolmentID: enrolment.enrolmentID, expectedVersion: enrolment.version,
            endCause: declined ? .declined : .needOver), options: patience
        ).enrolment
      }
    }
  }

  struct Reveal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("查看一人的身份信息，须说明用途，留痕", "Who it is: one person, with a purpose, written down."))

    @Argument(help: .init(Say.of("令牌", "The token.")))
    var token: String

    @Option(help: .init(Say.of("用途", "What it is needed for.")))
    var purpose: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let client = CareVisitV1.RevealServiceClient(channel)
        let answer = try await client.revealIdentity(
          .init(enrolmentID: token, revealPurpose: purpose), options: patience)
        if gateway.output == .json { return print(try CareText.json(answer)) }
        print(CareText.lines(answer).joined(separator: "\n"))
      }
    }
  }

  struct RecordVisit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "visit", abstract: Say.of("回访人：登记一次回访", "Visitor: writes a visit down."))

    @OptionGroup var step: Step

    @Flag(help: .init(Say.of("已回访", "It was done.")))
    var done = false

    @Flag(help: .init(Say.of("未见到本人", "Nobody was met.")))
    var notMet = false

    @Flag(help: .init(Say.of("本人谢绝本次回访", "The person declined this visit.")))
    var declined = false

    @Option(help: .init(Say.of("项目清单内的需求代码，可多次", "A need of the programme's list; may be repeated.")))
    var need: [String] = []

    @Option(help: .init(Say.of("转介单位", "The organisation to which the person was referred.")))
    var referral = ""

    @Option(help: .init(Say.of("回访日期，缺省为今天", "The day; today if not said.")))
    var on = ""

    func run() async throws {
      let outcomes: [(Bool, CareVisitV1.Visit.Outcome)] = [
        (done, .done), (notMet, .notMet), (declined, .declined),
      ]
      let given = outcomes.filter(\.0).map(\.1)
      guard given.count == 1 else {
        throw Complaint("请填写 --done、--not-met、--declined 之一", "say one of --done, --not-met, --declined")
      }
      try await step.gateway.withChannel { channel in
        let enrolment = try await step.enrolment(CareVisitV1.EnrolmentServiceClient(channel))
        let answer = try await CareVisitV1.VisitServiceClient(channel).recordVisit(
          .init(
            requestID: RequestID.fresh, enrolmentID: enrolment.enrolmentID, expectedVersion: enrolment.version,
            visitDate: on, outcome: given[0], needCodes: need, referralOrgID: referral), options: patience)
        try CareText.show(answer.enrolment, step.gateway)
      }
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("核验本台账的流水", "Walks the hash chain of the register's own journal."))

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      let isWhole = try await gateway.withChannel { channel in
        let answer = try await CareVisitV1.AuditServiceClient(channel).verifyCareJournal(.init(), options: patience)
        if gateway.output == .json {
          print(try CareText.json(answer))
        } else if answer.firstBrokenSeq == 0 {
          print(Say.of("流水完整，共\(answer.verifiedCount)行", "whole: \(answer.verifiedCount) lines"))
        } else {
          print(Say.of("流水自第\(answer.firstBrokenSeq)行起不符", "broken from line \(answer.firstBrokenSeq) on"))
        }
        return answer.firstBrokenSeq == 0
      }
      if !isWhole { throw ExitCode(1) }
    }
  }

  struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("个人信息保护负责人：当月谁查看过身份、几次", "Data protection officer: who looked in a month, how often."))

    @Option(help: .init(Say.of("月份（年-月），缺省为本月", "The month (YYYY-MM); this one if not said.")))
    var month = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let answer = try await CareVisitV1.AuditServiceClient(channel).getRevealReport(
          .init(month: month), options: patience)
        if gateway.output == .json { return print(try CareText.json(answer)) }
        var table = Table(Say.of("查看人", "who"), Say.of("次数", "looks"), Say.of("人数", "people"))
        for count in answer.counts {
          table.add(count.personID, String(count.revealCount), String(count.enrolmentCount))
        }
        print("\(answer.month)\n\(table.text)")
      }
    }
  }

  struct Alerts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("个人信息保护负责人：查看过多的提醒", "Data protection officer: who looked too often in a day."))

    @Option(help: .init(Say.of("确认该提醒已处理", "Acknowledge this alert.")))
    var acknowledge: String?

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let client = CareVisitV1.AuditServiceClient(channel)
        var alerts = try await client.listRevealAlerts(.init(pageSize: 500), options: patience).alerts
        if let id = acknowledge {
          let known = alerts.first { $0.alertID == id }
          let answer = try await client.acknowledgeRevealAlert(
            .init(requestID: RequestID.fresh, alertID: id, expectedVersion: known?.version ?? 0), options: patience)
          alerts = answer.alert.map { [$0] } ?? []
        }
        if gateway.output == .json { return print(try alerts.map { try CareText.json($0) }.joined(separator: "\n")) }
        var table = Table(Say.of("提醒", "alert"), Say.of("查看人", "who"), Say.of("日期", "day"), Say.of("处理人", "seen by"))
        for alert in alerts { table.add(alert.alertID, alert.personID, alert.revealDate, alert.acknowledgerPersonID) }
        print(table.text)
      }
    }
  }

  struct Proof: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("身份信息已销毁的证明", "That an identity was destroyed."))

    @Argument(help: .init(Say.of("令牌", "The token.")))
    var token: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let answer = try await CareVisitV1.AuditServiceClient(channel).getErasureProof(
          .init(enrolmentID: token), options: patience)
        if gateway.output == .json { return print(try CareText.json(answer)) }
        print(CareText.lines(answer.proof ?? .init()).joined(separator: "\n"))
      }
    }
  }

  /// A step of one enrolment, which is read first.
  struct Step: ParsableArguments {
    @Argument(help: .init(Say.of("令牌", "The token.")))
    var token: String

    @OptionGroup var gateway: GatewayOptions

    func enrolment(_ client: CareVisitV1.EnrolmentServiceClient) async throws -> CareVisitV1.Enrolment {
      try await client.getEnrolment(.init(enrolmentID: token), options: patience).enrolment ?? .init()
    }

    func take(
      _ body: (CareVisitV1.EnrolmentServiceClient, CareVisitV1.Enrolment) async throws -> CareVisitV1.Enrolment?
    ) async throws {
      try await gateway.withChannel { channel in
        let client = CareVisitV1.EnrolmentServiceClient(channel)
        try CareText.show(try await body(client, try await enrolment(client)), gateway)
      }
    }

    fileprivate func decide(approved: Bool, _ reason: String) async throws {
      try await take { client, enrolment in
        try await client.decideEnrolment(
          .init(
            requestID: RequestID.fresh, enrolmentID: enrolment.enrolmentID, expectedVersion: enrolment.version,
            approved: approved, decisionReason: reason), options: patience
        ).enrolment
      }
    }
  }
}
