import GridRegistryStore
import GridRegistryContract
import GridRegistryDomain
import Kernel
import RPC

/// The county's places.
struct AreaHandlers: GridRegistryV1.AreaService {
  let shell: GridRegistryShell

  func getArea(
    _ request: GridRegistryV1.GetAreaRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GetAreaResponse {
    try shell.readInline(context) { registry, reading in
      let area = try AreaCode(request.areaCode).flatMap { try registry.areas.load($0, in: reading) }
      guard let area else { throw Refused(.notFound, .areaNotFound.at("area_code")) }
      let ancestors = try area.ancestorCodes.compactMap { try registry.areas.load($0, in: reading) }
      return .init(area: .init(area), ancestors: ancestors.map { .init($0) })
    }
  }

  func listAreas(
    _ request: GridRegistryV1.ListAreasRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ListAreasResponse {
    let page = try Page(size: request.pageSize, token: request.pageToken)
    let parent = try AreaCode(filter: request.parentCode, field: "parent_code")
    return try await shell.read(context) { registry, reading in
      let areas = try registry.areas.list(below: parent, after: page.after, limit: page.limit, in: reading)
      return .init(areas: areas.map { .init($0) }, nextPageToken: page.next(areas, id: \.code.text))
    }
  }

  func importAreas(
    _ request: GridRegistryV1.ImportAreasRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ImportAreasResponse {
    try await shell.performImport(context) { try $0.importAreas(request) }
  }
}

extension Area {
  /// From the nearest to the province.
  fileprivate var ancestorCodes: [AreaCode] {
    AreaCode.Level.allCases.filter { $0 < code.level }.reversed().map(code.ancestor)
  }
}

extension AreaCode {
  /// A filter: empty means none; anything else is a code.
  init?(filter text: String, field: String) throws(Refused) {
    if text.isEmpty { return nil }
    guard let code = AreaCode(text) else { throw Refused(.invalidArgument, .areaCodeInvalid.at(field)) }
    self = code
  }
}
