package import Kernel
package import Persistence

/// Which keys have sealed what lies in this file, by name: a file is not served without one of them.
package enum SealingKeys {
  /// The names of keys that have been used and that are not among `names`.
  package static func missing(from names: [String], in reading: some Reading) throws -> [String] {
    try reading.all(list, []) { $0.text(0) }.filter { !names.contains($0) }
  }

  /// Notes that things are sealed with these keys from now on.
  package static func note(_ names: [String], at now: Timestamp, _ transaction: WriteTransaction) throws {
    for name in names { try transaction.run(insert, [.text(name), .time(now)]) }
  }

  private static let list = Statement("sealing_key.list", "SELECT key_name FROM sealing_key ORDER BY key_name")
  private static let insert = Statement(
    "sealing_key.insert",
    "INSERT INTO sealing_key (key_name, note_time) VALUES ($1, $2) ON CONFLICT (key_name) DO NOTHING")

  /// A handful of rows: the list is read once, at the start.
  static let statements = [insert]
}
