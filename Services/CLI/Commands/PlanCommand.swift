import ArgumentParser
import Foundation
import GridRegistryContract
import Kernel
import RPC

/// `huying plan`: how grids become others.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: Say.of("划分方案：起草、检查、提交、审批，到期生效", "Division plans: draft, check, submit, approve; in effect on their day."),
    discussion: Say.of(
      """
      网格只能通过划分方案变更。步骤和办理人：
        1 起草 draft，再逐项加入变更 split、merge、create、move、retire、retype（乡镇综治中心经办人或县网格中心）
        2 检查 check：盲区、交叉、规模不符一次列全；simulate 看前后对比
        3 提交 submit（乡镇主要负责人）；规模不符须先用 exception 写明理由
        4 批准 approve 或驳回 reject（县网格中心，不得是起草人或提交人）
        5 生效日零时由系统复核并生效；情况已变则中止，起草人 rework 后重来

      例：把 B-17 网格拆成两个，补上盲区 e，消除 f 的交叉（PLAN 可写 last，即最新的方案）
        huying login --as LEVEL_CLERK@center-379922200000
        huying plan draft --title B-17拆分 --township 379922200000 --from 2020-03-01
        huying plan split last 379922200001U101 --into 甲网格=a,c --into 乙网格=b,d
        huying plan move last e --to 379922200001U102
        huying plan move last f --out-of 379922200001U103
        huying plan check last
        huying login --as TOWNSHIP_LEADER@town-379922200000 && huying plan submit last
        huying login --as GRID_CENTRE@grid-centre && huying plan approve last
      """,
      """
      Grids change by division plans only. The steps, and whose they are:
        1 draft, then add changes: split, merge, create, move, retire, retype (the township centre's clerk, or the county grid centre)
        2 check: gaps, overlaps and wrong sizes, all at once; simulate shows before and after
        3 submit (the township's leader); a wrong size needs its reason first: exception
        4 approve or reject (the county grid centre; neither who drafted nor who submitted)
        5 at 00:00 of its day the system checks again and brings it into effect; if things have changed meanwhile the plan is
          blocked, and its author begins anew with rework

      Split grid B-17 in two, close the gap e, end the overlap f (PLAN may be last, the newest plan):
        huying login --as LEVEL_CLERK@center-379922200000
        huying plan draft --title B-17 --township 379922200000 --from 2020-03-01
        huying plan split last 379922200001U101 --into first=a,c --into second=b,d
        huying plan move last e --to 379922200001U102
        huying plan move last f --out-of 379922200001U103
        huying plan check last
        huying login --as TOWNSHIP_LEADER@town-379922200000 && huying plan submit last
        huying login --as GRID_CENTRE@grid-centre && huying plan approve last
      """),
    subcommands: [
      Draft.self, ListPlans.self, Show.self, Split.self, Merge.self, Create.self, Move.self, Retire.self, Retype.self,
      Excuse.self, Amend.self, Unchange.self, EditFromFile.self, Check.self, Simulate.self, Submit.self, Approve.self,
      Reject.self, Withdraw.self, Rework.self, Actions.self,
    ])

  struct Draft: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: Say.of("起草方案", "Open a plan."))

    @Option(help: .init(Say.of("方案名称", "What it is called.")))
    var title: String

    @Option(help: .init(Say.of("乡镇（12位代码），由其负责人提交", "The township whose leader submits it (12 digits).")))
    var township: String

    @Option(name: .customLong("from"), help: .init(Say.of("生效日期（年-月-日）", "The day of effect (YYYY-MM-DD).")))
    var day = ""

    @Option(help: .init(Say.of("自定的方案标识", "An id of your own for it.")))
    var id = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atGridDesk { desk in
        let plan = try await desk.plans.createPlan(
          .init(
            requestID: RequestID.fresh,
            plan: .init(planID: id, title: title, townshipCode: township, effectiveDate: day)),
          options: GridDesk.options
        ).plan
        try gateway.show(plan)
      }
    }
  }

  struct ListPlans: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: Say.of("方案清单，新的在前", "Plans, the newest first."))

    @Option(help: .init(Say.of("只看该乡镇（12位代码）", "Only this township's (12 digits).")))
    var township = ""

    @Option(
      help: .of(
        "状态：draft、submitted、approved、effective、blocked、withdrawn。",
        "The state: draft, submitted, approved, effective, blocked, withdrawn."),
      completion: .words(of: GridRegistryV1.DivisionPlan.State.self))
    var state = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atGridDesk { desk in
        let answer = try await desk.plans.listPlans(
          .init(pageSize: 100, townshipCode: township, state: try .init(named: state)), options: GridDesk.options)
        switch gateway.output {
        case .json: for plan in answer.plans { print(try JSONText.of(plan)) }
        case .table:
          var table = Table(
            Say.of("方案", "plan"), Say.of("名称", "title"), Say.of("乡镇", "township"), Say.of("生效日", "from"),
            Say.of("状态", "state"), Say.of("变更", "changes"))
          for plan in answer.plans {
            table.add(
              plan.planID, Terminal.cut(plan.title, to: 40), plan.townshipCode, plan.effectiveDate, plan.state.said,
              String(plan.changes.count))
          }
          print(table.text)
        }
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("一个方案的全部情况", "Everything about one plan."))

    @OptionGroup var chosen: ChosenPlan
    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atGridDesk { try gateway.show(try await $0.plan(chosen.plan)) }
    }
  }

  struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("方案前后对比；未结事项按户数估算", "Before and after; open cases estimated by households."))

    @OptionGroup var chosen: ChosenPlan
    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atGridDesk { desk in
        let plan = try await desk.plan(chosen.plan)
        let answer = try await desk.plans.simulatePlan(.init(planID: plan.planID), options: GridDesk.options)
        switch gateway.output {
        case .json: print(try JSONText.of(answer))
        case .table: print(PlanText.lines(answer).joined(separator: "\n"))
        }
      }
    }
  }

  struct Actions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("我现在能对方案做什么，还差什么", "What you may do with a plan now, and what is still in the way."))

    @OptionGroup var chosen: ChosenPlan
    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atGridDesk { desk in
        let plan = try await desk.plan(chosen.plan)
        let answer = try await desk.plans.listPlanActions(.init(planID: plan.planID), options: GridDesk.options)
        switch gateway.output {
        case .json: print(try JSONText.of(answer))
        case .table:
          guard !answer.actions.isEmpty else { return print(Say.of("没有可办的", "nothing")) }
          var table = Table(Say.of("可办", "action"), Say.of("还差", "still in the way"))
          for action in answer.actions {
            table.add(Say.word(action.action), action.unmetReasons.joined(separator: " "))
          }
          print(table.text)
        }
      }
    }
  }
}

/// The plan that a command is about.
struct ChosenPlan: ParsableArguments {
  @Argument(help: .init(Say.of("方案标识；last 为最新的方案", "The plan's id; last is the newest.")))
  var plan: String
}

extension GatewayOptions {
  /// Prints a plan.
  func show(_ plan: GridRegistryV1.DivisionPlan?) throws {
    let plan = plan ?? .init()
    switch output {
    case .json: print(try JSONText.of(plan))
    case .table: print(PlanText.lines(plan).joined(separator: "\n"))
    }
  }
}
