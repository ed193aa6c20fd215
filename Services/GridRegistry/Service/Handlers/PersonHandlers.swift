import GridRegistryStore
import GridRegistryContract
import GridRegistryDomain
import Journal
import Kernel
import Persistence
import RPC
import Runtime

/// The people who work in the system.
struct PersonHandlers: GridRegistryV1.PersonService {
  let shell: GridRegistryShell

  func upsertPerson(
    _ request: GridRegistryV1.UpsertPersonRequest, context: ServerContext
  ) async throws -> GridRegistryV1.UpsertPersonResponse {
    try await shell.perform(request, request.requestID, context) { registrar in
      let id = Person.ID(try registrar.id(request.person?.personID ?? ""))
      let before = try registrar.registry.persons.load(id, in: registrar.tx)
      try Registrar.check(request.expectedVersion, against: before?.version ?? 0)
      let entry = try registrar.enter(.init(request.person, phone: request.phone), id: id, over: before)
      return .init(person: try registrar.command.sealedTexts.shown(entry.record, in: registrar.tx))
    }
  }

  func getPerson(
    _ request: GridRegistryV1.GetPersonRequest, context: ServerContext
  ) async throws -> GridRegistryV1.GetPersonResponse {
    try shell.readInline(context) { registry, reading in
      let person = try registry.persons.load(.init(request.personID), in: reading)
      guard let person else { throw Refused(.notFound, .personNotFound.at("person_id")) }
      return .init(person: try shell.sealedTexts.shown(person, in: reading))
    }
  }

  func listPersons(
    _ request: GridRegistryV1.ListPersonsRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ListPersonsResponse {
    let page = try Page(size: request.pageSize, token: request.pageToken)
    return try await shell.read(context) { registry, reading in
      let found = try registry.persons.list(
        of: .init(nonEmpty: request.orgID), after: page.after, limit: page.limit, in: reading)
      let persons = try found.map { try shell.sealedTexts.shown($0, in: reading) }
      return .init(persons: persons, nextPageToken: page.next(found, id: \.id.text))
    }
  }

  func revealPhone(
    _ request: GridRegistryV1.RevealPhoneRequest, context: ServerContext
  ) async throws -> GridRegistryV1.RevealPhoneResponse {
    try await shell.perform(request, request.requestID, context) {
      .init(phone: try $0.revealPhone(of: .init(request.personID), reason: request.revealReason))
    }
  }

  func importPersons(
    _ request: GridRegistryV1.ImportPersonsRequest, context: ServerContext
  ) async throws -> GridRegistryV1.ImportPersonsResponse {
    try await shell.performImport(context) { try $0.importPersons(request) }
  }
}

extension GridRegistryShell {
  fileprivate var sealedTexts: SealedTexts { SealedTexts(commands.cryptography) }
}

extension SealedTexts {
  /// The person as everybody may see them.
  fileprivate func shown(_ person: Person, in reading: some Reading) throws -> GridRegistryV1.Person {
    let name = try open(person.name.id, in: reading) ?? ""
    let phone = try person.phone.flatMap { try open($0.id, in: reading) } ?? ""
    return GridRegistryV1.Person(person, name: name, phone: phone)
  }
}
