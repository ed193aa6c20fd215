import ArgumentParser
import DisputeContract
import Foundation
import Kernel
import RPC
import WireTypes

/// `huying screening`: looking for what is wrong before it becomes a quarrel.
struct ScreeningCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "screening",
    abstract: Say.of(
      "矛盾排查：计划、走访、专项排查、覆盖、网格台账。", "Screening: plans, visits, rounds, coverage, a grid's ledger."),
    discussion: Say.of(
      """
      日常排查按计划走访，专项排查限期走遍。走访中发现的事项当场上报。

        huying screening plan --org center-379922001000 --every URBAN=7 --every RURAL=14
        huying screening open --org center-379922001000 --name 春节前排查 --from 2021-01-20 --to 2021-02-08
        huying screening visit grid-379922001001U001 --unit 单元 --households 120 --round last --found 楼道堆物
        huying screening coverage --round last                     走了多少，漏了哪些
        huying screening close last --report 走访全部单元，发现2件
        huying screening rounds
        huying screening ledger grid-379922001001U001              早知道、早预警、早处置
      """,
      """
      Daily visits follow the plan; a round visits every unit of some grids between two dates. What is found is reported at once.

        huying screening plan --org center-379922001000 --every URBAN=7 --every RURAL=14
        huying screening open --org center-379922001000 --name 春节前排查 --from 2021-01-20 --to 2021-02-08
        huying screening visit grid-379922001001U001 --unit UNIT --households 120 --round last --found 楼道堆物
        huying screening coverage --round last                     how much was visited, and what was not
        huying screening close last --report 走访全部单元，发现2件
        huying screening rounds
        huying screening ledger grid-379922001001U001              known, warned of and handled early
      """),
    subcommands: [
      PlanScreening.self, Open.self, Close.self, Rounds.self, Visit.self, Coverage.self, Ledger.self,
    ])

  struct PlanScreening: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "plan", "设定各类网格多久走访一遍。", "Set how often the units of each kind of grid are visited.")

    @Option(help: .of("镇街或其综治中心的组织编号。", "The township's organisation or its centre."))
    var org: String

    @Option(help: .of("类型=天数，如 URBAN=7，可多次。", "TYPE=DAYS, e.g. URBAN=7; may be repeated."))
    var every: [String]

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      let targets = try every.map { text in
        let (type, days) = CaseCommand.pair(text)
        guard let days = Int32(days) else {
          throw Complaint("“\(text)”应写作 URBAN=7", "write \(text) as URBAN=7")
        }
        return DisputeV1.ScreeningTarget(gridType: type.uppercased(), everyDays: days)
      }
      try await gateway.atCaseDesk { desk in
        let answer = try await desk.screening.putScreeningPlan(
          .init(requestID: RequestID.fresh, townshipOrgID: org, targets: targets), options: CaseDesk.options)
        let plan = answer.plan ?? .init()
        try gateway.show(plan) { ScreeningText.text(plan) }
      }
    }
  }

  struct Open: AsyncParsableCommand {
    static let configuration = CommandConfiguration("开始一轮专项排查。", "Open a round over some or all grids of a township.")

    @Option(help: .of("镇街或其综治中心的组织编号。", "The township's organisation or its centre."))
    var org: String

    @Option(help: .of("名称，如 2021年春节前排查。", "A plain name: 2021年春节前排查."))
    var name: String

    @Option(help: .of("首日（年-月-日）。", "First day, YYYY-MM-DD."))
    var from: String

    @Option(help: .of("末日（年-月-日）。", "Last day, YYYY-MM-DD."))
    var to: String

    @Option(help: .of("网格标识，可多次；不填为全部。", "A grid's id; may be repeated; none: all of the township."))
    var grid: [String] = []

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atCaseDesk { desk in
        let answer = try await desk.screening.openRound(
          .init(
            requestID: RequestID.fresh, townshipOrgID: org, name: name, gridIDs: grid, startDate: from, endDate: to),
          options: CaseDesk.options)
        try gateway.show([answer.round ?? .init()]) { ScreeningText.table($0) }
      }
    }
  }

  struct Close: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "结束一轮专项排查，留存覆盖情况。", "Close a round with a report; its coverage is kept.")

    @Argument(help: .of("专项排查编号或其开头；last 为最新的。", "The round's id or its beginning; last is the newest."))
    var round: String

    @Option(help: .of("总结。", "The report."))
    var report: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atCaseDesk { desk in
        let before = try await desk.round(round)
        let answer = try await desk.screening.closeRound(
          .init(
            requestID: RequestID.fresh, roundID: before.roundID, expectedVersion: before.version, report: report),
          options: CaseDesk.options)
        let after = answer.round ?? .init()
        try gateway.show(after) {
          ([ScreeningText.table([after])] + (after.coverage.map(ScreeningText.lines) ?? [])).joined(separator: "\n")
        }
      }
    }
  }

  struct Rounds: AsyncParsableCommand {
    static let configuration = CommandConfiguration("专项排查清单，最新的在前。", "Rounds, newest first.")

    @Option(help: .of("镇街代码（12位）。", "12-digit code of a township."))
    var area = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atCaseDesk { desk in
        try gateway.show(try await desk.rounds(area: area)) { ScreeningText.table($0) }
      }
    }
  }

  struct Visit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "登记一次走访，当场上报发现的事项。", "Enter a visit and report what was found, all or nothing.")

    @Argument(help: .of("网格标识。", "The grid's id."))
    var grid: String

    @Option(help: .of("走访的单元，可多次。", "A coverage unit that was visited; may be repeated."))
    var unit: [String] = []

    @Option(help: .of("走访户数。", "How many households."))
    var households: Int32 = 0

    @Option(help: .of("专项排查编号或其开头；last 为最新的；不填为日常走访。", "The round's id; last is the newest; none: a daily visit."))
    var round = ""

    @Option(help: .of("条线，如 PUBLIC_SECURITY。", "A line of work, e.g. PUBLIC_SECURITY."))
    var line = ""

    @Option(help: .of("走访时间（年-月-日 时:分），不填为现在。", "When: 2020-03-10 09:00; default: now."))
    var at = ""

    @Option(help: .of("所见，不写居民姓名。", "What was seen, in words; no resident's name."))
    var text = ""

    @Option(help: .of("发现的纠纷（标题），当场上报，可多次。", "A dispute that was found, its title; reported at once; may be repeated."))
    var found: [String] = []

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atCaseDesk { desk in
        let roundID = round.isEmpty ? "" : try await desk.round(round).roundID
        let cases = found.map { title in
          DisputeV1.ReportCaseRequest(
            kind: .dispute, complexity: .general, discovery: roundID.isEmpty ? .patrol : .round, title: title)
        }
        let answer = try await desk.screening.recordVisit(
          .init(
            requestID: RequestID.fresh, gridID: grid, lineOfWork: line, visitTime: try CaseCommand.time(at),
            unitIDs: unit, householdCount: households, roundID: roundID, findings: text, cases: cases),
          options: CaseDesk.options)
        try gateway.show(answer) { ScreeningText.lines(answer).joined(separator: "\n") }
      }
    }
  }

  struct Coverage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of(
        "某网格、镇街或一轮排查走访了多少、漏了哪些。", "How much of a grid, a township or a round was visited, and what was not."),
      discussion: "  huying screening coverage --area 379922001000 --from 2021-01-01 --to 2021-01-31")

    @Option(help: .of("网格标识。", "The grid's id."))
    var grid: String?

    @Option(help: .of("镇街代码（12位）。", "12-digit code of a township."))
    var area: String?

    @Option(help: .of("专项排查编号或其开头；last 为最新的。", "The round's id or its beginning; last is the newest."))
    var round: String?

    @Option(help: .of("首日（年-月-日），缺省为近30天或该轮首日。", "First day; default: 30 days ago, or the round's."))
    var from = ""

    @Option(help: .of("末日（年-月-日）。", "Last day, YYYY-MM-DD."))
    var to = ""

    @OptionGroup var gateway: GatewayOptions

    func validate() throws {
      if [grid, area, round].compactMap({ $0 }).count != 1 {
        throw ValidationError(Say.of("请填写 --grid、--area、--round 之一", "say one of --grid, --area, --round"))
      }
    }

    func run() async throws {
      try await gateway.atCaseDesk { desk in
        var request = DisputeV1.GetCoverageRequest(startDate: from, endDate: to)
        if let grid { request.scope = .gridID(grid) }
        if let area { request.scope = .areaCode(area) }
        if let round { request.scope = .roundID(try await desk.round(round).roundID) }
        let answer = try await desk.screening.getCoverage(request, options: CaseDesk.options)
        try gateway.show(answer) {
          (["\(answer.startDate) – \(answer.endDate)"] + ScreeningText.lines(answer.coverage ?? .init()))
            .joined(separator: "\n")
        }
      }
    }
  }

  struct Ledger: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      "网格台账：全部案件及其当时状态。", "A grid's ledger: all its cases and how they stood.")

    @Argument(help: .of("网格标识。", "The grid's id."))
    var grid: String

    @Option(help: .of("该时刻的样子（年-月-日 时:分）。", "As it was then: 2020-03-10 09:00."))
    var asOf = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atCaseDesk { desk in
        var ledger: DisputeV1.GridLedger?
        let time = try CaseCommand.time(asOf)
        let entries = try await Pages.read { token in
          let page = try await desk.screening.getGridLedger(
            .init(gridID: grid, asOfTime: time, pageSize: 500, pageToken: token), options: CaseDesk.options)
          if ledger == nil { ledger = page.ledger }
          return (page.ledger?.entries ?? [], page.nextPageToken)
        }.records
        var whole = ledger ?? .init()
        whole.entries = entries
        try gateway.show(whole) { ScreeningText.text(whole) }
      }
    }
  }
}

extension CaseDesk {
  func rounds(area: String = "") async throws -> [DisputeV1.Round] {
    try await Pages.read { token in
      let page = try await screening.listRounds(
        .init(areaCode: area, pageSize: 200, pageToken: token), options: Self.options)
      return (page.rounds, page.nextPageToken)
    }.records
  }

  func round(_ key: String) async throws -> DisputeV1.Round {
    try Pages.one(key, of: try await rounds(), id: \.roundID)
  }
}
