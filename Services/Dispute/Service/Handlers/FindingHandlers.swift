import Access
import DisputeContract
import DisputeDomain
import DisputeStore
import Journal
import Kernel
import Persistence
import RPC
import Runtime
import Wire
import WireTypes

/// Suggests which cases are about the same matter.
struct DuplicateHandlers: DisputeV1.DuplicateService {
  let dispute: DisputeShell

  func suggestDuplicates(
    _ request: DisputeV1.SuggestDuplicatesRequest, context: ServerContext
  ) async throws -> DisputeV1.SuggestDuplicatesResponse {
    let actor = try context.actor
    return try await dispute.shell.read { reading in
      let record = try CaseReading(dispute, actor, reading).readable(request.caseID).0
      return try DuplicateSuggesting(dispute, reading).suggestions(for: record)
    }
  }
}

/// Finds cases by their words; who looked for what is written down before it is answered.
struct SearchHandlers: DisputeV1.SearchService {
  let dispute: DisputeShell

  func searchCases(
    _ request: DisputeV1.SearchCasesRequest, context: ServerContext
  ) async throws -> DisputeV1.SearchCasesResponse {
    let actor = try context.actor
    let answer = try await dispute.shell.read { reading in try Searching(dispute, actor, reading).search(request) }
    try await dispute.shell.apply(as: actor) { transaction in
      let searchID = UUIDv7.make(at: transaction.now)
      let sealed = try transaction.sealedTexts.seal(
        request.text, kind: "search.text", aggregateID: searchID, in: transaction.tx)
      let event = DisputeV1.SearchEvent(
        text: .init(sealedID: sealed.id, digest: sealed.digest), areaCode: request.areaCode,
        foundCount: Int32(answer.found.count))
      let line = try transaction.record(
        eventType: "case.searched", aggregateType: "search", aggregateID: searchID, version: 1, correlationID: searchID,
        payload: event.encoded())
      try dispute.searches.save(line.seq, of: actor.personID, in: transaction.tx)
    }
    return answer
  }

  func listSearches(
    _ request: DisputeV1.ListSearchesRequest, context: ServerContext
  ) async throws -> DisputeV1.ListSearchesResponse {
    let size = try Expected.pageSize(request.pageSize)
    try Expected.purpose(request.purpose)
    let below = try DocumentToken.position(request.pageToken)
    return try await dispute.shell.apply(as: try context.actor) { transaction in
      let lines = try dispute.searches.list(
        of: request.personID.given, below: Int64(below), limit: size + 1, in: transaction.tx)
      try transaction.recordPersonalRead(
        of: ["search texts"], aggregateType: "search", aggregateID: request.personID, version: 0,
        reason: request.purpose, correlationID: "")
      let page = lines.prefix(size)
      return .init(
        searches: try page.compactMap { seq in
          try Journal.entry(seq, in: transaction.tx).map { try Self.performed($0, transaction) }
        }, nextPageToken: lines.count > size ? DocumentToken.text(Int(page.last ?? 0)) : "")
    }
  }

  private static func performed(
    _ line: JournalEntry, _ transaction: CommandTransaction
  ) throws -> DisputeV1.PerformedSearch {
    let event = try DisputeV1.SearchEvent(decoding: line.payload)
    return .init(
      searchTime: GoogleProtobuf.Timestamp(line.occurTime), personID: line.actor.personID,
      orgID: line.actor.organisationID, role: line.actor.role.rawValue,
      text: try event.text.flatMap { try transaction.sealedTexts.open($0.sealedID, in: transaction.tx) } ?? "",
      areaCode: event.areaCode, foundCount: event.foundCount)
  }
}
