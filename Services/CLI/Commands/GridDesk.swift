import Foundation
import GridRegistryContract
import Kernel
import RPC
import WireTypes

/// What the words `grid` and `plan` talk to.
struct GridDesk: Sendable {
  let grids: GridRegistryV1.GridServiceClient
  let plans: GridRegistryV1.PlanServiceClient
  let coverage: GridRegistryV1.CoverageServiceClient

  static let options = CallOptions(timeout: .seconds(30))

  init(_ channel: Channel) {
    grids = .init(channel)
    plans = .init(channel)
    coverage = .init(channel)
  }

  /// The grid of an id or a code.
  func grid(_ reference: String) async throws -> GridRegistryV1.Grid {
    try await grids.getGrid(.init(gridID: reference), options: Self.options).grid ?? .init()
  }

  /// The plan of an id; `last` is the newest.
  func plan(_ reference: String) async throws -> GridRegistryV1.DivisionPlan {
    guard reference == "last" else {
      return try await plans.getPlan(.init(planID: reference), options: Self.options).plan ?? .init()
    }
    let newest = try await plans.listPlans(.init(pageSize: 1), options: Self.options).plans.first
    guard let newest else {
      throw Complaint(Say.of("还没有任何划分方案", "there is no division plan yet"), exitCode: 64 + 5)
    }
    return try await plan(newest.planID)
  }

  /// A plan with another content, stored.
  func edit(
    _ plan: GridRegistryV1.DivisionPlan, _ change: (inout GridRegistryV1.DivisionPlan) throws -> Void
  ) async throws -> GridRegistryV1.DivisionPlan {
    var plan = plan
    try change(&plan)
    let request = GridRegistryV1.EditPlanRequest(
      requestID: RequestID.fresh, expectedVersion: plan.version, plan: plan)
    return try await plans.editPlan(request, options: Self.options).plan ?? .init()
  }
}

extension GatewayOptions {
  /// Opens a channel for as long as `body` runs.
  func atGridDesk(_ body: (GridDesk) async throws -> Void) async throws {
    let channel = try channel()
    do {
      try await body(GridDesk(channel))
    } catch {
      await channel.close(within: .seconds(1))
      throw error
    }
    await channel.close(within: .seconds(1))
  }
}

/// A word in the language of the person at the terminal.
enum Say {
  static func of(_ chinese: String, _ english: String) -> String {
    Terminal.language.pick(chinese: chinese, english: english)
  }

  /// What a contract's word is called: URBAN → 城区.
  static func word(_ word: String) -> String {
    guard Terminal.language == .chinese else { return word }
    return chinese[word] ?? word
  }

  private static let chinese: [String: String] = [
    "URBAN": "城区", "RURAL": "农村", "DEDICATED": "专属", "INDUSTRIAL_PARK": "工业园区", "BUSINESS_MARKET": "商圈市场",
    "SCHOOL": "学校", "OTHER": "其他", "PLANNED": "待生效", "ACTIVE": "生效", "CHANGED": "已变更", "RETIRED": "已撤销",
    "DRAFT": "草稿", "SUBMITTED": "已提交", "APPROVED": "已批准", "EFFECTIVE": "已生效", "BLOCKED": "已中止",
    "WITHDRAWN": "已撤回", "CREATE": "新建", "SPLIT": "拆分", "MERGE": "合并", "MOVE_UNITS": "调整单元", "RETIRE": "撤销",
    "RETYPE": "转类", "HOUSEHOLD_BLOCK": "居民片区", "NATURAL_VILLAGE": "自然村", "SITE": "场所", "UNIT": "单元",
    "POINT": "坐标", "UNIT_NAME": "单元名称", "GRID_NAME": "网格名称", "AREA_NAME": "区划名称", "VILLAGE": "村",
    "COMMUNITY": "社区", "INDUSTRY": "行业", "TOWNSHIP": "乡镇", "IMPORT": "导入", "draft": "起草", "edit": "修改",
    "check": "检查", "submit": "提交", "approve": "批准", "reject": "驳回", "withdraw": "撤回", "rework": "重做",
  ]
}
