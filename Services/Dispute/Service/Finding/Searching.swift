import Access
import DisputeContract
import DisputeDomain
import DisputeStore
import Journal
import Kernel
import Persistence
import Runtime
import TextSearch

/// What one caller finds, inside one picture of the database.
struct Searching<Transaction: Reading> {
  private let dispute: DisputeShell
  private let actor: Actor
  private let reading: Transaction
  private let texts: SealedTexts

  /// Cases that one page looks at, at most, and of how many it opens the texts.
  private static var looked: Int { 5_000 }
  private static var opened: Int { 1_000 }

  init(_ dispute: DisputeShell, _ actor: Actor, _ reading: Transaction) {
    self.dispute = dispute
    self.actor = actor
    self.reading = reading
    texts = SealedTexts(dispute.shell.cryptography)
  }

  func search(_ request: DisputeV1.SearchCasesRequest) throws -> DisputeV1.SearchCasesResponse {
    let size = request.pageSize == 0 ? 20 : Int(request.pageSize)
    guard (1...100).contains(size) else { throw Refused(.invalidArgument, .searchPageSizeWrong) }
    let query = try SearchQuery(request.text)
    let scope = try scope(request.areaCode)
    let state = Case.State(wire: request.state)
    let below = try DocumentToken.position(request.pageToken)
    var found: [DisputeV1.FoundCase] = []
    var (looked, opened, last, isMore) = (0, 0, below, false)
    let view = try view()
    try dispute.index.walk(having: query.keys(keyed: dispute.keys.key), below: below, in: reading) { document in
      if found.count == size || looked == Self.looked || opened == Self.opened {
        isMore = true
        return false
      }
      (looked, last) = (looked + 1, document)
      guard let record = try visible(document, scope, state) else { return true }
      opened += 1
      if let one = try match(record, query, view) { found.append(one) }
      return true
    }
    return .init(found: found, nextPageToken: isMore ? DocumentToken.text(last) : "")
  }

  /// The case, if the caller may see it and asks for such.
  private func visible(_ document: Int, _ scope: SearchScope, _ state: Case.State?) throws -> Case? {
    guard let entry = try dispute.index.document(document, in: reading), scope.mayContain(entry.township),
      let record = try dispute.cases.head(entry.caseID, in: reading), scope.contains(record),
      state == nil || record.state == state
    else { return nil }
    return record
  }

  /// What is found of it, if it has every word without a gap.
  private func match(_ record: Case, _ query: SearchQuery, _ view: CaseView) throws -> DisputeV1.FoundCase? {
    let (title, narrative) = (try open(record.origin.title), try open(record.origin.narrative))
    guard let place = query.match(title: NormalizedText(title), narrative: NormalizedText(narrative)) else {
      return nil
    }
    return .init(caseRecord: try view.wire(record), inTitle: place.inTitle, inNarrative: place.inNarrative)
  }

  private func scope(_ areaCode: String) throws -> SearchScope {
    let asked = areaCode.isEmpty ? nil : AreaCode(areaCode)
    guard areaCode.isEmpty || asked != nil else { throw Refused(.invalidArgument, .areaCodeWrong) }
    if actor.role.servesCounty { return SearchScope(area: asked, own: nil, organisation: nil) }
    let own = try dispute.directory.organisation(ID(actor.organisationID), in: reading)?.township
    if let asked, let own, !asked.isWithin(own), !own.isWithin(asked) {
      throw Refused(.permissionDenied, .jurisdictionMismatch)
    }
    return SearchScope(area: asked, own: own, organisation: ID(actor.organisationID))
  }

  private func view() throws -> CaseView {
    CaseView(
      texts: .list, calendar: try dispute.calendars.calendar(in: reading), now: dispute.shell.time.now()
    ) { sealed in try texts.open(sealed.sealedID, in: reading) }
  }

  private func open(_ sealed: Case.SealedText?) throws -> String {
    guard let sealed else { return "" }
    return try texts.open(sealed.sealedID, in: reading) ?? ""
  }
}

/// Which cases a caller's search may show.
struct SearchScope {
  let area: AreaCode?
  /// The caller's township; `nil` with an organisation: only what that organisation handles.
  let own: AreaCode?
  /// `nil`: the caller serves the county.
  let organisation: ID<Organisation>?

  /// Before the case is read: not every township is looked at for its own sake.
  func mayContain(_ township: AreaCode) -> Bool {
    guard let area else { return true }
    return township.isWithin(area) || area.isWithin(township)
  }

  func contains(_ record: Case) -> Bool {
    if let area, !record.origin.area.isWithin(area) { return false }
    guard let organisation else { return true }
    return record.origin.township == own || record.handlingOrganisation == organisation
  }
}

/// Where a search or a list by number goes on.
enum DocumentToken {
  static func text(_ document: Int) -> String { Array("d\(document)".utf8).hexadecimal }

  static func position(_ token: String) throws(Refused) -> Int {
    if token.isEmpty { return .max }
    let text = [UInt8](hexadecimal: token).map { String(decoding: $0, as: UTF8.self) }
    guard let text, text.hasPrefix("d"), let document = Int(text.dropFirst()), document >= 0 else {
      throw Refused(.invalidArgument, .pageTokenWrong)
    }
    return document
  }
}

extension Reason {
  static let searchPageSizeWrong = Reason(
    "PAGE_SIZE_INVALID", zh: "每页须为 1 至 100 条。", en: "A page has 1 to 100 rows.", field: "page_size")
}
