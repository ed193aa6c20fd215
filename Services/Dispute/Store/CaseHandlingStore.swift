import DisputeDomain
import Kernel
import Persistence

/// The statements of merging, analysing, joint handling and of what follows the closing.
enum HandlingQueries {
  static let analyses = Statement(
    "case_analyse.list",
    """
    SELECT analysis_number, level, org_id, analysis_time, attendant_person_ids, causes_id, causes_digest, route,
      minutes_id, minutes_digest
    FROM case_analyses WHERE county_code = $1 AND case_id = $2 ORDER BY analysis_number
    """)
  static let saveAnalyses = Statement(
    "case_analyse.save",
    """
    INSERT INTO case_analyses (
      county_code, case_id, analysis_number, level, org_id, analysis_time, attendant_person_ids, causes_id,
        causes_digest, route, minutes_id, minutes_digest
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    ON CONFLICT (county_code, case_id, analysis_number) DO NOTHING
    """)
  static let responsibles = Statement(
    "case_responsible.list",
    """
    SELECT responsible_number, person_id, phone_id, phone_digest
    FROM case_responsibles WHERE county_code = $1 AND case_id = $2 ORDER BY responsible_number
    """)
  static let saveResponsibles = Statement(
    "case_responsible.save",
    """
    INSERT INTO case_responsibles (
      county_code, case_id, responsible_number, person_id, phone_id, phone_digest
    ) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (county_code, case_id, responsible_number) DO UPDATE SET
      person_id = excluded.person_id, phone_id = excluded.phone_id, phone_digest = excluded.phone_digest
    """)
  static let cutResponsibles = Statement(
    "case_responsible.cut",
    "DELETE FROM case_responsibles WHERE county_code = $1 AND case_id = $2 AND responsible_number > $3")
  static let measures = Statement(
    "case_measure.list",
    """
    SELECT measure_number, text_id, text_digest, owner_org_id, owner_person_id, due_time, state, outcome_id,
      outcome_digest, evidence_refs, change_time
    FROM case_measures WHERE county_code = $1 AND case_id = $2 ORDER BY measure_number
    """)
  static let saveMeasures = Statement(
    "case_measure.save",
    """
    INSERT INTO case_measures (
      county_code, case_id, measure_number, text_id, text_digest, owner_org_id, owner_person_id, due_time,
        state, outcome_id, outcome_digest, evidence_refs, change_time
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    ON CONFLICT (county_code, case_id, measure_number) DO UPDATE SET
      text_id = excluded.text_id, text_digest = excluded.text_digest, owner_org_id = excluded.owner_org_id,
        owner_person_id = excluded.owner_person_id, due_time = excluded.due_time, state = excluded.state,
        outcome_id = excluded.outcome_id, outcome_digest = excluded.outcome_digest, evidence_refs =
        excluded.evidence_refs, change_time = excluded.change_time
    """)
  static let dropMeasure = Statement(
    "case_measure.drop",
    "DELETE FROM case_measures WHERE county_code = $1 AND case_id = $2 AND measure_number = $3")
  static let invitations = Statement(
    "case_invitation.list",
    """
    SELECT invitation_number, org_id, ask_id, ask_digest, due_time, send_time, state, answer_time,
      answer_person_id, basis_id, basis_digest
    FROM case_invitations WHERE county_code = $1 AND case_id = $2 ORDER BY invitation_number
    """)
  static let saveInvitations = Statement(
    "case_invitation.save",
    """
    INSERT INTO case_invitations (
      county_code, case_id, invitation_number, org_id, ask_id, ask_digest, due_time, send_time, state,
        answer_time, answer_person_id, basis_id, basis_digest
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    ON CONFLICT (county_code, case_id, invitation_number) DO UPDATE SET
      state = excluded.state, answer_time = excluded.answer_time, answer_person_id = excluded.answer_person_id,
        basis_id = excluded.basis_id, basis_digest = excluded.basis_digest
    """)
  static let assists = Statement(
    "case_assist.list",
    """
    SELECT person_id, org_id, assist_time, text_id, text_digest
    FROM case_assists WHERE county_code = $1 AND case_id = $2 ORDER BY assist_number
    """)
  static let saveAssists = Statement(
    "case_assist.save",
    """
    INSERT INTO case_assists (
      county_code, case_id, assist_number, person_id, org_id, assist_time, text_id, text_digest
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (county_code, case_id, assist_number) DO NOTHING
    """)
  static let reopenings = Statement(
    "case_reopening.list",
    """
    SELECT reopening_number, reopen_time, source, from_state, reason_id, reason_digest
    FROM case_reopenings WHERE county_code = $1 AND case_id = $2 ORDER BY reopening_number
    """)
  static let saveReopenings = Statement(
    "case_reopening.save",
    """
    INSERT INTO case_reopenings (
      county_code, case_id, reopening_number, reopen_time, source, from_state, reason_id, reason_digest
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (county_code, case_id, reopening_number) DO NOTHING
    """)
  static let followUps = Statement(
    "case_follow_up.list",
    """
    SELECT follow_up_number, visit_time, performed, new_dispute, remark_id, remark_digest, person_id
    FROM case_follow_ups WHERE county_code = $1 AND case_id = $2 ORDER BY follow_up_number
    """)
  static let saveFollowUps = Statement(
    "case_follow_up.save",
    """
    INSERT INTO case_follow_ups (
      county_code, case_id, follow_up_number, visit_time, performed, new_dispute, remark_id, remark_digest,
        person_id
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (county_code, case_id, follow_up_number) DO NOTHING
    """)
  static let merges = Statement(
    "case_merge.list",
    """
    SELECT merged_case_id, merge_number, reporter_count, merge_time, start_time, own_start_time
    FROM case_merges WHERE county_code = $1 AND case_id = $2 ORDER BY merge_number
    """)
  static let saveMerges = Statement(
    "case_merge.save",
    """
    INSERT INTO case_merges (
      county_code, case_id, merged_case_id, merge_number, reporter_count, merge_time, start_time, own_start_time
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (county_code, case_id, merged_case_id) DO UPDATE SET
      merge_number = excluded.merge_number
    """)
  static let dropMerge = Statement(
    "case_merge.drop",
    "DELETE FROM case_merges WHERE county_code = $1 AND case_id = $2 AND merged_case_id = $3")

  static let all = [
    analyses, saveAnalyses, responsibles, saveResponsibles, cutResponsibles, measures, saveMeasures, dropMeasure,
    invitations, saveInvitations, assists, saveAssists, reopenings, saveReopenings, followUps, saveFollowUps, merges,
    saveMerges, dropMerge,
  ]
}

extension CaseStore {
  /// What hangs on a case besides what every case has.
  func loadHandling(into record: inout Case, _ key: [Value], in reading: some Reading) throws {
    record.analyses = try reading.all(HandlingQueries.analyses, key, HandlingRows.analysis)
    if record.plan != nil {
      record.plan?.responsibles = try reading.all(HandlingQueries.responsibles, key) {
        Case.Responsible(person: $0.id(1), phone: Column.sealed($0, 2))
      }
      record.plan?.measures = try reading.all(HandlingQueries.measures, key, HandlingRows.measure)
    }
    record.invitations = try reading.all(HandlingQueries.invitations, key, HandlingRows.invitation)
    record.assists = try reading.all(HandlingQueries.assists, key) {
      Case.Assist(person: $0.id(0), organisation: $0.id(1), assistTime: $0.time(2), text: Column.sealed($0, 3))
    }
    record.reopenings = try reading.all(HandlingQueries.reopenings, key) {
      Case.Reopening(
        number: $0.int(0), reopenTime: $0.time(1), source: $0.named(2, or: .party),
        fromState: $0.named(3, or: .closed), reason: Column.sealed($0, 4))
    }
    record.followUps = try reading.all(HandlingQueries.followUps, key) {
      Case.FollowUp(
        number: $0.int(0), visitTime: $0.time(1), isPerformed: $0.bool(2), isNewDispute: $0.bool(3),
        remark: Column.sealed($0, 4), person: $0.id(6))
    }
    try loadMerges(into: &record, in: reading)
  }

  /// What was merged into it, so that its reporters can be counted.
  func loadMerges(into record: inout Case, in reading: some Reading) throws {
    record.merges = try reading.all(HandlingQueries.merges, key(record.caseID)) {
      Case.Merge(
        caseID: $0.id(0), reporterCount: $0.int(2), mergeTime: $0.time(3), startTime: $0.optionalTime(4),
        ownStartTime: $0.optionalTime(5))
    }
  }

  /// Writes what has changed of it since `old`.
  func saveHandling(of record: Case, replacing old: Case?, _ key: [Value], in transaction: WriteTransaction) throws {
    func save<Child: Equatable>(
      _ statement: Statement, _ children: [Child], _ before: [Child]?, _ values: (Child) -> [Value]
    ) throws {
      for (index, child) in children.enumerated() where index >= (before?.count ?? 0) || before?[index] != child {
        try transaction.run(statement, key + [.integer(index + 1)] + values(child))
      }
    }
    try save(HandlingQueries.saveAnalyses, record.analyses, old?.analyses, HandlingRows.values)
    try save(HandlingQueries.saveInvitations, record.invitations, old?.invitations, HandlingRows.values)
    try save(HandlingQueries.saveAssists, record.assists, old?.assists) { assist in
      [.id(assist.person), .id(assist.organisation), .time(assist.assistTime)] + Column.values(of: assist.text)
    }
    try save(HandlingQueries.saveReopenings, record.reopenings, old?.reopenings) { reopening in
      [
        .time(reopening.reopenTime), .text(reopening.source.rawValue), .text(reopening.fromState.rawValue),
      ] + Column.values(of: reopening.reason)
    }
    try save(HandlingQueries.saveFollowUps, record.followUps, old?.followUps) { followUp in
      [.time(followUp.visitTime), .bool(followUp.isPerformed), .bool(followUp.isNewDispute)]
        + Column.values(of: followUp.remark) + [.id(followUp.person)]
    }
    try savePlan(of: record, replacing: old, key, in: transaction)
    try saveMerges(of: record, replacing: old, key, in: transaction)
  }

  private func savePlan(
    of record: Case, replacing old: Case?, _ key: [Value], in transaction: WriteTransaction
  ) throws {
    let (responsibles, before) = (record.plan?.responsibles ?? [], old?.plan?.responsibles ?? [])
    for (index, responsible) in responsibles.enumerated() where index >= before.count || before[index] != responsible {
      try transaction.run(
        HandlingQueries.saveResponsibles,
        key + [.integer(index + 1), .id(responsible.person)] + Column.values(of: responsible.phone))
    }
    if responsibles.count < before.count {
      try transaction.run(HandlingQueries.cutResponsibles, key + [.integer(responsibles.count)])
    }
    let (measures, known) = (record.plan?.measures ?? [], old?.plan?.measures ?? [])
    for measure in measures where !known.contains(measure) {
      try transaction.run(
        HandlingQueries.saveMeasures, key + [.integer(measure.number)] + HandlingRows.values(of: measure))
    }
    for gone in known where !measures.contains(where: { $0.number == gone.number }) {
      try transaction.run(HandlingQueries.dropMeasure, key + [.integer(gone.number)])
    }
  }

  private func saveMerges(
    of record: Case, replacing old: Case?, _ key: [Value], in transaction: WriteTransaction
  ) throws {
    for gone in old?.merges ?? [] where !record.merges.contains(where: { $0.caseID == gone.caseID }) {
      try transaction.run(HandlingQueries.dropMerge, key + [.id(gone.caseID)])
    }
    guard record.merges != old?.merges else { return }
    for (index, merge) in record.merges.enumerated() {
      try transaction.run(
        HandlingQueries.saveMerges,
        key + [
          .id(merge.caseID), .integer(index + 1), .integer(merge.reporterCount), .time(merge.mergeTime),
          .optionalTime(merge.startTime), .optionalTime(merge.ownStartTime),
        ])
    }
  }
}

/// Rows of what hangs on a case, and back.
enum HandlingRows {
  static func analysis(_ row: borrowing Row) -> Case.Analysis {
    Case.Analysis(
      number: row.int(0), level: row.named(1, or: .township), organisation: row.id(2), analysisTime: row.time(3),
      attendants: Column.ids(row.text(4)), causes: Column.sealed(row, 5), route: row.named(7, or: .mediateHere),
      minutes: Column.sealed(row, 8))
  }

  static func values(of analysis: Case.Analysis) -> [Value] {
    [
      .text(analysis.level.rawValue), .id(analysis.organisation), .time(analysis.analysisTime),
      .text(Column.ids(analysis.attendants)),
    ] + Column.values(of: analysis.causes) + [.text(analysis.route.rawValue)] + Column.values(of: analysis.minutes)
  }

  static func measure(_ row: borrowing Row) -> Case.Measure {
    Case.Measure(
      number: row.int(0), text: Column.sealed(row, 1), ownerOrganisation: row.id(3), ownerPerson: row.optionalID(4),
      dueTime: row.optionalTime(5), state: row.named(6, or: .open), outcome: Column.sealed(row, 7),
      evidence: Column.texts(row.text(9)), changeTime: row.optionalTime(10))
  }

  static func values(of measure: Case.Measure) -> [Value] {
    Column.values(of: measure.text) + [
      .id(measure.ownerOrganisation), .optionalID(measure.ownerPerson), .optionalTime(measure.dueTime),
      .text(measure.state.rawValue),
    ] + Column.values(of: measure.outcome) + [
      .text(Column.texts(measure.evidence)), .optionalTime(measure.changeTime),
    ]
  }

  static func invitation(_ row: borrowing Row) -> Case.Invitation {
    Case.Invitation(
      number: row.int(0), organisation: row.id(1), ask: Column.sealed(row, 2), dueTime: row.optionalTime(4),
      sendTime: row.time(5), state: row.named(6, or: .sent), answerTime: row.optionalTime(7),
      answerer: row.optionalID(8), basis: Column.sealed(row, 9))
  }

  static func values(of invitation: Case.Invitation) -> [Value] {
    [.id(invitation.organisation)] + Column.values(of: invitation.ask) + [
      .optionalTime(invitation.dueTime), .time(invitation.sendTime), .text(invitation.state.rawValue),
      .optionalTime(invitation.answerTime), .optionalID(invitation.answerer),
    ] + Column.values(of: invitation.basis)
  }
}
