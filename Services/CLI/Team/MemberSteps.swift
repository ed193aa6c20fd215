import ArgumentParser
import CommonContract
import Foundation
import GridRegistryContract
import RPC

// One word per step of a member's life: each reads the member, takes the step on the version that it read, and says what may come next.

extension MemberCommand {
  struct Nominate: AsyncParsableCommand {
    static let configuration = CommandConfiguration("提名", "Nominate a candidate.")

    @Argument(help: .of("人员编号", "The person's id."))
    var person: String

    @Option(help: .of("提名的社区或村；不填为本单位", "The nominating organisation; default: one's own."))
    var org = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atTeamDesk { desk in
        let request = GridRegistryV1.NominateMemberRequest(requestID: RequestID.fresh, personID: person, orgID: org)
        let member = try await desk.members.nominateMember(request, options: TeamDesk.options).member ?? .init()
        try gateway.show([member]) { TeamText.table($0) }
        if gateway.output == .table { await desk.showNext(member) }
      }
    }
  }

  struct Reserve: AsyncParsableCommand {
    static let configuration = CommandConfiguration("进入储备", "Admit to the reserve.")

    @Option(help: .of("考试成绩，0至100", "Exam score, 0 to 100."))
    var exam: Int32

    @Option(help: .of("工作年限", "Whole years of service."))
    var years: Int32 = 0

    @OptionGroup var options: MemberOptions

    func run() async throws {
      try await options.take { desk, before in
        try await desk.members.admitToReserve(
          .init(
            requestID: RequestID.fresh, memberID: before.memberID, expectedVersion: before.version,
            qualification: .init(examScore: exam, serviceYears: years)),
          options: TeamDesk.options
        ).member
      }
    }
  }

  struct Train: AsyncParsableCommand {
    static let configuration = CommandConfiguration("开始培训", "Begin training.")

    @Option(help: .of("课程编号，见 huying training courses", "The course's id; see huying training courses."))
    var course: String

    @OptionGroup var options: MemberOptions

    func run() async throws {
      try await options.take { desk, before in
        try await desk.members.startTraining(
          .init(
            requestID: RequestID.fresh, memberID: before.memberID, expectedVersion: before.version, courseID: course),
          options: TeamDesk.options
        ).member
      }
    }
  }

  struct Appoint: AsyncParsableCommand {
    static let configuration = CommandConfiguration("上岗", "Appoint to a grid.")

    @OptionGroup var place: PlaceOptions

    @OptionGroup var options: MemberOptions

    func run() async throws {
      try await options.take { desk, before in
        try await desk.members.appointMember(
          .init(
            requestID: RequestID.fresh, memberID: before.memberID, expectedVersion: before.version,
            gridID: place.grid, post: place.post, fromDate: place.from),
          options: TeamDesk.options
        ).member
      }
    }
  }

  struct Assign: AsyncParsableCommand {
    static let configuration = CommandConfiguration("增派一个网格", "A further grid for a member who has one.")

    @OptionGroup var place: PlaceOptions

    @OptionGroup var options: MemberOptions

    func run() async throws {
      try await options.take { desk, before in
        try await desk.members.assignMember(
          .init(
            requestID: RequestID.fresh, memberID: before.memberID, expectedVersion: before.version,
            gridID: place.grid, post: place.post, fromDate: place.from),
          options: TeamDesk.options
        ).member
      }
    }
  }

  struct GiveBack: AsyncParsableCommand {
    static let configuration = CommandConfiguration("give-back", "交回一个网格", "The member gives a grid back.")

    @Option(help: .of("网格编号或标识", "The grid's code or id."))
    var grid: String

    @OptionGroup var options: MemberOptions

    func run() async throws {
      try await options.take { desk, before in
        try await desk.members.endAssignment(
          .init(requestID: RequestID.fresh, memberID: before.memberID, expectedVersion: before.version, gridID: grid),
          options: TeamDesk.options
        ).member
      }
    }
  }

  struct Coach: AsyncParsableCommand {
    static let configuration = CommandConfiguration("考核不合格，开始帮扶", "An evaluation was not passed: coaching begins.")

    @Option(help: .of("考核编号", "The evaluation's reference."))
    var evaluation: String

    @Option(help: .of("说明，密封保存", "In words; sealed."))
    var reason = ""

    @OptionGroup var options: MemberOptions

    func run() async throws {
      try await options.take { desk, before in
        try await desk.members.coachMember(
          .init(
            requestID: RequestID.fresh, memberID: before.memberID, expectedVersion: before.version,
            evaluationRef: evaluation, reasonText: reason),
          options: TeamDesk.options
        ).member
      }
    }
  }

  struct Recover: AsyncParsableCommand {
    static let configuration = CommandConfiguration("再次考核合格，结束帮扶", "A later evaluation was passed: coaching ends.")

    @Option(help: .of("再次考核的编号", "The later evaluation's reference."))
    var evaluation: String

    @Option(help: .of("成绩，0至100，60合格", "The score, 0 to 100; 60 is the pass."))
    var score: Int32

    @OptionGroup var options: MemberOptions

    func run() async throws {
      try await options.take { desk, before in
        try await desk.members.recoverMember(
          .init(
            requestID: RequestID.fresh, memberID: before.memberID, expectedVersion: before.version,
            evaluationRef: evaluation, evaluationScore: score),
          options: TeamDesk.options
        ).member
      }
    }
  }

  struct Suspend: AsyncParsableCommand {
    static let configuration = CommandConfiguration("停职至某日", "Suspend until a day.")

    @Option(help: .of("理由，密封保存", "Why; sealed."))
    var reason: String

    @Option(help: .of("恢复工作的首日（年-月-日），到期自动复职", "The first day on which the member works again, YYYY-MM-DD."))
    var until: String

    @OptionGroup var options: MemberOptions

    func run() async throws {
      try await options.take { desk, before in
        try await desk.members.suspendMember(
          .init(
            requestID: RequestID.fresh, memberID: before.memberID, expectedVersion: before.version, reasonText: reason,
            untilDate: until),
          options: TeamDesk.options
        ).member
      }
    }
  }

  struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration("提前复职", "End a suspension before its day.")
    @OptionGroup var options: MemberOptions

    func run() async throws {
      try await options.take { desk, before in
        try await desk.members.resumeMember(
          .init(requestID: RequestID.fresh, memberID: before.memberID, expectedVersion: before.version),
          options: TeamDesk.options
        ).member
      }
    }
  }

  struct HandOver: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "hand-over", "把未结事项移交给另一名网格员", "Hand the open cases over to another member.")

    @Option(help: .of("接手的网格员编号", "Who takes over: the member's id."))
    var to: String

    @OptionGroup var options: MemberOptions

    func run() async throws {
      try await options.take { desk, before in
        try await desk.members.orderHandover(
          .init(requestID: RequestID.fresh, memberID: before.memberID, expectedVersion: before.version, toMemberID: to),
          options: TeamDesk.options
        ).member
      }
    }
  }

  struct Leave: AsyncParsableCommand {
    static let configuration = CommandConfiguration("离任", "The member leaves.")

    @Option(help: .of("离任之日（年-月-日），不填为今日", "The first day on which the member is gone; default: today."))
    var on = ""

    @Option(help: .of("原因，密封保存", "Why; sealed."))
    var reason = ""

    @OptionGroup var options: MemberOptions

    func run() async throws {
      try await options.take { desk, before in
        try await desk.members.recordLeave(
          .init(
            requestID: RequestID.fresh, memberID: before.memberID, expectedVersion: before.version, leaveDate: on,
            reasonText: reason),
          options: TeamDesk.options
        ).member
      }
    }
  }

  struct Drop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "候选、储备或培训中的人员退出", "A candidate, somebody of the reserve or in training drops out.")

    @Option(help: .of("原因，密封保存", "Why; sealed."))
    var reason = ""

    @OptionGroup var options: MemberOptions

    func run() async throws {
      try await options.take { desk, before in
        try await desk.members.dropMember(
          .init(
            requestID: RequestID.fresh, memberID: before.memberID, expectedVersion: before.version, reasonText: reason),
          options: TeamDesk.options
        ).member
      }
    }
  }

  struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "网格全部撤销，回到储备", "All grids of the member are retired: back to the reserve.")
    @OptionGroup var options: MemberOptions

    func run() async throws {
      try await options.take { desk, before in
        try await desk.members.releaseMember(
          .init(requestID: RequestID.fresh, memberID: before.memberID, expectedVersion: before.version),
          options: TeamDesk.options
        ).member
      }
    }
  }

  struct GradeMember: AsyncParsableCommand {
    static let configuration = CommandConfiguration("grade", "定为网格长或网格员", "Make a member a lead, or a member again.")

    @OptionGroup var options: MemberOptions

    @Argument(
      help: .of("lead 网格长，member 网格员", "lead or member."), completion: .words(of: GridRegistryV1.Member.Grade.self))
    var grade: String

    @Option(help: .of("依据的建议编号", "The suggestion that it rests on."))
    var suggestion = ""

    @Option(help: .of("理由，密封保存", "Why; sealed."))
    var reason = ""

    func run() async throws {
      let grade = try GridRegistryV1.Member.Grade(named: grade)
      try await options.take { desk, before in
        try await desk.members.setGrade(
          .init(
            requestID: RequestID.fresh, memberID: before.memberID, expectedVersion: before.version, grade: grade,
            suggestionID: suggestion, reasonText: reason),
          options: TeamDesk.options
        ).member
      }
    }
  }
}

/// The place that a member takes.
struct PlaceOptions: ParsableArguments {
  @Option(help: .of("网格编号或标识", "The grid's code or id."))
  var grid: String

  @Flag(help: .of("协助（默认主责）", "As deputy; default: primary."))
  var deputy = false

  @Option(help: .of("自哪日起（年-月-日），不填为今日", "From which day, YYYY-MM-DD; default: today."))
  var from = ""

  var post: GridRegistryV1.Assignment.Post { deputy ? .deputy : .primary }
}
