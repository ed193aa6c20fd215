import ArgumentParser
import CommonContract
import DisputeContract
import Foundation
import Kernel
import RPC
import WireTypes

/// `huying right`: what parties ask about their own data.
struct RightCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "right",
    abstract: Say.of(
      "当事人的个人信息权利：查阅、更正、删除。", "Parties' rights over their own data: access, correction, deletion."),
    discussion: Say.of(
      """
      受理人核验身份后登记，15个工作日内由另一人（镇街负责人或数据保护人员）答复。

        huying right request DJ-… --party P1 --kind access --identity ID_CARD
        huying right request DJ-… --party P1 --kind correction --identity AT_HOME --phone 13900000001
        huying right list --state open                             待答复及期限
        huying right grant 编号                                    同意：当场查阅、更正或删除，并留痕
        huying right refuse 编号 --reason 案件尚在办理
        huying right withdraw 编号                                 当事人撤回
        huying right sweep --purpose 年度清理                      到期即清除（系统每小时自行清除）
      """,
      """
      Who receives it makes sure of the person and enters it; somebody else answers within 15 working days.

        huying right request DJ-… --party P1 --kind access --identity ID_CARD
        huying right request DJ-… --party P1 --kind correction --identity AT_HOME --phone 13900000001
        huying right list --state open                             what waits for an answer, and until when
        huying right grant ID                                      shown, put right or destroyed at once; journaled
        huying right refuse ID --reason 案件尚在办理
        huying right withdraw ID                                   at the party's wish
        huying right sweep --purpose 年度清理                      destroys what was kept long enough, as the service
                                                                   does every hour by itself
      """),
    subcommands: [
      ListRights.self, Request.self, Grant.self, Refuse.self, WithdrawRight.self, Sweep.self,
    ])

  struct ListRights: AsyncParsableCommand {
    static let configuration = CommandConfiguration("list", "请求清单，最新的在前（掩码）。", "Requests, newest first, masked.")

    @Option(help: .of("镇街代码（12位）。", "12-digit code of a township."))
    var area = ""

    @Option(
      help: .of("状态：open、granted、refused、withdrawn。", "The state: open, granted, refused or withdrawn."),
      completion: .words(of: DisputeV1.PartyRight.State.self))
    var state = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atCaseDesk { desk in
        try gateway.show(try await desk.rights(area: area, state: try .init(named: state))) { RightText.table($0) }
      }
    }
  }

  struct Request: AsyncParsableCommand {
    static let configuration = CommandConfiguration("登记当事人的请求。", "Enter what a party asks for.")

    @Option(help: .of("当事人：P1、P2 等。", "The party: P1, P2, …"))
    var party: String

    @Option(
      help: .of("access 查阅、correction 更正、deletion 删除。", "access, correction or deletion."),
      completion: .words(of: DisputeV1.PartyRight.Kind.self))
    var kind: String

    @Option(
      help: .of("如何核验身份：ID_CARD、AT_HOME、KNOWN 等。", "How the person was made sure of: ID_CARD, AT_HOME, KNOWN, …"))
    var identity: String

    @Option(help: .of("请求原话。", "The request in the party's words."))
    var text = ""

    @Option(help: .of("更正：应为的姓名。", "correction: what the name should be."))
    var name = ""

    @Option(help: .of("更正：应为的电话。", "correction: what the telephone should be."))
    var phone = ""

    @OptionGroup var options: CaseOptions

    func run() async throws {
      try await options.gateway.atCaseDesk { desk in
        let record = try await desk.read(options.key)
        let answer = try await desk.partyRights.requestPartyRight(
          .init(
            requestID: RequestID.fresh, caseID: record.caseID, partyID: party, kind: try .init(named: kind),
            requestText: text, identityCheck: identity, correctedName: name, correctedPhone: phone),
          options: CaseDesk.options)
        try options.gateway.show(answer.right)
      }
    }
  }

  struct Grant: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "同意：当场查阅、更正或删除。", "Grant it: shown, put right or destroyed at once.")
    @OptionGroup var options: RightOptions

    func run() async throws {
      try await options.gateway.atCaseDesk { desk in
        let right = try await desk.right(options.key)
        let answer = try await desk.partyRights.grantPartyRight(
          .init(requestID: RequestID.fresh, rightID: right.rightID, expectedVersion: right.version),
          options: CaseDesk.options)
        try options.gateway.show(answer) {
          let clear = answer.party.map { "\n\($0.partyID)  \($0.name)  \($0.phone)" } ?? ""
          return RightText.table([answer.right ?? .init()]) + clear
        }
      }
    }
  }

  struct Refuse: AsyncParsableCommand {
    static let configuration = CommandConfiguration("拒绝，须说明理由。", "Refuse it, with a reason.")

    @Option(help: .of("理由。", "Why."))
    var reason: String

    @OptionGroup var options: RightOptions

    func run() async throws {
      try await options.gateway.atCaseDesk { desk in
        let right = try await desk.right(options.key)
        let answer = try await desk.partyRights.refusePartyRight(
          .init(
            requestID: RequestID.fresh, rightID: right.rightID, expectedVersion: right.version, refusalReason: reason),
          options: CaseDesk.options)
        try options.gateway.show(answer.right)
      }
    }
  }

  struct WithdrawRight: AsyncParsableCommand {
    static let configuration = CommandConfiguration("withdraw", "按当事人意愿撤回。", "Withdraw it at the party's wish.")
    @OptionGroup var options: RightOptions

    func run() async throws {
      try await options.gateway.atCaseDesk { desk in
        let right = try await desk.right(options.key)
        let answer = try await desk.partyRights.withdrawPartyRight(
          .init(requestID: RequestID.fresh, rightID: right.rightID, expectedVersion: right.version),
          options: CaseDesk.options)
        try options.gateway.show(answer.right)
      }
    }
  }

  struct Sweep: AsyncParsableCommand {
    static let configuration = CommandConfiguration("清除保存期满的个人信息。", "Destroy what has been kept long enough.")

    @Option(help: .of("为何不等系统自行清除。", "Why it is not left to the timer."))
    var purpose: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atCaseDesk { desk in
        let answer = try await desk.partyRights.sweepRetention(
          .init(requestID: RequestID.fresh, purpose: purpose), options: .init(timeout: .seconds(300)))
        try gateway.show(answer) {
          Say.of(
            "清除比对键 \(answer.keysDestroyedCount) 件，姓名电话 \(answer.identitiesDestroyedCount) 件",
            "comparison keys of \(answer.keysDestroyedCount) cases, names and telephones of \(answer.identitiesDestroyedCount)"
          )
        }
      }
    }
  }
}

/// The request that a word is about.
struct RightOptions: ParsableArguments {
  @Argument(help: .of("请求编号或其开头；last 为最新的。", "The request's id or its beginning; last is the newest.", as: "request"))
  var key: String

  @OptionGroup var gateway: GatewayOptions
}

extension CaseDesk {
  func rights(
    area: String = "", state: DisputeV1.PartyRight.State = .unspecified
  ) async throws -> [DisputeV1.PartyRight] {
    try await Pages.read { token in
      let page = try await partyRights.listPartyRights(
        .init(areaCode: area, state: state, pageSize: 200, pageToken: token), options: Self.options)
      return (page.rights, page.nextPageToken)
    }.records
  }

  func right(_ key: String) async throws -> DisputeV1.PartyRight {
    try Pages.one(key, of: try await rights(), id: \.rightID)
  }
}

extension GatewayOptions {
  /// Prints the request that a command answered with.
  func show(_ right: DisputeV1.PartyRight?) throws { try show([right ?? .init()]) { RightText.table($0) } }
}

/// Parties' requests in tables.
enum RightText {
  static func said(_ kind: DisputeV1.PartyRight.Kind) -> String {
    switch kind {
    case .access: Say.of("查阅", "access")
    case .correction: Say.of("更正", "correction")
    case .deletion: Say.of("删除", "deletion")
    case .unspecified, .unrecognized: ""
    }
  }

  static func said(_ state: DisputeV1.PartyRight.State) -> String {
    switch state {
    case .open: Say.of("待答复", "open")
    case .granted: Say.of("已同意", "granted")
    case .refused: Say.of("已拒绝", "refused")
    case .withdrawn: Say.of("已撤回", "withdrawn")
    case .unspecified, .unrecognized: ""
    }
  }

  static func table(_ rights: [DisputeV1.PartyRight]) -> String {
    var table = Table(
      Say.of("编号", "id"), Say.of("请求", "asks"), Say.of("状态", "state"), Say.of("案件", "case"),
      Say.of("当事人", "party"), Say.of("登记", "entered"), Say.of("答复期限", "answer due"), Say.of("答复", "answered"))
    for right in rights {
      let clock = right.clocks.last
      table.add(
        right.rightID, said(right.kind), said(right.state), right.caseID, right.partyID,
        CaseSheet.time(right.requestTime), CaseSheet.time(clock?.dueTime), CaseSheet.time(right.answerTime))
    }
    return rights.isEmpty ? Say.of("没有请求", "nobody asks for anything") : table.text
  }
}
