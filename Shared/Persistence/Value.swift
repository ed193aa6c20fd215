package import Kernel

/// What a parameter may be. The same four kinds on every engine, and nothing.
package enum Value: Hashable, Sendable {
  /// Valid UTF-8 without U+0000; checked at the edge, not here.
  case text(String)
  case integer(Int64)
  /// Stored as 0 or 1 where the engine has no such kind.
  case bool(Bool)
  case bytes([UInt8])
  case null
}

extension Value {
  /// A count or a number that the program keeps as `Int`.
  package static func integer(_ number: Int) -> Self { .integer(Int64(number)) }

  /// An instant: microseconds since 1970, UTC.
  package static func time(_ instant: Timestamp) -> Self { .integer(instant.microseconds) }

  /// A date: days since 1970.
  package static func date(_ date: CivilDate) -> Self { .integer(Int64(date.dayNumber)) }

  /// An identifier, as text.
  package static func id<Subject>(_ id: ID<Subject>) -> Self { .text(id.text) }

  /// The text, or nothing.
  package static func optionalText(_ text: String?) -> Self { text.map(Self.text) ?? .null }

  /// The number, or nothing.
  package static func optionalInteger(_ number: Int64?) -> Self { number.map { .integer($0) } ?? .null }

  /// The number, or nothing.
  package static func optionalInteger(_ number: Int?) -> Self { number.map { .integer(Int64($0)) } ?? .null }

  /// The truth value, or nothing.
  package static func optionalBool(_ value: Bool?) -> Self { value.map(Self.bool) ?? .null }

  /// The bytes, or nothing.
  package static func optionalBytes(_ bytes: [UInt8]?) -> Self { bytes.map(Self.bytes) ?? .null }

  /// The instant, or nothing.
  package static func optionalTime(_ instant: Timestamp?) -> Self { instant.map(Self.time) ?? .null }

  /// The date, or nothing.
  package static func optionalDate(_ date: CivilDate?) -> Self { date.map(Self.date) ?? .null }

  /// The identifier, or nothing.
  package static func optionalID<Subject>(_ id: ID<Subject>?) -> Self { id.map(Self.id) ?? .null }
}
