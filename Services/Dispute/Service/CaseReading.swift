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
    let size = request.pageSize == 0 ? 50 : Int(request.pageSize)
    guard (1...200).contains(size) else { throw Refused(.invalidArgument, .pageSizeWrong) }
    let filter = CaseFilter(
      area: try area(request), state: Case.State(wire: request.state), organisation: request.orgID.given())
    let position = try PageToken.position(request.pageToken)
    let found = try dispute.cases.list(filter, below: position, limit: size + 1, county: dispute.county, in: reading)
    let page = found.prefix(size)
    let view = try view(.list, dispute.world(in: reading))
    return .init(
      cases: try page.map { try view.wire($0) },
      nextPageToken: found.count > size ? page.last.map(PageToken.text) ?? "" : "")
  }

  func count(_ request: DisputeV1.CountCasesRequest) throws -> DisputeV1.CountCasesResponse {
    let grouping: CaseGrouping
    switch request.groupBy {
    case .state: grouping = .state
    case .level: grouping = .level
    case .township: grouping = .township
    case .organisation: grouping = .organisation
    case .unspecified, .unrecognized: throw Refused(.invalidArgument, .groupByMissing)
    }
    let area = try area(.init(areaCode: request.areaCode))
    let township = area?.level == .county ? nil : area
    guard township == nil || township?.level == .township else { throw Refused(.invalidArgument, .areaCodeWrong) }
    let counts = try dispute.cases.count(by: grouping, township: township, in: reading)
    return .init(
      counts: counts.sorted { ($1.count, $0.key) < ($0.count, $1.key) }
        .map { .init(key: $0.key, caseCount: Int64($0.count)) },
      totalCount: counts.reduce(0) { $0 + Int64($1.count) })
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

  /// The area that is asked for, at most the caller's own township unless the caller serves the county or asks for the own cases.
  private func area(_ request: DisputeV1.ListCasesRequest) throws -> AreaCode? {
    let code = request.areaCode
    let asked = code.isEmpty ? nil : AreaCode(code)
    guard code.isEmpty || asked != nil else { throw Refused(.invalidArgument, .areaCodeWrong) }
    if actor.role.servesCounty || request.orgID == actor.organisationID { return asked }
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
  static let pageSizeWrong = Reason(
    "PAGE_SIZE_INVALID", zh: "每页须为 1 至 200 条。", en: "A page has 1 to 200 rows.", field: "page_size")
  static let pageTokenWrong = Reason(
    "PAGE_TOKEN_INVALID", zh: "翻页标记无效。", en: "The page token is not one of ours.", field: "page_token")
  static let areaCodeWrong = Reason(
    "AREA_CODE_INVALID", zh: "区划代码无效。", en: "The area code is not a 12-digit code.", field: "area_code")
}
