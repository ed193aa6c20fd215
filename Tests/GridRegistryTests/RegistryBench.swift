import Persistence
import Access
import CommonContract
import GridRegistryContract
import GridRegistryService
import Journal
import Kernel
import RPC
import Runtime
import TestSupport
import Testing

/// The service in process, with the demonstration county in it.
struct RegistryBench {
  typealias V1 = GridRegistryV1

  let bench: ServiceBench
  let service: GridRegistryService

  init() throws {
    bench = try ServiceBench(migrations: GridRegistryService.migrations)
    service = GridRegistryService(bench.shell, county: "379922000000")
  }

  static func withCounty() async throws -> Self {
    let bench = try Self()
    _ = try await bench.importCounty()
    return bench
  }

  func context(
    _ method: MethodDescriptor, as role: Role = .countyAdmin, of organisation: String = "county-gov"
  ) -> ServerContext { bench.context(method, as: role, of: organisation) }

  /// Imports everything; the outcomes of all rows.
  func importCounty() async throws -> [CommonV1.ImportOutcome] {
    var outcomes = try await service.areas.importAreas(
      DemoCounty.areas(), context: context(V1.AreaServiceMethods.importAreas)
    ).outcomes
    for file in DemoCounty.organisationFiles {
      outcomes += try await service.organisations.importOrganisations(
        DemoCounty.organisations(file), context: context(V1.OrganisationServiceMethods.importOrganisations)
      ).outcomes
    }
    outcomes += try await service.persons.importPersons(
      DemoCounty.persons(), context: context(V1.PersonServiceMethods.importPersons)
    ).outcomes
    for file in DemoCounty.gridFiles {
      outcomes += try await service.grids.importGrids(
        DemoCounty.grids(file), context: context(V1.GridServiceMethods.importGrids)
      ).outcomes
    }
    outcomes += try await service.calendars.importCalendar(
      DemoCounty.calendar(), context: context(V1.CalendarServiceMethods.importCalendar)
    ).outcomes
    return outcomes
  }

  /// Every line of the journal.
  func journal() throws -> [JournalEntry] {
    try bench.database.readInline { try Journal.entries(after: 0, limit: 10_000, in: $0).entries }
  }

  func reasons(_ body: () async throws -> some Any) async -> [String] {
    do {
      _ = try await body()
      return []
    } catch let refusal as any Refusal {
      return refusal.reasons.map(\.code)
    } catch {
      return ["\(error)"]
    }
  }
}
