import ArgumentParser
import Foundation
import GridRegistryContract
import Kernel
import RPC

extension PlanCommand {
  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("检查草稿：盲区、交叉、规模不符、与现状不符", "Check a draft: gaps, overlaps, sizes, and whether it fits."),
      discussion: Say.of("有问题时退出码为 1。", "Exit code 1 if something stands in the way."))

    @OptionGroup var chosen: ChosenPlan
    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.atGridDesk { desk in
        let plan = try await desk.plan(chosen.plan)
        let checked = try await desk.plans.checkPlan(
          .init(requestID: RequestID.fresh, planID: plan.planID, expectedVersion: plan.version),
          options: GridDesk.options
        ).plan
        try gateway.show(checked)
        if checked?.check?.passes == false { throw ExitCode(1) }
      }
    }
  }

  struct Submit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("提交审批（乡镇主要负责人）", "Submit it (the township's leader)."))

    @OptionGroup var chosen: ChosenPlan
    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.act(on: chosen.plan) { desk, plan in
        try await desk.plans.submitPlan(
          .init(requestID: RequestID.fresh, planID: plan.planID, expectedVersion: plan.version),
          options: GridDesk.options
        ).plan
      }
    }
  }

  struct Approve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("批准（县网格中心，非起草人、提交人）", "Approve it (the county grid centre; other eyes)."))

    @OptionGroup var chosen: ChosenPlan
    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.act(on: chosen.plan) { desk, plan in
        try await desk.plans.decidePlan(
          .init(
            requestID: RequestID.fresh, planID: plan.planID, expectedVersion: plan.version, decision: .approve),
          options: GridDesk.options
        ).plan
      }
    }
  }

  struct Reject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("驳回为草稿（县网格中心）", "Send it back to be a draft (the county grid centre)."))

    @OptionGroup var chosen: ChosenPlan

    @Option(help: .init(Say.of("理由", "Why.")))
    var reason: String

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.act(on: chosen.plan) { desk, plan in
        try await desk.plans.decidePlan(
          .init(
            requestID: RequestID.fresh, planID: plan.planID, expectedVersion: plan.version, decision: .reject,
            reason: reason), options: GridDesk.options
        ).plan
      }
    }
  }

  struct Withdraw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of(
        "撤回（起草人；批准后由县网格中心，须写理由）", "Withdraw it (its author; once approved the county grid centre, with a reason)."))

    @OptionGroup var chosen: ChosenPlan

    @Option(help: .init(Say.of("理由", "Why.")))
    var reason = ""

    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.act(on: chosen.plan) { desk, plan in
        try await desk.plans.withdrawPlan(
          .init(
            requestID: RequestID.fresh, planID: plan.planID, expectedVersion: plan.version, reason: reason),
          options: GridDesk.options
        ).plan
      }
    }
  }

  struct Rework: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: Say.of("中止的方案重新成为草稿（起草人）", "A blocked plan becomes a draft again (its author)."))

    @OptionGroup var chosen: ChosenPlan
    @OptionGroup var gateway: GatewayOptions

    func run() async throws {
      try await gateway.act(on: chosen.plan) { desk, plan in
        try await desk.plans.reworkPlan(
          .init(requestID: RequestID.fresh, planID: plan.planID, expectedVersion: plan.version),
          options: GridDesk.options
        ).plan
      }
    }
  }
}

extension GatewayOptions {
  /// Carries out one step of a plan and shows what it is now.
  func act(
    on reference: String,
    _ step: (GridDesk, GridRegistryV1.DivisionPlan) async throws -> GridRegistryV1.DivisionPlan?
  ) async throws {
    try await atGridDesk { desk in try show(try await step(desk, try await desk.plan(reference))) }
  }
}
