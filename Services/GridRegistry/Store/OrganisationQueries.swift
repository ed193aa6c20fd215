import Persistence

/// The SQL of organisations.
enum OrganisationQueries {
  static let load = Statement(
    "organisation.load",
    """
    SELECT org_id, name, org_type, business_parent_id, daily_parent_id, area_codes, township_code, agency_type, department_id,
      industry_kind, phones, external_ids, state, version
    FROM organisations WHERE county_code = $1 AND org_id = $2
    """)
  static let list = Statement(
    "organisation.list",
    """
    SELECT org_id, name, org_type, business_parent_id, daily_parent_id, area_codes, township_code, agency_type, department_id,
      industry_kind, phones, external_ids, state, version
    FROM organisations WHERE county_code = $1 AND org_id > $2
    ORDER BY org_id LIMIT $3
    """)
  static let listOfType = Statement(
    "organisation.list_of_type",
    """
    SELECT org_id, name, org_type, business_parent_id, daily_parent_id, area_codes, township_code, agency_type, department_id,
      industry_kind, phones, external_ids, state, version
    FROM organisations WHERE county_code = $1 AND org_type = $2 AND org_id > $3
    ORDER BY org_id LIMIT $4
    """)
  static let listOfTownship = Statement(
    "organisation.list_of_township",
    """
    SELECT org_id, name, org_type, business_parent_id, daily_parent_id, area_codes, township_code, agency_type, department_id,
      industry_kind, phones, external_ids, state, version
    FROM organisations WHERE county_code = $1 AND township_code = $2 AND org_id > $3
    ORDER BY org_id LIMIT $4
    """)
  static let listOfTownshipAndType = Statement(
    "organisation.list_of_township_and_type",
    """
    SELECT org_id, name, org_type, business_parent_id, daily_parent_id, area_codes, township_code, agency_type, department_id,
      industry_kind, phones, external_ids, state, version
    FROM organisations WHERE county_code = $1 AND township_code = $2 AND org_type = $3 AND org_id > $4
    ORDER BY org_id LIMIT $5
    """)
  static let findUnder = Statement(
    "organisation.find_under",
    """
    SELECT org_id, name, org_type, business_parent_id, daily_parent_id, area_codes, township_code, agency_type, department_id,
      industry_kind, phones, external_ids, state, version
    FROM organisations WHERE county_code = $1 AND daily_parent_id = $2 AND org_type = $3 AND state = 'ACTIVE'
    ORDER BY org_id LIMIT 1
    """)
  static let findTownship = Statement(
    "organisation.find_township",
    """
    SELECT org_id, name, org_type, business_parent_id, daily_parent_id, area_codes, township_code, agency_type, department_id,
      industry_kind, phones, external_ids, state, version
    FROM organisations WHERE county_code = $1 AND township_code = $2 AND org_type = 'TOWNSHIP' AND state = 'ACTIVE'
    ORDER BY org_id LIMIT 1
    """)
  static let listAgencies = Statement(
    "organisation.list_agencies",
    """
    SELECT org_id, name, org_type, business_parent_id, daily_parent_id, area_codes, township_code, agency_type, department_id,
      industry_kind, phones, external_ids, state, version
    FROM organisations WHERE county_code = $1 AND township_code = $2 AND org_type = 'DISPATCHED_AGENCY' AND state = 'ACTIVE'
    ORDER BY org_id
    """)
  static let dailyChild = Statement(
    "organisation.daily_child",
    """
    SELECT org_id FROM organisations WHERE county_code = $1 AND daily_parent_id = $2 AND state = 'ACTIVE' LIMIT 1
    """)
  static let businessChild = Statement(
    "organisation.business_child",
    """
    SELECT org_id FROM organisations WHERE county_code = $1 AND business_parent_id = $2 AND state = 'ACTIVE' LIMIT 1
    """)
  static let save = Statement(
    "organisation.save",
    """
    INSERT INTO organisations (
      county_code, org_id, name, org_type, business_parent_id, daily_parent_id, area_codes, township_code, agency_type,
      department_id, industry_kind, phones, external_ids, state, version
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    ON CONFLICT (county_code, org_id) DO UPDATE SET
      name = excluded.name, org_type = excluded.org_type, business_parent_id = excluded.business_parent_id,
      daily_parent_id = excluded.daily_parent_id, area_codes = excluded.area_codes,
      township_code = excluded.township_code, agency_type = excluded.agency_type,
      department_id = excluded.department_id, industry_kind = excluded.industry_kind, phones = excluded.phones,
      external_ids = excluded.external_ids, state = excluded.state, version = excluded.version
    """)

  static let all = [
    load, list, listOfType, listOfTownship, listOfTownshipAndType, findUnder, findTownship, listAgencies, dailyChild,
    businessChild, save,
  ]
}
