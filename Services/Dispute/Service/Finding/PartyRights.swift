import Access
import DisputeContract
import DisputeDomain
import DisputeStore
import Journal
import Kernel
import Persistence
import Runtime
import Wire
import WireTypes
import WorkClock

/// Requests of parties about their own data, inside one transaction.
struct PartyRights {
  private let dispute: DisputeShell
  private let transaction: CommandTransaction

  init(_ dispute: DisputeShell, _ transaction: CommandTransaction) {
    self.dispute = dispute
    self.transaction = transaction
  }

  func request(_ request: DisputeV1.RequestPartyRightRequest) throws -> DisputeV1.PartyRight {
    guard let record = try dispute.cases.load(ID(request.caseID), in: transaction.tx) else {
      throw Refused(.notFound, .caseNotFound)
    }
    guard try parts(in: record.origin.township).contains(.receiver) else {
      throw Refused(.permissionDenied, .jurisdictionMismatch)
    }
    guard record.parties.contains(where: { $0.partyID == request.partyID }) else {
      throw Refused(.notFound, .partyNotFound)
    }
    let kind = PartyRight.Kind(wire: request.kind)
    let corrections = [request.correctedName, request.correctedPhone]
    var reasons: [Reason] = []
    if kind == nil { reasons.append(.rightKindMissing) }
    if request.identityCheck.allSatisfy(\.isWhitespace) { reasons.append(.identityNotChecked) }
    if kind == .correction, corrections.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
      reasons.append(.correctionMissing)
    }
    let others = try dispute.rights.rights(of: record.caseID, in: transaction.tx)
    if others.contains(where: { $0.state == .open && $0.partyID == request.partyID && $0.kind == kind }) {
      reasons.append(.rightAlreadyOpen)
    }
    guard reasons.isEmpty, let kind else { throw Refused(.failedPrecondition, reasons) }
    let id = UUIDv7.make(at: transaction.now)
    let seal = Sealer(transaction, ID(id))
    let right = PartyRight(
      rightID: ID(id), kind: kind, caseID: record.caseID, partyID: request.partyID, township: record.origin.township,
      requestText: try seal(request.requestText, "party_right.request"), identityCheck: request.identityCheck,
      receiver: ID(transaction.actor.personID), requestTime: transaction.now,
      clock: try dispute.policies.policies(in: transaction.tx).inForce(at: transaction.now)
        .clock(.answer, from: transaction.now),
      correctedName: kind == .correction ? try seal(request.correctedName, "party.name") : nil,
      correctedPhone: kind == .correction ? try seal(request.correctedPhone, "party.phone") : nil)
    try save(right, "party_right.requested")
    return try shown(right)
  }

  func grant(_ request: DisputeV1.GrantPartyRightRequest) throws -> DisputeV1.GrantPartyRightResponse {
    let (right, record) = try taken(request.rightID, request.expectedVersion) { _ in .grant }
    try save(right, "party_right.granted")
    var response = DisputeV1.GrantPartyRightResponse()
    switch right.kind {
    case .access: response.party = try reveal(right, record)
    case .correction: try correct(right, record)
    case .deletion: try delete(right, record)
    }
    response.right = try shown(right)
    return response
  }

  func refuse(_ request: DisputeV1.RefusePartyRightRequest) throws -> DisputeV1.PartyRight {
    let (right, _) = try taken(request.rightID, request.expectedVersion) { seal in
      .refuse(reason: try seal(request.refusalReason, "party_right.refusal"))
    }
    try save(right, "party_right.refused")
    return try shown(right)
  }

  func withdraw(_ request: DisputeV1.WithdrawPartyRightRequest) throws -> DisputeV1.PartyRight {
    let (right, _) = try taken(request.rightID, request.expectedVersion) { _ in .withdraw }
    try save(right, "party_right.withdrawn")
    return try shown(right)
  }

  func list(_ request: DisputeV1.ListPartyRightsRequest) throws -> DisputeV1.ListPartyRightsResponse {
    let size = try Expected.pageSize(request.pageSize)
    let township = try dispute.listedTownship(request.areaCode, for: transaction.actor, in: transaction.tx)
    let found = try dispute.rights.list(
      township: township, state: PartyRight.State(wire: request.state), below: ListToken.position(request.pageToken),
      limit: size + 1, in: transaction.tx)
    let page = found.prefix(size)
    return .init(
      rights: try page.map(shown),
      nextPageToken: found.count > size
        ? page.last.map { ListToken.text($0.requestTime, $0.rightID.text) } ?? "" : "")
  }

  // MARK: - What is done

  private func reveal(_ right: PartyRight, _ record: Case) throws -> DisputeV1.Party? {
    guard let party = record.parties.first(where: { $0.partyID == right.partyID }) else { return nil }
    try transaction.recordPersonalRead(
      of: ["parties"], aggregateType: DisputeShell.aggregateType, aggregateID: record.caseID.text,
      version: Int64(record.version), reason: "PARTY_RIGHT_ACCESS \(right.rightID.text)",
      correlationID: record.caseID.text)
    return DisputeV1.Party(
      partyID: party.partyID, role: party.role.wire(), name: try open(party.name), phone: try open(party.phone),
      consented: party.hasConsented, organisation: party.isOrganisation)
  }

  /// The case gets the corrected texts; what stood there before is destroyed.
  private func correct(_ right: PartyRight, _ record: Case) throws {
    guard let party = record.parties.first(where: { $0.partyID == right.partyID }) else { return }
    let world = try dispute.surroundings(of: record, actor: transaction.actor, in: transaction.tx)
    let name = try right.correctedName.flatMap { try seal(again: $0, "party.name", record) }
    let phone = try right.correctedPhone.flatMap { try seal(again: $0, "party.phone", record) }
    let event = Case.Event(
      .partyCorrected(partyID: party.partyID, name: name, phone: phone), clocks: [],
      time: max(transaction.now, record.changeTime))
    _ = try dispute.save(event, on: record, world, transaction)
    if name != nil { try erase(party.name) }
    if phone != nil { try erase(party.phone) }
  }

  /// Under the case, where the party's other data lies.
  private func seal(again text: Case.SealedText, _ kind: String, _ record: Case) throws -> Case.SealedText? {
    try Sealer(transaction, record.caseID)(try open(text), kind)
  }

  private func delete(_ right: PartyRight, _ record: Case) throws {
    guard let party = record.parties.first(where: { $0.partyID == right.partyID }) else { return }
    try erase(party.name)
    try erase(party.phone)
    for other in try dispute.rights.rights(of: record.caseID, in: transaction.tx)
    where other.partyID == party.partyID {
      try erase(other.correctedName)
      try erase(other.correctedPhone)
    }
    try dispute.index.forgetPartyKey(of: record.caseID, party: party.partyID, in: transaction.tx)
  }

  private func erase(_ sealed: Case.SealedText?) throws {
    guard let sealed else { return }
    try transaction.sealedTexts.erase(sealed.sealedID, at: transaction.now, in: transaction.tx)
  }

  /// Another policy or calendar: the clocks of what nobody has decided go along. How many did.
  func rederive(_ change: (Clock) -> Clock) throws -> Int {
    var count = 0
    for id in try dispute.rights.findOpen(in: transaction.tx) {
      guard var right = try dispute.rights.load(id, in: transaction.tx) else { continue }
      let clock = change(right.clock)
      guard clock != right.clock else {
        try dispute.setTimer(of: .right(id), clock, transaction)
        continue
      }
      right.clock = clock
      try save(right, "party_right.clock_rederived")
      count += 1
    }
    return count
  }

  // MARK: - Who, and what is written down

  private func taken(
    _ rightID: String, _ expectedVersion: UInt64, _ command: (Sealer) throws -> PartyRight.Command
  ) throws -> (PartyRight, Case) {
    guard let right = try dispute.rights.load(ID(rightID), in: transaction.tx),
      let record = try dispute.cases.load(right.caseID, in: transaction.tx)
    else { throw Refused(.notFound, .rightNotFound) }
    let parts = try parts(in: right.township)
    guard !parts.isEmpty else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    try Expected.version(expectedVersion, of: right.version)
    let changed = try right.taking(
      try command(Sealer(transaction, ID(rightID))), by: transaction.actor, as: parts,
      caseHasEnded: record.state.isTerminal, at: transaction.now)
    return (changed, record)
  }

  private func parts(in township: AreaCode) throws -> Set<PartyRight.Part> {
    let organisation = try dispute.directory.organisation(ID(transaction.actor.organisationID), in: transaction.tx)
    return PartyRight.parts(of: transaction.actor, organisation, in: township)
  }

  private func save(_ right: PartyRight, _ eventType: String) throws {
    try dispute.rights.save(right, in: transaction.tx)
    try dispute.setTimer(of: .right(right.rightID), right.clock, transaction)
    try write(right, eventType)
  }

  /// Its clock has warned; the request stays as it is.
  func warn(of right: PartyRight, _ rung: Case.FiredRung) throws {
    try write(right, "clock.\(rung.rung.rawValue.lowercased())", warned: rung)
  }

  private func write(_ right: PartyRight, _ eventType: String, warned: Case.FiredRung? = nil) throws {
    let calendar = try dispute.calendars.calendar(in: transaction.tx)
    let event = DisputeV1.PartyRightEvent(
      right: try FindingView.bare(calendar, at: transaction.now).wire(right),
      requestText: DisputeV1.SealedRef(right.requestText), refusalReason: DisputeV1.SealedRef(right.refusalReason),
      correctedName: DisputeV1.SealedRef(right.correctedName),
      correctedPhone: DisputeV1.SealedRef(right.correctedPhone), floorDueTime: right.clock.floorDue.wire,
      clockWarned: warned.map { DisputeV1.ClockWarned($0) })
    try transaction.record(
      eventType: eventType, aggregateType: "party_right", aggregateID: right.rightID.text,
      version: Int64(right.version), correlationID: right.caseID.text, payload: event.encoded())
  }

  private func shown(_ right: PartyRight) throws -> DisputeV1.PartyRight {
    let view = FindingView.masked(
      try dispute.calendars.calendar(in: transaction.tx), at: transaction.now, transaction.sealedTexts,
      in: transaction.tx
    ).showing(try dispute.warnings(in: transaction.tx))
    return try view.wire(
      right, name: Masking.name(try open(right.correctedName)), phone: Masking.phone(try open(right.correctedPhone)))
  }

  private func open(_ sealed: Case.SealedText?) throws -> String {
    guard let sealed else { return "" }
    return try transaction.sealedTexts.open(sealed.sealedID, in: transaction.tx) ?? ""
  }
}

/// Destroys what has been kept long enough: at its instant, and once for all.
struct RetentionTimer: Timers {
  let dispute: DisputeShell

  /// Cases in one transaction.
  private static let batch = 200

  func fire(at now: Timestamp) async throws -> Int {
    var total = 0
    while true {
      let (keys, identities) = try await sweep(before: now, limit: Self.batch)
      total += keys + identities
      if keys + identities == 0 { return total }
    }
  }

  func next() async throws -> Timestamp? {
    try await dispute.shell.read { reading in
      try RetainedData.allCases.compactMap { what in
        try dispute.rights.due(what, before: Timestamp(microseconds: .max), limit: 1, in: reading).first?.dueTime
      }.min()
    }
  }

  private func sweep(before now: Timestamp, limit: Int) async throws -> (keys: Int, identities: Int) {
    try await dispute.shell.apply(as: .system(county: dispute.county.text), at: now) { transaction in
      try Self.sweep(dispute, transaction, limit: limit)
    }
  }

  /// What is due at the transaction's time.
  static func sweep(
    _ dispute: DisputeShell, _ transaction: CommandTransaction, limit: Int
  ) throws -> (keys: Int, identities: Int) {
    let keys = try dispute.rights.due(.keys, before: transaction.now, limit: limit, in: transaction.tx)
    for due in keys {
      let count = try dispute.index.forgetPartyKeys(of: due.caseID, in: transaction.tx)
      try dispute.rights.markDestroyed(.keys, of: due.caseID, in: transaction.tx)
      try record("party_keys.destroyed", due.caseID, due.endTime, count, transaction)
    }
    let identities = try dispute.rights.due(.identity, before: transaction.now, limit: limit, in: transaction.tx)
    for due in identities {
      guard let found = try dispute.cases.load(due.caseID, in: transaction.tx) else { continue }
      let corrections = try dispute.rights.rights(of: due.caseID, in: transaction.tx)
        .flatMap { [$0.correctedName, $0.correctedPhone] }
      var count = 0
      for sealed in found.parties.flatMap({ [$0.name, $0.phone] }) + corrections {
        guard let sealed else { continue }
        let isGone = try transaction.sealedTexts.erase(sealed.sealedID, at: transaction.now, in: transaction.tx)
        count += isGone ? 1 : 0
      }
      try dispute.rights.markDestroyed(.identity, of: due.caseID, in: transaction.tx)
      try record("party_identity.destroyed", due.caseID, due.endTime, count, transaction)
    }
    return (keys.count, identities.count)
  }

  private static func record(
    _ eventType: String, _ caseID: ID<Case>, _ endTime: Timestamp, _ count: Int, _ transaction: CommandTransaction
  ) throws {
    let event = DisputeV1.RetentionEvent(
      caseID: caseID.text, endTime: GoogleProtobuf.Timestamp(endTime), destroyedCount: Int32(clamping: count))
    try transaction.record(
      eventType: eventType, aggregateType: "retention", aggregateID: caseID.text, version: 1,
      correlationID: caseID.text, payload: event.encoded())
  }
}

extension Reason {
  static let partyNotFound = Reason(
    "PARTY_NOT_FOUND", zh: "该案件没有这名当事人。", en: "The case has no such party.", field: "party_id")
  static let rightNotFound = Reason(
    "RIGHT_NOT_FOUND", zh: "没有这项申请。", en: "There is no such request.", field: "right_id")
  static let rightKindMissing = Reason(
    "RIGHT_KIND_MISSING", zh: "请选择查阅、更正或删除。", en: "Say whether it is access, correction or deletion.", field: "kind")
  static let identityNotChecked = Reason(
    "IDENTITY_NOT_CHECKED", zh: "请写明如何核实了申请人身份。", en: "Say how it was made sure that it is the party who asks.",
    field: "identity_check")
  static let correctionMissing = Reason(
    "CORRECTION_MISSING", zh: "更正申请须填写正确的姓名或电话。", en: "A correction needs the right name or telephone.",
    field: "corrected_name")
  static let rightAlreadyOpen = Reason(
    "RIGHT_ALREADY_OPEN", zh: "该当事人已有同类申请在办。", en: "The party's request of this kind is open already.")
}
