import ArgumentParser
import Foundation
import GridRegistryContract
import RPC

// Moving somebody out of the team: standard, evidence, notice, statement, decision by another person, objection.

extension MemberCommand {
  struct Propose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "提出调出：标准、证据，本人五个工作日内可陈述", "Propose to move a member out: standard, evidence; five working days to be heard.")

    @Option(help: .of("建议编号", "The suggestion's id."))
    var suggestion: String

    @Option(help: .of("公开的标准，如 考核办法第七条", "The published standard that was not met."))
    var standard: String

    @Option(help: .of("证据（文件、考核），可多次", "A document or evaluation; may be repeated."))
    var evidence: [String]

    @Option(help: .of("说明，密封保存", "In words; sealed."))
    var text = ""

    @OptionGroup var options: MemberOptions

    func run() async throws {
      try await options.take { desk, before in
        try await desk.members.proposeMoveOut(
          .init(
            requestID: RequestID.fresh, memberID: before.memberID, expectedVersion: before.version,
            suggestionID: suggestion, standardRef: standard, evidenceRefs: evidence, evidenceText: text),
          options: TeamDesk.options
        ).member
      }
    }
  }

  struct WithdrawProposal: AsyncParsableCommand {
    static let configuration = CommandConfiguration("withdraw", "撤回调出提议", "Take the proposal back.")

    @Option(help: .of("理由，密封保存", "Why; sealed."))
    var reason: String

    @OptionGroup var options: MemberOptions

    func run() async throws {
      try await options.take { desk, before in
        try await desk.members.withdrawMoveOut(
          .init(
            requestID: RequestID.fresh, memberID: before.memberID, expectedVersion: before.version, reasonText: reason),
          options: TeamDesk.options
        ).member
      }
    }
  }

  struct Statement: AsyncParsableCommand {
    static let configuration = CommandConfiguration("本人陈述", "The member speaks; by the member in person.")

    @Option(help: .of("陈述，密封保存", "What there is to say; sealed."))
    var text: String

    @Flag(help: .of("不再需要时间", "No more time is needed."))
    var final = false

    @OptionGroup var options: MemberOptions

    func run() async throws {
      try await options.take { desk, before in
        try await desk.members.giveStatement(
          .init(
            requestID: RequestID.fresh, memberID: before.memberID, expectedVersion: before.version, statementText: text,
            final: final),
          options: TeamDesk.options
        ).member
      }
    }
  }

  struct Decide: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "县网格中心决定调出或不予调出", "The county grid centre decides: move-out or refuse.")

    @OptionGroup var options: MemberOptions

    @Argument(
      help: .of("move-out 调出，refuse 不予调出", "move-out or refuse."),
      completion: .words(of: GridRegistryV1.DecideMoveOutRequest.Decision.self))
    var decision: String

    @Option(help: .of("理由，密封保存", "Why; sealed."))
    var reason: String

    func run() async throws {
      let decision = try GridRegistryV1.DecideMoveOutRequest.Decision(named: decision)
      try await options.take { desk, before in
        try await desk.members.decideMoveOut(
          .init(
            requestID: RequestID.fresh, memberID: before.memberID, expectedVersion: before.version, decision: decision,
            reasonText: reason),
          options: TeamDesk.options
        ).member
      }
    }
  }

  struct Reinstate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "异议成立，恢复上岗（30日内）", "An objection was upheld: active again, within 30 days.")

    @Option(help: .of("成立的异议编号", "The objection that was upheld."))
    var objection: String

    @Option(help: .of("网格编号或标识；不填为暂无网格", "The grid's code or id; none: no grid yet."))
    var grid = ""

    @Flag(help: .of("协助（默认主责）", "As deputy; default: primary."))
    var deputy = false

    @Option(help: .of("自哪日起（年-月-日），不填为今日", "From which day, YYYY-MM-DD; default: today."))
    var from = ""

    @OptionGroup var options: MemberOptions

    func run() async throws {
      try await options.take { desk, before in
        try await desk.members.reinstateMember(
          .init(
            requestID: RequestID.fresh, memberID: before.memberID, expectedVersion: before.version,
            objectionRef: objection, gridID: grid,
            post: grid.isEmpty ? .unspecified : deputy ? .deputy : .primary, fromDate: from),
          options: TeamDesk.options
        ).member
      }
    }
  }

  struct Texts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "查看各步骤的理由、证据、陈述，须说明用途，并留痕", "Reasons, evidence and statements in words, for a purpose; journaled.")

    @Option(help: .of("用途", "Why they are needed."))
    var purpose: String

    @OptionGroup var options: MemberOptions

    func run() async throws {
      try await options.gateway.atTeamDesk { desk in
        let answer = try await desk.members.revealMemberTexts(
          .init(requestID: RequestID.fresh, memberID: options.member, revealReason: purpose), options: TeamDesk.options)
        try options.gateway.show(answer) {
          var table = Table("#", Say.of("步骤", "step"), Say.of("内容", "text"))
          for text in answer.texts { table.add(String(text.stepNumber), MemberWords.title(text.action), text.text) }
          return answer.texts.isEmpty ? Say.of("没有内容", "nothing was said") : table.text
        }
      }
    }
  }
}
