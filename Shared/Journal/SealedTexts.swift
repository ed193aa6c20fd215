import Glibc
package import Kernel
package import Persistence

/// What the journal and the tables carry in place of a text about people.
package struct SealedReference: Sendable, Hashable {
  /// The sealed text's id.
  package var id: String
  /// HMAC over id and text: shows that the text is the one, says nothing about it, and outlives its erasure.
  package var digest: [UInt8]

  package init(id: String, digest: [UInt8]) {
    self.id = id
    self.digest = digest
  }
}

/// The side table where narratives, minutes, names and other free text by or about residents live, sealed. Erasing one
/// breaks no chain: the journal only ever knew its reference.
package struct SealedTexts: Sendable {
  private let cryptography: Cryptography
  private let time: Timestamp?

  /// Texts sealed under the keys inside `cryptography`, with ids of `time` (else of the machine's clock): what is sealed together
  /// lies together, and a list of neighbours opens few pages.
  package init(_ cryptography: Cryptography, at time: Timestamp? = nil) {
    self.cryptography = cryptography
    self.time = time
  }

  /// Stores `text` sealed. `kind` names the field (`case.narrative`), `aggregateID` whom it belongs to.
  package func seal(
    _ text: String, kind: String, aggregateID: String, in transaction: WriteTransaction
  ) throws -> SealedReference {
    let reference = reference(to: text, id: UUIDv7.make(at: time ?? Self.clock))
    let sealed = try cryptography.seal(Array(text.utf8), Self.context(reference.id, kind, aggregateID))
    try transaction.run(
      Self.insert,
      [.text(reference.id), .text(kind), .text(aggregateID), .bytes(sealed), .bytes(reference.digest)])
    return reference
  }

  /// The text; `nil` if it was erased or never was.
  package func open(_ id: String, in reading: some Reading) throws -> String? {
    let stored = try reading.first(Self.load, [.text(id)]) { row in
      (kind: row.text(0), aggregateID: row.text(1), sealed: row.optionalBytes(2))
    }
    guard let stored, let sealed = stored.sealed else { return nil }
    let bytes = try cryptography.open(sealed, Self.context(id, stored.kind, stored.aggregateID))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether `text` is what `reference` was made for.
  package func matches(_ text: String, _ reference: SealedReference) -> Bool {
    self.reference(to: text, id: reference.id) == reference
  }

  /// Forgets one text; its row stays and says when. `false`: there was nothing to forget.
  @discardableResult
  package func erase(_ id: String, at now: Timestamp, in transaction: WriteTransaction) throws -> Bool {
    try transaction.run(Self.erase, [.text(id), .time(now)]) > 0
  }

  /// Forgets every text of one aggregate and says how many there were.
  @discardableResult
  package func erase(ofAggregate id: String, at now: Timestamp, in transaction: WriteTransaction) throws -> Int {
    try transaction.run(Self.eraseOfAggregate, [.text(id), .time(now)])
  }

  private static var clock: Timestamp {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Timestamp(microseconds: Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000)
  }

  private func reference(to text: String, id: String) -> SealedReference {
    var bytes = CanonicalBytes()
    bytes.append(id)
    bytes.append(text)
    return SealedReference(id: id, digest: cryptography.hmac("sealed_text", bytes.content))
  }

  /// Ties the sealed bytes to their row: moved to another one they do not open.
  static func context(_ id: String, _ kind: String, _ aggregateID: String) -> [UInt8] {
    var bytes = CanonicalBytes()
    bytes.append(id)
    bytes.append(kind)
    bytes.append(aggregateID)
    return bytes.content
  }
}

extension SealedTexts {
  private static let insert = Statement(
    "sealed_text.insert",
    "INSERT INTO sealed_text (sealed_text_id, kind, aggregate_id, sealed, digest) VALUES ($1, $2, $3, $4, $5)")
  private static let load = Statement(
    "sealed_text.load", "SELECT kind, aggregate_id, sealed FROM sealed_text WHERE sealed_text_id = $1")
  private static let erase = Statement(
    "sealed_text.erase",
    "UPDATE sealed_text SET sealed = NULL, erase_time = $2 WHERE sealed_text_id = $1 AND sealed IS NOT NULL")
  private static let eraseOfAggregate = Statement(
    "sealed_text.erase_of_aggregate",
    "UPDATE sealed_text SET sealed = NULL, erase_time = $2 WHERE aggregate_id = $1 AND sealed IS NOT NULL")

  static let statements = [insert, load, erase, eraseOfAggregate]
}
