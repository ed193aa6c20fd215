/// One step of a schema's life. Migrations only add; one that has been released is never changed.
package struct Migration: Sendable {
  /// `m0001_cases`; unique among all that one database is opened with.
  package let name: String
  /// The statements, as they stand in the file.
  package let sql: [UInt8]

  package init(name: String, sql: [UInt8]) {
    self.name = name
    self.sql = sql
  }

  package init(name: String, sql: String) { self.init(name: name, sql: Array(sql.utf8)) }

  /// FNV-1a over the SQL, in hexadecimal: against a change by accident, not by an enemy.
  package var checksum: String {
    let hash = sql.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
