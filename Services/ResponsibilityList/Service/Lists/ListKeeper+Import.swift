import CommonContract
import Kernel
import Persistence
import ResponsibilityListContract
import ResponsibilityListDomain
import ResponsibilityListStore
import Runtime
import Wire

extension ListKeeper {
  /// Rows of one batch: more would hold the writer for too long.
  static let mostRows = 500

  /// Puts a batch of items into the draft of that number, each row by itself.
  func importItems(
    _ request: ResponsibilityListV1.ImportListVersionRequest
  ) throws -> ResponsibilityListV1.ImportListVersionResponse {
    try Self.check(request)
    var list = try openDraft(
      .open(
        number: request.number, title: request.title, parentPolicy: request.parentPolicy, isLegacy: request.legacy),
      number: request.number)
    var outcomes = [CommonV1.ImportOutcome]()
    for (index, row) in request.rows.enumerated() {
      var outcome = CommonV1.ImportOutcome(row: Int32(index), externalRef: row.externalRef)
      do {
        let entered = try command.tx.attempt { _ in try enter(row, source: request.source, list) }
        outcome.recordID = row.item?.itemCode ?? ""
        outcome.result = entered == nil ? .alreadyPresent : .added
        outcome.changed = entered.map { !$0.isNew } ?? false
        list = entered?.list ?? list
      } catch let refusal as any Refusal {
        outcome.result = .refused
        outcome.reasons = refusal.reasons.map { .init($0) }
      }
      outcomes.append(outcome)
    }
    return .init(listVersion: .init(list), outcomes: outcomes)
  }

  /// What would become of a batch: it goes in, for whoever undoes it.
  func rehearse(
    _ request: ResponsibilityListV1.RehearseListVersionRequest
  ) throws -> ResponsibilityListV1.RehearseListVersionResponse {
    let answer = try importItems(.init(source: request.source, number: request.number, rows: request.rows))
    return .init(listVersion: answer.listVersion, outcomes: answer.outcomes)
  }

  /// Puts one row in; `nil` if it says what is there already.
  private func enter(
    _ row: ResponsibilityListV1.ImportedItem, source: String, _ list: ListVersion
  ) throws -> (list: ListVersion, isNew: Bool)? {
    let item = ListItem(row.item ?? .init())
    let message = ResponsibilityListV1.Item(item)
    let items = content.items
    let imported = try items.imported(
      source: source, externalRef: row.externalRef, ofList: list.id, in: command.tx)
    try Self.check(row, item: item, becameBefore: imported)
    let stored = try items.load(item.code, ofList: list.id, in: command.tx)
    let encoded = message.encoded()
    if stored == encoded { return nil }
    try items.save(item, content: encoded, ofList: list.id, in: command.tx)
    try items.saveImported(
      source: source, externalRef: row.externalRef, code: item.code, ofList: list.id, in: command.tx)
    let put = try carryOut(
      .putItem(code: item.code, isNew: stored == nil), on: list,
      put: .init(item: message, source: source, externalRef: row.externalRef, added: stored == nil))
    return (put, stored == nil)
  }

  private static func check(_ request: ResponsibilityListV1.ImportListVersionRequest) throws(Refused) {
    var reasons = [Reason]()
    if request.source.isEmpty { reasons.append(.sourceMissing) }
    if !IdentifierScan.isShort(request.source) { reasons += IdentifierScan.longSource }
    if request.number.isEmpty { reasons.append(.listNumberMissing) }
    if request.rows.count > mostRows { reasons.append(.tooManyRows.at("rows").with("most", String(mostRows))) }
    guard reasons.isEmpty else { throw Refused(.invalidArgument, reasons) }
  }

  private static func check(
    _ row: ResponsibilityListV1.ImportedItem, item: ListItem, becameBefore: String?
  ) throws(Refused) {
    var reasons = item.importReasons + IdentifierScan.faults(ofRow: row)
    if row.externalRef.isEmpty { reasons.append(.externalRefMissing) }
    if let becameBefore, becameBefore != item.code {
      reasons.append(.externalRefTaken.with("item_code", becameBefore))
    }
    guard reasons.isEmpty else { throw Refused(.invalidArgument, reasons) }
  }
}

extension Reason {
  static let sourceMissing = Reason(
    "SOURCE_MISSING", zh: "缺少数据来源。", en: "Say where the rows come from.", field: "source")
  static let tooManyRows = Reason("BATCH_SIZE_INVALID", zh: "每批行数过多。", en: "The batch has too many rows.")
  static let externalRefMissing = Reason(
    "EXTERNAL_REF_MISSING", zh: "该行没有来源编号。", en: "The row has no name at its source.", field: "external_ref")
  static let externalRefTaken = Reason(
    "EXTERNAL_REF_TAKEN", zh: "该来源编号已对应另一事项。", en: "The row became another item before.", field: "external_ref")
}
