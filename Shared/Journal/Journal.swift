import Access
package import Kernel
package import Persistence

/// The append-only record of every change, written in the change's own transaction: feed, audit trail and timeline are three
/// readings of it. Each line carries the hash of the one before, so that none can be changed or taken out unseen.
package struct Journal: Sendable {
  private let cryptography: Cryptography

  /// A journal whose hashes are made by `cryptography`; it holds no state of its own.
  package init(_ cryptography: Cryptography) { self.cryptography = cryptography }

  /// Writes `draft` as the next line. Number and previous hash are read from the database inside the transaction, never
  /// remembered: what a failed transaction took is free again.
  @discardableResult
  package func append(
    _ draft: JournalDraft, to transaction: WriteTransaction, recordTime: Timestamp
  ) throws -> JournalEntry {
    let head = try Self.head(in: transaction)
    var entry = JournalEntry(
      seq: head.seq + 1, eventID: UUIDv7.make(at: recordTime), draft: draft, recordTime: recordTime,
      previousHash: head.seq == 0 ? genesis(head.sourceEpoch) : head.hash, hash: [])
    entry.hash = cryptography.sha256(entry.canonicalBytes)
    try transaction.run(JournalQueries.insert, entry.values)
    try transaction.run(
      JournalQueries.moveHead, [.integer(entry.seq), .text(entry.eventID), .bytes(entry.hash)])
    return entry
  }

  /// Where the journal stands.
  package static func head(in reading: some Reading) throws -> JournalHead {
    let head = try reading.first(JournalQueries.head, []) { row in
      JournalHead(sourceEpoch: row.text(0), seq: row.integer(1), eventID: row.text(2), hash: row.bytes(3))
    }
    guard let head else { throw StorageError.corrupt("the journal's counter is missing") }
    return head
  }

  /// The lines after `seq`, at most `limit` of them looked at, and those of `types` (all, if empty) given back.
  /// `readTo` is how far was looked, whether or not a line matched: where to go on.
  package static func entries(
    after seq: Int64, limit: Int, types: Set<String> = [], in reading: some Reading
  ) throws -> (entries: [JournalEntry], readTo: Int64, readToEventID: String) {
    let looked = try reading.all(JournalQueries.after, [.integer(seq), .integer(limit)], JournalEntry.init(row:))
    return (
      types.isEmpty ? looked : looked.filter { types.contains($0.eventType) }, looked.last?.seq ?? seq,
      looked.last?.eventID ?? ""
    )
  }

  /// One line.
  package static func entry(_ seq: Int64, in reading: some Reading) throws -> JournalEntry? {
    try reading.first(JournalQueries.after, [.integer(seq - 1), .integer(1)], JournalEntry.init(row:))
      .flatMap { $0.seq == seq ? $0 : nil }
  }

  /// All lines of one aggregate, oldest first.
  package static func entries(
    ofAggregate type: String, _ id: String, in reading: some Reading
  ) throws -> [JournalEntry] {
    try reading.all(JournalQueries.ofAggregate, [.text(type), .text(id)], JournalEntry.init(row:))
  }

  /// All lines of one journey, oldest first.
  package static func entries(correlation id: String, in reading: some Reading) throws -> [JournalEntry] {
    try reading.all(JournalQueries.ofCorrelation, [.text(id)], JournalEntry.init(row:))
  }

  /// What the first line's `previousHash` is: the chain belongs to its file.
  private func genesis(_ sourceEpoch: String) -> [UInt8] {
    cryptography.sha256(Array("huying.journal \(sourceEpoch)".utf8))
  }
}

// MARK: - Verifying

extension Journal {
  /// What a walk over the chain found.
  package struct Verification: Sendable, Hashable {
    /// Lines that hold, before the first broken one.
    package var verifiedCount: Int64
    /// The first line that is missing, changed or out of place; `nil`: the chain holds.
    package var firstBrokenSeq: Int64?
    /// Where the walk ended.
    package var head: JournalHead

    package init(verifiedCount: Int64, firstBrokenSeq: Int64?, head: JournalHead) {
      self.verifiedCount = verifiedCount
      self.firstBrokenSeq = firstBrokenSeq
      self.head = head
    }
  }

  /// Walks the chain from `seq` (1: the beginning; later: the line before is believed) to the head, page by page, each in a
  /// read of its own, so that a long journal holds nobody up.
  package func verify(from seq: Int64 = 1, in database: Database) async throws -> Verification {
    var walk = Walk(next: max(1, seq))
    while true {
      let start = walk
      let (page, head) = try await database.read { transaction in
        let head = try Self.head(in: transaction)
        let before = start.previousHash == nil && start.next > 1 ? 1 : Int64(0)
        return (
          try Self.entries(after: start.next - 1 - before, limit: Self.verifyPage, in: transaction).entries, head
        )
      }
      if let broken = advance(&walk, over: page, head) {
        return Verification(verifiedCount: walk.count, firstBrokenSeq: broken, head: head)
      }
      if walk.next > head.seq { return Verification(verifiedCount: walk.count, firstBrokenSeq: nil, head: head) }
    }
  }

  /// The same walk over the last `count` lines, here and now: for a start, before anybody is served.
  package func verifyEnd(_ count: Int64, of database: Database) throws -> Verification {
    let head = try database.readInline { try Self.head(in: $0) }
    var walk = Walk(next: max(1, head.seq - count + 1))
    while true {
      let start = walk
      let before = start.previousHash == nil && start.next > 1 ? 1 : Int64(0)
      let page = try database.readInline {
        try Self.entries(after: start.next - 1 - before, limit: Self.verifyPage, in: $0).entries
      }
      if let broken = advance(&walk, over: page, head) {
        return Verification(verifiedCount: walk.count, firstBrokenSeq: broken, head: head)
      }
      if walk.next > head.seq { return Verification(verifiedCount: walk.count, firstBrokenSeq: nil, head: head) }
    }
  }

  /// The same walk over a file that nobody writes, in one go.
  package func verify(in reading: some Reading) throws -> Verification {
    var walk = Walk(next: 1)
    let head = try Self.head(in: reading)
    while true {
      let page = try Self.entries(after: walk.next - 1, limit: Self.verifyPage, in: reading).entries
      if let broken = advance(&walk, over: page, head) {
        return Verification(verifiedCount: walk.count, firstBrokenSeq: broken, head: head)
      }
      if walk.next > head.seq { return Verification(verifiedCount: walk.count, firstBrokenSeq: nil, head: head) }
    }
  }

  /// Lines verified in one read: a few milliseconds.
  private static let verifyPage = 1_000

  private struct Walk: Sendable {
    var next: Int64
    var previousHash: [UInt8]?
    var count: Int64 = 0
  }

  /// Goes over one page. The seq of the first line that does not hold, or `nil`.
  private func advance(_ walk: inout Walk, over page: [JournalEntry], _ head: JournalHead) -> Int64? {
    if walk.next == 1 { walk.previousHash = genesis(head.sourceEpoch) }
    for entry in page {
      if walk.previousHash == nil, entry.seq == walk.next - 1 {
        walk.previousHash = entry.hash
        continue
      }
      guard entry.seq == walk.next, entry.previousHash == walk.previousHash,
        entry.hash == cryptography.sha256(entry.canonicalBytes)
      else { return walk.next }
      walk.previousHash = entry.hash
      walk.next += 1
      walk.count += 1
    }
    let isAtEnd = walk.next > head.seq
    if page.isEmpty, !isAtEnd { return walk.next }
    if walk.next == head.seq + 1, walk.count > 0, walk.previousHash != head.hash { return head.seq }
    // Lines past the counter: somebody put them there by hand.
    return walk.next > head.seq + 1 ? head.seq + 1 : nil
  }
}
