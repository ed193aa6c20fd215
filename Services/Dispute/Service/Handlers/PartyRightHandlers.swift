import DisputeContract
import DisputeDomain
import DisputeStore
import Kernel
import RPC
import Runtime

/// Parties' rights over their own data, and the end of keeping it.
struct PartyRightHandlers: DisputeV1.PartyRightService {
  let dispute: DisputeShell

  func requestPartyRight(
    _ request: DisputeV1.RequestPartyRightRequest, context: ServerContext
  ) async throws -> DisputeV1.RequestPartyRightResponse {
    try await dispute.shell.perform(request, requestID: request.requestID, context) { transaction in
      .init(right: try PartyRights(dispute, transaction).request(request))
    }
  }

  func grantPartyRight(
    _ request: DisputeV1.GrantPartyRightRequest, context: ServerContext
  ) async throws -> DisputeV1.GrantPartyRightResponse {
    try await dispute.shell.perform(request, requestID: request.requestID, context) { transaction in
      try PartyRights(dispute, transaction).grant(request)
    }
  }

  func refusePartyRight(
    _ request: DisputeV1.RefusePartyRightRequest, context: ServerContext
  ) async throws -> DisputeV1.RefusePartyRightResponse {
    try await dispute.shell.perform(request, requestID: request.requestID, context) { transaction in
      .init(right: try PartyRights(dispute, transaction).refuse(request))
    }
  }

  func withdrawPartyRight(
    _ request: DisputeV1.WithdrawPartyRightRequest, context: ServerContext
  ) async throws -> DisputeV1.WithdrawPartyRightResponse {
    try await dispute.shell.perform(request, requestID: request.requestID, context) { transaction in
      .init(right: try PartyRights(dispute, transaction).withdraw(request))
    }
  }

  func listPartyRights(
    _ request: DisputeV1.ListPartyRightsRequest, context: ServerContext
  ) async throws -> DisputeV1.ListPartyRightsResponse {
    try await dispute.shell.apply(as: try context.actor) { transaction in
      try PartyRights(dispute, transaction).list(request)
    }
  }

  func sweepRetention(
    _ request: DisputeV1.SweepRetentionRequest, context: ServerContext
  ) async throws -> DisputeV1.SweepRetentionResponse {
    try await dispute.shell.perform(request, requestID: request.requestID, context) { transaction in
      try Expected.purpose(request.purpose)
      let (keys, identities) = try RetentionTimer.sweep(dispute, transaction, limit: 1_000)
      return .init(keysDestroyedCount: Int32(keys), identitiesDestroyedCount: Int32(identities))
    }
  }
}
