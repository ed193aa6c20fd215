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
      throw Complaint("还没有任何划分方案", "there is no division plan yet", exitCode: 64 + 5)
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
    try await withChannel { try await body(GridDesk($0)) }
  }
}
