package import Kernel
package import Persistence

/// Which keys have sealed what lies in this file, by name: a file is not served without one of them. A key under which nothing lies
/// any more is retired. One is never: the digests by which stored things are found again are made with it.
package enum SealingKeys {
  /// Its table: a part of the journal's, and of a file that has no journal and belongs to its keys all the same.
  package static let migrations: [Migration] = [
    Migration(
      name: "journal_m0004_sealing_key",
      sql: """
        -- Which keys have sealed something here: without one of them it would not open.
        CREATE TABLE sealing_key (
          key_name TEXT NOT NULL PRIMARY KEY,
          note_time INTEGER NOT NULL
        ) STRICT;
        """),
    Migration(
      name: "journal_m0005_retired_key",
      sql: """
        -- Since when nothing lies under it; and which one makes the digests, and is needed all the same.
        ALTER TABLE sealing_key ADD COLUMN retire_time INTEGER;
        ALTER TABLE sealing_key ADD COLUMN makes_digests INTEGER NOT NULL DEFAULT 0;
        """),
  ]

  /// What a file needs of its key file.
  package struct Needs: Hashable, Sendable {
    /// Names of keys under which something lies, and of the one that makes the digests.
    package var names: Set<String>
    /// The key that makes the digests; `nil`: none was noted yet.
    package var digestKey: String?

    package init(names: Set<String> = [], digestKey: String? = nil) {
      self.names = names
      self.digestKey = digestKey
    }
  }

  /// What this file needs.
  package static func needs(in reading: some Reading) throws -> Needs {
    var needs = Needs()
    for (name, makesDigests) in try reading.all(needed, [], { ($0.text(0), $0.bool(1)) }) {
      needs.names.insert(name)
      if makesDigests { needs.digestKey = name }
    }
    return needs
  }

  /// The names of keys that are needed and that are not among `names`.
  package static func missing(from names: [String], in reading: some Reading) throws -> [String] {
    try needs(in: reading).names.subtracting(names).sorted()
  }

  /// Notes that things are sealed with the first of these keys from now on, perhaps with the others before, and that the last one
  /// makes the digests, unless that is another one already.
  package static func note(_ names: [String], at now: Timestamp, _ transaction: WriteTransaction) throws {
    for name in names { try transaction.run(insert, [.text(name), .time(now)]) }
    if let first = names.first { try transaction.run(revive, [.text(first)]) }
    if let last = names.last { try transaction.run(noteDigestKey, [.text(last)]) }
  }

  /// The keys besides `first` under which something may lie.
  package static func older(than first: String, in reading: some Reading) throws -> [String] {
    try reading.all(listOlder, [.text(first)]) { $0.text(0) }
  }

  /// Nothing lies under these keys any more.
  package static func retire(_ names: [String], at now: Timestamp, _ transaction: WriteTransaction) throws {
    for name in names { try transaction.run(retire, [.text(name), .time(now)]) }
  }

  private static let needed = Statement(
    "sealing_key.needed",
    "SELECT key_name, makes_digests FROM sealing_key WHERE retire_time IS NULL OR makes_digests = 1")
  private static let listOlder = Statement(
    "sealing_key.older",
    "SELECT key_name FROM sealing_key WHERE retire_time IS NULL AND key_name <> $1 ORDER BY key_name")
  private static let insert = Statement(
    "sealing_key.insert",
    "INSERT INTO sealing_key (key_name, note_time) VALUES ($1, $2) ON CONFLICT (key_name) DO NOTHING")
  private static let revive = Statement(
    "sealing_key.revive", "UPDATE sealing_key SET retire_time = NULL WHERE key_name = $1")
  private static let noteDigestKey = Statement(
    "sealing_key.note_digest_key",
    """
    UPDATE sealing_key SET makes_digests = 1
    WHERE key_name = $1 AND NOT EXISTS (SELECT 1 FROM sealing_key WHERE makes_digests = 1)
    """)
  private static let retire = Statement(
    "sealing_key.retire", "UPDATE sealing_key SET retire_time = $2 WHERE key_name = $1 AND retire_time IS NULL")

  /// A handful of rows: the lists are read at the start, and when keys change.
  static let statements = [insert, revive, retire]
}
