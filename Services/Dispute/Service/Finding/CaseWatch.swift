import Access
import DisputeDomain
import DisputeStore
import Journal
import Kernel
import Persistence
import Runtime
import TextSearch

/// What follows beside the case itself from each of its events, in the same transaction: it can be found, compared, warned of.
struct CaseWatch {
  private let dispute: DisputeShell
  private let transaction: CommandTransaction
  private let world: Surroundings

  init(_ dispute: DisputeShell, _ transaction: CommandTransaction, _ world: Surroundings) {
    self.dispute = dispute
    self.transaction = transaction
    self.world = world
  }

  /// `record` is the case after `event`.
  func notice(_ event: Case.Event, of record: Case) throws {
    switch event.change {
    case .reported: try CaseIndexing(dispute, transaction.tx).enter(record)
    case .partyCorrected(let partyID, _, _):
      if let party = record.parties.first(where: { $0.partyID == partyID }) {
        try CaseIndexing(dispute, transaction.tx).enter(party, of: record)
      }
    default: break
    }
  }
}

/// Enters cases into the index.
struct CaseIndexing {
  private let dispute: DisputeShell
  private let transaction: WriteTransaction

  init(_ dispute: DisputeShell, _ transaction: WriteTransaction) {
    self.dispute = dispute
    self.transaction = transaction
  }

  /// Its texts as hashes, and its parties.
  func enter(_ record: Case) throws {
    let texts = try [record.origin.title, record.origin.narrative].map { NormalizedText(try open($0)) }
    guard try dispute.index.add(record, dispute.keys.fingerprint(texts), in: transaction) else { return }
    for party in record.parties { try enter(party, of: record) }
  }

  func enter(_ party: Case.Party, of record: Case) throws {
    let key = dispute.keys.partyKey(
      name: try open(party.name), phone: try open(party.phone), isOrganisation: party.isOrganisation)
    guard let key else { return }
    try dispute.index.save(key, of: party, record, in: transaction)
  }

  private func open(_ sealed: Case.SealedText?) throws -> String {
    guard let sealed else { return "" }
    return try SealedTexts(dispute.shell.cryptography).open(sealed.sealedID, in: transaction) ?? ""
  }
}

extension DisputeShell {
  /// Cases that an earlier version has taken in are entered bit by bit after the start.
  func enterBacklog() async {
    while !Task.isCancelled {
      let isDone = try? await shell.apply(as: .system(county: county.text)) { transaction in
        guard let batch = try index.backlog(limit: 100, in: transaction.tx) else { return true }
        var last: Case?
        for id in batch {
          guard let record = try cases.load(id, in: transaction.tx) else { continue }
          try CaseIndexing(self, transaction.tx).enter(record)
          last = record
        }
        try index.finishBacklog(last, in: transaction.tx)
        return last == nil
      }
      if isDone ?? true { return }
    }
  }
}
