import Persistence

/// The SQL of vacancies.
enum VacancyQueries {
  static let load = Statement(
    "vacancy.load",
    """
    SELECT vacancy_id, grid_id, township_code, post, cause, state, policy_code, policy_version, budget_amount, budget_unit,
      start_time, stop_time, filled_by_member_id, overdue_time, version
    FROM vacancies WHERE county_code = $1 AND vacancy_id = $2
    """)
  static let list = Statement(
    "vacancy.list",
    """
    SELECT vacancy_id, grid_id, township_code, post, cause, state, policy_code, policy_version, budget_amount, budget_unit,
      start_time, stop_time, filled_by_member_id, overdue_time, version
    FROM vacancies WHERE county_code = $1 AND vacancy_id > $2
    ORDER BY vacancy_id LIMIT $3
    """)
  static let listOfState = Statement(
    "vacancy.list_of_state",
    """
    SELECT vacancy_id, grid_id, township_code, post, cause, state, policy_code, policy_version, budget_amount, budget_unit,
      start_time, stop_time, filled_by_member_id, overdue_time, version
    FROM vacancies WHERE county_code = $1 AND state = $2 AND vacancy_id > $3
    ORDER BY vacancy_id LIMIT $4
    """)
  static let listOfTownship = Statement(
    "vacancy.list_of_township",
    """
    SELECT vacancy_id, grid_id, township_code, post, cause, state, policy_code, policy_version, budget_amount, budget_unit,
      start_time, stop_time, filled_by_member_id, overdue_time, version
    FROM vacancies WHERE county_code = $1 AND township_code = $2 AND vacancy_id > $3
    ORDER BY vacancy_id LIMIT $4
    """)
  static let listOfTownshipAndState = Statement(
    "vacancy.list_of_township_and_state",
    """
    SELECT vacancy_id, grid_id, township_code, post, cause, state, policy_code, policy_version, budget_amount, budget_unit,
      start_time, stop_time, filled_by_member_id, overdue_time, version
    FROM vacancies WHERE county_code = $1 AND township_code = $2 AND state = $3 AND vacancy_id > $4
    ORDER BY vacancy_id LIMIT $5
    """)
  static let openOfGrid = Statement(
    "vacancy.open_of_grid",
    """
    SELECT vacancy_id, grid_id, township_code, post, cause, state, policy_code, policy_version, budget_amount, budget_unit,
      start_time, stop_time, filled_by_member_id, overdue_time, version
    FROM vacancies WHERE county_code = $1 AND grid_id = $2 AND state = 'OPEN'
    ORDER BY post, vacancy_id
    """)
  static let running = Statement(
    "vacancy.running",
    """
    SELECT vacancy_id, grid_id, township_code, post, cause, state, policy_code, policy_version, budget_amount, budget_unit,
      start_time, stop_time, filled_by_member_id, overdue_time, version
    FROM vacancies WHERE county_code = $1 AND state = 'OPEN' AND overdue_time IS NULL
    ORDER BY start_time, vacancy_id LIMIT $2
    """)
  static let counties = Statement(
    "vacancy.next_county",
    """
    SELECT county_code FROM vacancies WHERE county_code > $1 ORDER BY county_code LIMIT 1
    """)
  static let unstaffed = Statement(
    "vacancy.unstaffed",
    """
    SELECT grid_id FROM grids
    WHERE county_code = $1 AND state = 'ACTIVE' AND grid_id > $2
      AND NOT EXISTS (
        SELECT 1 FROM member_assignments
        WHERE member_assignments.county_code = grids.county_code AND member_assignments.grid_id = grids.grid_id
          AND member_assignments.to_date IS NULL AND member_assignments.post = 'PRIMARY')
      AND NOT EXISTS (
        SELECT 1 FROM vacancies
        WHERE vacancies.county_code = grids.county_code AND vacancies.grid_id = grids.grid_id
          AND vacancies.state = 'OPEN' AND vacancies.post = 'PRIMARY')
    ORDER BY grid_id LIMIT $3
    """)
  static let save = Statement(
    "vacancy.save",
    """
    INSERT INTO vacancies (
      county_code, vacancy_id, grid_id, township_code, post, cause, state, policy_code, policy_version,
      budget_amount, budget_unit, start_time, stop_time, filled_by_member_id, overdue_time, version
    ) VALUES (
      $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16
    )
    ON CONFLICT (county_code, vacancy_id) DO UPDATE SET
      state = excluded.state, stop_time = excluded.stop_time, filled_by_member_id = excluded.filled_by_member_id,
      overdue_time = excluded.overdue_time, version = excluded.version
    """)

  static let all = [
    load, list, listOfState, listOfTownship, listOfTownshipAndState, openOfGrid, running, counties, unstaffed, save,
  ]
}
