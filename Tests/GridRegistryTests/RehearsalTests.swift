import Access
import CommonContract
import GridRegistryContract
import GridRegistryService
import Kernel
import RPC
import Runtime
import TestSupport
import Testing

/// A county's files before they are brought in: every row's fate, and nothing of it kept. Over a real stream.
@Suite(.timeLimit(.minutes(5))) struct RehearsalTests {
  typealias V1 = GridRegistryV1
  typealias Batch = V1.RehearseImportRequest.OneOfBatch

  struct Administrator: ServerInterceptor {
    func begin(_ context: inout ServerContext) throws {
      context.setActor(
        Actor(personID: "p", organisationID: "county-gov", role: .countyAdmin, countyCode: "379922000000"))
    }
  }

  private func rehearse(_ county: RegistryBench, _ batches: [Batch?]) async throws -> [V1.RehearsedBatch] {
    let folder = TemporaryFolder()
    let server = Server(
      ServerConfiguration(.unix(path: folder.file("s.sock"))), services: county.service.parts.services,
      interceptors: [Administrator()])
    try await server.start()
    let channel = Channel(target: "unix:" + folder.file("s.sock"))
    let result: Result<[V1.RehearsedBatch], any Error>
    do {
      let call = V1.ImportServiceClient(channel).rehearseImport(options: CallOptions(timeout: .seconds(240)))
      for batch in batches { try await call.send(.init(batch: batch)) }
      try await call.finishSending()
      result = .success(try await call.response().batches)
    } catch { result = .failure(error) }
    await channel.close(within: .zero)
    await server.drain(within: .zero)
    return try result.get()
  }

  private func wholeCounty() throws -> [Batch] {
    [.areas(try DemoCounty.areas())]
      + (try DemoCounty.organisationFiles.map { .organisations(try DemoCounty.organisations($0)) })
      + [.persons(try DemoCounty.persons())] + (try DemoCounty.gridFiles.map { .grids(try DemoCounty.grids($0)) })
      + [.calendar(try DemoCounty.calendar())]
  }

  @Test func `a whole county would go in, file upon file, and nothing of it is there afterwards`() async throws {
    let county = try RegistryBench()
    let batches = try wholeCounty()
    let rehearsed = try await rehearse(county, batches)
    #expect(rehearsed.count == batches.count)
    #expect(rehearsed.allSatisfy { $0.refused.isEmpty && $0.addedCount > 0 })
    #expect(try county.journal().isEmpty)
    // What was rehearsed is what happens.
    let outcomes = try await county.importCounty()
    #expect(outcomes.count == rehearsed.reduce(0) { $0 + Int($1.addedCount) })
    #expect(outcomes.allSatisfy { $0.result == .added })
    let again = try await rehearse(county, batches)
    #expect(again.allSatisfy { $0.addedCount == 0 && $0.alreadyPresentCount > 0 })
    #expect((rehearsed + again).allSatisfy { $0.changedCount == 0 })
  }

  @Test func `rows that are there and would be changed are told from new ones, by the rehearsal and by the import`()
    async throws
  {
    let county = try RegistryBench()
    _ = try await county.importCounty()
    var organisations = try DemoCounty.organisations(try #require(DemoCounty.organisationFiles.first))
    organisations.requestID = "changed"
    organisations.rows[1].organisation?.phones = ["000-99999999"]
    var persons = try DemoCounty.persons()
    persons.requestID = "changed too"
    persons.rows = Array(persons.rows.prefix(2))
    persons.rows[0].person?.post = "另一职务"
    persons.rows[1].externalRef = "person-new"
    persons.rows[1].person?.personID = "person-new"
    let rehearsed = try await rehearse(county, [.organisations(organisations), .persons(persons)])
    #expect(rehearsed.map(\.addedCount) == [1, 2] && rehearsed.map(\.changedCount) == [1, 1])
    let outcomes = try await county.service.persons.importPersons(
      persons, context: county.context(V1.PersonServiceMethods.importPersons, as: .countyAdmin)
    ).outcomes
    #expect(outcomes.map(\.result) == [.added, .added] && outcomes.map(\.changed) == [true, false])
  }

  @Test func `every bad row is named with every reason, the good ones beside it are counted`() async throws {
    let county = try RegistryBench()
    let areas = V1.ImportAreasRequest(
      requestID: "r", source: "s",
      rows: [
        .init(
          externalRef: "379922000000", areaCode: "379922000000", name: "沭安县", urbanRuralClass: "",
          validFromDate: "2019-01-01"),
        .init(externalRef: "x", areaCode: "37", name: "", urbanRuralClass: "", validFromDate: "2019-01-01"),
      ])
    let rehearsed = try #require(try await rehearse(county, [.areas(areas)]).first)
    #expect(rehearsed.refused.map(\.row) == [1])
    #expect(rehearsed.refused[0].reasons.map(\.reason).contains("AREA_CODE_INVALID"))
    #expect(rehearsed.addedCount + rehearsed.alreadyPresentCount == 1)
  }

  @Test func `a request without rows is refused`() async throws {
    let county = try RegistryBench()
    for batches: [Batch?] in [[], [nil]] {
      let status = try #require(await #expect(throws: Status.self) { try await rehearse(county, batches) })
      #expect(status.reasons.map(\.code) == ["BATCH_MISSING"])
    }
  }
}
