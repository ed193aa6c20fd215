import Persistence

/// The statements of the index.
enum CaseIndexQueries {
  static let state = Statement(
    "case_index.state",
    """
    SELECT documents, block, slice, merged_block, merged_slice, backfill_time, backfill_case_id
    FROM case_index_state WHERE index_name = 'cases'
    """)
  static let saveState = Statement(
    "case_index.save_state",
    """
    UPDATE case_index_state SET
      documents = $1, block = $2, slice = $3, merged_block = $4, merged_slice = $5, backfill_time = $6,
      backfill_case_id = $7
    WHERE index_name = 'cases'
    """)
  static let addDocument = Statement(
    "case_index.add_document",
    """
    INSERT INTO case_documents (
      county_code, document, case_id, township_code, place, latitude, longitude, cell, category, report_time
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    """)
  static let addTerms = Statement(
    "case_index.add_terms", "INSERT INTO case_terms (document, pair_keys, single_keys) VALUES ($1, $2, $3)")
  static let dropTerms = Statement("case_index.drop_terms", "DELETE FROM case_terms WHERE document = $1")
  static let document = Statement(
    "case_index.document",
    """
    SELECT document, case_id, township_code, place, latitude, longitude, category, report_time
    FROM case_documents WHERE county_code = $1 AND document = $2
    """)
  static let ofCase = Statement(
    "case_index.of_case",
    """
    SELECT document, case_id, township_code, place, latitude, longitude, category, report_time
    FROM case_documents WHERE county_code = $1 AND case_id = $2
    """)
  static let atPlace = Statement(
    "case_index.at_place",
    """
    SELECT document, case_id, township_code, place, latitude, longitude, category, report_time
    FROM case_documents WHERE county_code = $1 AND place = $2 AND report_time >= $3 AND report_time <= $4
    ORDER BY report_time DESC, document DESC LIMIT $5
    """)
  static let termsAtPlace = Statement(
    "case_index.terms_at_place",
    """
    SELECT d.document, d.case_id, d.township_code, d.place, d.latitude, d.longitude, d.category, d.report_time, t.pair_keys
    FROM case_documents d JOIN case_terms t ON t.document = d.document
    WHERE d.county_code = $1 AND d.place = $2 AND d.report_time >= $3 AND d.report_time <= $4
    ORDER BY d.report_time DESC, d.document DESC LIMIT $5
    """)
  static let termsInCell = Statement(
    "case_index.terms_in_cell",
    """
    SELECT d.document, d.case_id, d.township_code, d.place, d.latitude, d.longitude, d.category, d.report_time, t.pair_keys
    FROM case_documents d JOIN case_terms t ON t.document = d.document
    WHERE d.county_code = $1 AND d.cell = $2 AND d.report_time >= $3 AND d.report_time <= $4
    ORDER BY d.report_time DESC, d.document DESC LIMIT $5
    """)
  static let terms = Statement(
    "case_index.terms",
    """
    SELECT document, pair_keys, single_keys FROM case_terms WHERE document >= $1 AND document < $2 ORDER BY document
    """)
  static let termsOf = Statement(
    "case_index.terms_of", "SELECT pair_keys, single_keys FROM case_terms WHERE document = $1")
  static let postings = Statement(
    "case_index.postings", "SELECT documents FROM case_postings WHERE tier = $1 AND block = $2 AND token = $3")
  static let savePostings = Statement(
    "case_index.save_postings",
    """
    INSERT INTO case_postings (tier, block, token, documents) VALUES ($1, $2, $3, $4)
    ON CONFLICT (tier, block, token) DO UPDATE SET documents = excluded.documents
    """)
  static let dropPostings = Statement(
    "case_index.drop_postings", "DELETE FROM case_postings WHERE tier = $1 AND block = $2 AND token = $3")
  static let slice = Statement(
    "case_index.slice",
    """
    SELECT token, documents FROM case_postings
    WHERE tier = 0 AND block = $1 AND token >= $2 AND token < $3 ORDER BY token
    """)
  static let dropSlice = Statement(
    "case_index.drop_slice",
    "DELETE FROM case_postings WHERE tier = 0 AND block = $1 AND token >= $2 AND token < $3")
  static let backlog = Statement(
    "case_index.backlog",
    """
    SELECT case_id FROM cases WHERE county_code = $1 AND (report_time, case_id) > ($2, $3)
    ORDER BY report_time, case_id LIMIT $4
    """)
  static let savePartyKey = Statement(
    "party_key.save",
    """
    INSERT INTO party_keys (county_code, case_id, party_id, party_key, party_role, organisation, report_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (county_code, case_id, party_id) DO UPDATE SET party_key = excluded.party_key
    """)
  static let partyKeys = Statement(
    "party_key.of_case", "SELECT party_key FROM party_keys WHERE county_code = $1 AND case_id = $2")
  static let casesAgainst = Statement(
    "party_key.cases_against",
    """
    SELECT case_id FROM party_keys
    WHERE county_code = $1 AND party_key = $2 AND report_time >= $3 AND organisation = 1 AND party_role = 'RESPONDENT'
    ORDER BY report_time, case_id
    """)
  static let forgetPartyKeys = Statement(
    "party_key.forget", "DELETE FROM party_keys WHERE county_code = $1 AND case_id = $2 AND organisation = 0")
  static let forgetPartyKey = Statement(
    "party_key.forget_one", "DELETE FROM party_keys WHERE county_code = $1 AND case_id = $2 AND party_id = $3")

  static let all = [
    state, saveState, addDocument, addTerms, dropTerms, document, ofCase, atPlace, termsAtPlace, termsInCell, terms,
    termsOf,
    postings,
    savePostings, dropPostings, slice, dropSlice, backlog, savePartyKey, partyKeys, casesAgainst, forgetPartyKeys,
    forgetPartyKey,
  ]
}
