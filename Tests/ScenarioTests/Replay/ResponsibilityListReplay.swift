import Access
import Journal
import Kernel
import Persistence
import ResponsibilityListContract
import ResponsibilityListDomain
@testable import ResponsibilityListService
import ResponsibilityListStore
import Runtime
import Wire

/// Lists, items and answers from responsibility-list's own journal.
enum ResponsibilityListReplay: Replaying {
  static var identity: ServiceIdentity { .responsibilityList }
  static var migrations: [Migration] { ResponsibilityListService.migrations }

  static let told: [String: Set<String>] = [
    "list_versions": [], "list_items": [], "imported_items": [], "determinations": [],
  ]

  static let elsewhere = [
    "organisations_heard": "grid-registry, by the relay", "directory_version": "grid-registry, by the relay",
  ]

  static func replay(_ lines: [JournalEntry], county: AreaCode, in tx: WriteTransaction) throws {
    var lists: [String: ListVersion] = [:]
    for line in lines {
      switch line.draft.aggregateType {
      case "list_version":
        let message = try ResponsibilityListV1.ListVersionEvent(decoding: line.draft.payload)
        guard let event = ListVersion.Event(message, id: line.draft.aggregateID) else { throw NotReplayed(line) }
        if let opened = ListVersion(event, at: line.draft.occurTime) {
          lists[line.draft.aggregateID] = opened
        } else {
          lists[line.draft.aggregateID]?.apply(event, at: line.draft.occurTime)
        }
        if case .itemPut(let put)? = message.event { try replay(put, line, county, tx) }
      case "determination": try replayDetermination(line, county, tx)
      default: throw NotReplayed(line)
      }
    }
    for list in lists.values { try ListVersionStore(county: county.text).save(list, in: tx) }
  }

  private static func replay(
    _ put: ResponsibilityListV1.ItemPut, _ line: JournalEntry, _ county: AreaCode, _ tx: WriteTransaction
  ) throws {
    guard let item = put.item else { throw NotReplayed(line) }
    let store = ListItemStore(county: county.text)
    try store.save(ListItem(item), content: item.encoded(), ofList: line.draft.aggregateID, in: tx)
    try store.saveImported(
      source: put.source, externalRef: put.externalRef, code: item.itemCode, ofList: line.draft.aggregateID, in: tx)
  }

  private static func replayDetermination(_ line: JournalEntry, _ county: AreaCode, _ tx: WriteTransaction) throws {
    guard case .made(let made)? = try ResponsibilityListV1.DeterminationEvent(decoding: line.draft.payload).event,
      let answer = made.answer, let verdict = made.verdict.word(prefix: "VERDICT_", as: Determination.Verdict.self)
    else { throw NotReplayed(line) }
    try DeterminationStore(county: county.text).save(
      .init(
        id: made.determinationID, townshipCode: made.townshipCode, askerPersonID: line.draft.actor.personID,
        askerOrganisationID: line.draft.actor.organisationID, listVersionID: made.listVersionID,
        verdict: verdict.rawValue, itemCode: made.itemCode, makeTime: line.draft.occurTime,
        sealedTextID: made.text?.sealedID ?? "", answer: answer.encoded()), in: tx)
  }
}
