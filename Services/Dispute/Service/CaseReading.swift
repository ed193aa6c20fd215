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

/// What one caller reads, inside one picture of the database.
struct CaseReading<Transaction: Reading> {
  private let dispute: DisputeShell
  private let actor: Actor
  private let reading: Transaction

  init(_ dispute: DisputeShell, _ actor: Actor, _ reading: Transaction) {
    self.dispute = dispute
    self.actor = actor
    self.reading = reading
  }

  func get(_ request: DisputeV1.GetCaseRequest) throws -> DisputeV1.Case {
    let id: ID<Case>? =
      switch request.key {
      case .caseID(let id): ID(id)
      case .number(let number): try dispute.cases.find(number: number, in: reading)
      case nil: nil
      }
    let (record, world) = try readable(id?.text ?? "")
    return try view(.masked, world).wire(record)
  }

  func list(_ request: DisputeV1.ListCasesRequest) throws -> DisputeV1.ListCasesResponse {
    let size = try Expected.pageSize(request.pageSize)
    let filter = try filter(request)
    let position = try PageToken.position(request.pageToken)
    let world = try dispute.world(in: reading)
    let (page, last) = try page(of: filter, dueBefore: request.dueBeforeTime?.kernel, below: position, size, world)
    let view = try view(.list, world)
    return .init(cases: try page.map { try view.wire($0) }, nextPageToken: last.map(PageToken.text) ?? "")
  }

  /// Cases that are looked at for one page of what is due: when it is due is in no row.
  private static var looked: Int { 2_000 }

  /// At most `size` cases, and the one below which the next page begins; `nil`: nothing follows.
  private func page(
    of filter: CaseFilter, dueBefore: Timestamp?, below start: CasePosition, _ size: Int, _ world: Surroundings
  ) throws -> (page: [Case], last: Case?) {
    func read(below position: CasePosition) throws -> [Case] {
      try dispute.cases.list(filter, below: position, limit: size + 1, county: dispute.county, in: reading)
    }
    guard let dueBefore else {
      let found = try read(below: start)
      return (Array(found.prefix(size)), found.count > size ? found[size - 1] : nil)
    }
    var (page, position, looked): ([Case], CasePosition, Int) = ([], start, 0)
    while true {
      let found = try read(below: position)
      for record in found {
        looked += 1
        let isDue = record.clocks.contains { clock in
          !clock.isStopped && clock.dueTime(in: world.calendar).map { $0 < dueBefore } ?? false
        }
        if isDue { page.append(record) }
        if page.count == size || looked == Self.looked { return (page, record) }
        position = CasePosition(reportTime: record.origin.reportTime, caseID: record.caseID)
      }
      guard found.count > size else { return (page, nil) }
    }
  }

  private func filter(_ request: DisputeV1.ListCasesRequest) throws -> CaseFilter {
    let flags = request.flags.map { Case.Flag(wire: $0) }
    let (state, level) = (Case.State(wire: request.state), Case.Level(wire: request.level))
    guard !flags.contains(nil), state != nil || request.state == .unspecified,
      level != nil || request.level == .unspecified
    else { throw Refused(.invalidArgument, .filterWrong) }
    return CaseFilter(
      area: try area(request), state: state, level: level, flags: Set(flags.compactMap(\.self)),
      organisation: request.orgID.given(), assignee: request.assigneePersonID.given(),
      isTimed: request.dueBeforeTime != nil)
  }

  func count(_ request: DisputeV1.CountCasesRequest) throws -> DisputeV1.CountCasesResponse {
    let grouping: CaseGrouping
    switch request.groupBy {
    case .state: grouping = .state
    case .level: grouping = .level
    case .township: grouping = .township
    case .organisation: grouping = .organisation
    case .discovery: grouping = .discovery
    case .unspecified, .unrecognized: throw Refused(.invalidArgument, .groupByMissing)
    }
    let area = try area(.init(areaCode: request.areaCode))
    let township = area?.level == .county ? nil : area
    guard township == nil || township?.level == .township else { throw Refused(.invalidArgument, .areaCodeWrong) }
    let counts = try dispute.cases.count(by: grouping, township: township, in: reading)
    return .init(
      counts: counts.sorted { ($1.count, $0.key) < ($0.count, $1.key) }
        .map { .init(key: $0.key, caseCount: Int64($0.count)) },
      totalCount: counts.reduce(0) { $0 + Int64($1.count) },
      proactiveCount: grouping != .discovery
        ? 0 : counts.filter { Case.Discovery(rawValue: $0.key)?.isProactive == true }.reduce(0) { $0 + Int64($1.count) }
    )
  }

  func timeline(_ caseID: String) throws -> [DisputeV1.TimelineEntry] {
    _ = try readable(caseID)
    return try Journal.entries(ofAggregate: DisputeShell.aggregateType, caseID, in: reading)
      .sorted { ($0.occurTime, $0.seq) < ($1.occurTime, $1.seq) }
      .map(entry)
  }

  func allowedActions(_ caseID: String) throws -> DisputeV1.ListAllowedActionsResponse {
    let (record, world) = try readable(caseID)
    let actions = record.allowedActions(
      as: record.parts(of: actor, in: world), actor: actor, in: world, at: dispute.shell.time.now())
    return .init(
      actions: actions.map { action, unmet in
        .init(
          action: action.rawValue, allowed: unmet.isEmpty,
          unmetGuards: unmet.map { .init(reason: $0.code, textZh: $0.chinese, textEn: $0.english) })
      }, version: UInt64(record.version))
  }

  // MARK: - Who may look

  func readable(_ caseID: String) throws -> (Case, Surroundings) {
    let (record, world, parts) = try dispute.standing(of: actor, in: caseID, reading)
    let organisation = world.organisations[ID(actor.organisationID)]
    let isInvolved = record.involvedOrganisations.contains { world.acts(ID(actor.organisationID), for: $0) }
    let isLocal = organisation?.township == record.origin.township
    guard actor.role.servesCounty || !parts.isEmpty || isLocal || isInvolved else {
      throw Refused(.permissionDenied, .jurisdictionMismatch)
    }
    return (record, world)
  }

  /// The area that is asked for, at most the caller's own township unless the caller serves the county, or asks for the cases of the
  /// own organisation or for those that the caller answers for.
  private func area(_ request: DisputeV1.ListCasesRequest) throws -> AreaCode? {
    let code = request.areaCode
    let asked = code.isEmpty ? nil : AreaCode(code)
    guard code.isEmpty || asked != nil else { throw Refused(.invalidArgument, .areaCodeWrong) }
    if actor.role.servesCounty || request.orgID == actor.organisationID
      || request.assigneePersonID == actor.personID
    {
      return asked
    }
    let own = try dispute.directory.organisation(ID(actor.organisationID), in: reading)?.township
    guard let own, asked?.isWithin(own) ?? true else { throw Refused(.permissionDenied, .jurisdictionMismatch) }
    return asked ?? own
  }

  private func view(_ texts: CaseView.Texts, _ world: Surroundings) throws -> CaseView {
    let sealedTexts = SealedTexts(dispute.shell.cryptography)
    return CaseView(texts: texts, calendar: world.calendar, now: dispute.shell.time.now(), policies: world.policies) {
      sealed in
      try sealedTexts.open(sealed.sealedID, in: reading)
    }
  }

  private func entry(_ line: JournalEntry) -> DisputeV1.TimelineEntry {
    let isEvent = line.eventType != JournalDraft.personalReadType
    let facts = isEvent ? (try? DisputeV1.CaseEvent(decoding: line.payload))?.facts : nil
    return .init(
      seq: line.seq, occurTime: GoogleProtobuf.Timestamp(line.occurTime), eventType: line.eventType,
      version: UInt64(line.aggregateVersion), actorPersonID: line.actor.personID,
      actorOrgID: line.actor.organisationID, actorRole: line.actor.role.rawValue,
      state: facts?.state ?? .unspecified, level: facts?.level ?? .unspecified,
      handlingOrgID: facts?.handlingOrgID ?? "")
  }
}

/// Where a list goes on: the report time and id of a page's last case.
enum PageToken {
  static func text(_ record: Case) -> String {
    Array("\(record.origin.reportTime.microseconds) \(record.caseID.text)".utf8).hexadecimal
  }

  static func position(_ token: String) throws(Refused) -> CasePosition {
    if token.isEmpty { return .top }
    let words = [UInt8](hexadecimal: token).map {
      String(decoding: $0, as: UTF8.self).split(separator: " ", maxSplits: 1)
    }
    guard let words, words.count == 2, let time = Int64(words[0]) else {
      throw Refused(.invalidArgument, .pageTokenWrong)
    }
    return CasePosition(reportTime: Timestamp(microseconds: time), caseID: ID(String(words[1])))
  }
}

extension Role {
  /// Whether somebody in this role looks at the whole county.
  var servesCounty: Bool {
    switch self {
    case .callOffice, .hotlineOperator, .countyLeadership, .assessmentOffice, .supervision, .auditor, .countyAdmin,
      .integration, .system, .gridCentre, .dataProtectionOfficer:
      true
    default: false
    }
  }
}

extension Reason {
  static let groupByMissing = Reason(
    "GROUP_BY_MISSING", zh: "请选择统计口径。", en: "Say by what the cases are counted.", field: "group_by")
  static let filterWrong = Reason(
    "FILTER_INVALID", zh: "状态、层级或标记不是已知的值。", en: "The state, level or a flag is not one that exists.")
  static let pageTokenWrong = Reason(
    "PAGE_TOKEN_INVALID", zh: "翻页标记无效。", en: "The page token is not one of ours.", field: "page_token")
  static let areaCodeWrong = Reason(
    "AREA_CODE_INVALID", zh: "区划代码无效。", en: "The area code is not a 12-digit code.", field: "area_code")
}
