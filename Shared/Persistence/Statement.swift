/// A named piece of SQL that the program was compiled with. Nothing can be spliced into it, so injection cannot be expressed.
///
/// Parameters are `$1…$n` and bound by number; columns are listed, never `*`.
package struct Statement: Sendable {
  /// `case.load`: what errors, metrics and tests call it.
  package let name: StaticString
  /// Literal SQL with `$1…$n`.
  package let sql: StaticString

  package init(_ name: StaticString, _ sql: StaticString) {
    self.name = name
    self.sql = sql
  }
}

extension Statement: CustomStringConvertible {
  /// The name.
  package var description: String { name.description }
}
