import Persistence

/// The statements of calls themselves.
enum CallQueries {
  static let load = Statement(
    "call.load",
    """
    SELECT call_id, number, version, state, kind, channel, ground, township_org_id, township_code, case_ids,
      determination_id, narrative, place, study_date, study_participants, study_tried, study_conclusion,
      study_signed_by, caller, caller_time, submission_round, finding, work_round, outcome, cancel_side,
      cancel_person_id, cancel_reason, cancel_time, draft_time, submit_time, dispatch_time, close_time,
      closing_reason, import_source, external_ref
    FROM calls WHERE county_code = $1 AND call_id = $2
    """)
  static let findByNumber = Statement(
    "call.find_by_number", "SELECT call_id FROM calls WHERE county_code = $1 AND number = $2")
  static let findExternal = Statement(
    "call.find_external",
    """
    SELECT call_id FROM calls
    WHERE county_code = $1 AND external_source = $2 AND external_ref = $3 AND external_ref <> ''
    """)
  static let openCallOfCase = Statement(
    "call.open_call_of_case",
    """
    SELECT calls.call_id FROM call_cases
    JOIN calls ON calls.county_code = call_cases.county_code AND calls.call_id = call_cases.call_id
    WHERE call_cases.county_code = $1 AND call_cases.case_id = $2 AND calls.state NOT IN ('CLOSED', 'CANCELLED')
    LIMIT 1
    """)
  static let insert = Statement(
    "call.insert",
    """
    INSERT INTO calls (county_code, call_id, version, state, kind, ground, case_ids, determination_id, narrative, place,
      study_date, study_participants, study_tried, study_conclusion, study_signed_by, caller, caller_time,
      submission_round, finding, main_org_id, work_round, outcome, cancel_side, cancel_person_id, cancel_reason,
      cancel_time, draft_time, submit_time, dispatch_time, close_time, closing_reason, number, channel,
      township_org_id, township_code, import_source, external_source, external_ref)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
      $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38)
    """)
  static let update = Statement(
    "call.update",
    """
    UPDATE calls SET version = $3, state = $4, kind = $5, ground = $6, case_ids = $7, determination_id = $8,
      narrative = $9, place = $10, study_date = $11, study_participants = $12, study_tried = $13,
      study_conclusion = $14, study_signed_by = $15, caller = $16, caller_time = $17, submission_round = $18,
      finding = $19, main_org_id = $20, work_round = $21, outcome = $22, cancel_side = $23, cancel_person_id = $24,
      cancel_reason = $25, cancel_time = $26, draft_time = $27, submit_time = $28, dispatch_time = $29,
      close_time = $30, closing_reason = $31
    WHERE county_code = $1 AND call_id = $2
    """)
  static let nextNumber = Statement(
    "call.next_number",
    """
    INSERT INTO call_numbers (county_code, year, last_sequence) VALUES ($1, $2, 1)
    ON CONFLICT (county_code, year) DO UPDATE SET last_sequence = call_numbers.last_sequence + 1
    RETURNING last_sequence
    """)

  static let list = Statement(
    "call.list",
    """
    SELECT call_id FROM calls WHERE county_code = $1 AND (draft_time, call_id) < ($2, $3)
    ORDER BY draft_time DESC, call_id DESC LIMIT $4
    """)
  static let listInState = Statement(
    "call.list_in_state",
    """
    SELECT call_id FROM calls WHERE county_code = $1 AND state = $2 AND (draft_time, call_id) < ($3, $4)
    ORDER BY draft_time DESC, call_id DESC LIMIT $5
    """)
  static let listOfTownship = Statement(
    "call.list_of_township",
    """
    SELECT call_id FROM calls WHERE county_code = $1 AND township_code = $2 AND (draft_time, call_id) < ($3, $4)
    ORDER BY draft_time DESC, call_id DESC LIMIT $5
    """)
  static let listOfTownshipInState = Statement(
    "call.list_of_township_in_state",
    """
    SELECT call_id FROM calls
    WHERE county_code = $1 AND township_code = $2 AND state = $3 AND (draft_time, call_id) < ($4, $5)
    ORDER BY draft_time DESC, call_id DESC LIMIT $6
    """)
  static let listOfMain = Statement(
    "call.list_of_main",
    """
    SELECT call_id FROM calls WHERE county_code = $1 AND main_org_id = $2 AND (draft_time, call_id) < ($3, $4)
    ORDER BY draft_time DESC, call_id DESC LIMIT $5
    """)
  static let listOfMainInState = Statement(
    "call.list_of_main_in_state",
    """
    SELECT call_id FROM calls
    WHERE county_code = $1 AND main_org_id = $2 AND state = $3 AND (draft_time, call_id) < ($4, $5)
    ORDER BY draft_time DESC, call_id DESC LIMIT $6
    """)
  static let listOfCase = Statement(
    "call.list_of_case",
    """
    SELECT call_id FROM call_cases WHERE county_code = $1 AND case_id = $2 AND (draft_time, call_id) < ($3, $4)
    ORDER BY draft_time DESC, call_id DESC LIMIT $5
    """)

  static let statements = [
    load, findByNumber, findExternal, openCallOfCase, insert, update, nextNumber, list, listInState, listOfTownship,
    listOfTownshipInState, listOfMain, listOfMainInState, listOfCase,
  ]
}

/// The statements of what belongs to a call.
enum CallPartQueries {
  static let clearCases = Statement(
    "call_case.clear", "DELETE FROM call_cases WHERE county_code = $1 AND call_id = $2")
  static let saveCase = Statement(
    "call_case.save",
    """
    INSERT INTO call_cases (county_code, case_id, call_id, draft_time) VALUES ($1, $2, $3, $4)
    ON CONFLICT (county_code, case_id, draft_time, call_id) DO NOTHING
    """)
  static let assignments = Statement(
    "call_assignment.list",
    """
    SELECT org_id, part, office, phone, progress, sign_time, respond_time, done_time, plan_date, contact_record, plan,
      result
    FROM call_assignments WHERE county_code = $1 AND call_id = $2 ORDER BY position
    """)
  static let saveAssignment = Statement(
    "call_assignment.save",
    """
    INSERT INTO call_assignments (county_code, call_id, position, org_id, part, office, phone, progress, sign_time,
      respond_time, done_time, plan_date, contact_record, plan, result)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    ON CONFLICT (county_code, call_id, position) DO UPDATE SET
      progress = excluded.progress, sign_time = excluded.sign_time, respond_time = excluded.respond_time,
      done_time = excluded.done_time, plan_date = excluded.plan_date, contact_record = excluded.contact_record,
      plan = excluded.plan, result = excluded.result
    """)
  static let clocks = Statement(
    "call_clock.list",
    """
    SELECT clock_kind, round, policy_code, policy_version, budget_amount, budget_unit, start_time, stop_time,
      floor_due_time
    FROM call_clocks WHERE county_code = $1 AND call_id = $2 ORDER BY position
    """)
  static let runningClocks = Statement(
    "call_clock.list_running",
    """
    SELECT DISTINCT call_id FROM call_clocks WHERE county_code = $1 AND stop_time IS NULL ORDER BY call_id
    """)
  static let allRunningClocks = Statement(
    "call_clock.all_running",
    """
    SELECT clock_kind, round, policy_code, policy_version, budget_amount, budget_unit, start_time, stop_time,
      floor_due_time
    FROM call_clocks WHERE county_code = $1 AND stop_time IS NULL
    """)
  static let saveClock = Statement(
    "call_clock.save",
    """
    INSERT INTO call_clocks (county_code, call_id, position, clock_kind, round, policy_code, policy_version,
      budget_amount, budget_unit, start_time, stop_time, floor_due_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    ON CONFLICT (county_code, call_id, position) DO UPDATE SET
      stop_time = excluded.stop_time, floor_due_time = excluded.floor_due_time
    """)
  static let admission = Statement(
    "call_admission.load",
    """
    SELECT decision, machine_decision, causes, judge_time, reviewer_id, reviewer_org_id, review_admitted,
      review_reason, review_rule, review_basis, review_time
    FROM call_admissions WHERE county_code = $1 AND call_id = $2 AND submission_round = $3
    """)
  static let saveAdmission = Statement(
    "call_admission.save",
    """
    INSERT INTO call_admissions (county_code, call_id, submission_round, decision, machine_decision, causes,
      judge_time, reviewer_id, reviewer_org_id, review_admitted, review_reason, review_rule, review_basis,
      review_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    ON CONFLICT (county_code, call_id, submission_round) DO UPDATE SET
      decision = excluded.decision, reviewer_id = excluded.reviewer_id, reviewer_org_id = excluded.reviewer_org_id,
      review_admitted = excluded.review_admitted, review_reason = excluded.review_reason,
      review_rule = excluded.review_rule, review_basis = excluded.review_basis, review_time = excluded.review_time
    """)
  static let rules = Statement(
    "call_admission_rule.list",
    """
    SELECT rule_code, result, inputs, basis, rule_version, advice_zh, advice_en
    FROM call_admission_rules WHERE county_code = $1 AND call_id = $2 AND submission_round = $3 ORDER BY position
    """)
  static let saveRule = Statement(
    "call_admission_rule.save",
    """
    INSERT INTO call_admission_rules (county_code, call_id, submission_round, position, rule_code, result, inputs,
      basis, rule_version, advice_zh, advice_en)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (county_code, call_id, submission_round, position) DO NOTHING
    """)
  static let verifications = Statement(
    "call_verification.list",
    """
    SELECT work_round, verdict, points, rating_speed, rating_attitude, rating_result, verify_time, verifier_id
    FROM call_verifications WHERE county_code = $1 AND call_id = $2 ORDER BY work_round
    """)
  static let saveVerification = Statement(
    "call_verification.save",
    """
    INSERT INTO call_verifications (county_code, call_id, work_round, verdict, points, rating_speed, rating_attitude,
      rating_result, verify_time, verifier_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (county_code, call_id, work_round) DO NOTHING
    """)

  static let statements = [
    clearCases, saveCase, assignments, saveAssignment, clocks, runningClocks, allRunningClocks, saveClock, admission,
    saveAdmission,
    rules, saveRule,
    verifications, saveVerification,
  ]
}
