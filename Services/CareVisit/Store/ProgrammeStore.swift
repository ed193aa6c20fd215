package import CareVisitDomain
package import Kernel
package import Persistence

/// Programmes as rows, with their needs.
package struct ProgrammeStore: Sendable {
  private let county: AreaCode

  package init(county: AreaCode) { self.county = county }

  package func load(_ id: Programme.ID, in reading: some Reading) throws -> Programme? {
    try reading.first(Self.load, [.text(county.text), .id(id)], Draft.init).map { try programme($0, in: reading) }
  }

  /// At most `limit` programmes after an id, in order.
  package func list(after id: String, limit: Int, in reading: some Reading) throws -> [Programme] {
    try reading.all(Self.list, [.text(county.text), .text(id), .integer(limit)], Draft.init)
      .map { try programme($0, in: reading) }
  }

  package func save(_ programme: Programme, in transaction: WriteTransaction) throws {
    let facts = programme.facts
    let isNew = programme.version == 1
    try transaction.run(
      Self.save,
      [
        .text(county.text), .id(programme.id), .text(facts.name), .text(facts.controllerID),
        .text(facts.ground?.rawValue ?? ""), .text(facts.legalBasis), .text(facts.purpose),
        .text(facts.allowedFields.compactMap { $0?.rawValue }.joined(separator: " ")), .integer(facts.intervalDays),
        .integer(facts.retentionMonths), .text(facts.impactAssessment), .text(programme.state.rawValue),
        .text(programme.proposerID), .text(programme.deciderID), .optionalTime(programme.decideTime),
        .integer(programme.version),
      ])
    for (position, need) in facts.needCodes.enumerated() where isNew {
      try transaction.run(
        Self.saveNeed,
        [.text(county.text), .id(programme.id), .integer(position), .text(need.code), .text(need.name)])
    }
  }

  private func programme(_ draft: Draft, in reading: some Reading) throws -> Programme {
    var facts = draft.programme.facts
    facts.needCodes = try reading.all(Self.needs, [.text(county.text), .id(draft.programme.id)]) {
      Programme.NeedCode(code: $0.text(0), name: $0.text(1))
    }
    let known = draft.programme
    return Programme(
      id: known.id, facts: facts, state: known.state, proposerID: known.proposerID, deciderID: known.deciderID,
      decideTime: known.decideTime, version: known.version)
  }

  /// A row without its needs.
  private struct Draft {
    let programme: Programme

    init(_ row: borrowing Row) {
      let fields = row.text(7).split(separator: " ").map { Programme.Field(rawValue: String($0)) }
      if fields.contains(nil) { row.reject(7) }
      programme = Programme(
        id: row.id(0),
        facts: .init(
          name: row.text(1), controllerID: row.text(2), ground: row.named(3, or: .law), legalBasis: row.text(4),
          purpose: row.text(5), allowedFields: fields, intervalDays: row.int(6), retentionMonths: row.int(8),
          impactAssessment: row.text(9), needCodes: []),
        state: row.named(10, or: .closed), proposerID: row.text(11), deciderID: row.text(12),
        decideTime: row.optionalTime(13), version: row.int(14))
    }
  }
}

extension ProgrammeStore {
  private static let load = Statement(
    "care_programme.load",
    """
    SELECT programme_id, name, controller_org_id, ground, legal_basis_ref, purpose, visit_interval_days, allowed_fields,
      retention_months, impact_assessment_ref, state, proposer_person_id, decider_person_id, decide_time, version
    FROM programmes WHERE county_code = $1 AND programme_id = $2
    """)
  private static let list = Statement(
    "care_programme.list",
    """
    SELECT programme_id, name, controller_org_id, ground, legal_basis_ref, purpose, visit_interval_days, allowed_fields,
      retention_months, impact_assessment_ref, state, proposer_person_id, decider_person_id, decide_time, version
    FROM programmes WHERE county_code = $1 AND programme_id > $2 ORDER BY programme_id LIMIT $3
    """)
  private static let needs = Statement(
    "care_programme.needs",
    "SELECT need_code, name FROM programme_needs WHERE county_code = $1 AND programme_id = $2 ORDER BY position")
  private static let save = Statement(
    "care_programme.save",
    """
    INSERT INTO programmes (
      county_code, programme_id, name, controller_org_id, ground, legal_basis_ref, purpose, allowed_fields,
      visit_interval_days, retention_months, impact_assessment_ref, state, proposer_person_id, decider_person_id,
      decide_time, version
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    ON CONFLICT (county_code, programme_id) DO UPDATE SET
      state = excluded.state, decider_person_id = excluded.decider_person_id, decide_time = excluded.decide_time,
      version = excluded.version
    """)
  private static let saveNeed = Statement(
    "care_programme.save_need",
    """
    INSERT INTO programme_needs (county_code, programme_id, position, need_code, name) VALUES ($1, $2, $3, $4, $5)
    """)

  static let statements = [load, list, needs, save, saveNeed]
}
