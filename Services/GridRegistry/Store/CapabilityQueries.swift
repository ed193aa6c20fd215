import Persistence

/// The SQL of lines of work, liaisons and agencies' rights.
enum CapabilityQueries {
  static let lines = Statement(
    "line_of_work.list",
    """
    SELECT line_code, name, version FROM lines_of_work WHERE county_code = $1 ORDER BY line_code
    """)
  static let saveLine = Statement(
    "line_of_work.save",
    """
    INSERT INTO lines_of_work (
      county_code, line_code, name, version
    ) VALUES (
      $1, $2, $3, $4
    )
    ON CONFLICT (county_code, line_code) DO UPDATE SET
      name = excluded.name, version = excluded.version
    """)
  static let loadLiaison = Statement(
    "liaison.load_liaison",
    """
    SELECT liaison_id, line_code, grid_id, org_id, township_code, person_id, from_date, to_date, version
    FROM liaisons WHERE county_code = $1 AND liaison_id = $2
    """)
  static let listLiaisons = Statement(
    "liaison.list_liaisons",
    """
    SELECT liaison_id, line_code, grid_id, org_id, township_code, person_id, from_date, to_date, version
    FROM liaisons WHERE county_code = $1 AND liaison_id > $2 ORDER BY liaison_id LIMIT $3
    """)
  static let liaisonsOfTownship = Statement(
    "liaison.liaisons_of_township",
    """
    SELECT liaison_id, line_code, grid_id, org_id, township_code, person_id, from_date, to_date, version
    FROM liaisons WHERE county_code = $1 AND township_code = $2 AND liaison_id > $3 ORDER BY liaison_id LIMIT $4
    """)
  static let liaisonsOfGrid = Statement(
    "liaison.liaisons_of_grid",
    """
    SELECT liaison_id, line_code, grid_id, org_id, township_code, person_id, from_date, to_date, version
    FROM liaisons WHERE county_code = $1 AND grid_id = $2 AND line_code = $3 ORDER BY liaison_id
    """)
  static let liaisonsOfOrganisation = Statement(
    "liaison.liaisons_of_organisation",
    """
    SELECT liaison_id, line_code, grid_id, org_id, township_code, person_id, from_date, to_date, version
    FROM liaisons WHERE county_code = $1 AND org_id = $2 AND line_code = $3 ORDER BY liaison_id
    """)
  static let everyLiaisonOfGrid = Statement(
    "liaison.every_liaison_of_grid",
    """
    SELECT liaison_id, line_code, grid_id, org_id, township_code, person_id, from_date, to_date, version
    FROM liaisons WHERE county_code = $1 AND grid_id = $2 ORDER BY line_code, liaison_id
    """)
  static let everyLiaisonOfOrganisation = Statement(
    "liaison.every_liaison_of_organisation",
    """
    SELECT liaison_id, line_code, grid_id, org_id, township_code, person_id, from_date, to_date, version
    FROM liaisons WHERE county_code = $1 AND org_id = $2 ORDER BY line_code, liaison_id
    """)
  static let saveLiaison = Statement(
    "liaison.save",
    """
    INSERT INTO liaisons (
      county_code, liaison_id, line_code, grid_id, org_id, township_code, person_id, from_date, to_date, version
    ) VALUES (
      $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
    )
    ON CONFLICT (county_code, liaison_id) DO UPDATE SET
      to_date = excluded.to_date, version = excluded.version
    """)
  static let rights = Statement(
    "agency_rights.of_agency",
    """
    SELECT agency_id, valid_from_date, valid_to_date, directive_scopes, evaluation_weight, personnel_scopes, policy_ref, version
    FROM agency_rights WHERE county_code = $1 AND agency_id = $2 ORDER BY version
    """)
  static let saveRights = Statement(
    "agency_rights.save",
    """
    INSERT INTO agency_rights (
      county_code, agency_id, valid_from_date, valid_to_date, directive_scopes, evaluation_weight, personnel_scopes,
      policy_ref, version
    ) VALUES (
      $1, $2, $3, $4, $5, $6, $7, $8, $9
    )
    ON CONFLICT (county_code, agency_id, version) DO UPDATE SET
      valid_to_date = excluded.valid_to_date
    """)

  static let all = [
    lines, saveLine, loadLiaison, listLiaisons, liaisonsOfTownship, liaisonsOfGrid, liaisonsOfOrganisation,
    everyLiaisonOfGrid, everyLiaisonOfOrganisation, saveLiaison, rights, saveRights,
  ]
}
