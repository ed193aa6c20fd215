import DisputeContract
import DisputeDomain
import DisputeStore
import Kernel
import Persistence

/// Looks for reports of the same matter.
struct DuplicateSuggesting<Transaction: Reading> {
  private let dispute: DisputeShell
  private let reading: Transaction

  /// How many cases near a place are compared, the newest first.
  private let compared: Int
  /// How many suggestions there are.
  private static var shown: Int { 20 }

  init(_ dispute: DisputeShell, _ reading: Transaction, comparing compared: Int = 5_000) {
    self.dispute = dispute
    self.reading = reading
    self.compared = compared
  }

  func suggestions(for record: Case) throws -> DisputeV1.SuggestDuplicatesResponse {
    guard let entry = try dispute.index.find(record.caseID, in: reading),
      let fingerprint = try dispute.index.fingerprint(entry.document, in: reading)
    else { return .init() }
    let own = try compared(entry, fingerprint)
    let window = Interval.days(Int64(DuplicateScore.windowDays))
    let period = own.reportTime - window...own.reportTime + window
    func look(_ other: IndexedCase, _ fingerprint: Fingerprint) -> Near? {
      guard other.caseID != entry.caseID, ComparedCase.areSiblings(other.category, entry.category) else { return nil }
      let score = own.score(against: Self.compared(other, fingerprint, partyKeys: []))
      guard let score, score.withAllParties.strength != nil else { return Near(entry: other, textual: nil) }
      return Near(entry: other, textual: (fingerprint, score))
    }
    var found = try dispute.index.near(entry.place, period, limit: compared + 1, in: reading, look)
    var isTruncated = found.count > compared
    for cell in entry.location?.neighbourhood ?? [] {
      let room = max(0, compared - found.count)
      let others = try dispute.index.near(cell: cell, period, limit: room + 1, in: reading) {
        $0.place == entry.place ? nil : look($0, $1)
      }
      isTruncated = isTruncated || others.count > room
      found += others
    }
    let near = found.compactMap(\.self).prefix(compared)
    let scored = try near.compactMap { other in
      try score(other, against: own).flatMap { score in score.strength.map { (other.entry, score, $0) } }
    }.sorted { ($0.1.total, $0.0.document) > ($1.1.total, $1.0.document) }
    return .init(
      suggestions: try scored.prefix(Self.shown).compactMap { other, score, strength in
        try dispute.cases.head(other.caseID, in: reading).map { .init($0, score, strength) }
      }, comparedCount: Int32(near.count), truncated: isTruncated)
  }

  /// A case near in place, time and category; `textual` only where the texts allow a suggestion, whoever the parties are.
  private struct Near {
    let entry: IndexedCase
    let textual: (fingerprint: Fingerprint, score: DuplicateScore)?
  }

  /// Parties are read only where they could make a difference: hardly any texts are so much alike.
  private func score(_ near: Near, against own: ComparedCase) throws -> DuplicateScore? {
    guard let (fingerprint, score) = near.textual, !own.partyKeys.isEmpty else { return near.textual?.score }
    return own.score(against: try compared(near.entry, fingerprint)) ?? score
  }

  private func compared(_ entry: IndexedCase, _ fingerprint: Fingerprint) throws -> ComparedCase {
    Self.compared(entry, fingerprint, partyKeys: try dispute.index.partyKeys(of: entry.caseID, in: reading))
  }

  private static func compared(
    _ entry: IndexedCase, _ fingerprint: Fingerprint, partyKeys: Set<[UInt8]>
  ) -> ComparedCase {
    ComparedCase(
      grid: entry.grid, township: entry.township, location: entry.location, category: entry.category,
      reportTime: entry.reportTime, fingerprint: fingerprint, partyKeys: partyKeys)
  }
}

extension DuplicateScore.Strength: ContractNamed {}

extension DisputeV1.DuplicateSuggestion {
  init(_ record: Case, _ score: DuplicateScore, _ strength: DuplicateScore.Strength) {
    self.init(
      caseID: record.caseID.text, number: record.origin.number, state: record.state.wire(), strength: strength.wire(),
      score: score.total, textPart: score.text, partyPart: score.party, placePart: score.place)
  }
}
