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
    "inbox.remember_heard", "INSERT INTO inbox_heard (source, seq, event_id) VALUES ($1, $2, $3)")
  static let forgetHeardBefore = Statement(
    "inbox.forget_heard_before", "DELETE FROM inbox_heard WHERE source = $1 AND seq < $2")
  static let rememberParked = Statement(
    "inbox.remember_parked",
    "INSERT INTO inbox_parked (source, event_id, seq) VALUES ($1, $2, $3) ON CONFLICT (source, event_id) DO NOTHING")
  static let forgetPosition = Statement("inbox.forget_position", "DELETE FROM inbox_position WHERE source = $1")
  static let forgetHeard = Statement("inbox.forget_heard", "DELETE FROM inbox_heard WHERE source = $1")
  static let forgetParked = Statement("inbox.forget_parked", "DELETE FROM inbox_parked WHERE source = $1")
}

extension Inbox {
  /// All statements of the inbox, for the test that looks at their plans.
  package static let statements: [Statement] = [
    InboxQueries.position, InboxQueries.positions, InboxQueries.movePosition, InboxQueries.heard,
    InboxQueries.rememberHeard, InboxQueries.forgetHeardBefore, InboxQueries.rememberParked,
    InboxQueries.forgetPosition, InboxQueries.forgetHeard, InboxQueries.forgetParked,
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
        """)
  ]
}
