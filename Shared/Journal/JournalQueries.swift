import Access
import Kernel
package import Persistence

/// The journal's statements.
enum JournalQueries {
  static let head = Statement(
    "journal.head", "SELECT source_epoch, seq, event_id, hash FROM journal_counter WHERE journal = 'journal'")

  static let moveHead = Statement(
    "journal.move_head",
    "UPDATE journal_counter SET seq = $1, event_id = $2, hash = $3 WHERE journal = 'journal'")

  static let insert = Statement(
    "journal.insert",
    """
    INSERT INTO journal (
      seq, event_id, event_type, aggregate_type, aggregate_id, aggregate_version, actor_person_id, actor_org_id,
      actor_role, actor_county_code, actor_on_behalf_of, occur_time, record_time, correlation_id, causation_id, payload,
      previous_hash, hash
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
    """)

  static let after = Statement(
    "journal.after",
    """
    SELECT seq, event_id, event_type, aggregate_type, aggregate_id, aggregate_version, actor_person_id, actor_org_id,
      actor_role, actor_county_code, actor_on_behalf_of, occur_time, record_time, correlation_id, causation_id, payload,
      previous_hash, hash
    FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2
    """)

  static let ofAggregate = Statement(
    "journal.of_aggregate",
    """
    SELECT seq, event_id, event_type, aggregate_type, aggregate_id, aggregate_version, actor_person_id, actor_org_id,
      actor_role, actor_county_code, actor_on_behalf_of, occur_time, record_time, correlation_id, causation_id, payload,
      previous_hash, hash
    FROM journal WHERE aggregate_type = $1 AND aggregate_id = $2 ORDER BY seq
    """)

  static let ofCorrelation = Statement(
    "journal.of_correlation",
    """
    SELECT seq, event_id, event_type, aggregate_type, aggregate_id, aggregate_version, actor_person_id, actor_org_id,
      actor_role, actor_county_code, actor_on_behalf_of, occur_time, record_time, correlation_id, causation_id, payload,
      previous_hash, hash
    FROM journal WHERE correlation_id = $1 ORDER BY seq
    """)
}

extension Journal {
  /// All statements of the journal, the sealed texts and the request log, for the test that looks at their plans.
  package static let statements: [Statement] =
    [
      JournalQueries.head, JournalQueries.moveHead, JournalQueries.insert, JournalQueries.after,
      JournalQueries.ofAggregate, JournalQueries.ofCorrelation,
    ] + SealedTexts.statements + RequestLog.statements + SealingKeys.statements
    + Resealing.statements

  /// The tables of the journal, the sealed texts and the request log. Part of every service's migrations.
  package static let migrations: [Migration] = tables + SealingKeys.migrations

  private static let tables: [Migration] = [
    Migration(
      name: "journal_m0001_journal",
      sql: """
        CREATE TABLE journal_counter (
          journal TEXT NOT NULL PRIMARY KEY,
          source_epoch TEXT NOT NULL,
          seq INTEGER NOT NULL,
          event_id TEXT NOT NULL,
          hash BLOB NOT NULL
        ) STRICT;
        INSERT INTO journal_counter (journal, source_epoch, seq, event_id, hash)
        VALUES ('journal', lower(hex(randomblob(16))), 0, '', x'');
        CREATE TABLE journal (
          seq INTEGER NOT NULL PRIMARY KEY,
          event_id TEXT NOT NULL,
          event_type TEXT NOT NULL,
          aggregate_type TEXT NOT NULL,
          aggregate_id TEXT NOT NULL,
          aggregate_version INTEGER NOT NULL,
          actor_person_id TEXT NOT NULL,
          actor_org_id TEXT NOT NULL,
          actor_role TEXT NOT NULL,
          actor_county_code TEXT NOT NULL,
          actor_on_behalf_of TEXT NOT NULL,
          occur_time INTEGER NOT NULL,
          record_time INTEGER NOT NULL,
          correlation_id TEXT NOT NULL,
          causation_id TEXT NOT NULL,
          payload BLOB NOT NULL,
          previous_hash BLOB NOT NULL,
          hash BLOB NOT NULL
        ) STRICT;
        CREATE INDEX journal_by_aggregate ON journal (aggregate_type, aggregate_id, seq);
        CREATE INDEX journal_by_correlation ON journal (correlation_id, seq);
        """),
    Migration(
      name: "journal_m0002_sealed_text",
      sql: """
        CREATE TABLE sealed_text (
          sealed_text_id TEXT NOT NULL PRIMARY KEY,
          kind TEXT NOT NULL,
          aggregate_id TEXT NOT NULL,
          sealed BLOB,
          digest BLOB NOT NULL,
          erase_time INTEGER
        ) STRICT;
        CREATE INDEX sealed_text_by_aggregate ON sealed_text (aggregate_id, sealed_text_id);
        """),
    Migration(
      name: "journal_m0003_request_log",
      sql: """
        CREATE TABLE request_log (
          county_code TEXT NOT NULL,
          actor TEXT NOT NULL,
          method TEXT NOT NULL,
          request_id TEXT NOT NULL,
          fingerprint BLOB NOT NULL,
          response BLOB NOT NULL,
          record_time INTEGER NOT NULL,
          PRIMARY KEY (county_code, actor, method, request_id)
        ) STRICT;
        CREATE INDEX request_log_by_time ON request_log (record_time);
        """),
  ]
}

extension JournalEntry {
  /// In the order of `JournalQueries.insert`.
  var values: [Value] {
    [
      .integer(seq), .text(eventID), .text(eventType), .text(aggregateType), .text(aggregateID),
      .integer(aggregateVersion), .text(actor.personID), .text(actor.organisationID), .text(actor.role.rawValue),
      .text(actor.countyCode), .text(actor.onBehalfOf), .time(occurTime), .time(recordTime), .text(correlationID),
      .text(causationID), .bytes(payload), .bytes(previousHash), .bytes(hash),
    ]
  }

  init(row: borrowing Row) {
    let actor = Actor(
      personID: row.text(6), organisationID: row.text(7), role: row.named(8, or: .system), countyCode: row.text(9),
      onBehalfOf: row.text(10))
    self.init(
      seq: row.integer(0), eventID: row.text(1),
      draft: JournalDraft(
        eventType: row.text(2), aggregateType: row.text(3), aggregateID: row.text(4), aggregateVersion: row.integer(5),
        actor: actor, occurTime: row.time(11), correlationID: row.text(13), causationID: row.text(14),
        payload: row.bytes(15)),
      recordTime: row.time(12), previousHash: row.bytes(16), hash: row.bytes(17))
  }
}
