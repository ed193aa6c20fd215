import DisputeContract
import DisputeDomain
import DisputeStore
import Kernel
import Persistence

/// Looks for reports of the same matter.
struct DuplicateSuggesting<Transaction: Reading> {
  private let dispute: DisputeShell
  private let reading: Transaction

  /// How many cases near a place are compared at once, and how many suggestions there are.
  private static var compared: Int { 5_000 }
  private static var shown: Int { 20 }

  init(_ dispute: DisputeShell, _ reading: Transaction) {
    self.dispute = dispute
    self.reading = reading
  }

  func suggestions(for record: Case) throws -> DisputeV1.SuggestDuplicatesResponse {
    guard let own = try dispute.index.find(record.caseID, in: reading), let compared = try compared(own) else {
      return .init()
    }
    let window = Interval.days(Int64(DuplicateScore.windowDays))
    let period = own.reportTime - window...own.reportTime + window
    var near = try dispute.index.cases(at: own.place, period, limit: Self.compared + 1, in: reading)
    var isTruncated = near.count > Self.compared
    for cell in own.location?.neighbourhood ?? [] {
      let others = try dispute.index.cases(inCell: cell, period, limit: Self.compared + 1, in: reading)
      isTruncated = isTruncated || others.count > Self.compared
      near += others.filter { $0.place != own.place }
    }
    near = Array(near.filter { $0.caseID != own.caseID && Self.mayMatch($0, own) }.prefix(Self.compared))
    let scored = try near.compactMap { other in
      try self.compared(other).flatMap { compared.score(against: $0) }.flatMap { score in
        score.strength.map { (other, score, $0) }
      }
    }.sorted { ($0.1.total, $0.0.document) > ($1.1.total, $1.0.document) }
    return .init(
      suggestions: try scored.prefix(Self.shown).compactMap { other, score, strength in
        try dispute.cases.head(other.caseID, in: reading).map { .init($0, score, strength) }
      }, comparedCount: Int32(near.count), truncated: isTruncated)
  }

  /// Before anything is read of it.
  private static func mayMatch(_ other: IndexedCase, _ own: IndexedCase) -> Bool {
    ComparedCase.areSiblings(other.category, own.category)
  }

  private func compared(_ entry: IndexedCase) throws -> ComparedCase? {
    guard let fingerprint = try dispute.index.fingerprint(entry.document, in: reading) else { return nil }
    return ComparedCase(
      grid: entry.grid, township: entry.township, location: entry.location, category: entry.category,
      reportTime: entry.reportTime, fingerprint: fingerprint,
      partyKeys: try dispute.index.partyKeys(of: entry.caseID, in: reading))
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
