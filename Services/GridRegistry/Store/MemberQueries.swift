import Persistence

/// The SQL of members.
enum MemberQueries {
  static let load = Statement(
    "member.load",
    """
    SELECT member_id, person_id, org_id, township_code, state, grade, local, exam_score, service_years, ready_from_date,
      suspended_until_date, evaluation_ref, coached_since_time, active_since_time, end_time, handover_member_id,
      handover_time, version
    FROM members WHERE county_code = $1 AND member_id = $2
    """)
  static let ofPerson = Statement(
    "member.of_person",
    """
    SELECT member_id, person_id, org_id, township_code, state, grade, local, exam_score, service_years, ready_from_date,
      suspended_until_date, evaluation_ref, coached_since_time, active_since_time, end_time, handover_member_id,
      handover_time, version
    FROM members WHERE county_code = $1 AND person_id = $2
    ORDER BY member_id
    """)
  static let list = Statement(
    "member.list",
    """
    SELECT member_id, person_id, org_id, township_code, state, grade, local, exam_score, service_years, ready_from_date,
      suspended_until_date, evaluation_ref, coached_since_time, active_since_time, end_time, handover_member_id,
      handover_time, version
    FROM members WHERE county_code = $1 AND member_id > $2
    ORDER BY member_id LIMIT $3
    """)
  static let listOfState = Statement(
    "member.list_of_state",
    """
    SELECT member_id, person_id, org_id, township_code, state, grade, local, exam_score, service_years, ready_from_date,
      suspended_until_date, evaluation_ref, coached_since_time, active_since_time, end_time, handover_member_id,
      handover_time, version
    FROM members WHERE county_code = $1 AND state = $2 AND member_id > $3
    ORDER BY member_id LIMIT $4
    """)
  static let listOfTownship = Statement(
    "member.list_of_township",
    """
    SELECT member_id, person_id, org_id, township_code, state, grade, local, exam_score, service_years, ready_from_date,
      suspended_until_date, evaluation_ref, coached_since_time, active_since_time, end_time, handover_member_id,
      handover_time, version
    FROM members WHERE county_code = $1 AND township_code = $2 AND member_id > $3
    ORDER BY member_id LIMIT $4
    """)
  static let listOfTownshipAndState = Statement(
    "member.list_of_township_and_state",
    """
    SELECT member_id, person_id, org_id, township_code, state, grade, local, exam_score, service_years, ready_from_date,
      suspended_until_date, evaluation_ref, coached_since_time, active_since_time, end_time, handover_member_id,
      handover_time, version
    FROM members WHERE county_code = $1 AND township_code = $2 AND state = $3 AND member_id > $4
    ORDER BY member_id LIMIT $5
    """)
  static let suspendedUntil = Statement(
    "member.suspended_until",
    """
    SELECT member_id, suspended_until_date FROM members
    WHERE county_code = $1 AND state = 'SUSPENDED' AND suspended_until_date IS NOT NULL
    ORDER BY suspended_until_date LIMIT $2
    """)
  static let countSuspended = Statement(
    "member.count_suspended",
    """
    SELECT count(*) FROM members WHERE county_code = $1 AND state = 'SUSPENDED' AND suspended_until_date <= $2
    """)
  static let counties = Statement(
    "member.next_county",
    """
    SELECT county_code FROM members WHERE county_code > $1 ORDER BY county_code LIMIT 1
    """)
  static let save = Statement(
    "member.save",
    """
    INSERT INTO members (
      county_code, member_id, person_id, org_id, township_code, state, grade, local, exam_score, service_years,
      ready_from_date, suspended_until_date, evaluation_ref, coached_since_time, active_since_time, end_time,
      handover_member_id, handover_time, version
    ) VALUES (
      $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19
    )
    ON CONFLICT (county_code, member_id) DO UPDATE SET
      person_id = excluded.person_id, org_id = excluded.org_id, township_code = excluded.township_code, state =
      excluded.state, grade = excluded.grade, local = excluded.local, exam_score = excluded.exam_score,
      service_years = excluded.service_years, ready_from_date = excluded.ready_from_date, suspended_until_date =
      excluded.suspended_until_date, evaluation_ref = excluded.evaluation_ref, coached_since_time =
      excluded.coached_since_time, active_since_time = excluded.active_since_time, end_time = excluded.end_time,
      handover_member_id = excluded.handover_member_id, handover_time = excluded.handover_time, version =
      excluded.version
    """)
  static let assignments = Statement(
    "member.assignments",
    """
    SELECT grid_id, post, from_date, to_date FROM member_assignments
    WHERE county_code = $1 AND member_id = $2 ORDER BY position
    """)
  static let saveAssignment = Statement(
    "member.save_assignment",
    """
    INSERT INTO member_assignments (
      county_code, member_id, position, grid_id, post, from_date, to_date
    ) VALUES (
      $1, $2, $3, $4, $5, $6, $7
    )
    ON CONFLICT (county_code, member_id, position) DO UPDATE SET
      grid_id = excluded.grid_id, post = excluded.post, from_date = excluded.from_date, to_date = excluded.to_date
    """)
  static let assignedTo = Statement(
    "member.assigned_to",
    """
    SELECT member_id, post FROM member_assignments
    WHERE county_code = $1 AND grid_id = $2 AND to_date IS NULL ORDER BY post, member_id
    """)
  static let everAssignedTo = Statement(
    "member.ever_assigned_to",
    """
    SELECT DISTINCT member_id FROM member_assignments
    WHERE county_code = $1 AND grid_id = $2 ORDER BY member_id
    """)
  static let moveOut = Statement(
    "member.move_out",
    """
    SELECT suggestion_id, standard_ref, evidence_refs, proposer_id, notice_time, policy_code, policy_version, budget_amount,
      budget_unit, start_time, stop_time, statement_time, decider_id, decide_time, moved_out
    FROM member_move_outs WHERE county_code = $1 AND member_id = $2
    """)
  static let saveMoveOut = Statement(
    "member.save_move_out",
    """
    INSERT INTO member_move_outs (
      county_code, member_id, suggestion_id, standard_ref, evidence_refs, proposer_id, notice_time, policy_code,
      policy_version, budget_amount, budget_unit, start_time, stop_time, statement_time, decider_id, decide_time,
      moved_out
    ) VALUES (
      $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17
    )
    ON CONFLICT (county_code, member_id) DO UPDATE SET
      suggestion_id = excluded.suggestion_id, standard_ref = excluded.standard_ref, evidence_refs =
      excluded.evidence_refs, proposer_id = excluded.proposer_id, notice_time = excluded.notice_time, policy_code =
      excluded.policy_code, policy_version = excluded.policy_version, budget_amount = excluded.budget_amount,
      budget_unit = excluded.budget_unit, start_time = excluded.start_time, stop_time = excluded.stop_time,
      statement_time = excluded.statement_time, decider_id = excluded.decider_id, decide_time =
      excluded.decide_time, moved_out = excluded.moved_out
    """)
  static let steps = Statement(
    "member.steps",
    """
    SELECT number, action, from_state, to_state, occur_time, actor_id, actor_role, reference, text_sealed_id, text_digest
    FROM member_steps WHERE county_code = $1 AND member_id = $2 ORDER BY number
    """)
  static let saveStep = Statement(
    "member.save_step",
    """
    INSERT INTO member_steps (
      county_code, member_id, number, action, from_state, to_state, occur_time, actor_id, actor_role, reference,
      text_sealed_id, text_digest
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    """)

  static let all = [
    load, ofPerson, list, listOfState, listOfTownship, listOfTownshipAndState, suspendedUntil, countSuspended, counties,
    save,
    assignments, saveAssignment, assignedTo, everAssignedTo, moveOut, saveMoveOut, steps, saveStep,
  ]
}
