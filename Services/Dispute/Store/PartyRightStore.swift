package import DisputeDomain
package import Kernel
package import Persistence

/// Requests of parties about their own data, and what of it is to be destroyed when.
package struct PartyRightStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  package func load(_ id: ID<PartyRight>, in reading: some Reading) throws -> PartyRight? {
    try reading.first(PartyRightQueries.load, [.text(county.text), .id(id)]) { row in
      PartyRight(
        rightID: row.id(0), version: row.int(1), kind: row.named(2, or: .access), state: row.named(3, or: .open),
        caseID: row.id(4), partyID: row.text(5), township: Column.area(row, 6), requestText: Column.sealed(row, 7),
        identityCheck: row.text(9), receiver: row.id(10), requestTime: row.time(11),
        clock: Column.clock(row, 20, .answer, from: row.time(11), to: row.optionalTime(13)),
        decider: row.optionalID(12),
        answerTime: row.optionalTime(13), refusalReason: Column.sealed(row, 14), correctedName: Column.sealed(row, 16),
        correctedPhone: Column.sealed(row, 18))
    }
  }

  package func rights(of caseID: ID<Case>, in reading: some Reading) throws -> [PartyRight] {
    let ids: [ID<PartyRight>] = try reading.all(
      PartyRightQueries.ofCase, [.text(county.text), .id(caseID)]
    ) { $0.id(0) }
    return try ids.compactMap { try load($0, in: reading) }
  }

  package func list(
    township: AreaCode?, state: PartyRight.State?, below position: ListPosition, limit: Int, in reading: some Reading
  ) throws -> [PartyRight] {
    var values: [Value] = [.text(county.text), .time(position.time), .text(position.id), .integer(limit)]
    let statement: Statement
    switch (township, state) {
    case (let township?, let state?):
      (statement, values) = (PartyRightQueries.listByBoth, values + [.text(township.text), .text(state.rawValue)])
    case (let township?, nil): (statement, values) = (PartyRightQueries.listByTownship, values + [.text(township.text)])
    case (nil, let state?): (statement, values) = (PartyRightQueries.listByState, values + [.text(state.rawValue)])
    case (nil, nil): statement = PartyRightQueries.list
    }
    let ids: [ID<PartyRight>] = try reading.all(statement, values) { $0.id(0) }
    return try ids.compactMap { try load($0, in: reading) }
  }

  /// Those that nobody has decided, the earliest first.
  package func findOpen(in reading: some Reading) throws -> [ID<PartyRight>] {
    try reading.all(PartyRightQueries.open, [.text(county.text)]) { $0.id(0) }
  }

  package func save(_ right: PartyRight, in transaction: WriteTransaction) throws {
    try transaction.run(
      PartyRightQueries.save,
      [
        .text(county.text), .id(right.rightID), .integer(right.version), .text(right.kind.rawValue),
        .text(right.state.rawValue), .id(right.caseID), .text(right.partyID), .text(right.township.text),
        .optionalText(right.requestText?.sealedID), .optionalBytes(right.requestText?.digest),
        .text(right.identityCheck), .id(right.receiver), .time(right.requestTime), .optionalID(right.decider),
        .optionalTime(right.answerTime), .optionalText(right.refusalReason?.sealedID),
        .optionalBytes(right.refusalReason?.digest), .optionalText(right.correctedName?.sealedID),
        .optionalBytes(right.correctedName?.digest), .optionalText(right.correctedPhone?.sealedID),
        .optionalBytes(right.correctedPhone?.digest),
      ] + Column.values(of: right.clock))
  }

  // MARK: - Retention

  /// The case ended at `time`: what is kept of its parties is destroyed in due time.
  package func begin(_ caseID: ID<Case>, at time: Timestamp, in transaction: WriteTransaction) throws {
    try transaction.run(
      PartyRightQueries.beginRetention,
      [
        .text(county.text), .id(caseID), .time(time), .time(Retention.keysDueTime(after: time)),
        .time(Retention.identityDueTime(after: time)),
      ])
  }

  /// The case is handled again.
  package func end(_ caseID: ID<Case>, in transaction: WriteTransaction) throws {
    try transaction.run(PartyRightQueries.endRetention, [.text(county.text), .id(caseID)])
  }

  /// Cases whose parties' keys, or whose parties' identity, were to be destroyed before `now`; the earliest first.
  package func due(
    _ what: RetainedData, before now: Timestamp, limit: Int, in reading: some Reading
  ) throws -> [(caseID: ID<Case>, endTime: Timestamp, dueTime: Timestamp)] {
    try reading.all(
      what == .keys ? PartyRightQueries.keysDue : PartyRightQueries.identityDue,
      [.text(county.text), .time(now), .integer(limit)]
    ) { (caseID: $0.id(0), endTime: $0.time(1), dueTime: $0.time(2)) }
  }

  package func markDestroyed(
    _ what: RetainedData, of caseID: ID<Case>, in transaction: WriteTransaction
  ) throws {
    try transaction.run(
      what == .keys ? PartyRightQueries.keysDestroyed : PartyRightQueries.identityDestroyed,
      [.text(county.text), .id(caseID)])
  }
}

/// What is kept of parties, each for its own time.
package enum RetainedData: String, Hashable, Sendable, CaseIterable {
  case keys = "KEYS"
  case identity = "IDENTITY"
}

/// The statements of parties' rights and retention.
enum PartyRightQueries {
  static let load = Statement(
    "party_right.load",
    """
    SELECT right_id, version, right_kind, state, case_id, party_id, township_code, request_text_id,
      request_text_digest, identity_check, receiver_person_id, request_time, decider_person_id, answer_time,
      refusal_reason_id, refusal_reason_digest, corrected_name_id, corrected_name_digest, corrected_phone_id,
      corrected_phone_digest, policy_version, budget, floor_due_time
    FROM party_rights WHERE county_code = $1 AND right_id = $2
    """)
  static let ofCase = Statement(
    "party_right.of_case",
    "SELECT right_id FROM party_rights WHERE county_code = $1 AND case_id = $2 ORDER BY right_id")
  static let list = Statement(
    "party_right.list",
    """
    SELECT right_id FROM party_rights WHERE county_code = $1 AND (request_time, right_id) < ($2, $3)
    ORDER BY request_time DESC, right_id DESC LIMIT $4
    """)
  static let listByState = Statement(
    "party_right.list_by_state",
    """
    SELECT right_id FROM party_rights WHERE county_code = $1 AND (request_time, right_id) < ($2, $3) AND state = $5
    ORDER BY request_time DESC, right_id DESC LIMIT $4
    """)
  static let listByTownship = Statement(
    "party_right.list_by_township",
    """
    SELECT right_id FROM party_rights
    WHERE county_code = $1 AND (request_time, right_id) < ($2, $3) AND township_code = $5
    ORDER BY request_time DESC, right_id DESC LIMIT $4
    """)
  static let listByBoth = Statement(
    "party_right.list_by_township_and_state",
    """
    SELECT right_id FROM party_rights
    WHERE county_code = $1 AND (request_time, right_id) < ($2, $3) AND township_code = $5 AND state = $6
    ORDER BY request_time DESC, right_id DESC LIMIT $4
    """)
  static let save = Statement(
    "party_right.save",
    """
    INSERT INTO party_rights (
      county_code, right_id, version, right_kind, state, case_id, party_id, township_code, request_text_id,
      request_text_digest, identity_check, receiver_person_id, request_time, decider_person_id, answer_time,
      refusal_reason_id, refusal_reason_digest, corrected_name_id, corrected_name_digest, corrected_phone_id,
      corrected_phone_digest, policy_version, budget, floor_due_time
    ) VALUES (
      $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24
    )
    ON CONFLICT (county_code, right_id) DO UPDATE SET
      version = excluded.version, state = excluded.state, decider_person_id = excluded.decider_person_id,
      answer_time = excluded.answer_time, refusal_reason_id = excluded.refusal_reason_id,
      refusal_reason_digest = excluded.refusal_reason_digest, policy_version = excluded.policy_version,
      budget = excluded.budget, floor_due_time = excluded.floor_due_time
    """)
  static let open = Statement(
    "party_right.open",
    """
    SELECT right_id FROM party_rights WHERE county_code = $1 AND state = 'OPEN' ORDER BY request_time, right_id
    """)
  static let beginRetention = Statement(
    "case_retention.begin",
    """
    INSERT INTO case_retention (county_code, case_id, end_time, keys_due_time, identity_due_time)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (county_code, case_id) DO NOTHING
    """)
  static let endRetention = Statement(
    "case_retention.end", "DELETE FROM case_retention WHERE county_code = $1 AND case_id = $2")
  static let keysDue = Statement(
    "case_retention.keys_due",
    """
    SELECT case_id, end_time, keys_due_time FROM case_retention
    WHERE county_code = $1 AND keys_due_time IS NOT NULL AND keys_due_time < $2
    ORDER BY keys_due_time, case_id LIMIT $3
    """)
  static let identityDue = Statement(
    "case_retention.identity_due",
    """
    SELECT case_id, end_time, identity_due_time FROM case_retention
    WHERE county_code = $1 AND identity_due_time IS NOT NULL AND identity_due_time < $2
    ORDER BY identity_due_time, case_id LIMIT $3
    """)
  static let keysDestroyed = Statement(
    "case_retention.keys_destroyed",
    "UPDATE case_retention SET keys_due_time = NULL WHERE county_code = $1 AND case_id = $2")
  static let identityDestroyed = Statement(
    "case_retention.identity_destroyed",
    "UPDATE case_retention SET identity_due_time = NULL WHERE county_code = $1 AND case_id = $2")

  static let all = [
    load, ofCase, list, listByState, listByTownship, listByBoth, save, beginRetention, endRetention, keysDue,
    identityDue, keysDestroyed, identityDestroyed, open,
  ]
}
