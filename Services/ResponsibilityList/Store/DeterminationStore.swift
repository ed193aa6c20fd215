package import Kernel
package import Persistence

/// Determinations as rows: written once, never changed. The asked text lies sealed elsewhere.
package struct DeterminationStore: Sendable {
  /// A row: what others look up by in columns, the answer as the service encodes it.
  package struct Stored: Sendable {
    package let id: String
    package let townshipCode: String
    package let askerPersonID: String
    package let askerOrganisationID: String
    package let listVersionID: String
    package let verdict: String
    package let itemCode: String
    package let makeTime: Timestamp
    package let sealedTextID: String
    package let answer: [UInt8]

    package init(
      id: String, townshipCode: String, askerPersonID: String, askerOrganisationID: String, listVersionID: String,
      verdict: String, itemCode: String, makeTime: Timestamp, sealedTextID: String, answer: [UInt8]
    ) {
      self.id = id
      self.townshipCode = townshipCode
      self.askerPersonID = askerPersonID
      self.askerOrganisationID = askerOrganisationID
      self.listVersionID = listVersionID
      self.verdict = verdict
      self.itemCode = itemCode
      self.makeTime = makeTime
      self.sealedTextID = sealedTextID
      self.answer = answer
    }
  }

  private let county: String

  package init(county: String) { self.county = county }

  package func exists(_ id: String, in reading: some Reading) throws -> Bool {
    try reading.exists(Self.exists, [.text(county), .text(id)])
  }

  package func load(_ id: String, in reading: some Reading) throws -> Stored? {
    try reading.first(Self.load, [.text(county), .text(id)]) { row in
      Stored(
        id: row.text(0), townshipCode: row.text(1), askerPersonID: row.text(2), askerOrganisationID: row.text(3),
        listVersionID: row.text(4), verdict: row.text(5), itemCode: row.text(6), makeTime: row.time(7),
        sealedTextID: row.text(8), answer: row.bytes(9))
    }
  }

  package func save(_ determination: Stored, in transaction: WriteTransaction) throws {
    try transaction.run(
      Self.save,
      [
        .text(county), .text(determination.id), .text(determination.townshipCode), .text(determination.askerPersonID),
        .text(determination.askerOrganisationID), .text(determination.listVersionID), .text(determination.verdict),
        .text(determination.itemCode), .time(determination.makeTime), .text(determination.sealedTextID),
        .bytes(determination.answer),
      ])
  }
}

extension DeterminationStore {
  private static let exists = Statement(
    "determination.exists", "SELECT 1 FROM determinations WHERE county_code = $1 AND determination_id = $2")
  private static let load = Statement(
    "determination.load",
    """
    SELECT determination_id, township_code, asker_person_id, asker_org_id, list_version_id, verdict, item_code,
      make_time, sealed_text_id, answer
    FROM determinations WHERE county_code = $1 AND determination_id = $2
    """)
  private static let save = Statement(
    "determination.save",
    """
    INSERT INTO determinations (county_code, determination_id, township_code, asker_person_id, asker_org_id,
      list_version_id, verdict, item_code, make_time, sealed_text_id, answer)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    """)

  static let statements = [exists, load, save]
}
