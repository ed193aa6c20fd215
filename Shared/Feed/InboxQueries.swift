package import Persistence

/// The inbox's statements. `inbox_position` has one row per neighbour: at most five.
enum InboxQueries {
  static let position = Statement(
    "inbox.position", "SELECT source_epoch, seq, event_id, as_of_time FROM inbox_position WHERE source = $1")
  static let positions = Statement(
    "inbox.positions", "SELECT source, source_epoch, seq, event_id, as_of_time FROM inbox_position ORDER BY source")
  static let movePosition = Statement(
    "inbox.move_position",
    """
    INSERT INTO inbox_position (source, source_epoch, seq, event_id, as_of_time) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (source) DO UPDATE SET source_epoch = $2, seq = $3, event_id = $4, as_of_time = $5
    """)
  static let heard = Statement("inbox.heard", "SELECT event_id FROM inbox_heard WHERE source = $1 AND seq = $2")
  static let rememberHeard = Statement(
    "inbox.remember_heard",
    "INSERT INTO inbox_heard (source, seq, event_id, event_type, aggregate_id) VALUES ($1, $2, $3, $4, $5)")
  static let forgetHeardBefore = Statement(
    "inbox.forget_heard_before", "DELETE FROM inbox_heard WHERE source = $1 AND seq < $2")
  static let rememberParked = Statement(
    "inbox.remember_parked",
    "INSERT INTO inbox_parked (source, event_id, seq) VALUES ($1, $2, $3) ON CONFLICT (source, event_id) DO NOTHING")
  static let heardBefore = Statement(
    "inbox.heard_before",
    """
    SELECT seq, event_id, event_type, aggregate_id FROM inbox_heard WHERE source = $1 AND seq < $2
    ORDER BY seq DESC LIMIT $3
    """)
  static let forgetHeardAfter = Statement(
    "inbox.forget_heard_after", "DELETE FROM inbox_heard WHERE source = $1 AND seq > $2")
  static let rememberWithheld = Statement(
    "inbox.remember_withheld",
    "INSERT INTO inbox_withheld (source, seq, event_id) VALUES ($1, $2, $3) ON CONFLICT (source, seq) DO NOTHING")
  static let withheldAfter = Statement(
    "inbox.withheld_after",
    "SELECT seq, event_id FROM inbox_withheld WHERE source = $1 AND seq > $2 ORDER BY seq LIMIT $3")
  static let forgetWithheld = Statement(
    "inbox.forget_withheld", "DELETE FROM inbox_withheld WHERE source = $1 AND seq = $2")
  static let forgetWithheldAfter = Statement(
    "inbox.forget_withheld_after", "DELETE FROM inbox_withheld WHERE source = $1 AND seq > $2")
  static let writeDownLost = Statement(
    "inbox.write_down_lost",
    """
    INSERT INTO inbox_lost (source, seq, event_id, source_epoch, event_type, aggregate_id, note_time)
    SELECT source, seq, event_id, $3, event_type, aggregate_id, $4 FROM inbox_heard WHERE source = $1 AND seq > $2
    ON CONFLICT (source, seq, event_id) DO NOTHING
    """)
  static let lostAfter = Statement(
    "inbox.lost_after",
    """
    SELECT source, seq, event_id, source_epoch, event_type, aggregate_id, note_time FROM inbox_lost
    WHERE (source, seq, event_id) > ($1, $2, $3) ORDER BY source, seq, event_id LIMIT $4
    """)
  static let forgetPosition = Statement("inbox.forget_position", "DELETE FROM inbox_position WHERE source = $1")
  static let forgetHeard = Statement("inbox.forget_heard", "DELETE FROM inbox_heard WHERE source = $1")
  static let forgetParked = Statement("inbox.forget_parked", "DELETE FROM inbox_parked WHERE source = $1")
}

extension Inbox {
  /// All statements of the inbox, for the test that looks at their plans.
  package static let statements: [Statement] = [
    InboxQueries.position, InboxQueries.positions, InboxQueries.movePosition, InboxQueries.heard,
    InboxQueries.rememberHeard, InboxQueries.forgetHeardBefore, InboxQueries.rememberParked,
    InboxQueries.forgetPosition, InboxQueries.forgetHeard, InboxQueries.forgetParked, InboxQueries.heardBefore,
    InboxQueries.forgetHeardAfter, InboxQueries.rememberWithheld, InboxQueries.withheldAfter,
    InboxQueries.forgetWithheld, InboxQueries.forgetWithheldAfter, InboxQueries.writeDownLost, InboxQueries.lostAfter,
  ]

  /// Tables of `statements` that do not grow.
  package static let smallTables: Set<String> = ["inbox_position"]
}

/// What every service needs to be heard and to hear.
package enum Feed {
  /// The tables of the inbox. Part of every service's migrations, beside `Journal.migrations`.
  package static let migrations: [Migration] = [
    Migration(
      name: "feed_m0001_inbox",
      sql: """
        CREATE TABLE inbox_position (
          source TEXT NOT NULL PRIMARY KEY,
          source_epoch TEXT NOT NULL,
          seq INTEGER NOT NULL,
          event_id TEXT NOT NULL,
          as_of_time INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE inbox_heard (
          source TEXT NOT NULL,
          seq INTEGER NOT NULL,
          event_id TEXT NOT NULL,
          PRIMARY KEY (source, seq)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE inbox_parked (
          source TEXT NOT NULL,
          event_id TEXT NOT NULL,
          seq INTEGER NOT NULL,
          PRIMARY KEY (source, event_id)
        ) STRICT, WITHOUT ROWID;
        """),
    Migration(
      name: "feed_m0002_restored_sources",
      sql: """
        ALTER TABLE inbox_heard ADD COLUMN event_type TEXT NOT NULL DEFAULT '';
        ALTER TABLE inbox_heard ADD COLUMN aggregate_id TEXT NOT NULL DEFAULT '';
        -- Events whose content the relay keeps back: owed until it comes.
        CREATE TABLE inbox_withheld (
          source TEXT NOT NULL,
          seq INTEGER NOT NULL,
          event_id TEXT NOT NULL,
          PRIMARY KEY (source, seq)
        ) STRICT, WITHOUT ROWID;
        -- Events that were heard and that their source, having been restored, no longer knows.
        CREATE TABLE inbox_lost (
          source TEXT NOT NULL,
          seq INTEGER NOT NULL,
          event_id TEXT NOT NULL,
          source_epoch TEXT NOT NULL,
          event_type TEXT NOT NULL,
          aggregate_id TEXT NOT NULL,
          note_time INTEGER NOT NULL,
          PRIMARY KEY (source, seq, event_id)
        ) STRICT, WITHOUT ROWID;
        """),
  ]
}
