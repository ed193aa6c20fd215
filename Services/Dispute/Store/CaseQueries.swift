import Persistence

/// The statements of cases. Every list statement answers one combination of filters, newest report first.
enum CaseQueries {
  static let load = Statement(
    "case.load",
    """
    SELECT case_id, number, version, state, kind, category, complexity, flags, discovery, import_source, external_ref,
      occur_time, report_time, township_code, township_org_id, grid_id, area_code, reporter_person_id, reporter_org_id,
      title_id, title_digest, narrative_id, narrative_digest, party_count, level, handling_org_id,
      responsible_person_id, mediator_person_ids, determination_id, verdict, item_code, list_version, awaited_id,
      change_time, latitude, longitude, industry_room_org_id, survivor_case_id, merge_time, adjourn_reason, adjourn_time, resume_time,
      reject_ground, reject_reason_id, reject_reason_digest, reject_time, reject_person_id, reconsidered,
      signer_person_id, sign_time, plan_lead_org_id, plan_approver_person_id
    FROM cases WHERE county_code = $1 AND case_id = $2
    """)
  static let find = Statement("case.find", "SELECT case_id FROM cases WHERE county_code = $1 AND number = $2")
  static let findImport = Statement(
    "case.find_import",
    """
    SELECT case_id FROM cases
    WHERE county_code = $1 AND import_source = $2 AND external_ref = $3 AND import_source <> ''
    """)
  static let insert = Statement(
    "case.insert",
    """
    INSERT INTO cases (
      county_code, case_id, number, version, state, kind, category, complexity, flags, discovery, import_source,
      external_ref, occur_time, report_time, township_code, township_org_id, grid_id, area_code, reporter_person_id,
      reporter_org_id, title_id, title_digest, narrative_id, narrative_digest, party_count, level, handling_org_id,
      responsible_person_id, mediator_person_ids, determination_id, verdict, item_code, list_version, awaited_id,
      change_time, latitude, longitude, industry_room_org_id, survivor_case_id, merge_time, adjourn_reason, adjourn_time, resume_time,
      reject_ground, reject_reason_id, reject_reason_digest, reject_time, reject_person_id, reconsidered,
      signer_person_id, sign_time, plan_lead_org_id, plan_approver_person_id, flag_bits
    ) VALUES (
      $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
      $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47,
      $48, $49, $50, $51, $52, $53, $54
    )
    """)
  static let update = Statement(
    "case.update",
    """
    UPDATE cases SET
      version = $3, state = $4, level = $5, handling_org_id = $6, responsible_person_id = $7, mediator_person_ids = $8,
      determination_id = $9, verdict = $10, item_code = $11, list_version = $12, awaited_id = $13, change_time = $14,
      industry_room_org_id = $15, survivor_case_id = $16, merge_time = $17, adjourn_reason = $18, adjourn_time = $19,
      resume_time = $20, reject_ground = $21, reject_reason_id = $22, reject_reason_digest = $23, reject_time = $24,
      reject_person_id = $25, reconsidered = $26, signer_person_id = $27, sign_time = $28, plan_lead_org_id = $29,
      plan_approver_person_id = $30, category = $31, complexity = $32, flags = $33, township_code = $34,
      township_org_id = $35, grid_id = $36, area_code = $37, flag_bits = $38
    WHERE county_code = $1 AND case_id = $2 AND version = $39
    """)
  static let nextNumber = Statement(
    "case.next_number",
    """
    INSERT INTO case_numbers (county_code, township_code, year, last_number) VALUES ($1, $2, $3, 1)
    ON CONFLICT (county_code, township_code, year) DO UPDATE SET last_number = last_number + 1
    RETURNING last_number
    """)

  static let answeredBy = Statement(
    "case.answered_by",
    "SELECT case_id FROM cases WHERE county_code = $1 AND responsible_person_id = $2 ORDER BY report_time, case_id")

  // MARK: - Counts

  static let addToCount = Statement(
    "case.add_to_count",
    """
    INSERT INTO case_counts (county_code, property, township_code, value, case_count) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (county_code, property, township_code, value) DO UPDATE SET
      case_count = case_counts.case_count + excluded.case_count
    """)
  static let counts = Statement(
    "case.counts",
    """
    SELECT value, CAST(sum(case_count) AS BIGINT) FROM case_counts WHERE county_code = $1 AND property = $2
    GROUP BY value HAVING sum(case_count) > 0 ORDER BY value
    """)
  static let countsInTownship = Statement(
    "case.counts_in_township",
    """
    SELECT value, case_count FROM case_counts
    WHERE county_code = $1 AND property = $2 AND township_code = $3 AND case_count > 0 ORDER BY value
    """)

  static let all = [
    addToCount, counts, countsInTownship,
    load, find, findImport, insert, update, nextNumber, answeredBy,
  ]
}

/// The statements of what hangs on a case.
enum CaseChildQueries {
  static let parties = Statement(
    "case_party.list",
    """
    SELECT party_id, party_role, name_id, name_digest, phone_id, phone_digest, consented,
      organisation
    FROM case_parties WHERE county_code = $1 AND case_id = $2 ORDER BY party_number
    """)
  static let saveParty = Statement(
    "case_party.save",
    """
    INSERT INTO case_parties (
      county_code, case_id, party_number, party_id, party_role, name_id, name_digest, phone_id, phone_digest, consented,
      organisation
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (county_code, case_id, party_number) DO UPDATE SET
      consented = excluded.consented, name_id = excluded.name_id, name_digest = excluded.name_digest,
      phone_id = excluded.phone_id, phone_digest = excluded.phone_digest
    """)
  static let attempts = Statement(
    "case_attempt.list",
    """
    SELECT attempt_number, level, org_id, mediator_person_ids, attempt_time, method, present_count, result, record_id,
      record_digest, failure_reason_id, failure_reason_digest
    FROM case_attempts WHERE county_code = $1 AND case_id = $2 ORDER BY attempt_number
    """)
  static let saveAttempt = Statement(
    "case_attempt.save",
    """
    INSERT INTO case_attempts (
      county_code, case_id, attempt_number, level, org_id, mediator_person_ids, attempt_time, method, present_count,
      result, record_id, record_digest, failure_reason_id, failure_reason_digest
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    """)
  static let escalations = Statement(
    "case_escalation.list",
    """
    SELECT escalation_number, from_level, from_org_id, to_level, to_org_id, urgent, reason_id, reason_digest,
      submit_time, state, answer_time, return_reason_id, return_reason_digest, down_time, sender_person_id
    FROM case_escalations WHERE county_code = $1 AND case_id = $2 ORDER BY escalation_number
    """)
  static let saveEscalation = Statement(
    "case_escalation.save",
    """
    INSERT INTO case_escalations (
      county_code, case_id, escalation_number, from_level, from_org_id, to_level, to_org_id, urgent, reason_id,
      reason_digest, submit_time, state, answer_time, return_reason_id, return_reason_digest, down_time,
      sender_person_id
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
    ON CONFLICT (county_code, case_id, escalation_number) DO UPDATE SET
      state = excluded.state, answer_time = excluded.answer_time, return_reason_id = excluded.return_reason_id,
      return_reason_digest = excluded.return_reason_digest, down_time = excluded.down_time
    """)
  static let clocks = Statement(
    "case_clock.list",
    """
    SELECT clock_kind, round, policy_code, policy_version, budget_amount, budget_unit, start_time, stop_time,
      suspensions, floor_due_time
    FROM case_clocks WHERE county_code = $1 AND case_id = $2 ORDER BY clock_number
    """)
  static let saveClock = Statement(
    "case_clock.save",
    """
    INSERT INTO case_clocks (
      county_code, case_id, clock_number, clock_kind, round, policy_code, policy_version, budget_amount, budget_unit,
      start_time, stop_time, suspensions, floor_due_time
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    ON CONFLICT (county_code, case_id, clock_number) DO UPDATE SET start_time = excluded.start_time,
      policy_code = excluded.policy_code, policy_version = excluded.policy_version,
      budget_amount = excluded.budget_amount, budget_unit = excluded.budget_unit, stop_time = excluded.stop_time,
      suspensions = excluded.suspensions, floor_due_time = excluded.floor_due_time
    """)
  static let running = Statement(
    "case_clock.running",
    "SELECT DISTINCT case_id FROM case_clocks WHERE county_code = $1 AND stop_time IS NULL ORDER BY case_id")
  static let links = Statement(
    "case_link.list",
    """
    SELECT subject, subject_id, state, hear_time, outcome_time
    FROM case_links WHERE county_code = $1 AND case_id = $2 ORDER BY link_number
    """)
  static let saveLink = Statement(
    "case_link.save",
    """
    INSERT INTO case_links (
      county_code, case_id, link_number, subject, subject_id, state, hear_time, outcome_time
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (county_code, case_id, link_number) DO UPDATE SET
      state = excluded.state, outcome_time = excluded.outcome_time
    """)
  static let settlement = Statement(
    "case_settlement.load",
    """
    SELECT settled_from, settle_time, agreement, performance_due_time, text_id, text_digest, signed_party_ids, facts_id,
      facts_digest, duties_id, duties_digest, manner_id, manner_digest, place_id, place_digest, evidence_refs,
      confirmation, confirm_time
    FROM case_settlements WHERE county_code = $1 AND case_id = $2
    """)
  static let saveSettlement = Statement(
    "case_settlement.save",
    """
    INSERT INTO case_settlements (
      county_code, case_id, settled_from, settle_time, agreement, performance_due_time, text_id, text_digest,
      signed_party_ids, facts_id, facts_digest, duties_id, duties_digest, manner_id, manner_digest, place_id,
      place_digest, evidence_refs, confirmation, confirm_time
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
    ON CONFLICT (county_code, case_id) DO UPDATE SET
      settled_from = excluded.settled_from, settle_time = excluded.settle_time, agreement = excluded.agreement,
      performance_due_time = excluded.performance_due_time, text_id = excluded.text_id,
      text_digest = excluded.text_digest, signed_party_ids = excluded.signed_party_ids, facts_id = excluded.facts_id,
      facts_digest = excluded.facts_digest, duties_id = excluded.duties_id, duties_digest = excluded.duties_digest,
      manner_id = excluded.manner_id, manner_digest = excluded.manner_digest, place_id = excluded.place_id,
      place_digest = excluded.place_digest, evidence_refs = excluded.evidence_refs,
      confirmation = excluded.confirmation, confirm_time = excluded.confirm_time
    """)
  static let clearSettlement = Statement(
    "case_settlement.clear", "DELETE FROM case_settlements WHERE county_code = $1 AND case_id = $2")
  static let closure = Statement(
    "case_closure.load",
    """
    SELECT result, authority, resolving_level, parties_notified, satisfaction, follow_up_due_time,
      second_signer_person_id, closer_person_id, close_time, due_time, on_time, evidence_refs, basis
    FROM case_closures WHERE county_code = $1 AND case_id = $2
    """)
  static let saveClosure = Statement(
    "case_closure.save",
    """
    INSERT INTO case_closures (
      county_code, case_id, result, authority, resolving_level, parties_notified, satisfaction, follow_up_due_time,
      second_signer_person_id, closer_person_id, close_time, due_time, on_time, evidence_refs, basis
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    ON CONFLICT (county_code, case_id) DO UPDATE SET satisfaction = excluded.satisfaction
    """)
  static let clearClosure = Statement(
    "case_closure.clear", "DELETE FROM case_closures WHERE county_code = $1 AND case_id = $2")

  static let all = [
    parties, saveParty, attempts, saveAttempt, escalations, saveEscalation, clocks, saveClock, running, links, saveLink,
    settlement, saveSettlement, clearSettlement, closure, saveClosure, clearClosure,
  ]
}
