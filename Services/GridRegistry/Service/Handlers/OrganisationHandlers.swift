import Runtime
import GridRegistryStore
import GridRegistryContract
import GridRegistryDomain
import Kernel
import RPC
import Wire
import WireTypes

/// The directory.
struct OrganisationHandlers: GridRegistryV1.OrganisationService {
  let shell: GridRegistryShell

  func createOrganisation(
    _ request: GridRegistryV1.CreateOrganisationRequest, context: ServerContext
  ) async throws -> GridRegistryV1.CreateOrganisationResponse {
    let message = request.organisation ?? .init()
    return try await shell.perform(request, request.requestID, context) {
      .init(organisation: .init(try $0.create(.init(message), id: message.orgID)))
    }
  }

  func updateOrganisation(
    _ request: GridRegistryV1.UpdateOrganisationRequest, context: ServerContext
  ) async throws -> GridRegistryV1.UpdateOrganisationResponse {
    let message = request.organisation ?? .init()
    return try await shell.perform(request, request.requestID, context) {
      let id = Organisation.ID(message.orgID)
      return .init(
        organisation: .init(try $0.change(.update, id, expected: request.expectedVersion, to: .init(message))))
    }
  }

  func closeOrganisation(
    _ request: GridRegistryV1.CloseOrganisationRequest, context: ServerContext
  ) async throws -> GridRegistryV1.CloseOrganisationResponse {
    try await shell.perform(request, request.requestID, context) {
      let id = Organisation.ID(request.orgID)
      return .init(organisation: .init(try $0.change(.close, id, expected: request.expectedVersion, to: nil)))
    }
  }

  func getOrganisation(
    _ request: GridRegistryV1.GetOrganisationRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GetOrganisationResponse {
    try shell.readInline(context) { registry, reading in
      let found = try registry.organisations.load(.init(request.orgID), in: reading)
      guard let found else { throw Refused(.notFound, .orgNotFound.at("org_id")) }
      return .init(organisation: .init(found))
    }
  }

  func listOrganisations(
    _ request: GridRegistryV1.ListOrganisationsRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ListOrganisationsResponse {
    let page = try Page(size: request.pageSize, token: request.pageToken)
    let township = try AreaCode(filter: request.townshipCode, field: "township_code")
    return try await shell.read(context) { registry, reading in
      let found = try registry.organisations.list(
        township: township, kind: request.orgType.word(prefix: "TYPE_"), after: page.after, limit: page.limit,
        in: reading)
      return .init(organisations: found.map { .init($0) }, nextPageToken: page.next(found, id: \.id.text))
    }
  }

  func importOrganisations(
    _ request: GridRegistryV1.ImportOrganisationsRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ImportOrganisationsResponse {
    try await shell.performImport(context) { try $0.importOrganisations(request) }
  }

  func getMediationPath(
    _ request: GridRegistryV1.GetMediationPathRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GetMediationPathResponse {
    try await shell.read(context) { registry, reading in
      let grid = try registry.grid(request.gridID, in: reading)
      let path = try GridRegistryV1.MediationPath(grid.path) { try registry.responsible(for: $0, in: reading) }
      return .init(gridID: grid.id.text, mediationPath: path)
    }
  }

  func listAgencies(
    _ request: GridRegistryV1.ListAgenciesRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ListAgenciesResponse {
    let agencies = try shell.readInline(context) { registry, reading in
      let code = try AreaCode(filter: request.townshipCode, field: "township_code")
      guard let code, try registry.organisations.findTownship(code, in: reading) != nil else {
        throw Refused(.notFound, .townshipNotFound.at("township_code"))
      }
      return try registry.organisations.listAgencies(code, in: reading).filter(request.asksFor)
    }
    return .init(agencies: agencies.map { .init($0) }, asOfTime: .init(shell.commands.time.now()))
  }

  func setAgencyRights(
    _ request: GridRegistryV1.SetAgencyRightsRequest, context: ServerContext
  ) async throws -> GridRegistryV1.SetAgencyRightsResponse {
    try await shell.perform(request, request.requestID, context) {
      .init(rights: .init(try $0.setAgencyRights(request.rights ?? .init(), expected: request.expectedVersion)))
    }
  }

  func getAgencyRights(
    _ request: GridRegistryV1.GetAgencyRightsRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GetAgencyRightsResponse {
    let date = try shell.date(request.asOfDate, field: "as_of_date")
    return try await shell.read(context) { registry, reading in
      let agency = try registry.organisations.load(.init(request.agencyID), in: reading)
      guard agency?.kind == .dispatchedAgency else { throw Refused(.notFound, .agencyNotFound.at("agency_id")) }
      let settings = try registry.capabilities.rights(of: .init(request.agencyID), in: reading)
      guard let valid = settings.last(where: { $0.from <= date && $0.to.map { date < $0 } ?? true }) else {
        throw Refused(.notFound, .agencyRightsNotSet.at("as_of_date"))
      }
      return .init(rights: .init(valid))
    }
  }
}

extension GridRegistryV1.ListAgenciesRequest {
  fileprivate func asksFor(_ agency: Organisation) -> Bool {
    (agencyTypes.isEmpty || agencyTypes.contains(agency.facts.agencyType))
      && (departmentID.isEmpty || agency.departmentID?.text == departmentID)
  }
}
