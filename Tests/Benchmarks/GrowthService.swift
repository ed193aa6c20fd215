import Access
import CommonContract
import Crypto
import DisputeContract
import DisputeService
import FeedContract
import Journal
import Kernel
import Logging
import Persistence
import RPC
import Runtime
import TestSupport
import WireTypes

/// Dispute's own handlers over a file, with a clock that is set.
struct GrowthService: Sendable {
  typealias V1 = DisputeV1

  static let county = "379922000000"
  let clock = SettableTime(GrowthYears.start)
  /// What one of many commands at once takes for now.
  @TaskLocal static var reportTime: Timestamp?
  private let database: Database
  private let cases: any V1.CaseService
  private let duplicates: any V1.DuplicateService
  private let searches: any V1.SearchService
  private let imports: any V1.ImportService
  private let inbox: any V1.InboxService

  /// With the configuration of production; one that `grows` commits more at once and keeps more pages, for the same rows.
  init(_ path: String, grows: Bool = false) throws {
    var configuration = DatabaseConfiguration()
    if grows {
      configuration.maximumGroup = 4_096
      configuration.writerCache = 512 << 10
      configuration.checkpointPages = 50_000
    }
    database = try Database.open(path: path, migrations: DisputeService.migrations, configuration: configuration)
    let clock = clock
    // The file outlives the run, and so must its key.
    let shell = CommandShell(
      database: database, cryptography: .testing, time: TimeSource { Self.reportTime ?? clock.now },
      logger: Logger(label: "benchmarks") { _ in SwiftLogNoOpLogHandler() })
    guard let county = AreaCode(Self.county) else { throw BenchmarkFailure("no code of a county") }
    let services = DisputeService(shell, county: county).parts.services
    func find<Service>(_ type: Service.Type) throws -> Service {
      guard let found = services.lazy.compactMap({ $0 as? Service }).first else {
        throw BenchmarkFailure("dispute has no \(type)")
      }
      return found
    }
    cases = try find((any V1.CaseService).self)
    duplicates = try find((any V1.DuplicateService).self)
    searches = try find((any V1.SearchService).self)
    imports = try find((any V1.ImportService).self)
    inbox = try find((any V1.InboxService).self)
  }

  func close() { database.close() }

  private func context(_ method: MethodDescriptor, _ actor: Actor) -> ServerContext {
    var context = ServerContext(method: method)
    context.setActor(actor)
    return context
  }

  private static let operatorOfHotline = Actor(
    personID: "operator", organisationID: "hotline", role: .hotlineOperator, countyCode: county)
  private static let importer = Actor(
    personID: "importer", organisationID: "county", role: .integration, countyCode: county)

  func report(_ request: V1.ReportCaseRequest) async throws -> V1.ReportCaseResponse {
    try await cases.reportCase(
      request, context: context(V1.CaseServiceMethods.reportCase, Self.operatorOfHotline))
  }

  func get(_ number: String) async throws -> V1.Case {
    let answer = try await cases.getCase(
      .init(key: .number(number)), context: context(V1.CaseServiceMethods.getCase, Self.operatorOfHotline))
    guard let found = answer.caseRecord else { throw BenchmarkFailure("no case \(number)") }
    return found
  }

  func list(_ request: V1.ListCasesRequest) async throws -> V1.ListCasesResponse {
    let answer = try await cases.listCases(
      request, context: context(V1.CaseServiceMethods.listCases, Self.operatorOfHotline))
    guard !answer.cases.isEmpty || request.pageSize == 1 || clock.now == GrowthYears.start else {
      throw BenchmarkFailure("an empty list")
    }
    return answer
  }

  func count(_ request: V1.CountCasesRequest) async throws {
    let answer = try await cases.countCases(
      request, context: context(V1.CaseServiceMethods.countCases, Self.operatorOfHotline))
    guard answer.totalCount > 0 else { throw BenchmarkFailure("no case is counted") }
  }

  /// How many cases each township has.
  func townships() async throws -> [String: Int] {
    let answer = try await cases.countCases(
      .init(groupBy: .township), context: context(V1.CaseServiceMethods.countCases, Self.operatorOfHotline))
    return Dictionary(answer.counts.map { ($0.key, Int($0.caseCount)) }) { first, _ in first }
  }

  func search(_ request: V1.SearchCasesRequest) async throws {
    _ = try await searches.searchCases(
      request, context: context(V1.SearchServiceMethods.searchCases, Self.operatorOfHotline))
  }

  func suggest(_ caseID: String) async throws {
    _ = try await duplicates.suggestDuplicates(
      .init(caseID: caseID),
      context: context(V1.DuplicateServiceMethods.suggestDuplicates, Self.operatorOfHotline))
  }

  func importRows(_ rows: [V1.CaseRow]) async throws {
    let answer = try await imports.importCases(
      .init(source: "old", rows: rows), context: context(V1.ImportServiceMethods.importCases, Self.importer))
    guard answer.addedCount == rows.count else {
      throw BenchmarkFailure("\(answer.outcomes.first { $0.result == .refused }?.reasons.first?.reason ?? "refused")")
    }
  }

  /// Tells dispute of organisations, persons and grids as the gateway would.
  func hear(_ contents: [V1.Message.OneOfContent]) async throws {
    let position = try await inbox.getPosition(
      .init(source: "grid-registry"), context: context(V1.InboxServiceMethods.getPosition, .system(county: Self.county))
    ).position?.seq
    let first = (position ?? 0) + 1
    let messages = contents.enumerated().map { index, content in
      let seq = first + Int64(index)
      return V1.Message(
        origin: FeedV1.Origin(
          source: "grid-registry", sourceEpoch: "epoch", seq: seq, eventID: "grid-registry-\(seq)",
          occurTime: GoogleProtobuf.Timestamp(clock.now), afterSeq: seq - 1), content: content)
    }
    let answer = try await inbox.receiveMessages(
      .init(messages: messages),
      context: context(V1.InboxServiceMethods.receiveMessages, .system(county: Self.county)))
    guard answer.appliedCount == messages.count else { throw BenchmarkFailure("the county was not heard") }
  }
}
