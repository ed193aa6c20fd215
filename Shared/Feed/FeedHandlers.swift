package import FeedContract
package import Journal
import Kernel
package import Persistence
package import RPC
import Wire
import WireTypes

/// A service's journal, read by the gateway's relay. Who may ask is decided before, by each RPC's access rule.
package struct FeedHandlers: FeedV1.FeedService {
  let database: Database
  private let journal: Journal
  private let commits: CommitSignal
  let forget: Inbox.Forgetting?

  /// Listens to the commits of `database` from now on. `forget` undoes what was derived of events that their source, put back from
  /// a backup, no longer knows; without it what they did stays.
  package init(database: Database, journal: Journal, forget: Inbox.Forgetting? = nil) {
    self.database = database
    self.journal = journal
    self.forget = forget
    commits = CommitSignal(database)
  }

  /// Where the journal stands now.
  package func getHead(
    _ request: FeedV1.GetHeadRequest, context: ServerContext
  ) async throws -> FeedV1.GetHeadResponse {
    .init(head: try head())
  }

  /// Events after a position; reads of personal fields are left out, whatever was asked for.
  package func pullEvents(
    _ request: FeedV1.PullEventsRequest, context: ServerContext
  ) async throws -> FeedV1.PullEventsResponse {
    let limit = try Self.pageSize(request)
    let types = Set(request.eventTypes)
    let after = request.afterSeq
    return try await told {
      try await database.read { transaction in
        let page = try Journal.entries(after: after, limit: limit, types: types, in: transaction)
        return FeedV1.PullEventsResponse(
          events: page.entries.filter { $0.eventType != JournalDraft.personalReadType }.map(FeedV1.Event.init),
          readToSeq: page.readTo, readToEventID: page.readToEventID,
          head: FeedV1.Head(try Journal.head(in: transaction)),
          afterEventID: after == 0 ? "" : try Journal.entry(after, in: transaction)?.eventID ?? "")
      }
    }
  }

  /// The head at once, then again whenever it has moved past what was said; ends with the call.
  package func watchHead(
    _ request: FeedV1.WatchHeadRequest, writer: ResponseWriter<FeedV1.WatchHeadResponse>, context: ServerContext
  ) async throws {
    var said: Int64?
    while true {
      // Counted before looking: a commit in between is seen by the next wait.
      let seen = commits.count
      let head = try head()
      if said == nil || head.seq > max(said ?? 0, request.afterSeq) {
        try await writer.write(.init(head: head))
        said = head.seq
      }
      _ = try await commits.next(after: seen)
    }
  }

  /// Walks the chain page by page.
  package func verifyJournal(
    _ request: FeedV1.VerifyJournalRequest, context: ServerContext
  ) async throws -> FeedV1.VerifyJournalResponse {
    let found = try await told { try await journal.verify(from: max(1, request.fromSeq), in: database) }
    return .init(
      verifiedCount: found.verifiedCount, firstBrokenSeq: found.firstBrokenSeq ?? 0, head: FeedV1.Head(found.head))
  }

  private func head() throws -> FeedV1.Head {
    do { return FeedV1.Head(try database.readInline { try Journal.head(in: $0) }) } catch let error as StorageError {
      throw error.told
    }
  }

  /// Lets storage errors reach the caller as what they are to it.
  func told<R>(_ body: () async throws -> R) async throws -> R {
    do { return try await body() } catch let error as StorageError { throw error.told }
  }

  /// Events in one answer, unless the caller says otherwise; with the largest payloads still far below a message's limit.
  private static let defaultPageSize = 500
  private static let maximumPageSize = 1_000

  private static func pageSize(_ request: FeedV1.PullEventsRequest) throws -> Int {
    guard request.afterSeq >= 0, (0...maximumPageSize).contains(Int(request.pageSize)) else {
      throw Refused(
        .invalidArgument,
        Reason(
          "PAGE_INVALID", zh: "分页参数须为 0 至 \(maximumPageSize)，位置不得为负",
          en: "page_size is 0 to \(maximumPageSize), after_seq is not negative", field: "page_size"))
    }
    return request.pageSize == 0 ? defaultPageSize : Int(request.pageSize)
  }
}

extension StorageError {
  fileprivate var told: any Error { refusal ?? self }
}
