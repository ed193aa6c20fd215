import Persistence

/// The SQL of coverage units. A unit's columns come first, then one of its memberships, or nothing.
enum CoverageUnitQueries {
  static let load = Statement(
    "unit.load",
    """
    SELECT u.unit_id, u.kind, u.name, u.area_code, u.household_count, u.latitude, u.longitude, u.version, m.grid_id,
      m.from_day, m.to_day
    FROM coverage_units u
    LEFT JOIN unit_memberships m ON m.county_code = u.county_code AND m.unit_id = u.unit_id
    WHERE u.county_code = $1 AND u.unit_id = $2
    ORDER BY m.position
    """)
  static let ofTownship = Statement(
    "unit.of_township",
    """
    SELECT u.unit_id, u.kind, u.name, u.area_code, u.household_count, u.latitude, u.longitude, u.version, m.grid_id,
      m.from_day, m.to_day
    FROM coverage_units u
    LEFT JOIN unit_memberships m ON m.county_code = u.county_code AND m.unit_id = u.unit_id
    WHERE u.county_code = $1 AND u.township_code = $2
    ORDER BY u.unit_id, m.position
    """)
  static let ofArea = Statement(
    "unit.of_area",
    """
    SELECT u.unit_id, u.kind, u.name, u.area_code, u.household_count, u.latitude, u.longitude, u.version, m.grid_id,
      m.from_day, m.to_day
    FROM coverage_units u
    LEFT JOIN unit_memberships m ON m.county_code = u.county_code AND m.unit_id = u.unit_id
    WHERE u.county_code = $1 AND u.area_code = $2
    ORDER BY u.unit_id, m.position
    """)
  static let near = Statement(
    "unit.near",
    """
    SELECT u.unit_id, u.kind, u.name, u.area_code, u.household_count, u.latitude, u.longitude, u.version, m.grid_id,
      m.from_day, m.to_day
    FROM coverage_units u
    LEFT JOIN unit_memberships m ON m.county_code = u.county_code AND m.unit_id = u.unit_id
    WHERE u.county_code = $1 AND u.latitude >= $2 AND u.latitude <= $3 AND u.longitude >= $4 AND u.longitude <= $5
    ORDER BY u.unit_id, m.position
    """)
  static let page = Statement(
    "unit.page", "SELECT unit_id FROM coverage_units WHERE county_code = $1 AND unit_id > $2 ORDER BY unit_id LIMIT $3")
  static let pageOfTownship = Statement(
    "unit.page_of_township",
    """
    SELECT unit_id FROM coverage_units WHERE county_code = $1 AND township_code = $2 AND unit_id > $3
    ORDER BY unit_id LIMIT $4
    """)
  static let ofGrid = Statement(
    "unit.of_grid",
    """
    SELECT u.unit_id, u.kind, u.name, u.area_code, u.household_count, u.latitude, u.longitude, u.version, m.grid_id,
      m.from_day, m.to_day
    FROM unit_memberships m
    JOIN coverage_units u ON u.county_code = m.county_code AND u.unit_id = m.unit_id
    WHERE m.county_code = $1 AND m.grid_id = $2 AND m.from_day <= $3 AND m.to_day > $3
    ORDER BY u.unit_id, m.position
    """)
  static let save = Statement(
    "unit.save",
    """
    INSERT INTO coverage_units (
      county_code, unit_id, kind, name, area_code, township_code, household_count, latitude, longitude, version
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (county_code, unit_id) DO UPDATE SET
      kind = excluded.kind, name = excluded.name, area_code = excluded.area_code,
      township_code = excluded.township_code, household_count = excluded.household_count, latitude = excluded.latitude,
      longitude = excluded.longitude, version = excluded.version
    """)
  static let clearMemberships = Statement(
    "unit.clear_memberships", "DELETE FROM unit_memberships WHERE county_code = $1 AND unit_id = $2")
  static let saveMembership = Statement(
    "unit.save_membership",
    """
    INSERT INTO unit_memberships (county_code, unit_id, position, grid_id, from_day, to_day)
    VALUES ($1, $2, $3, $4, $5, $6)
    """)

  // MARK: Coverage

  static let totals = Statement(
    "coverage.totals",
    "SELECT count(*), coalesce(sum(household_count), 0) FROM coverage_units WHERE county_code = $1")
  static let totalsOfTownship = Statement(
    "coverage.totals_of_township",
    """
    SELECT count(*), coalesce(sum(household_count), 0) FROM coverage_units
    WHERE county_code = $1 AND township_code = $2
    """)
  static let gaps = Statement(
    "coverage.gaps",
    """
    SELECT unit_id, household_count FROM coverage_units
    WHERE county_code = $1 AND NOT EXISTS (
      SELECT 1 FROM unit_memberships
      WHERE unit_memberships.county_code = coverage_units.county_code
        AND unit_memberships.unit_id = coverage_units.unit_id AND from_day <= $2 AND to_day > $2)
    ORDER BY unit_id
    """)
  static let gapsOfTownship = Statement(
    "coverage.gaps_of_township",
    """
    SELECT unit_id, household_count FROM coverage_units
    WHERE county_code = $1 AND township_code = $3 AND NOT EXISTS (
      SELECT 1 FROM unit_memberships
      WHERE unit_memberships.county_code = coverage_units.county_code
        AND unit_memberships.unit_id = coverage_units.unit_id AND from_day <= $2 AND to_day > $2)
    ORDER BY unit_id
    """)
  static let overlaps = Statement(
    "coverage.overlaps",
    """
    SELECT unit_id FROM unit_memberships
    WHERE county_code = $1 AND from_day <= $2 AND to_day > $2
    GROUP BY unit_id HAVING count(*) > 1 ORDER BY unit_id
    """)
  static let overlapsOfTownship = Statement(
    "coverage.overlaps_of_township",
    """
    SELECT u.unit_id FROM coverage_units u
    JOIN unit_memberships m ON m.county_code = u.county_code AND m.unit_id = u.unit_id
    WHERE u.county_code = $1 AND u.township_code = $3 AND m.from_day <= $2 AND m.to_day > $2
    GROUP BY u.unit_id HAVING count(*) > 1 ORDER BY u.unit_id
    """)

  static let all = [
    load, ofTownship, ofArea, near, page, pageOfTownship, ofGrid, save, clearMemberships, saveMembership, totals,
    totalsOfTownship, gaps, gapsOfTownship, overlaps, overlapsOfTownship,
  ]
}
