package import Kernel
package import Persistence

/// Whether the bytes of what was destroyed are off the disk: the journal's line of the last erasure, and up to which line the log of
/// changes has been emptied since. Survives the process, so that a kill in between leaves nothing behind.
package struct ErasureState: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  /// The line of the last erasure, and up to which erasure everything is overwritten.
  package func load(in reading: some Reading) throws -> (erasedSeq: Int64, overwrittenSeq: Int64) {
    try reading.first(Self.load, [.text(county.text)]) { ($0.integer(0), $0.integer(1)) } ?? (0, 0)
  }

  /// Something was destroyed in the transaction that wrote this line.
  package func noteErased(_ seq: Int64, in transaction: WriteTransaction) throws {
    try transaction.run(Self.erased, [.text(county.text), .integer(seq)])
  }

  /// The log was emptied after this line.
  package func noteOverwritten(_ seq: Int64, in transaction: WriteTransaction) throws {
    try transaction.run(Self.overwritten, [.text(county.text), .integer(seq)])
  }
}

extension ErasureState {
  private static let load = Statement(
    "erasure_state.load", "SELECT erased_seq, overwritten_seq FROM erasure_state WHERE county_code = $1")
  private static let erased = Statement(
    "erasure_state.erased",
    """
    INSERT INTO erasure_state (county_code, erased_seq, overwritten_seq) VALUES ($1, $2, 0)
    ON CONFLICT (county_code) DO UPDATE SET erased_seq = excluded.erased_seq
    """)
  private static let overwritten = Statement(
    "erasure_state.overwritten",
    "UPDATE erasure_state SET overwritten_seq = $2 WHERE county_code = $1 AND overwritten_seq < $2")

  static let statements = [load, erased, overwritten]
}
