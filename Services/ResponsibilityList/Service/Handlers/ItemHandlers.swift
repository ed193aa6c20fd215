import Kernel
import Persistence
import RPC
import ResponsibilityListContract
import ResponsibilityListDomain
import ResponsibilityListStore
import Runtime
import Wire

/// The items of a list, to read.
struct ItemHandlers: ResponsibilityListV1.ItemService {
  let shell: CommandShell
  let content: ListContent

  func getItem(
    _ request: ResponsibilityListV1.GetItemRequest, context: ServerContext
  ) async throws -> ResponsibilityListV1.GetItemResponse {
    let day = try RequestedDay.parse(request.asOfDate, field: "as_of_date", now: shell.time.now())
    return try shell.readInline { reading in
      let list = try content.list(id: request.listVersionID, or: day, in: reading)
      guard let item = try content.items.load(request.itemCode, ofList: list.id, in: reading) else {
        throw Refused(.notFound, .itemNotFound.at("item_code"))
      }
      return .init(item: try .init(decoding: item), listVersionID: list.id, listNumber: list.number)
    }
  }

  func listItems(
    _ request: ResponsibilityListV1.ListItemsRequest, context: ServerContext
  ) async throws -> ResponsibilityListV1.ListItemsResponse {
    let day = try RequestedDay.parse(request.asOfDate, field: "as_of_date", now: shell.time.now())
    let page = try Page(size: request.pageSize, token: request.pageToken)
    return try await shell.read { reading in
      let list = try content.list(id: request.listVersionID, or: day, in: reading)
      let items = try self.items(request, page, ofList: list.id, in: reading)
      return .init(
        items: items, nextPageToken: page.next(items, key: \.itemCode), listVersionID: list.id, listNumber: list.number)
    }
  }

  private func items(
    _ request: ResponsibilityListV1.ListItemsRequest, _ page: Page, ofList list: String, in reading: ReadTransaction
  ) throws -> [ResponsibilityListV1.Item] {
    try content.items.list(
      ofList: list, domainName: request.domainName.isEmpty ? nil : request.domainName,
      mainLevel: request.mainLevel.word(prefix: "SUBJECT_LEVEL_"), after: page.after, limit: page.limit, in: reading
    ).map { try .init(decoding: $0) }
  }
}
