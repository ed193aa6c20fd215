package import Kernel
package import Persistence

/// How far this service has heard its neighbours, and the rule by which each relayed message has its effect exactly once:
/// position and effect move in one transaction.
package struct Inbox: Sendable {
  /// Where one relayed message comes from.
  package struct Origin: Sendable, Hashable {
    /// The source service's name.
    package var source: String
    /// Which database file of the source.
    package var sourceEpoch: String
    /// The event's number in the source's journal.
    package var seq: Int64
    /// The event.
    package var eventID: String
    /// What happened: `case.closed`.
    package var eventType: String
    /// To whom it happened.
    package var aggregateID: String
    /// The aggregate's version after it.
    package var aggregateVersion: Int64
    /// The "now" of the effect.
    package var occurTime: Timestamp
    /// The journey it belongs to.
    package var correlationID: String
    /// Delivered again after later ones, once by event id; moves no position.
    package var isParked: Bool
    /// How far the relay takes this service to have heard the source; `nil`: it does not say.
    package var afterSeq: Int64?
    /// Its content is kept back by the relay and will come later.
    package var isWithheld: Bool

    package init(
      source: String, sourceEpoch: String, seq: Int64, eventID: String, eventType: String = "",
      aggregateID: String = "",
      aggregateVersion: Int64 = 0, occurTime: Timestamp, correlationID: String = "", isParked: Bool = false,
      afterSeq: Int64? = nil, isWithheld: Bool = false
    ) {
      self.source = source
      self.sourceEpoch = sourceEpoch
      self.seq = seq
      self.eventID = eventID
      self.eventType = eventType
      self.aggregateID = aggregateID
      self.aggregateVersion = aggregateVersion
      self.occurTime = occurTime
      self.correlationID = correlationID
      self.isParked = isParked
      self.afterSeq = afterSeq
      self.isWithheld = isWithheld
    }
  }

  /// How far one source has been heard.
  package struct Position: Sendable, Hashable {
    /// The source service's name.
    package var source: String
    /// Empty: never heard of it.
    package var sourceEpoch: String
    /// The event's number in the source's journal.
    package var seq: Int64
    /// The event.
    package var eventID: String
    /// The source's own time of what was last heard.
    package var asOfTime: Timestamp?

    package init(
      source: String, sourceEpoch: String = "", seq: Int64 = 0, eventID: String = "", asOfTime: Timestamp? = nil
    ) {
      self.source = source
      self.sourceEpoch = sourceEpoch
      self.seq = seq
      self.eventID = eventID
      self.asOfTime = asOfTime
    }
  }

  /// What a message is to this service.
  package enum Admission: Sendable, Hashable {
    /// New: carry it out, in this transaction.
    case apply
    /// Heard before; its effect is there.
    case alreadyApplied
  }

  package init() {}

  /// Where this service stands with `source`.
  package func position(of source: String, in reading: some Reading) throws -> Position {
    try reading.first(InboxQueries.position, [.text(source)]) { row in
      Position(
        source: source, sourceEpoch: row.text(0), seq: row.integer(1), eventID: row.text(2), asOfTime: row.time(3))
    } ?? Position(source: source)
  }

  /// Every source that was ever heard.
  package func positions(in reading: some Reading) throws -> [Position] {
    try reading.all(InboxQueries.positions, []) { row in
      Position(
        source: row.text(0), sourceEpoch: row.text(1), seq: row.integer(2), eventID: row.text(3), asOfTime: row.time(4))
    }
  }

  /// Judges `origin` and, if it is new, moves the position. Throws the named alarms: SOURCE_EPOCH_CHANGED (another database
  /// file stands behind the source's name) and SOURCE_REWOUND (its history is not the one that was heard: an old copy); and
  /// POSITION_MISMATCH where the relay has to ask anew where this service stands.
  package func admit(_ origin: Origin, _ transaction: WriteTransaction) throws -> Admission {
    try Self.validate(origin)
    let position = try position(of: origin.source, in: transaction)
    guard position.sourceEpoch.isEmpty || position.sourceEpoch == origin.sourceEpoch else {
      throw Alarm.epochChanged(position, origin)
    }
    if origin.isParked { return try admitParked(origin, position, transaction) }
    guard origin.seq > position.seq else { return try admitRepeated(origin, position, transaction) }
    // A service that was started empty or restored stands before what the relay believes: what lies between would be lost.
    if let afterSeq = origin.afterSeq, afterSeq != position.seq { throw Alarm.positionMismatch(position, origin) }
    try transaction.run(
      InboxQueries.movePosition,
      [
        .text(origin.source), .text(origin.sourceEpoch), .integer(origin.seq), .text(origin.eventID),
        .time(origin.occurTime),
      ])
    try remember(origin, transaction)
    return .apply
  }

  /// Takes the position of `source` back to nothing, so that it is fed from the beginning: for a service that rebuilds what
  /// it derives, in the transaction that empties its tables.
  package func forget(_ source: String, _ transaction: WriteTransaction) throws {
    try transaction.run(InboxQueries.forgetPosition, [.text(source)])
    try transaction.run(InboxQueries.forgetHeard, [.text(source)])
    try transaction.run(InboxQueries.forgetParked, [.text(source)])
    try transaction.run(InboxQueries.forgetWithheldAfter, [.text(source), .integer(0)])
  }

  /// How many seqs back a repeated delivery is still recognised: many times the largest batch.
  static let rememberedSeqs: Int64 = 20_000
}

// MARK: - Repeated and parked messages

extension Inbox {
  /// A message at or before the position: heard before, if it is the very one; otherwise the source has another history.
  private func admitRepeated(
    _ origin: Origin, _ position: Position, _ transaction: WriteTransaction
  ) throws -> Admission {
    let heard = try transaction.first(InboxQueries.heard, [.text(origin.source), .integer(origin.seq)]) { $0.text(0) }
    guard heard == origin.eventID else { throw Alarm.rewound(position, origin) }
    return .alreadyApplied
  }

  private func admitParked(
    _ origin: Origin, _ position: Position, _ transaction: WriteTransaction
  ) throws -> Admission {
    // A service that was restored to a state before it: it comes in its turn, or it would come twice.
    guard origin.seq <= position.seq else { throw Alarm.parkedTooEarly(position, origin) }
    try transaction.run(InboxQueries.forgetWithheld, [.text(origin.source), .integer(origin.seq)])
    // Its seq was heard before, without content, when it was parked: only its own table says whether it was carried out.
    let added = try transaction.run(
      InboxQueries.rememberParked, [.text(origin.source), .text(origin.eventID), .integer(origin.seq)])
    return added > 0 ? .apply : .alreadyApplied
  }

  private func remember(_ origin: Origin, _ transaction: WriteTransaction) throws {
    try transaction.run(
      InboxQueries.rememberHeard,
      [
        .text(origin.source), .integer(origin.seq), .text(origin.eventID), .text(origin.eventType),
        .text(origin.aggregateID),
      ])
    if origin.isWithheld {
      try transaction.run(
        InboxQueries.rememberWithheld, [.text(origin.source), .integer(origin.seq), .text(origin.eventID)])
    }
    guard origin.seq % 256 == 0 else { return }
    try transaction.run(
      InboxQueries.forgetHeardBefore, [.text(origin.source), .integer(origin.seq - Self.rememberedSeqs)])
  }

  private static func validate(_ origin: Origin) throws {
    let missing = [
      ("origin.source", origin.source.isEmpty), ("origin.source_epoch", origin.sourceEpoch.isEmpty),
      ("origin.event_id", origin.eventID.isEmpty), ("origin.seq", origin.seq < 1),
    ].filter(\.1)
    guard !missing.isEmpty else { return }
    throw Refused(
      .invalidArgument,
      missing.map { field, _ in
        Reason("ORIGIN_INCOMPLETE", zh: "消息来源不完整", en: "the message does not say where it comes from", field: field)
      })
  }

  /// The alarms that stop a source until somebody has looked at it.
  enum Alarm {
    static func epochChanged(_ position: Position, _ origin: Origin) -> Refused {
      Refused(
        .failedPrecondition,
        Reason(
          "SOURCE_EPOCH_CHANGED", zh: "来源服务换了另一个数据库文件，已停止接收",
          en: "another database file stands behind the source; nothing more is taken from it",
          metadata: details(position, origin)))
    }

    static func rewound(_ position: Position, _ origin: Origin) -> Refused {
      Refused(
        .failedPrecondition,
        Reason(
          "SOURCE_REWOUND", zh: "来源服务的历史与已收到的不一致（可能由旧备份恢复），已停止接收",
          en: "the source's history is not the one that was heard (an old copy?); nothing more is taken from it",
          metadata: details(position, origin)))
    }

    static func positionMismatch(_ position: Position, _ origin: Origin) -> Refused {
      Refused(
        .failedPrecondition,
        Reason(
          "POSITION_MISMATCH", zh: "收件位置与中继所知不一致，请重新询问位置",
          en: "this service does not stand where the relay takes it to stand; ask for its position",
          metadata: details(position, origin)))
    }

    static func parkedTooEarly(_ position: Position, _ origin: Origin) -> Refused {
      Refused(
        .failedPrecondition,
        Reason(
          "PARKED_TOO_EARLY", zh: "本服务尚未收到此消息之前的内容，请稍后再试",
          en: "this service has not heard what comes before this message; it comes in its turn",
          metadata: details(position, origin)))
    }

    static func details(_ position: Position, _ origin: Origin) -> [String: String] {
      [
        "source": origin.source, "heard_epoch": position.sourceEpoch, "heard_seq": String(position.seq),
        "heard_event_id": position.eventID, "epoch": origin.sourceEpoch, "seq": String(origin.seq),
        "event_id": origin.eventID,
      ]
    }
  }
}
