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
    case .reported:
      try CaseIndexing(dispute, transaction.tx).enter(record)
      let alerting = Alerting(dispute, transaction, world)
      try alerting.count(record)
      try alerting.reported(record)
    case .partyCorrected(let partyID, _, _):
      if let party = record.parties.first(where: { $0.partyID == partyID }) {
        try CaseIndexing(dispute, transaction.tx).enter(party, of: record)
      }
    case .absorbed:
      try Alerting(dispute, transaction, world)
        .grown(record, size: max(record.reporterCount, record.origin.partyCount))
    default: break
    }
    if record.state.isTerminal {
      try dispute.rights.begin(record.caseID, at: event.time, in: transaction.tx)
    } else {
      try dispute.rights.end(record.caseID, in: transaction.tx)
    }
    if event.change.eventType == "case.reopened" { try noticeReopening(of: record) }
  }

  private func noticeReopening(of record: Case) throws {
    let times = try Journal.entries(ofAggregate: DisputeShell.aggregateType, record.caseID.text, in: transaction.tx)
      .count { $0.eventType == "case.reopened" }
    try Alerting(dispute, transaction, world).reopened(record, times: times)
  }
}

/// Enters cases into the index.
struct CaseIndexing {
  private let dispute: DisputeShell
  private let transaction: WriteTransaction
  private let texts: SealedTexts

  init(_ dispute: DisputeShell, _ transaction: WriteTransaction) {
    self.dispute = dispute
    self.transaction = transaction
    texts = SealedTexts(dispute.shell.cryptography)
  }

  /// Its texts as hashes, and its parties. `false`: it had been entered.
  @discardableResult
  func enter(_ record: Case) throws -> Bool {
    let texts = try [record.origin.title, record.origin.narrative].map { NormalizedText(try open($0)) }
    guard try dispute.index.add(record, dispute.keys.fingerprint(texts), in: transaction) else { return false }
    for party in record.parties { try enter(party, of: record) }
    return true
  }

  func enter(_ party: Case.Party, of record: Case) throws {
    guard let key = try key(of: party) else { return }
    try dispute.index.save(key, of: party, record, in: transaction)
  }

  /// Stands for a party without naming it; `nil` without a name.
  func key(of party: Case.Party) throws -> [UInt8]? {
    dispute.keys.partyKey(
      name: try open(party.name), phone: try open(party.phone), isOrganisation: party.isOrganisation)
  }

  private func open(_ sealed: Case.SealedText?) throws -> String {
    guard let sealed else { return "" }
    return try texts.open(sealed.sealedID, in: transaction) ?? ""
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
          last = record
          guard try CaseIndexing(self, transaction.tx).enter(record) else { continue }
          let grid = try record.origin.grid.flatMap { try directory.grid($0, in: transaction.tx) }
          try Alerting(self, transaction, Surroundings(grid: grid)).count(record)
          if record.state.isTerminal { try rights.begin(id, at: record.changeTime, in: transaction.tx) }
        }
        try index.finishBacklog(last, in: transaction.tx)
        return last == nil
      }
      if isDone ?? true { return }
    }
  }
}
