import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Runtime
import RPC
import Wire

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
    let day = try CivilDate(filter: request.asOfDate, field: "as_of_date")
    return try shell.readInline(context) { registry, reading in
      let grid = try registry.grid(request.gridID, in: reading)
      let heirs = try registry.heirs(of: grid, in: reading)
      guard let day else { return .init(grid: .init(grid), successors: heirs.map { .init($0) }) }
      guard let past = try registry.grid(grid, on: day, in: reading) else {
        throw Refused(.notFound, .gridNotFound.at("as_of_date"))
      }
      return .init(grid: .init(past), successors: heirs.map { .init($0) })
    }
  }

  func listGrids(
    _ request: GridRegistryV1.ListGridsRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ListGridsResponse {
    let page = try Page(size: request.pageSize, token: request.pageToken)
    let township = try AreaCode(filter: request.townshipCode, field: "township_code")
    let day = try CivilDate(filter: request.asOfDate, field: "as_of_date")
    let state: Grid.State? = request.state.word(prefix: "STATE_")
    guard day == nil || state == nil else { throw Refused(.invalidArgument, .gridStateAsOf.at("state")) }
    return try await shell.read(context) { registry, reading in
      let grids = try registry.grids(
        township: township, kind: request.gridType.word(prefix: "TYPE_"), after: page.after, limit: page.limit,
        in: reading
      ) { grid in
        if let day { return try registry.grid(grid, on: day, in: reading)?.withoutUnits }
        return state.map { grid.state == $0 } ?? !grid.wasDropped ? grid : nil
      }
      return .init(grids: grids.map { .init($0) }, nextPageToken: page.next(grids, id: \.id.text))
    }
  }

  func countGrids(
    _ request: GridRegistryV1.CountGridsRequest, context: ServerContext
  ) async throws -> GridRegistryV1.CountGridsResponse {
    let township = try AreaCode(filter: request.townshipCode, field: "township_code")
    let day = try CivilDate(filter: request.asOfDate, field: "as_of_date")
    let start = try CivilDate(filter: request.historyFromDate, field: "history_from_date")
    return try await shell.read(context) { registry, reading in
      let counts = try registry.grids.count(on: day, in: reading).filter {
        township == nil || $0.townshipCode == township
      }
      let history = try start.map { try registry.countHistory(from: $0, township: township, in: reading) } ?? []
      return .init(
        counts: counts.map { .init($0) }, totalCount: Int64(counts.reduce(0) { $0 + $1.grids }),
        history: history.map { .init(date: $0.date, gridCount: Int64($0.count)) })
    }
  }

  func locateGrid(
    _ request: GridRegistryV1.LocateGridRequest, context: ServerContext
  ) async throws -> GridRegistryV1.LocateGridResponse {
    let day = try CivilDate(filter: request.asOfDate, field: "as_of_date") ?? CivilDate(shell.commands.time.now())
    let given = [!request.unitID.isEmpty, request.point != nil, !request.address.isEmpty].count { $0 }
    guard given == 1 else { throw Refused(.invalidArgument, .locationMissing) }
    guard request.address.count <= 200 else { throw Refused(.invalidArgument, .addressTooLong.at("address")) }
    let point = CoverageUnit.Point(latitude: request.point?.latitude, longitude: request.point?.longitude)
    guard (request.point == nil) == (point == nil) else { throw Refused(.invalidArgument, .pointInvalid.at("point")) }
    return try await shell.read(context) { registry, reading in
      let candidates =
        if let point {
          try registry.locate(point: point, on: day, in: reading)
        } else if !request.unitID.isEmpty {
          try registry.locate(unit: request.unitID, on: day, in: reading)
        } else {
          try registry.locate(address: request.address, on: day, in: reading)
        }
      return .init(
        candidates: try registry.likeliest(candidates).compactMap { candidate in
          try registry.grids.load(candidate.grid, in: reading).map { .init(candidate, $0) }
        })
    }
  }

  func getLineage(
    _ request: GridRegistryV1.GetLineageRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GetLineageResponse {
    try await shell.read(context) { registry, reading in
      let grid = try registry.grid(request.gridID, in: reading)
      let before = try registry.lineage(
        from: grid.id, { try registry.grids.predecessors(of: $0, in: reading) }, \.predecessor)
      let after = try registry.lineage(
        from: grid.id, { try registry.grids.successors(of: $0, in: reading) }, \.successor)
      func message(_ link: GridStore.Link) throws -> GridRegistryV1.LineageLink {
        .init(
          predecessorID: link.predecessor.text,
          predecessorCode: try registry.grids.code(of: link.predecessor, in: reading) ?? "",
          successorID: link.successor.text,
          successorCode: try registry.grids.code(of: link.successor, in: reading) ?? "",
          changeKind: link.kind, effectiveDate: link.day, planID: link.planID)
      }
      return .init(grid: .init(grid), predecessors: try before.map(message), successors: try after.map(message))
    }
  }

  func importGrids(
    _ request: GridRegistryV1.ImportGridsRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ImportGridsResponse {
    try await shell.performImport(context) { try $0.importGrids(request) }
  }
}

extension GridRegistryV1.GridCandidate {
  fileprivate init(_ candidate: GridCandidate, _ grid: Grid) {
    self.init(
      gridID: grid.id.text, gridCode: grid.facts.code, name: grid.facts.name, townshipCode: grid.townshipCode.text,
      unitID: candidate.unit, confidence: candidate.confidence, foundBy: candidate.means.rawValue,
      distanceMetres: Int64(candidate.metres))
  }
}

extension Grid {
  /// As lists show it.
  fileprivate var withoutUnits: Grid {
    var grid = self
    grid.facts.units = []
    return grid
  }
}

extension Reason {
  static let gridStateAsOf = Reason(
    "GRID_STATE_AS_OF", zh: "按日期查询时不得再限定状态：当日生效的网格即为所求。",
    en: "With as_of_date the grids are those in effect on that day; leave the state out.")
  static let locationMissing = Reason(
    "LOCATION_MISSING", zh: "须且只能写明单元、坐标、地址之一。", en: "Give exactly one of a unit, a point and an address.")
  static let addressTooLong = Reason(
    "ADDRESS_TOO_LONG", zh: "地址最长200个字符。", en: "An address has at most 200 characters.")
}
