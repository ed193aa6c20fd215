import ArgumentParser
import DisputeContract
import Foundation
import Kernel
import RPC
import WireTypes

/// `huying case`: a case from the report to the closing.
struct CaseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "case",
    abstract: Say.of("办理矛盾纠纷和其他事项：从上报到结案。", "Take a case from the report to the closing."),
    discussion: Say.of(
      """
      一件普通纠纷，网格员自己办结：
        huying login --as GRID_MEMBER@village-379922001201 --person person-0144
        huying case report --grid grid-379922001201R001 --title 屋檐水流入邻居院内 --party 王某某=13900000000
        huying case self-handle DJ-…
        huying case attempt DJ-… --result success --text 双方同意改管道
        huying case settle DJ-… --agreement on-spot --text 本周内改好
        huying case close DJ-… --result SOLVED --authority mediation --notified

      复杂纠纷逐级办理：受理 accept，调解 start、attempt，不成上报 escalate，上级签收 receive，研判 study、route，
      化解 settle，登记 close，回访 follow-up。每一步之后都会显示您接下来可以做什么；
      huying case may DJ-… 说明每个操作还缺什么条件。
      姓名、电话、正文以掩码显示；huying case reveal DJ-… --purpose 用途 显示明文，并留痕。
      """,
      """
      An ordinary dispute, closed by the grid member:
        huying login --as GRID_MEMBER@village-379922001201 --person person-0144
        huying case report --grid grid-379922001201R001 --title 屋檐水流入邻居院内 --party 王某某=13900000000
        huying case self-handle DJ-…
        huying case attempt DJ-… --result success --text 双方同意改管道
        huying case settle DJ-… --agreement on-spot --text 本周内改好
        huying case close DJ-… --result SOLVED --authority mediation --notified

      What is not ordinary goes level by level: accept, start, attempt; after a failed attempt escalate; above it
      receive, study, route; then settle, close, follow-up. After each step you are told what you may do next;
      huying case may DJ-… says what still stands in the way of each action.
      Names, telephones and texts are masked; huying case reveal DJ-… --purpose WHY shows them and is journaled.
      """),
    subcommands: [
      Report.self, ListOfCases.self, Count.self, Show.self, Timeline.self, May.self, Reveal.self,
      Search.self, Searches.self, Duplicates.self,
      Accept.self, SelfHandle.self, Reject.self, Reconsider.self, Locate.self, Classify.self, FlagCase.self,
      Assign.self,
      Merge.self, Unmerge.self, Withdraw.self,
      Start.self, AttemptCase.self, Adjourn.self, Resume.self, Settle.self, FallBack.self, Guide.self,
      HandUp.self, Escalate.self, Raise.self, Receive.self, Return.self, Retract.self,
      Analyse.self, Study.self, Determined.self, Route.self, ReturnDown.self, ReAnalyse.self, AgencyDone.self,
      Plan.self, Invite.self, Answer.self, MeasureCase.self, Assist.self,
      Sign.self, Close.self, FollowUp.self, Satisfaction.self, Confirm.self, Reopen.self,
    ])

  /// A day or an instant of the county: `2020-03-10` or `2020-03-10 17:00`.
  static func time(_ text: String) throws -> GoogleProtobuf.Timestamp? {
    if text.isEmpty { return nil }
    let day = text.count == 10 ? text + " 18:00" : text
    guard let time = Timestamp(rfc3339: day.replacingOccurrences(of: " ", with: "T") + ":00+08:00") else {
      throw Complaint(
        "“\(text)”不是日期，请写作 2020-03-10 或 \"2020-03-10 17:00\"",
        "\(text) is no day; write 2020-03-10 or \"2020-03-10 17:00\"")
    }
    return GoogleProtobuf.Timestamp(time)
  }

  /// `left=right`; the right side may be missing.
  static func pair(_ text: String) -> (String, String) {
    let sides = text.split(separator: "=", maxSplits: 1).map(String.init)
    return (sides.first ?? "", sides.count > 1 ? sides[1] : "")
  }
}

extension CaseCommand {
  struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration("上报一件纠纷或事项。", "Report a dispute or another matter.")
    @Option(help: .of("网格标识；没有则填 --township。", "The grid; without it --township.")) var grid = ""
    @Option(help: .of("未定位的：镇街的组织编号。", "The township's organisation, for what is not located.")) var township = ""
    @Option(help: .of("dispute 纠纷、matter 事项。", "dispute or matter."), completion: .words(of: DisputeV1.Case.Kind.self))
    var kind = "dispute"
    @Option(
      help: .of("general 一般、complex 复杂。", "general or complex."), completion: .words(of: DisputeV1.Case.Complexity.self)
    )
    var complexity = "general"
    @Option(help: .of("类别。", "What it is about: the category.")) var category = ""
    @Option(help: .of("标题：一句话说明。", "What it is about, in a few words.")) var title: String
    @Option(help: .of("经过。", "The whole story.")) var text = ""
    @Option(help: .of("姓名=电话：申请人；对方用 --against。", "NAME=PHONE of an applicant; --against for the other side."))
    var party: [String] = []
    @Option(help: .of("姓名=电话：被申请人。", "NAME=PHONE of who it is against.")) var against: [String] = []
    @Option(help: .of("被申请单位的名称。", "Name of an organisation that it is against.")) var againstOrg: [String] = []
    @Option(
      help: .of(
        "group 群体、petition 信访、emergency 紧急、industry 行业、responsibility-overlap 职责交叉、beyond-capacity 超出能力。",
        "group, petition, emergency, industry, responsibility-overlap, beyond-capacity."),
      completion: .words(of: DisputeV1.Case.Flag.self))
    var flag: [String] =
      []
    @Option(
      help: .of(
        "patrol 走访、round 专项排查、citizen 群众反映、hotline 热线、industry 行业。", "patrol, round, citizen, hotline, industry."),
      completion: .words(of: DisputeV1.Case.Discovery.self))
    var discovery = ""
    @Option(help: .of("涉及人数（多于列名的）。", "Persons concerned, if more than are named.")) var persons: Int32 = 0
    @Option(help: .of("行业纠纷：先行调解的行业调解室。", "With industry: the room that tries first.")) var room = ""
    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let desk = CaseDesk(channel)
        let parties =
          party.map { DisputeV1.PartyDraft(role: .applicant, name: pair($0).0, phone: pair($0).1) }
          + against.map { DisputeV1.PartyDraft(role: .respondent, name: pair($0).0, phone: pair($0).1) }
          + againstOrg.map { DisputeV1.PartyDraft(role: .respondent, name: $0, organisation: true) }
        let answer = try await desk.cases.reportCase(
          .init(
            requestID: RequestID.fresh, kind: try CaseWords.value(kind, "KIND_"), category: category,
            complexity: try CaseWords.value(complexity, "COMPLEXITY_"),
            flags: try flag.map { try CaseWords.value($0, "FLAG_") },
            discovery: try CaseWords.value(discovery, "DISCOVERY_"), gridID: grid, townshipOrgID: township,
            title: title,
            narrative: text, parties: parties, partyCount: persons, industryRoomOrgID: room), options: CaseDesk.options)
        let record = answer.caseRecord ?? .init()
        switch gateway.output {
        case .json: print(try JSONText.of(record))
        case .table:
          print(CaseSheet.line(record))
          for similar in answer.duplicates { print("  " + CaseFindings.hint(similar)) }
          try await desk.showNext(record)
        }
      }
    }

    private func pair(_ text: String) -> (String, String) { CaseCommand.pair(text) }
  }

  struct ListOfCases: AsyncParsableCommand {
    static let configuration = CommandConfiguration("list", "列出案件，最新上报的在前。", "Cases, newest report first.")
    @Option(help: .of("镇街或村居代码（12位）。", "12-digit code of a township or village.")) var area = ""
    @Option(
      help: .of("只看该状态：mediating、analysing、closed 等。", "Only in this state: mediating, analysing, closed, …"),
      completion: .words(of: DisputeV1.Case.State.self))
    var state = ""
    @Option(
      help: .of("只看该层级：grid、village、community 等。", "Only at this level: grid, village, community, …"),
      completion: .words(of: DisputeV1.Case.Level.self))
    var level = ""
    @Option(
      help: .of("只看带该标记的，可写多个：group、petition 等。", "Only with this flag: group, petition, …; repeat for several."),
      completion: .words(of: DisputeV1.Case.Flag.self))
    var flag: [String] = []
    @Option(help: .of("只看该单位办理的。", "Only those that this organisation handles.")) var org = ""
    @Option(help: .of("只看由该人员负责的。", "Only those that this person is responsible for.")) var assignee = ""
    @Option(
      help: .of(
        "只看在此之前有期限到期的：2020-03-11 或 \"2020-03-11 10:00\"。",
        "Only those of which something is due before: 2020-03-11 or \"2020-03-11 10:00\"."))
    var dueBefore = ""
    @Option(name: [.short, .long], help: .of("最多几件。", "How many.")) var limit: Int32 = 50
    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let page = try await CaseDesk(channel).cases.listCases(
          .init(
            areaCode: area, state: try CaseWords.value(state, "STATE_"), orgID: org, pageSize: limit,
            level: try CaseWords.value(level, "LEVEL_"), flags: try flag.map { try CaseWords.value($0, "FLAG_") },
            dueBeforeTime: try CaseCommand.time(dueBefore), assigneePersonID: assignee),
          options: CaseDesk.options)
        switch gateway.output {
        case .json: print(try JSONText.of(page))
        case .table:
          var table = Table(
            Say.of("编号", "number"), Say.of("状态", "state"), Say.of("层级", "level"), Say.of("办理单位", "handled by"),
            Say.of("责任人", "responsible"), Say.of("上报", "reported"), Say.of("期限", "due"), Say.of("标记", "flags"))
          for record in page.cases {
            table.add(
              record.number, CaseWords.of(record.state), CaseWords.of(record.level), record.handlingOrgID,
              record.responsiblePersonID, CaseSheet.time(record.reportTime), CaseSheet.time(record.dueTime),
              record.flags.map(CaseWords.of).joined(separator: " "))
          }
          print(page.cases.isEmpty ? Say.of("没有案件", "no cases") : table.text)
          if !page.nextPageToken.isEmpty { Terminal.say(Say.of("还有更多，请用 --limit", "there are more: --limit")) }
        }
      }
    }
  }

  struct Count: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "按状态、层级、镇街、单位或发现方式统计。", "How many cases, by state, level, township, org or discovery.")
    @Option(
      help: .of(
        "state 状态、level 层级、township 镇街、organisation 单位、discovery 发现方式。",
        "state, level, township, organisation or discovery."),
      completion: .words(of: DisputeV1.CountCasesRequest.GroupBy.self))
    var by = "state"
    @Option(help: .of("镇街代码（12位）。", "12-digit code of a township.")) var area = ""
    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.withChannel { channel in
        let answer = try await CaseDesk(channel).cases.countCases(
          .init(areaCode: area, groupBy: try CaseWords.value(by, "GROUP_BY_")), options: CaseDesk.options)
        switch gateway.output {
        case .json: print(try JSONText.of(answer))
        case .table:
          var table = Table(by, Say.of("件数", "cases"))
          for count in answer.counts { table.add(count.key, String(count.caseCount)) }
          if by == "discovery" {
            table.add(Say.of("其中主动发现", "looked for"), String(answer.proactiveCount))
          }
          table.add(Say.of("合计", "total"), String(answer.totalCount))
          print(table.text)
        }
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration("查看案件的全部情况（掩码）。", "Everything about one case, masked.")
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.gateway.withChannel { channel in
        let desk = CaseDesk(channel)
        let record = try await desk.read(options.key)
        switch options.gateway.output {
        case .json: print(try JSONText.of(record))
        case .table:
          print(CaseSheet.text(record))
          try await desk.showNext(record)
        }
      }
    }
  }

  struct Timeline: AsyncParsableCommand {
    static let configuration = CommandConfiguration("案件经过，按时间。", "What has happened to a case, in order.")
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.gateway.withChannel { channel in
        let desk = CaseDesk(channel)
        let record = try await desk.read(options.key)
        let answer = try await desk.cases.listTimeline(.init(caseID: record.caseID), options: CaseDesk.options)
        switch options.gateway.output {
        case .json: print(try JSONText.of(answer))
        case .table:
          var table = Table(
            Say.of("时间", "time"), Say.of("事件", "event"), Say.of("状态", "state"), Say.of("层级", "level"),
            Say.of("经办", "by"))
          for entry in answer.entries {
            table.add(
              CaseSheet.time(entry.occurTime), entry.eventType, CaseWords.of(entry.state), CaseWords.of(entry.level),
              "\(entry.actorPersonID) \(entry.actorOrgID)")
          }
          print(table.text)
        }
      }
    }
  }

  struct May: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "我能做什么，还缺什么条件。", "What you may do, and what still stands in the way.")
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.gateway.withChannel { channel in
        let desk = CaseDesk(channel)
        let record = try await desk.read(options.key)
        let answer = try await desk.cases.listAllowedActions(.init(caseID: record.caseID), options: CaseDesk.options)
        switch options.gateway.output {
        case .json: print(try JSONText.of(answer))
        case .table:
          var table = Table(Say.of("操作", "action"), Say.of("可办", "now"), Say.of("还缺", "what is missing"))
          for action in answer.actions {
            let missing = action.unmetGuards.map { Say.of($0.textZh, $0.textEn) + " [\($0.reason)]" }
            table.add(
              CaseWords.action(action.action).title, action.allowed ? "✓" : "–", missing.joined(separator: " "))
          }
          print(
            answer.actions.isEmpty ? Say.of("本案没有您可以办理的事项", "nothing here is yours to do") : table.text)
        }
      }
    }
  }

  struct Reveal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "查看明文，须说明用途，并留痕。", "Clear names and texts, for a purpose; journaled.")
    @Option(help: .of("用途。", "Why you need them.")) var purpose: String
    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.gateway.withChannel { channel in
        let desk = CaseDesk(channel)
        let record = try await desk.read(options.key)
        let answer = try await desk.cases.revealCase(
          .init(requestID: RequestID.fresh, caseID: record.caseID, purpose: purpose), options: CaseDesk.options)
        let clear = answer.caseRecord ?? .init()
        print(options.gateway.output == .json ? try JSONText.of(clear) : CaseSheet.text(clear))
      }
    }
  }
}
