import DisputeContract
import DisputeDomain
import DisputeStore
import Journal
import Kernel
import Persistence
import RPC
import Runtime

/// Plans, rounds, visits and what was left out.
struct ScreeningHandlers: DisputeV1.ScreeningService {
  let dispute: DisputeShell

  func putScreeningPlan(
    _ request: DisputeV1.PutScreeningPlanRequest, context: ServerContext
  ) async throws -> DisputeV1.PutScreeningPlanResponse {
    try await dispute.shell.perform(request, requestID: request.requestID, context) { transaction in
      .init(plan: try Screening(dispute, transaction).putPlan(request))
    }
  }

  func openRound(
    _ request: DisputeV1.OpenRoundRequest, context: ServerContext
  ) async throws -> DisputeV1.OpenRoundResponse {
    try await dispute.shell.perform(request, requestID: request.requestID, context) { transaction in
      .init(round: try Screening(dispute, transaction).open(request))
    }
  }

  func closeRound(
    _ request: DisputeV1.CloseRoundRequest, context: ServerContext
  ) async throws -> DisputeV1.CloseRoundResponse {
    try await dispute.shell.perform(request, requestID: request.requestID, context) { transaction in
      .init(round: try Screening(dispute, transaction).close(request))
    }
  }

  func listRounds(
    _ request: DisputeV1.ListRoundsRequest, context: ServerContext
  ) async throws -> DisputeV1.ListRoundsResponse {
    let actor = try context.actor
    return try await dispute.shell.read { reading in
      let size = try Expected.pageSize(request.pageSize)
      let township = try dispute.listedTownship(request.areaCode, for: actor, in: reading)
      let found = try dispute.screening.rounds(
        of: township, below: ListToken.position(request.pageToken), limit: size + 1, in: reading)
      let view = FindingView.masked(
        try dispute.calendars.calendar(in: reading), at: dispute.shell.time.now(),
        SealedTexts(dispute.shell.cryptography), in: reading)
      let page = found.prefix(size)
      return .init(
        rounds: try page.map { try view.wire($0) },
        nextPageToken: found.count > size
          ? page.last.map { ListToken.text($0.openTime, $0.roundID.text) } ?? "" : "")
    }
  }

  func recordVisit(
    _ request: DisputeV1.RecordVisitRequest, context: ServerContext
  ) async throws -> DisputeV1.RecordVisitResponse {
    try await dispute.shell.perform(request, requestID: request.requestID, context) { transaction in
      try Screening(dispute, transaction).visit(request)
    }
  }

  func getCoverage(
    _ request: DisputeV1.GetCoverageRequest, context: ServerContext
  ) async throws -> DisputeV1.GetCoverageResponse {
    let actor = try context.actor
    return try await dispute.shell.read { reading in
      try CoverageReading(dispute, reading).coverage(request, as: actor, at: dispute.shell.time.now())
    }
  }

  func getGridLedger(
    _ request: DisputeV1.GetGridLedgerRequest, context: ServerContext
  ) async throws -> DisputeV1.GetGridLedgerResponse {
    let actor = try context.actor
    return try await dispute.shell.read { reading in
      try CoverageReading(dispute, reading).ledger(request, as: actor, at: dispute.shell.time.now())
    }
  }
}
