import Journal
import Kernel
import Persistence
import ResponsibilityListContract
import ResponsibilityListDomain
import ResponsibilityListStore
import Wire

/// The lists and their items, as one reads them.
struct ListContent: Sendable {
  let lists: ListVersionStore
  let items: ListItemStore
  private let sha256: @Sendable ([UInt8]) -> [UInt8]

  init(county: String, cryptography: Cryptography) {
    lists = ListVersionStore(county: county)
    items = ListItemStore(county: county)
    sha256 = cryptography.sha256
  }

  func list(id: String, in reading: some Reading) throws -> ListVersion {
    guard let list = try lists.load(id, in: reading) else { throw Refused(.notFound, .listNotFound) }
    return list
  }

  /// The list in force on a day.
  func list(inForceOn date: CivilDate, in reading: some Reading) throws -> ListVersion {
    guard let list = try lists.inForce(on: date, in: reading), list.isInForce(on: date) else {
      throw Refused(.failedPrecondition, .noListInForce.with("as_of_date", date.description))
    }
    return list
  }

  /// The list with that id, or the one in force on `date` where it is empty.
  func list(id: String, or date: CivilDate, in reading: some Reading) throws -> ListVersion {
    id.isEmpty ? try list(inForceOn: date, in: reading) : try list(id: id, in: reading)
  }

  /// All items of a list.
  func items(ofList id: String, in reading: some Reading) throws -> [ListItem] {
    try items.all(ofList: id, in: reading).map { ListItem(try ResponsibilityListV1.Item(decoding: $0)) }
  }

  /// A list's items as a whole: their findings, and the digest over what they say.
  func summary(ofList id: String, in reading: some Reading) throws -> ListVersion.Content {
    let contents = try items.all(ofList: id, in: reading)
    let items = try contents.map { ListItem(try ResponsibilityListV1.Item(decoding: $0)) }
    return ListVersion.Content(
      itemCount: contents.count, digest: sha256(contents.flatMap(sha256)).hexadecimal,
      findings: ItemFindings.all(of: items))
  }
}

extension Reason {
  static let listNotFound = Reason("LIST_NOT_FOUND", zh: "没有这份清单。", en: "There is no such list.")
  static let itemNotFound = Reason("ITEM_NOT_FOUND", zh: "清单中没有该事项。", en: "The list has no such item.")
  static let noListInForce = Reason(
    "NO_LIST_IN_FORCE", zh: "该日期没有生效的责任清单。", en: "No list is in force on that day.", field: "as_of_date")
}
