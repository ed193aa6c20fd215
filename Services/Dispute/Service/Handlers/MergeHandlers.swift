import Access
import DisputeContract
import DisputeDomain
import DisputeStore
import Kernel
import Persistence
import RPC
import Runtime

/// Several reports of one matter become one case, and come apart again: both sides in one transaction.
struct MergeHandlers: DisputeV1.MergeService {
  let dispute: DisputeShell

  func mergeCase(
    _ request: DisputeV1.MergeCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.MergeCaseResponse {
    try await dispute.shell.perform(request, requestID: request.requestID, context) { transaction in
      try Merging(dispute, transaction).merge(request)
    }
  }

  func unmergeCase(
    _ request: DisputeV1.UnmergeCaseRequest, context: ServerContext
  ) async throws -> DisputeV1.UnmergeCaseResponse {
    try await dispute.shell.perform(request, requestID: request.requestID, context) { transaction in
      try Merging(dispute, transaction).unmerge(request)
    }
  }
}

/// One merge or its undoing, inside its transaction.
struct Merging {
  private let dispute: DisputeShell
  private let transaction: CommandTransaction

  init(_ dispute: DisputeShell, _ transaction: CommandTransaction) {
    self.dispute = dispute
    self.transaction = transaction
  }

  func merge(_ request: DisputeV1.MergeCaseRequest) throws -> DisputeV1.MergeCaseResponse {
    var (source, world, parts) = try dispute.standing(of: transaction.actor, in: request.caseID, transaction.tx)
    guard !parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    try Expected.version(request.expectedVersion, of: source.version)
    world.survivor = try dispute.cases.load(ID(request.survivorCaseID), in: transaction.tx)
    let seal = Sealer(transaction, source.caseID)
    let event = try source.decide(
      .merge(into: ID(request.survivorCaseID), reason: try seal(request.mergeReason, "case.merge_reason")),
      by: transaction.actor, as: parts, in: world, at: transaction.now)
    guard let survivor = world.survivor else { throw Refused(.failedPrecondition, .survivorMissing) }
    try expectSeen(survivor)
    let legacy = source.legacy(to: survivor, at: event.time)
    let changed = try dispute.save(event, on: source, world, transaction)
    for former in source.merges {
      _ = try dispute.carryOut(.repoint(survivor.caseID), on: former.caseID, transaction)
    }
    let grown = try dispute.carryOut(.absorb(legacy), on: survivor.caseID, transaction)
    return .init(caseRecord: try masked(changed), survivor: try masked(grown))
  }

  func unmerge(_ request: DisputeV1.UnmergeCaseRequest) throws -> DisputeV1.UnmergeCaseResponse {
    let (source, world, parts) = try dispute.standing(of: transaction.actor, in: request.caseID, transaction.tx)
    guard !parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    try Expected.version(request.expectedVersion, of: source.version)
    let seal = Sealer(transaction, source.caseID)
    let event = try source.decide(
      .unmerge(reason: try seal(request.unmergeReason, "case.unmerge_reason")), by: transaction.actor, as: parts,
      in: world, at: transaction.now)
    let changed = try dispute.save(event, on: source, world, transaction)
    guard let survivorID = source.survivor?.caseID else { throw Refused(.failedPrecondition, .survivorMissing) }
    let shrunk = try dispute.carryOut(.release(source.caseID), on: survivorID, transaction)
    return .init(caseRecord: try masked(changed), survivor: try masked(shrunk))
  }

  /// Nobody merges into a case that is none of their business.
  private func expectSeen(_ survivor: Case) throws {
    let world = try dispute.surroundings(of: survivor, actor: transaction.actor, in: transaction.tx)
    let organisation = world.organisations[ID(transaction.actor.organisationID)]
    guard
      !survivor.parts(of: transaction.actor, in: world).isEmpty
        || organisation?.township == survivor.origin.township
    else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
  }

  private func masked(_ record: Case) throws -> DisputeV1.Case {
    let world = try dispute.surroundings(of: record, actor: transaction.actor, in: transaction.tx)
    return try dispute.masked(record, world, transaction)
  }
}
