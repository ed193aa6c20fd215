package import Kernel
package import Persistence

// What a target needs when files come back from a backup: its source's, the relay's, its own.

extension Inbox {
  /// Undoes what was derived of a source's events after a seq.
  package typealias Forgetting =
    @Sendable (_ source: String, _ after: Int64, _ transaction: WriteTransaction) throws -> Void

  /// An event of a source, as it is remembered here.
  package struct Heard: Sendable, Hashable {
    package var seq: Int64
    package var eventID: String
    /// Empty where only the position moved.
    package var eventType: String
    package var aggregateID: String
  }

  /// An event that was heard and that its source no longer knows.
  package struct Lost: Sendable, Hashable {
    package var source: String
    package var sourceEpoch: String
    package var event: Heard
    package var noteTime: Timestamp
  }

  /// What was heard of `source` before `seq`, newest first.
  package func heard(
    of source: String, before seq: Int64, limit: Int, in reading: some Reading
  ) throws -> [Heard] {
    try reading.all(InboxQueries.heardBefore, [.text(source), .integer(seq), .integer(limit)]) { row in
      Heard(seq: row.integer(0), eventID: row.text(1), eventType: row.text(2), aggregateID: row.text(3))
    }
  }

  /// Whether what was heard long ago is remembered no more, so that the oldest one remembered is not the first.
  package func forgetsOlder(of source: String, in reading: some Reading) throws -> Bool {
    try position(of: source, in: reading).seq > Self.rememberedSeqs
  }

  /// Events of `source` after `seq` whose content was kept back and has not come since, oldest first.
  package func withheld(
    of source: String, after seq: Int64, limit: Int, in reading: some Reading
  ) throws -> [Heard] {
    try reading.all(InboxQueries.withheldAfter, [.text(source), .integer(seq), .integer(limit)]) { row in
      Heard(seq: row.integer(0), eventID: row.text(1), eventType: "", aggregateID: "")
    }
  }

  /// Takes the position of a source that was restored back to `common`, the last event that both know (seq 0: there is none), and
  /// writes down what was heard after it. Refuses unless this service stands where the caller takes it to stand, and knows the
  /// common event, too. `forget` is told of the source and the common event's seq in the same transaction: whoever only derives
  /// forgets what came after. How many events are lost.
  package func goBack(
    _ source: String, from expected: Position, to common: (seq: Int64, eventID: String), at now: Timestamp,
    forget: Forgetting? = nil, _ transaction: WriteTransaction
  ) throws -> Int {
    let position = try position(of: source, in: transaction)
    let origin = Origin(
      source: source, sourceEpoch: expected.sourceEpoch, seq: expected.seq, eventID: expected.eventID, occurTime: now)
    guard
      (position.sourceEpoch, position.seq, position.eventID) == (expected.sourceEpoch, expected.seq, expected.eventID),
      position.seq > common.seq
    else { throw Alarm.positionMismatch(position, origin) }
    if common.seq > 0 {
      let heard = try transaction.first(InboxQueries.heard, [.text(source), .integer(common.seq)]) { $0.text(0) }
      guard heard == common.eventID else { throw Refused(.failedPrecondition, Self.commonEventUnknown) }
    }
    try forget?(source, common.seq, transaction)
    let lost = try transaction.run(
      InboxQueries.writeDownLost,
      [.text(source), .integer(common.seq), .text(position.sourceEpoch), .time(now)])
    try transaction.run(InboxQueries.forgetHeardAfter, [.text(source), .integer(common.seq)])
    try transaction.run(InboxQueries.forgetWithheldAfter, [.text(source), .integer(common.seq)])
    if common.seq == 0 {
      try transaction.run(InboxQueries.forgetPosition, [.text(source)])
    } else {
      try transaction.run(
        InboxQueries.movePosition,
        [
          .text(source), .text(position.sourceEpoch), .integer(common.seq), .text(common.eventID),
          .time(position.asOfTime ?? now),
        ])
    }
    return lost
  }

  /// What was heard and is known to its source no more, after one place in the order of source, seq and event.
  package func lost(
    after place: (source: String, seq: Int64, eventID: String), limit: Int, in reading: some Reading
  ) throws -> [Lost] {
    try reading.all(
      InboxQueries.lostAfter, [.text(place.source), .integer(place.seq), .text(place.eventID), .integer(limit)]
    ) { row in
      Lost(
        source: row.text(0), sourceEpoch: row.text(3),
        event: Heard(seq: row.integer(1), eventID: row.text(2), eventType: row.text(4), aggregateID: row.text(5)),
        noteTime: row.time(6))
    }
  }

  private static let commonEventUnknown = Reason(
    "COMMON_EVENT_UNKNOWN", zh: "本服务没有收到过该共同事件，未作更改",
    en: "this service has not heard that common event; nothing was changed")
}
