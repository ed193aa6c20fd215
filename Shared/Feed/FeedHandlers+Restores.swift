package import FeedContract
import Glibc
import Kernel
import Persistence
package import RPC
import Wire
import WireTypes

/// What this service has heard of others, for the relay when a file came back from a backup.
extension FeedHandlers {
  private static let pageSize = 500

  /// What this service remembers of a source, newest first.
  package func listHeardEvents(
    _ request: FeedV1.ListHeardEventsRequest, context: ServerContext
  ) async throws -> FeedV1.ListHeardEventsResponse {
    let before = request.beforeSeq > 0 ? request.beforeSeq : .max
    let limit = request.pageSize > 0 ? min(Int(request.pageSize), Self.pageSize) : Self.pageSize
    return try await told {
      try await database.read { reading in
        .init(
          events: try Inbox().heard(of: request.source, before: before, limit: limit, in: reading)
            .map(FeedV1.HeardEvent.init),
          forgetsOlder: try Inbox().forgetsOlder(of: request.source, in: reading))
      }
    }
  }

  /// What this service is owed.
  package func listWithheldEvents(
    _ request: FeedV1.ListWithheldEventsRequest, context: ServerContext
  ) async throws -> FeedV1.ListWithheldEventsResponse {
    try await told {
      try await database.read { reading in
        .init(
          events: try Inbox().withheld(
            of: request.source, after: request.afterSeq, limit: Self.pageSize, in: reading
          ).map(FeedV1.HeardEvent.init))
      }
    }
  }

  /// Goes back to the last event that both know, and writes down what was heard after it.
  package func goBack(
    _ request: FeedV1.GoBackRequest, context: ServerContext
  ) async throws -> FeedV1.GoBackResponse {
    let expected = Inbox.Position(
      source: request.source, sourceEpoch: request.expectedEpoch, seq: request.expectedSeq,
      eventID: request.expectedEventID)
    let common = (seq: request.commonSeq, eventID: request.commonEventID)
    // The machine's clock: this is about files, not about the county's life.
    let now = Timestamp(seconds: Int64(time(nil)))
    let lost = try await told {
      try await database.write { [forget] in
        try Inbox().goBack(request.source, from: expected, to: common, at: now, forget: forget, $0)
      }
    }
    return .init(lostCount: Int64(lost))
  }

  /// What was heard and is known to its source no more.
  package func listLostEvents(
    _ request: FeedV1.ListLostEventsRequest, context: ServerContext
  ) async throws -> FeedV1.ListLostEventsResponse {
    let place = (source: request.afterSource, seq: request.afterSeq, eventID: request.afterEventID)
    return try await told {
      try await database.read { reading in
        .init(events: try Inbox().lost(after: place, limit: Self.pageSize, in: reading).map(FeedV1.LostEvent.init))
      }
    }
  }
}
