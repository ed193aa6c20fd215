import GridRegistryContract
import GridRegistryDomain
import GridRegistryStore
import Kernel
import RPC
import Runtime
import Wire
import WireTypes

/// Places in the team that wait to be filled.
struct VacancyHandlers: GridRegistryV1.VacancyService {
  let shell: GridRegistryShell

  func openVacancy(
    _ request: GridRegistryV1.OpenVacancyRequest, context: ServerContext
  ) async throws -> GridRegistryV1.OpenVacancyResponse {
    try await shell.perform(request, request.requestID, context) { registrar in
      let vacancy = try registrar.openVacancy(ofGrid: request.gridID, request.post.word(prefix: "POST_"))
      let calendar = try registrar.registry.calendar(in: registrar.tx)
      return .init(vacancy: .init(vacancy, at: Moment(calendar: calendar, now: registrar.command.now)))
    }
  }

  func getVacancy(
    _ request: GridRegistryV1.GetVacancyRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GetVacancyResponse {
    try shell.readInline(context) { registry, reading in
      guard let vacancy = try registry.vacancies.load(.init(request.vacancyID), in: reading) else {
        throw Refused(.notFound, .vacancyNotFound.at("vacancy_id"))
      }
      let moment = Moment(calendar: try registry.calendar(in: reading), now: shell.commands.time.now())
      return .init(vacancy: .init(vacancy, at: moment))
    }
  }

  func listVacancies(
    _ request: GridRegistryV1.ListVacanciesRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ListVacanciesResponse {
    let page = try Page(size: request.pageSize, token: request.pageToken)
    let township = try AreaCode(filter: request.townshipCode, field: "township_code")
    return try await shell.read(context) { registry, reading in
      let found = try registry.vacancies.list(
        township: township, state: request.state.word(prefix: "STATE_"), after: page.after, limit: page.limit,
        in: reading)
      let moment = Moment(calendar: try registry.calendar(in: reading), now: shell.commands.time.now())
      return .init(
        vacancies: found.map { .init($0, at: moment) }, nextPageToken: page.next(found, id: \.id.text))
    }
  }
}
