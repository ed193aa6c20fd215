import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Kernel
import RPC

/// The county's grids.
struct GridHandlers: GridRegistryV1.GridService {
  let shell: GridRegistryShell

  func createGrid(
    _ request: GridRegistryV1.CreateGridRequest, context: ServerContext
  ) async throws -> GridRegistryV1.CreateGridResponse {
    let message = request.grid ?? .init()
    return try await shell.perform(request, request.requestID, context) {
      .init(grid: .init(try $0.create(.init(message), id: message.gridID)))
    }
  }

  func getGrid(
    _ request: GridRegistryV1.GetGridRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GetGridResponse {
    try shell.readInline(context) { registry, reading in
      .init(grid: .init(try registry.grid(request.gridID, in: reading)))
    }
  }

  func listGrids(
    _ request: GridRegistryV1.ListGridsRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ListGridsResponse {
    let page = try Page(size: request.pageSize, token: request.pageToken)
    let township = try AreaCode(filter: request.townshipCode, field: "township_code")
    return try await shell.read(context) { registry, reading in
      let grids = try registry.grids.list(
        township: township, kind: request.gridType.word(prefix: "TYPE_"), after: page.after, limit: page.limit,
        in: reading)
      return .init(grids: grids.map { .init($0) }, nextPageToken: page.next(grids, id: \.id.text))
    }
  }

  func countGrids(
    _ request: GridRegistryV1.CountGridsRequest, context: ServerContext
  ) async throws -> GridRegistryV1.CountGridsResponse {
    let township = try AreaCode(filter: request.townshipCode, field: "township_code")
    return try await shell.read(context) { registry, reading in
      let counts = try registry.grids.count(in: reading).filter { township == nil || $0.townshipCode == township }
      return .init(counts: counts.map { .init($0) }, totalCount: Int64(counts.reduce(0) { $0 + $1.grids }))
    }
  }

  func importGrids(
    _ request: GridRegistryV1.ImportGridsRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ImportGridsResponse {
    try await shell.performImport(context) { try $0.importGrids(request) }
  }
}
