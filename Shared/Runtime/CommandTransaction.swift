package import Access
package import Journal
package import Kernel
package import Persistence

/// What a command has while it is carried out: the transaction, who acts, what time it is, and where to write down what
/// happened. Lives inside the write's closure only.
package struct CommandTransaction {
  /// Rows are loaded and saved through it; loading sees what this command has changed.
  package let tx: WriteTransaction
  /// Who acts.
  package let actor: Actor
  /// When it happens in the county's life: the service's clock, an imported step's own time, a relayed event's time.
  package let now: Timestamp
  /// When it is written down, by the service's clock.
  package let recordTime: Timestamp
  /// The event or message that led to this; empty for a person's own act.
  package let causationID: String
  /// Seals and opens free text.
  package let sealedTexts: SealedTexts
  private let journal: Journal

  init(
    tx: WriteTransaction, actor: Actor, now: Timestamp, recordTime: Timestamp, causationID: String,
    cryptography: Cryptography
  ) {
    self.tx = tx
    self.actor = actor
    self.now = now
    self.recordTime = recordTime
    self.causationID = causationID
    self.sealedTexts = SealedTexts(cryptography, at: recordTime)
    self.journal = Journal(cryptography)
  }

  private init(_ other: Self, actor: Actor, now: Timestamp) {
    tx = other.tx
    self.actor = actor
    self.now = now
    recordTime = other.recordTime
    causationID = other.causationID
    sealedTexts = other.sealedTexts
    journal = other.journal
  }

  /// The same transaction at another time, or for another actor: an imported step, a rule of the system.
  package func at(_ now: Timestamp, as actor: Actor? = nil) -> CommandTransaction {
    CommandTransaction(self, actor: actor ?? self.actor, now: now)
  }

  /// Writes one event into the journal, in this transaction. `payload` is the service's event message, encoded;
  /// `correlationID` is the journey: the case's id where there is one, else the aggregate's.
  @discardableResult
  package func record(
    eventType: String, aggregateType: String, aggregateID: String, version: Int64, correlationID: String,
    payload: [UInt8]
  ) throws -> JournalEntry {
    try journal.append(
      JournalDraft(
        eventType: eventType, aggregateType: aggregateType, aggregateID: aggregateID, aggregateVersion: version,
        actor: actor, occurTime: now, correlationID: correlationID, causationID: causationID, payload: payload),
      to: tx, recordTime: recordTime)
  }

  /// Writes down that the actor read personal fields unmasked, and why.
  package func recordPersonalRead(
    of fields: [String], aggregateType: String, aggregateID: String, version: Int64, reason: String,
    correlationID: String
  ) throws {
    try journal.append(
      .personalRead(
        of: fields, aggregateType: aggregateType, aggregateID: aggregateID, aggregateVersion: version, by: actor,
        reason: reason, at: now, correlationID: correlationID),
      to: tx, recordTime: recordTime)
  }
}
