import ArgumentParser
import CareVisitContract
import Foundation
import Kernel
import RPC
import WireTypes

extension CareCommand {
  /// `huying care programme`: from the department's proposal to its end.
  struct Programme: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("提出、批准、结束一个关爱项目", "Propose, approve, close a programme."),
      discussion: Say.of(
        """
          huying care programme propose --name 独居老人关爱回访 --ground consent --basis 同意书2020-1号文本 \\
            --purpose 了解独居老人的生活困难 --field name --field phone --field address \\
            --every 30 --keep 12 --assessment PIA-2020-07 --need JIUYI=就医协助 --need DIBAO=低保咨询
          huying care programme approve 项目      个人信息保护负责人；提出人不得自行批准
          huying care programme reject 项目
          huying care programme close 项目        没有未结束的回访对象时

        项目归提出人所在的部门。法律依据、目的、信息项、间隔、保存期限（最长12个月）、影响评估、需求清单缺一不可，缺什么一次说清。
        """,
        """
          huying care programme propose --name NAME --ground consent --basis FORM \\
            --purpose TEXT --field name --field phone --field address \\
            --every 30 --keep 12 --assessment REF --need JIUYI=NAME --need DIBAO=NAME
          huying care programme approve PROGRAMME     the data protection officer, never who proposed it
          huying care programme reject PROGRAMME
          huying care programme close PROGRAMME       when nobody is enrolled any more

        It belongs to the proposer's own department. Legal basis, purpose, fields, interval, retention (12 months at most), impact
        assessment and the list of needs are all required; what is missing is said all at once.
        """),
      subcommands: [Propose.self, Approve.self, Reject.self, Close.self])

    struct Propose: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: Say.of("主管部门：提出项目", "Department: proposes a programme."))

      @Option(help: .init(Say.of("名称", "Its name.")))
      var name = ""

      @Option(help: .init(Say.of("依法（law）或经本人同意（consent）", "law or consent.")))
      var ground = ""

      @Option(help: .init(Say.of("法律条款，或同意书文本", "The law and article, or the consent form.")))
      var basis = ""

      @Option(help: .init(Say.of("回访目的", "What the visits are for.")))
      var purpose = ""

      @Option(
        help: .init(
          Say.of(
            "可以登记的信息项，可多次：name、phone、address、guardian-name、guardian-phone",
            "What may be known, may be repeated: name, phone, address, guardian-name, guardian-phone.")))
      var field: [String] = []

      @Option(help: .init(Say.of("两次回访间隔的天数，1至366", "Days between two visits, 1 to 366.")))
      var every: Int32 = 0

      @Option(help: .init(Say.of("结束后保存的月数，1至12", "Months for which an identity is kept after the end, 1 to 12.")))
      var keep: Int32 = 0

      @Option(help: .init(Say.of("个人信息保护影响评估", "The impact assessment.")))
      var assessment = ""

      @Option(help: .init(Say.of("需求，代码=名称，可多次", "A need, CODE=NAME, may be repeated.")))
      var need: [String] = []

      @OptionGroup var gateway: GatewayOptions

      func run() async throws {
        let programme = CareVisitV1.Programme(
          name: name, ground: try CaseWords.value(ground, "GROUND_"), legalBasisRef: basis, purpose: purpose,
          allowedFields: try field.map { try CaseWords.value($0, "FIELD_") }, visitIntervalDays: every,
          retentionMonths: keep, impactAssessmentRef: assessment, needCodes: try need.map(Self.need))
        try await gateway.withChannel { channel in
          let answer = try await CareVisitV1.ProgrammeServiceClient(channel).proposeProgramme(
            .init(requestID: RequestID.fresh, programme: programme), options: patience)
          try CareText.show(answer.programme, gateway)
        }
      }

      private static func need(_ text: String) throws -> CareVisitV1.NeedCode {
        let parts = text.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        guard parts.count == 2 else {
          throw Complaint("--need \(text)：应为 代码=名称", "--need \(text): CODE=NAME was expected")
        }
        return .init(code: parts[0], name: parts[1])
      }
    }

    struct Approve: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: Say.of("个人信息保护负责人：批准项目", "Data protection officer: approves a programme."))

      @OptionGroup var step: ProgrammeStep

      func run() async throws { try await step.decide(approved: true) }
    }

    struct Reject: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: Say.of("个人信息保护负责人：不批准项目", "Data protection officer: rejects a programme."))

      @OptionGroup var step: ProgrammeStep

      func run() async throws { try await step.decide(approved: false) }
    }

    struct Close: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: Say.of("结束项目", "Closes a programme in which nobody is enrolled any more."))

      @OptionGroup var step: ProgrammeStep

      func run() async throws {
        try await step.take { client, programme in
          try await client.closeProgramme(
            .init(
              requestID: RequestID.fresh, programmeID: programme.programmeID, expectedVersion: programme.version),
            options: patience
          ).programme
        }
      }
    }
  }

  /// A step of one programme, which is read first.
  struct ProgrammeStep: ParsableArguments {
    @Argument(help: .init(Say.of("项目编号", "The programme's id.")))
    var programme: String

    @OptionGroup var gateway: GatewayOptions

    func take(
      _ body: (CareVisitV1.ProgrammeServiceClient, CareVisitV1.Programme) async throws -> CareVisitV1.Programme?
    ) async throws {
      try await gateway.withChannel { channel in
        let client = CareVisitV1.ProgrammeServiceClient(channel)
        try CareText.show(try await body(client, try await known(client)), gateway)
      }
    }

    func decide(approved: Bool) async throws {
      try await take { client, programme in
        try await client.decideProgramme(
          .init(
            requestID: RequestID.fresh, programmeID: programme.programmeID, expectedVersion: programme.version,
            approved: approved), options: patience
        ).programme
      }
    }

    /// As it is now; one that is not listed is asked for as it was named, and the register says that there is none.
    private func known(_ client: CareVisitV1.ProgrammeServiceClient) async throws -> CareVisitV1.Programme {
      var request = CareVisitV1.ListProgrammesRequest(pageSize: 500)
      repeat {
        let page = try await client.listProgrammes(request, options: patience)
        if let found = page.programmes.first(where: { $0.programmeID == programme }) { return found }
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      return .init(programmeID: programme)
    }
  }

  struct Statistics: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("一个项目的人数；不足十人的不显示", "How many people a programme has; fewer than ten are not shown."))

    @Argument(help: .init(Say.of("项目编号", "The programme's id.")))
    var programme: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let answer = try await CareVisitV1.AuditServiceClient(channel).getStatistics(
          .init(programmeID: programme), options: patience)
        if gateway.output == .json { return print(try CareText.json(answer)) }
        var table = Table(Say.of("项目人数", "people"), Say.of("人", "n"))
        table.add(Say.of("在册", "enrolled"), CareText.number(answer.activeEnrolments))
        table.add(Say.of("至少见到一次", "met at least once"), CareText.number(answer.visitedEnrolments))
        for need in answer.needs { table.add(need.needCode, CareText.number(need.statistic)) }
        print(table.text)
      }
    }
  }
}

extension CareText {
  /// One programme as it is now.
  static func show(_ programme: CareVisitV1.Programme?, _ gateway: GatewayOptions) throws {
    let programme = programme ?? .init()
    if gateway.output == .json { return print(try CareText.json(programme)) }
    var table = programmes
    table.add(cells: cells(programme))
    print(table.text)
  }

  /// A number of people, unless it could point at somebody.
  static func number(_ statistic: CareVisitV1.Statistic?) -> String {
    statistic?.personCount.map(String.init)
      ?? Say.of("不足十人或可推知，不显示", "not shown: fewer than ten, or it could be guessed")
  }
}
