import Journal
package import Persistence

/// The tables of the gateway's own file: what could not be delivered, and who has a key of their own.
package enum GatewayMigrations {
  /// In the order in which they are applied; only ever appended to.
  package static let all = tables + SealingKeys.migrations

  private static let tables = [
    Migration(name: "m0001_parked_messages", sql: PackageResources.m0001_parked_messages_sql),
    Migration(name: "m0002_access_keys", sql: PackageResources.m0002_access_keys_sql),
    Migration(name: "m0003_withdrawn_invitations", sql: PackageResources.m0003_withdrawn_invitations_sql),
    Migration(name: "m0004_parked_in_chinese", sql: PackageResources.m0004_parked_in_chinese_sql),
  ]
}
