import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Kernel
import Persistence
import RPC

/// Lines of work, who answers for them, and what each grid can do.
struct CapabilityHandlers: GridRegistryV1.CapabilityService {
  let shell: GridRegistryShell

  func upsertLineOfWork(
    _ request: GridRegistryV1.UpsertLineOfWorkRequest, context: ServerContext
  ) async throws -> GridRegistryV1.UpsertLineOfWorkResponse {
    try await shell.perform(request, request.requestID, context) {
      .init(line: .init(try $0.enter(request.line ?? .init(), expected: request.expectedVersion)))
    }
  }

  func listLinesOfWork(
    _ request: GridRegistryV1.ListLinesOfWorkRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ListLinesOfWorkResponse {
    try await shell.read(context) { registry, reading in
      .init(lines: LineOfWork.catalogue(try registry.capabilities.lines(in: reading)).map { .init($0) })
    }
  }

  func setLiaison(
    _ request: GridRegistryV1.SetLiaisonRequest, context: ServerContext
  ) async throws -> GridRegistryV1.SetLiaisonResponse {
    try await shell.perform(request, request.requestID, context) {
      .init(liaison: .init(try $0.setLiaison(request)))
    }
  }

  func endLiaison(
    _ request: GridRegistryV1.EndLiaisonRequest, context: ServerContext
  ) async throws -> GridRegistryV1.EndLiaisonResponse {
    try await shell.perform(request, request.requestID, context) {
      .init(liaison: .init(try $0.endLiaison(.init(request.liaisonID), expected: request.expectedVersion)))
    }
  }

  func listLiaisons(
    _ request: GridRegistryV1.ListLiaisonsRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ListLiaisonsResponse {
    let page = try Page(size: request.pageSize, token: request.pageToken)
    let township = try AreaCode(filter: request.townshipCode, field: "township_code")
    return try await shell.read(context) { registry, reading in
      let found = try registry.capabilities.liaisons(
        township: township, after: page.after, limit: page.limit, in: reading)
      return .init(liaisons: found.map { .init($0) }, nextPageToken: page.next(found, id: \.id.text))
    }
  }

  func getCapabilityMatrix(
    _ request: GridRegistryV1.GetCapabilityMatrixRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GetCapabilityMatrixResponse {
    guard let township = AreaCode(request.townshipCode) else {
      throw Refused(.invalidArgument, .areaCodeInvalid.at("township_code"))
    }
    let page = try Page(size: request.pageSize, token: request.pageToken)
    let date = try shell.date(request.asOfDate, field: "as_of_date")
    return try await shell.read(context) { registry, reading in
      let grids = try registry.grids.list(
        township: township, kind: nil, after: page.after, limit: page.limit, in: reading)
      let rows = try registry.capabilityRows(of: grids.filter { $0.state == .active }, on: date, in: reading)
      return .init(
        rows: rows.map { .init($0) }, nextPageToken: page.next(grids, id: \.id.text),
        gapCount: Int32(clamping: rows.reduce(0) { $0 + $1.cells.count { !$0.gap.isEmpty } }))
    }
  }
}

extension Registry {
  /// The matrix of some grids (P02).
  func capabilityRows(
    of grids: [Grid], on date: CivilDate, in reading: some Reading
  ) throws -> [CapabilityRow] {
    let lines = LineOfWork.catalogue(try capabilities.lines(in: reading))
    var above: [Organisation.ID: [Organisation.ID]] = [:]
    var named: [Liaison.Place: [Liaison]] = [:]
    func liaisons(_ place: Liaison.Place) throws -> [Liaison] {
      if let known = named[place] { return known }
      let found = try capabilities.liaisons(at: place, in: reading)
      named[place] = found
      return found
    }
    return try grids.map { grid in
      let owner = grid.facts.organisationID
      let chain = try above[owner] ?? organisations.dailyChain(from: owner, in: reading).map(\.id)
      above[owner] = chain
      let places = [Liaison.Place.grid(grid.id)] + chain.map { .organisation($0) }
      let team = try members.everAssigned(to: grid.id, in: reading).compactMap { try members.load($0, in: reading) }
      let certificates = try Dictionary(
        team.map { ($0.personID, try training.certificates(of: $0.personID, in: reading)) }
      ) { first, _ in first }
      return CapabilityRow(
        grid, lines: lines, liaisons: try places.flatMap(liaisons), above: chain, members: team,
        certificates: certificates, on: date)
    }
  }
}
