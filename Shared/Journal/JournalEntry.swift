package import Access
package import Kernel

/// What a command wants written down; place in the chain and time of record come with `Journal.append`.
package struct JournalDraft: Sendable, Hashable {
  /// `<noun>.<past tense>`: `case.reported`.
  package var eventType: String
  /// `case`, `call`, `grid`, …
  package var aggregateType: String
  /// To whom it happened.
  package var aggregateID: String
  /// The aggregate's version after it.
  package var aggregateVersion: Int64
  /// Who did it.
  package var actor: Actor
  /// When it happened in the county's life; an import's lies in the past.
  package var occurTime: Timestamp
  /// The journey that it belongs to: the case's id.
  package var correlationID: String
  /// The event or message that led to it; empty for a person's own act.
  package var causationID: String
  /// The service's event message, encoded. No personal data: sealed texts travel as references.
  package var payload: [UInt8]

  package init(
    eventType: String, aggregateType: String, aggregateID: String, aggregateVersion: Int64, actor: Actor,
    occurTime: Timestamp, correlationID: String, causationID: String = "", payload: [UInt8]
  ) {
    self.eventType = eventType
    self.aggregateType = aggregateType
    self.aggregateID = aggregateID
    self.aggregateVersion = aggregateVersion
    self.actor = actor
    self.occurTime = occurTime
    self.correlationID = correlationID
    self.causationID = causationID
    self.payload = payload
  }
}

/// One line of the journal.
package struct JournalEntry: Sendable, Hashable {
  /// Gapless, from 1.
  package var seq: Int64
  /// UUIDv7 of the moment it was written down.
  package var eventID: String
  /// What was to be written.
  package var draft: JournalDraft
  /// When it was written down, by the service's own clock.
  package var recordTime: Timestamp
  /// The hash of the line before; of the source epoch for the first.
  package var previousHash: [UInt8]
  /// SHA-256 over `canonicalBytes`.
  package var hash: [UInt8]

  package init(
    seq: Int64, eventID: String, draft: JournalDraft, recordTime: Timestamp, previousHash: [UInt8], hash: [UInt8]
  ) {
    self.seq = seq
    self.eventID = eventID
    self.draft = draft
    self.recordTime = recordTime
    self.previousHash = previousHash
    self.hash = hash
  }

  package var eventType: String { draft.eventType }
  /// `case`, `call`, `grid`, …
  package var aggregateType: String { draft.aggregateType }
  /// To whom it happened.
  package var aggregateID: String { draft.aggregateID }
  /// The aggregate's version after it.
  package var aggregateVersion: Int64 { draft.aggregateVersion }
  /// Who did it.
  package var actor: Actor { draft.actor }
  package var occurTime: Timestamp { draft.occurTime }
  package var correlationID: String { draft.correlationID }
  package var causationID: String { draft.causationID }
  package var payload: [UInt8] { draft.payload }

  /// What the hash is taken over: every field but the hash, each text and blob behind its length, in one fixed order that
  /// never changes. Two different lines cannot give the same bytes.
  package var canonicalBytes: [UInt8] {
    var bytes = CanonicalBytes()
    bytes.append(previousHash)
    bytes.append(seq)
    bytes.append(eventID)
    bytes.append(eventType)
    bytes.append(aggregateType)
    bytes.append(aggregateID)
    bytes.append(aggregateVersion)
    bytes.append(actor.personID)
    bytes.append(actor.organisationID)
    bytes.append(actor.role.rawValue)
    bytes.append(actor.countyCode)
    bytes.append(actor.onBehalfOf)
    bytes.append(occurTime.microseconds)
    bytes.append(recordTime.microseconds)
    bytes.append(correlationID)
    bytes.append(causationID)
    bytes.append(payload)
    return bytes.content
  }
}

/// Where a journal ends.
package struct JournalHead: Sendable, Hashable {
  /// Made once with the database file: another file, another epoch.
  package var sourceEpoch: String
  /// 0 while the journal is empty.
  package var seq: Int64
  /// The last line's event; empty while there is none.
  package var eventID: String
  /// The last line's hash.
  package var hash: [UInt8]

  package init(sourceEpoch: String, seq: Int64, eventID: String, hash: [UInt8]) {
    self.sourceEpoch = sourceEpoch
    self.seq = seq
    self.eventID = eventID
    self.hash = hash
  }
}

/// Fields joined so that no two lists of fields give the same bytes: every variable one stands behind its length.
struct CanonicalBytes {
  private(set) var content: [UInt8] = []

  mutating func append(_ number: Int64) {
    withUnsafeBytes(of: number.bigEndian) { content.append(contentsOf: $0) }
  }

  mutating func append(_ bytes: [UInt8]) {
    withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { content.append(contentsOf: $0) }
    content.append(contentsOf: bytes)
  }

  mutating func append(_ text: String) { append(Array(text.utf8)) }
}
