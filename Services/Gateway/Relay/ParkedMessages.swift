package import Kernel
package import Persistence
import Synchronization

/// A relayed message that its target refused.
package struct ParkedMessage: Sendable, Equatable {
  package var parkedID: String
  package var source: String
  package var target: String
  package var seq: Int64
  package var eventID: String
  package var eventType: String
  package var aggregateID: String
  /// The target's message, encoded.
  package var message: [UInt8]
  package var reason: String
  package var explanation: String
  /// Empty if it was parked before both were kept.
  package var chineseExplanation: String
  package var attemptCount: Int
  package var parkTime: Timestamp
}

/// What could not be delivered: the one thing that the gateway itself remembers.
package final class ParkedMessages: Sendable {
  /// One aggregate of one way: once a message of it is parked, all later ones wait behind it.
  fileprivate struct Lane: Hashable {
    let source: String
    let target: String
    let aggregateID: String
  }

  private let database: Database
  private let lanes: Mutex<[Lane: Int]>

  /// Reads which aggregates wait.
  package init(_ database: Database) throws {
    self.database = database
    let rows = try database.readInline { reading in
      try reading.all(Self.listLanes, []) { row in
        (Lane(source: row.text(0), target: row.text(1), aggregateID: row.text(2)), row.int(3))
      }
    }
    lanes = Mutex(Dictionary(uniqueKeysWithValues: rows))
  }

  /// Whether a message of this aggregate must wait behind a parked one.
  package func isWaiting(source: String, target: String, aggregateID: String) -> Bool {
    lanes.withLock { $0[Lane(source: source, target: target, aggregateID: aggregateID)] != nil }
  }

  /// How many wait on one way.
  package func count(source: String, target: String) -> Int {
    lanes.withLock { lanes in
      lanes.reduce(0) { $0 + ($1.key.source == source && $1.key.target == target ? $1.value : 0) }
    }
  }

  /// Keeps `message`; a second time for the same event changes nothing.
  package func park(_ message: ParkedMessage) async throws {
    let added = try await database.write { transaction in
      try transaction.run(
        Self.insert,
        [
          .text(message.parkedID), .text(message.source), .text(message.target), .integer(message.seq),
          .text(message.eventID), .text(message.eventType), .text(message.aggregateID), .bytes(message.message),
          .text(message.reason), .text(message.explanation), .integer(message.attemptCount), .time(message.parkTime),
          .text(message.chineseExplanation),
        ])
    }
    if added > 0 { lanes.withLock { $0[Lane(message), default: 0] += 1 } }
  }

  /// Forgets a message that was delivered after all.
  package func delivered(_ message: ParkedMessage) async throws {
    let removed = try await database.write { try $0.run(Self.delete, [.text(message.parkedID)]) }
    guard removed > 0 else { return }
    lanes.withLock { lanes in
      let lane = Lane(message)
      lanes[lane] = lanes[lane].flatMap { $0 > 1 ? $0 - 1 : nil }
    }
  }

  /// Whether a message of this event is kept.
  package func has(source: String, target: String, eventID: String) async throws -> Bool {
    try await database.read { try $0.exists(Self.find, [.text(source), .text(target), .text(eventID)]) }
  }

  /// Forgets what came after `seq` on one way: the source no longer knows it. How many there were.
  @discardableResult
  package func forget(source: String, target: String, after seq: Int64) async throws -> Int {
    var gone = 0
    var place: (source: String, seq: Int64, parkedID: String)? = (source, seq, "~")
    while let start = place {
      let page = try await page(target: target, after: start, limit: 100).filter { $0.source == source }
      for message in page { try await delivered(message) }
      gone += page.count
      place = page.last.map { ($0.source, $0.seq, $0.parkedID) }
    }
    return gone
  }

  /// Notes one more refusal.
  package func refusedAgain(
    _ message: ParkedMessage, reason: String, explanation: String, chineseExplanation: String
  ) async throws {
    _ = try await database.write { transaction in
      try transaction.run(
        Self.refuse, [.text(message.parkedID), .text(reason), .text(explanation), .text(chineseExplanation)])
    }
  }

  /// Parked messages of one target in the order of their sources' journals, after the given place.
  package func page(
    target: String, after place: (source: String, seq: Int64, parkedID: String)?, limit: Int
  ) async throws -> [ParkedMessage] {
    let start = place ?? ("", 0, "")
    return try await database.read { reading in
      try reading.all(
        Self.list,
        [.text(target), .text(start.source), .integer(start.seq), .text(start.parkedID), .integer(limit)]
      ) { row in
        ParkedMessage(
          parkedID: row.text(0), source: row.text(1), target: row.text(2), seq: row.integer(3), eventID: row.text(4),
          eventType: row.text(5), aggregateID: row.text(6), message: row.bytes(7), reason: row.text(8),
          explanation: row.text(9), chineseExplanation: row.text(12), attemptCount: row.int(10), parkTime: row.time(11))
      }
    }
  }
}

extension ParkedMessages {
  private static let insert = Statement(
    "parked_message.insert",
    """
    INSERT INTO parked_message (parked_id, source, target, seq, event_id, event_type, aggregate_id, message, reason,
      explanation, attempt_count, park_time, explanation_zh)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    ON CONFLICT (source, target, event_id) DO NOTHING
    """)
  private static let delete = Statement("parked_message.delete", "DELETE FROM parked_message WHERE parked_id = $1")
  private static let refuse = Statement(
    "parked_message.refuse",
    """
    UPDATE parked_message SET attempt_count = attempt_count + 1, reason = $2, explanation = $3, explanation_zh = $4
    WHERE parked_id = $1
    """)
  private static let find = Statement(
    "parked_message.find", "SELECT 1 FROM parked_message WHERE source = $1 AND target = $2 AND event_id = $3")
  private static let list = Statement(
    "parked_message.list",
    """
    SELECT parked_id, source, target, seq, event_id, event_type, aggregate_id, message, reason, explanation,
      attempt_count, park_time, explanation_zh
    FROM parked_message WHERE target = $1 AND (source, seq, parked_id) > ($2, $3, $4)
    ORDER BY source, seq, parked_id LIMIT $5
    """)
  private static let listLanes = Statement(
    "parked_message.list_lanes",
    "SELECT source, target, aggregate_id, count(*) FROM parked_message GROUP BY source, target, aggregate_id")

  /// For the test that refuses unindexed scans; the lanes are read once at the start.
  package static let statements = [insert, delete, refuse, find, list]
}

extension ParkedMessages.Lane {
  fileprivate init(_ message: ParkedMessage) {
    self.init(source: message.source, target: message.target, aggregateID: message.aggregateID)
  }
}
