/// A failure that a test wants the engine to have. The connection then does what SQLite does.
package enum Fault: Sendable {
  /// Out of room: SQLite rolls the whole transaction back.
  case full
  /// The disk fails: SQLite rolls the whole transaction back.
  case inputOutput
  /// Only the statement fails.
  case interrupted
}

/// Makes steps of the engine fail on purpose. Production has none.
package struct FaultInjection: Sendable {
  /// Asked before each step, by the statement's name (`transaction.commit` and the like for the layer's own).
  package let beforeStep: @Sendable (_ statement: StaticString) -> Fault?

  package init(beforeStep: @escaping @Sendable (_ statement: StaticString) -> Fault?) { self.beforeStep = beforeStep }
}
