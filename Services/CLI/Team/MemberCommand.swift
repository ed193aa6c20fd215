import ArgumentParser
import CommonContract
import Foundation
import GridRegistryContract
import Kernel
import RPC
import WireTypes

/// `huying member`: the team of grid members, from nomination to leaving.
struct MemberCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "member",
    abstract: Say.of("网格员队伍：提名、储备、上岗、空缺", "The team of grid members: nominate, reserve, appoint, vacancies."),
    discussion: Say.of(
      """
      网格员由社区或村提名，由乡镇（综治中心经办人或乡镇负责人）储备、培训、上岗。
      缺一项条件都不能上岗，拒绝时会一次列出全部原因；可先问：huying member actions 编号

        huying member nominate person-0138                         社区或村：提名
        huying member reserve 编号 --exam 85 --years 3             乡镇：进入储备
        huying member rank 379922001000                            储备排名及每一项理由
        huying member train 编号 --course basic                    乡镇：开始培训
        huying member appoint 编号 --grid 379922001001U001         乡镇：上岗（有证书、有网格）
        huying member vacancies --township 379922001000            空缺及10个工作日的时限
        huying member show 编号                                    现状与每一步

      在岗之后：assign、give-back、grade、coach、recover、suspend、resume、hand-over、leave、release。
      调出须有标准、证据和本人陈述，由县网格中心另一人决定：
        huying member propose 编号 --suggestion S-1 --standard 办法第七条 --evidence 2020Q1
        huying member statement 编号 --text 本人因病请假两周          本人：五个工作日内
        huying member hand-over 编号 --to 另一网格员编号              移交未结事项
        huying member decide 编号 move-out --reason 情况属实          县网格中心；或 refuse
        huying member reinstate 编号 --objection Y-3                  异议成立：30日内

      每一步之后都会显示您接下来可以做什么。培训和证书见 huying training，条线和联络人见 huying capability。
      """,
      """
      A community or village nominates; the township (the centre's clerk, or the leader) reserves, trains and appoints.
      Nobody is appointed while a condition is missing: a refusal names them all. Ask first: huying member actions ID

        huying member nominate person-0138                         community or village
        huying member reserve ID --exam 85 --years 3               township: into the reserve
        huying member rank 379922001000                            the reserve, and what each place is made of
        huying member train ID --course basic                      township: training begins
        huying member appoint ID --grid 379922001001U001           township: with certificate and grid
        huying member vacancies --township 379922001000            what is vacant, with its ten working days
        huying member show ID                                      as it is, and every step

      Once active: assign, give-back, grade, coach, recover, suspend, resume, hand-over, leave, release.
      Moving out takes a standard, evidence, the member's own word, and a decision by somebody else:
        huying member propose ID --suggestion S-1 --standard 考核办法第七条 --evidence 2020Q1
        huying member statement ID --text 本人因病请假两周           the member, within five working days
        huying member hand-over ID --to OTHER                        the open cases
        huying member decide ID move-out --reason 情况属实           the county grid centre; or refuse
        huying member reinstate ID --objection Y-3                   an objection was upheld, within 30 days

      After each step you are told what you may do next. Training and certificates: huying training; lines of work and
      liaisons: huying capability.
      """),
    subcommands: [
      ListMembers.self, Show.self, Actions.self, Nominate.self, Reserve.self, Rank.self, Train.self, Appoint.self,
      Assign.self, GiveBack.self, GradeMember.self, Coach.self, Recover.self, Suspend.self, Resume.self,
      Propose.self, WithdrawProposal.self, Statement.self, Decide.self, Reinstate.self, Texts.self,
      HandOver.self, Leave.self, Drop.self, Release.self, Vacancies.self, OpenVacancy.self, Statistics.self,
      ImportMembers.self,
    ])

  struct ListMembers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: Say.of("网格员清单", "Members, one a line."))

    @Option(help: .init(Say.of("只看该乡镇（12位代码）", "Only this township's (12 digits).")))
    var township = ""

    @Option(
      help: .of(
        "状态：candidate、reserve、training、active、coaching、suspended、move-out-proposed、moved-out、left。",
        "candidate, reserve, training, active, coaching, suspended, move-out-proposed, moved-out, left"),
      completion: .words(of: GridRegistryV1.Member.State.self))
    var state = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        var members: [GridRegistryV1.Member] = []
        var request = GridRegistryV1.ListMembersRequest(
          pageSize: 500, townshipCode: township, state: try .init(named: state))
        repeat {
          let page = try await desk.members.listMembers(request, options: TeamDesk.options)
          members += page.members
          request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        try gateway.show(members) { TeamText.table($0) }
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("一名网格员的现状与每一步", "One member, and every step."))

    @Argument(help: .init(Say.of("网格员编号", "The member's id.")))
    var member: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let answer = try await desk.members.getMember(.init(memberID: member), options: TeamDesk.options)
        switch gateway.output {
        case .json: print(try JSONText.of(answer))
        case .table:
          print(TeamText.table([answer.member ?? .init()]))
          print("")
          print(TeamText.steps(answer.steps))
        }
      }
    }
  }

  struct Actions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("我现在能办什么，还差什么", "What I could do now, and what is missing."))

    @Argument(help: .init(Say.of("网格员编号", "The member's id.")))
    var member: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let answer = try await desk.members.listMemberActions(.init(memberID: member), options: TeamDesk.options)
        switch gateway.output {
        case .json: print(try JSONText.of(answer))
        case .table:
          var table = Table(
            Say.of("步骤", "action"), Say.of("之后", "then"), Say.of("还差", "what is missing"), "huying member")
          for action in answer.actions {
            let missing = action.unmetReasons.map { Say.of($0.textZh, $0.textEn) }.joined(separator: " ")
            table.add(
              MemberWords.title(action.action), TeamText.said(action.toState), missing,
              MemberWords.words(action.action))
          }
          print(answer.actions.isEmpty ? Say.of("没有可办理的步骤", "nothing is yours to do here") : table.text)
        }
      }
    }
  }

  struct Rank: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("储备排名及理由", "The reserve, best first, with reasons."))

    @Argument(help: .init(Say.of("乡镇的12位代码", "The township's 12 digits.")))
    var township: String

    @Option(help: .init(Say.of("所需条线的代码，可多次", "A line of work that is wanted; may be repeated.")))
    var line: [String] = []

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let answer = try await desk.members.rankReserve(
          .init(townshipCode: township, lineCodes: line), options: TeamDesk.options)
        switch gateway.output {
        case .json: print(try JSONText.of(answer))
        case .table:
          var table = Table(
            Say.of("名次", "rank"), Say.of("姓名", "name"), Say.of("分", "points"), Say.of("理由", "reasons"),
            Say.of("编号", "id"))
          for entry in answer.rankedMembers {
            table.add(
              String(entry.rank), entry.member?.name ?? "", String(format: "%.2f", entry.points),
              entry.parts.map { Say.of($0.textZh, $0.textEn) }.joined(separator: Say.of("；", "; ")),
              entry.member?.memberID ?? "")
          }
          print(table.text)
        }
      }
    }
  }

  struct Vacancies: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("空缺岗位及时限", "Vacant places and when they are to be filled."))

    @Option(help: .init(Say.of("只看该乡镇（12位代码）", "Only this township's (12 digits).")))
    var township = ""

    @Option(
      help: .of("状态：open、filled、closed。", "open, filled, closed"),
      completion: .words(of: GridRegistryV1.Vacancy.State.self))
    var state = "open"

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        var vacancies: [GridRegistryV1.Vacancy] = []
        var request = GridRegistryV1.ListVacanciesRequest(
          pageSize: 500, townshipCode: township, state: try .init(named: state))
        repeat {
          let page = try await desk.vacancies.listVacancies(request, options: TeamDesk.options)
          vacancies += page.vacancies
          request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        try gateway.show(vacancies) { TeamText.table($0) }
      }
    }
  }

  struct OpenVacancy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "vacancy", "登记空缺（缺协助或没有主责）", "Open a vacancy: a grid needs a deputy, or has no primary member.")

    @Argument(help: .of("网格编号或标识", "The grid's code or id."))
    var grid: String

    @Flag(help: .of("主责（默认协助）", "The primary place; default: a deputy's."))
    var primary = false

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let answer = try await desk.vacancies.openVacancy(
          .init(requestID: RequestID.fresh, gridID: grid, post: primary ? .primary : .deputy), options: TeamDesk.options
        )
        try gateway.show([answer.vacancy ?? .init()]) { TeamText.table($0) }
      }
    }
  }

  struct Statistics: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "队伍逐月情况（只有数字）", "The team month by month: numbers only, nobody by name.")

    @Option(help: .of("只看该乡镇（12位代码）", "Only this township's (12 digits)."))
    var township = ""

    @Option(help: .of("几个月，1至36，缺省12", "How many months, 1 to 36; default: 12."))
    var months: Int32 = 12

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let answer = try await desk.members.getTeamStatistics(
          .init(townshipCode: township, monthCount: months), options: TeamDesk.options)
        try gateway.show(answer) { TeamText.table(answer.months) }
      }
    }
  }

  struct ImportMembers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "import",
      abstract: Say.of("导入原有网格员（CSV）", "Bring in a legacy team (CSV)."),
      discussion: Say.of(
        """
        原有网格员直接在岗，重复导入不会重复。列：person_id，可加 member_id,grid_id,post,from_date,grade。
        post 为 PRIMARY 主责或 DEPUTY 协助，grade 为 LEAD 网格长或 MEMBER 网格员，from_date 为到岗之日（年-月-日）。

          huying member import members.csv --source 2019年摸底
        """,
        """
        Each row becomes an active member; run again, nothing changes. Columns: person_id; also member_id,grid_id,post,
        from_date,grade. post is PRIMARY or DEPUTY, grade is LEAD or MEMBER, from_date is since when (YYYY-MM-DD).

          huying member import members.csv --source survey-2019
        """))

    @Argument(help: .of("网格员表（CSV）", "The members (CSV)."), completion: .file(extensions: ["csv"]))
    var file: String

    @Option(help: .of("数据来源，缺省为文件名", "Where the rows come from; default: the file's name."))
    var source: String?

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      let rows = try CountyFiles.File.rows(of: file, as: .persons)
      let name = source ?? (file as NSString).lastPathComponent
      try await gateway.atTeamDesk { desk in
        var counts: [CommonV1.ImportOutcome.Result: Int] = [:]
        for start in stride(from: 0, to: rows.count, by: 500) {
          let batch = rows[start..<min(start + 500, rows.count)]
          let answer = try await desk.members.importMembers(
            .init(requestID: RequestID.fresh, source: name, rows: batch.map { .init($0.fields) }),
            options: .init(timeout: .seconds(120)))
          for outcome in answer.outcomes {
            counts[outcome.result, default: 0] += 1
            guard outcome.result == .refused else { continue }
            let line = batch[batch.startIndex + Int(outcome.row)].line
            Terminal.say("\(name), \(Say.of("第\(line)行", "line \(line)")): \(RefusalText.of(outcome.reasons))")
          }
        }
        let (added, present, refused) = (counts[.added] ?? 0, counts[.alreadyPresent] ?? 0, counts[.refused] ?? 0)
        switch gateway.output {
        case .json: print("{\"added\":\(added),\"alreadyThere\":\(present),\"refused\":\(refused)}")
        case .table:
          print(
            Say.of(
              "新增 \(added)，已有 \(present)，拒绝 \(refused)",
              "added \(added), there already \(present), refused \(refused)"))
        }
        if refused > 0 { throw ExitCode(1) }
      }
    }
  }
}

extension GridRegistryV1.MemberRow {
  init(_ row: [String: String]) {
    self.init(
      externalRef: row["member_id"] ?? row["person_id"] ?? "", memberID: row["member_id"] ?? "",
      personID: row["person_id"] ?? "", gridID: row["grid_id"] ?? "", post: .init(word: row["post"] ?? ""),
      fromDate: row["from_date"] ?? "", grade: .init(word: row["grade"] ?? ""))
  }
}
