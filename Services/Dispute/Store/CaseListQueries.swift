import Persistence

/// The statements of `CaseStore.list`: one for each index that a list can go along, and each with every condition that a list can
/// have. A condition that is not asked for is one that every case meets; `|| ''` keeps a condition from choosing the index.
enum CaseListQueries {
  static let everywhere = Statement(
    "case.list",
    """
    SELECT case_id FROM cases
    WHERE county_code = $1 AND (report_time, case_id) < ($2, $3)
      AND state || '' >= $5 AND state || '' <= $6 AND level >= $7 AND level <= $8
      AND handling_org_id || '' >= $9 AND handling_org_id || '' <= $10 AND area_code || '' >= $11 AND area_code || '' <= $12
      AND (flag_bits & $13) = $13
      AND (SELECT count(*) FROM case_clocks
        WHERE case_clocks.county_code = cases.county_code AND case_clocks.case_id = cases.case_id
          AND case_clocks.stop_time IS NULL) >= $14
    ORDER BY report_time DESC, case_id DESC LIMIT $4
    """)
  static let byState = Statement(
    "case.list_by_state",
    """
    SELECT case_id FROM cases
    WHERE county_code = $1 AND (report_time, case_id) < ($2, $3) AND state = $15
      AND state || '' >= $5 AND state || '' <= $6 AND level >= $7 AND level <= $8
      AND handling_org_id || '' >= $9 AND handling_org_id || '' <= $10 AND area_code || '' >= $11 AND area_code || '' <= $12
      AND (flag_bits & $13) = $13
      AND (SELECT count(*) FROM case_clocks
        WHERE case_clocks.county_code = cases.county_code AND case_clocks.case_id = cases.case_id
          AND case_clocks.stop_time IS NULL) >= $14
    ORDER BY report_time DESC, case_id DESC LIMIT $4
    """)
  static let byTownship = Statement(
    "case.list_by_township",
    """
    SELECT case_id FROM cases
    WHERE county_code = $1 AND (report_time, case_id) < ($2, $3) AND township_code = $15
      AND state || '' >= $5 AND state || '' <= $6 AND level >= $7 AND level <= $8
      AND handling_org_id || '' >= $9 AND handling_org_id || '' <= $10 AND area_code || '' >= $11 AND area_code || '' <= $12
      AND (flag_bits & $13) = $13
      AND (SELECT count(*) FROM case_clocks
        WHERE case_clocks.county_code = cases.county_code AND case_clocks.case_id = cases.case_id
          AND case_clocks.stop_time IS NULL) >= $14
    ORDER BY report_time DESC, case_id DESC LIMIT $4
    """)
  static let byTownshipAndState = Statement(
    "case.list_by_township_and_state",
    """
    SELECT case_id FROM cases
    WHERE county_code = $1 AND (report_time, case_id) < ($2, $3) AND township_code = $15 AND state = $16
      AND state || '' >= $5 AND state || '' <= $6 AND level >= $7 AND level <= $8
      AND handling_org_id || '' >= $9 AND handling_org_id || '' <= $10 AND area_code || '' >= $11 AND area_code || '' <= $12
      AND (flag_bits & $13) = $13
      AND (SELECT count(*) FROM case_clocks
        WHERE case_clocks.county_code = cases.county_code AND case_clocks.case_id = cases.case_id
          AND case_clocks.stop_time IS NULL) >= $14
    ORDER BY report_time DESC, case_id DESC LIMIT $4
    """)
  static let byArea = Statement(
    "case.list_by_area",
    """
    SELECT case_id FROM cases
    WHERE county_code = $1 AND (report_time, case_id) < ($2, $3) AND area_code = $15
      AND state || '' >= $5 AND state || '' <= $6 AND level >= $7 AND level <= $8
      AND handling_org_id || '' >= $9 AND handling_org_id || '' <= $10 AND area_code || '' >= $11 AND area_code || '' <= $12
      AND (flag_bits & $13) = $13
      AND (SELECT count(*) FROM case_clocks
        WHERE case_clocks.county_code = cases.county_code AND case_clocks.case_id = cases.case_id
          AND case_clocks.stop_time IS NULL) >= $14
    ORDER BY report_time DESC, case_id DESC LIMIT $4
    """)
  static let byOrganisation = Statement(
    "case.list_by_organisation",
    """
    SELECT case_id FROM cases
    WHERE county_code = $1 AND (report_time, case_id) < ($2, $3) AND handling_org_id = $15
      AND state || '' >= $5 AND state || '' <= $6 AND level >= $7 AND level <= $8
      AND handling_org_id || '' >= $9 AND handling_org_id || '' <= $10 AND area_code || '' >= $11 AND area_code || '' <= $12
      AND (flag_bits & $13) = $13
      AND (SELECT count(*) FROM case_clocks
        WHERE case_clocks.county_code = cases.county_code AND case_clocks.case_id = cases.case_id
          AND case_clocks.stop_time IS NULL) >= $14
    ORDER BY report_time DESC, case_id DESC LIMIT $4
    """)
  static let byOrganisationAndState = Statement(
    "case.list_by_organisation_and_state",
    """
    SELECT case_id FROM cases
    WHERE county_code = $1 AND (report_time, case_id) < ($2, $3) AND handling_org_id = $15 AND state = $16
      AND state || '' >= $5 AND state || '' <= $6 AND level >= $7 AND level <= $8
      AND handling_org_id || '' >= $9 AND handling_org_id || '' <= $10 AND area_code || '' >= $11 AND area_code || '' <= $12
      AND (flag_bits & $13) = $13
      AND (SELECT count(*) FROM case_clocks
        WHERE case_clocks.county_code = cases.county_code AND case_clocks.case_id = cases.case_id
          AND case_clocks.stop_time IS NULL) >= $14
    ORDER BY report_time DESC, case_id DESC LIMIT $4
    """)
  static let byAssignee = Statement(
    "case.list_by_assignee",
    """
    SELECT case_id FROM cases
    WHERE county_code = $1 AND (report_time, case_id) < ($2, $3) AND responsible_person_id = $15
      AND state || '' >= $5 AND state || '' <= $6 AND level >= $7 AND level <= $8
      AND handling_org_id || '' >= $9 AND handling_org_id || '' <= $10 AND area_code || '' >= $11 AND area_code || '' <= $12
      AND (flag_bits & $13) = $13
      AND (SELECT count(*) FROM case_clocks
        WHERE case_clocks.county_code = cases.county_code AND case_clocks.case_id = cases.case_id
          AND case_clocks.stop_time IS NULL) >= $14
    ORDER BY report_time DESC, case_id DESC LIMIT $4
    """)

  static let all = [
    everywhere, byState, byTownship, byTownshipAndState, byArea, byOrganisation, byOrganisationAndState, byAssignee,
  ]
}
