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

      其余步骤（帮扶、停职、提出调出、陈述、决定、移交、离任等）见 huying describe huying.grid_registry.v1.MemberService。
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

      The other steps (coaching, suspension, moving out, statement, decision, hand-over, leaving):
      huying describe huying.grid_registry.v1.MemberService
      """),
    subcommands: [
      ListMembers.self, Show.self, Actions.self, Nominate.self, Reserve.self, Rank.self, Train.self, Appoint.self,
      Vacancies.self,
    ])

  struct ListMembers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: Say.of("网格员清单", "Members, one a line."))

    @Option(help: .init(Say.of("只看该乡镇（12位代码）", "Only this township's (12 digits).")))
    var township = ""

    @Option(help: "CANDIDATE, RESERVE, TRAINING, ACTIVE, COACHING, SUSPENDED, MOVE_OUT_PROPOSED, MOVED_OUT, LEFT")
    var state = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        var members: [GridRegistryV1.Member] = []
        var request = GridRegistryV1.ListMembersRequest(
          pageSize: 500, townshipCode: township, state: try .init(named: state))
        repeat {
          let page = try await desk.members.listMembers(request, options: GridDesk.options)
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
        let answer = try await desk.members.getMember(.init(memberID: member), options: GridDesk.options)
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
        let answer = try await desk.members.listMemberActions(.init(memberID: member), options: GridDesk.options)
        switch gateway.output {
        case .json: print(try JSONText.of(answer))
        case .table:
          var table = Table(Say.of("步骤", "action"), Say.of("之后", "then"), Say.of("还差", "what is missing"))
          for action in answer.actions {
            let missing = action.unmetReasons.map { Say.of($0.textZh, $0.textEn) }.joined(separator: " ")
            table.add(action.action, TeamText.said(action.toState), missing)
          }
          print(answer.actions.isEmpty ? Say.of("没有可办理的步骤", "nothing is yours to do here") : table.text)
        }
      }
    }
  }

  struct Nominate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: Say.of("提名", "Nominate a candidate."))

    @Argument(help: .init(Say.of("人员编号", "The person's id.")))
    var person: String

    @Option(help: .init(Say.of("提名的社区或村；不填为本单位", "The nominating organisation; default: one's own.")))
    var org = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let request = GridRegistryV1.NominateMemberRequest(requestID: RequestID.fresh, personID: person, orgID: org)
        try gateway.show(try await desk.members.nominateMember(request, options: GridDesk.options).member)
      }
    }
  }

  struct Reserve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: Say.of("进入储备", "Admit to the reserve."))

    @Argument(help: .init(Say.of("网格员编号", "The member's id.")))
    var member: String

    @Option(help: .init(Say.of("考试成绩，0至100", "Exam score, 0 to 100.")))
    var exam: Int32

    @Option(help: .init(Say.of("工作年限", "Whole years of service.")))
    var years: Int32 = 0

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let request = GridRegistryV1.AdmitToReserveRequest(
          requestID: RequestID.fresh, memberID: member, expectedVersion: try await desk.version(of: member),
          qualification: .init(examScore: exam, serviceYears: years))
        try gateway.show(try await desk.members.admitToReserve(request, options: GridDesk.options).member)
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
          .init(townshipCode: township, lineCodes: line), options: GridDesk.options)
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

  struct Train: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: Say.of("开始培训", "Begin training."))

    @Argument(help: .init(Say.of("网格员编号", "The member's id.")))
    var member: String

    @Option(help: .init(Say.of("课程编号", "The course's id.")))
    var course: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let request = GridRegistryV1.StartTrainingRequest(
          requestID: RequestID.fresh, memberID: member, expectedVersion: try await desk.version(of: member),
          courseID: course)
        try gateway.show(try await desk.members.startTraining(request, options: GridDesk.options).member)
      }
    }
  }

  struct Appoint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: Say.of("上岗", "Appoint to a grid."))

    @Argument(help: .init(Say.of("网格员编号", "The member's id.")))
    var member: String

    @Option(help: .init(Say.of("网格编号或标识", "The grid's code or id.")))
    var grid: String

    @Flag(help: .init(Say.of("协助（默认主责）", "As deputy; default: primary.")))
    var deputy = false

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let request = GridRegistryV1.AppointMemberRequest(
          requestID: RequestID.fresh, memberID: member, expectedVersion: try await desk.version(of: member),
          gridID: grid, post: deputy ? .deputy : .primary)
        try gateway.show(try await desk.members.appointMember(request, options: GridDesk.options).member)
      }
    }
  }

  struct Vacancies: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("空缺岗位及时限", "Vacant places and when they are to be filled."))

    @Option(help: .init(Say.of("只看该乡镇（12位代码）", "Only this township's (12 digits).")))
    var township = ""

    @Option(help: "OPEN, FILLED, CLOSED")
    var state = "OPEN"

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        var vacancies: [GridRegistryV1.Vacancy] = []
        var request = GridRegistryV1.ListVacanciesRequest(
          pageSize: 500, townshipCode: township, state: try .init(named: state))
        repeat {
          let page = try await desk.vacancies.listVacancies(request, options: GridDesk.options)
          vacancies += page.vacancies
          request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        try gateway.show(vacancies) { TeamText.table($0) }
      }
    }
  }
}
