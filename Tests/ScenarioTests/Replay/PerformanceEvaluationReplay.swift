import Feed
import FeedContract
@testable import GatewayService
import Journal
import Kernel
import PerformanceEvaluationContract
@testable import PerformanceEvaluationService
import PerformanceEvaluationStore
import Persistence
import Runtime
import TestSupport
import Testing
import Wire

/// Facts and records from the journals of those whom performance-evaluation hears, through the gateway's own translations.
enum PerformanceEvaluationReplay: Replaying {
  static var identity: ServiceIdentity { .performanceEvaluation }
  static var migrations: [Migration] { PerformanceEvaluationService.migrations }

  static let told: [String: Set<String>] = [
    "facts": [], "case_records": [], "call_records": [], "call_rounds": [], "organisations": [], "calendar_years": [],
    "stale_records": [],
  ]
  static let elsewhere: [String: String] = [:]

  /// What others told, where their journals no longer tell it.
  private static let heard: Set<String> = ["facts", "organisations", "calendar_years"]

  /// Its own journal says that scores were rebuilt, which changes none.
  static func replay(_ lines: [JournalEntry], county: AreaCode, in tx: WriteTransaction) throws {
    for line in lines where line.draft.aggregateType != "scores" { throw NotReplayed(line) }
  }

  /// What stands in the file and not in what the sources' journals give, or the other way round. Where a source was put back to an
  /// earlier state, what was heard beyond it is kept: then the facts are taken as they are, and the records have to follow from them.
  static func differences(
    in file: String, hearing sources: [(service: any Replaying.Type, file: String)]
  ) async throws -> [String] {
    let own = try await differences(in: file).filter { $0.contains("chain") || $0.contains("nobody") }
    guard own.isEmpty else { return own }
    let folder = TemporaryFolder()
    let (copy, empty) = (try folder.copy(of: file, as: "stored.sqlite"), folder.file("replayed.sqlite"))
    let stored = try Database.open(path: copy, migrations: migrations)
    var content = try await messages(of: stored, hearing: sources, folder)
    let isHeardWhole = content != nil
    if content == nil { content = try await facts(of: stored) }
    stored.close()
    let messages = content ?? []
    let inbox = FactInbox(county: try #require(AreaCode("379922000000")))
    let replayed = try Database.open(path: empty, migrations: migrations)
    try await replayed.write { transaction in
      for (message, origin) in messages { try inbox.apply(message, from: origin, in: transaction) }
    }
    replayed.close()
    return try compare(copy, empty, untold: isHeardWhole ? [] : heard)
  }

  private typealias Told = [(PerformanceEvaluationV1.Message, OwnInbox.Origin)]

  /// Everything that the sources said, up to where they were heard; `nil`: one of them now tells another story.
  private static func messages(
    of stored: Database, hearing sources: [(service: any Replaying.Type, file: String)], _ folder: TemporaryFolder
  ) async throws -> Told? {
    let rows = try TableRows(stored.path)
    defer { rows.close() }
    guard try rows.rows(of: "inbox_lost").isEmpty, try rows.rows(of: "inbox_withheld").isEmpty else { return nil }
    var told: Told = []
    for (service, file) in sources {
      let name = service.identity.name
      let position = try await stored.read { try OwnInbox().position(of: name, in: $0) }
      guard position.seq > 0 else { continue }
      let source = try Database.open(path: try folder.copy(of: file, as: name), migrations: service.migrations)
      defer { source.close() }
      let epoch = try await source.read { try Journal.head(in: $0).sourceEpoch }
      let last = try await source.read { try Journal.entry(position.seq, in: $0)?.eventID }
      guard epoch == position.sourceEpoch, last == position.eventID else { return nil }
      for line in try await service.lines(of: source) where line.seq <= position.seq {
        let event = FeedV1.Event(line)
        guard let content = try translations[event.eventType]?.content(event) else { continue }
        let origin = FeedV1.Origin(event, of: name, epoch: epoch, after: line.seq - 1)
        told.append((PerformanceEvaluationV1.Message(origin: origin, content: content), OwnInbox.Origin(origin)))
      }
    }
    return told
  }

  /// The facts that it keeps, told once more.
  private static func facts(of stored: Database) async throws -> Told {
    let store = FactStore(county: try #require(AreaCode("379922000000")))
    return try await stored.read { reading in
      var told: Told = []
      try store.forEach(in: reading) { row in
        let content: PerformanceEvaluationV1.Message.OneOfContent =
          switch row.kind {
          case .case: .caseFact(try PerformanceEvaluationV1.CaseFact(decoding: row.payload))
          case .call: .callFact(try PerformanceEvaluationV1.CallFact(decoding: row.payload))
          }
        let origin = OwnInbox.Origin(
          source: "", sourceEpoch: "", seq: row.seq, eventID: row.eventID, occurTime: row.occurTime)
        told.append((PerformanceEvaluationV1.Message(content: content), origin))
      }
      return told
    }
  }

  private static let translations: [String: Translation<PerformanceEvaluationV1.Message>] = Dictionary(
    [.organisation, .calendar, .caseFact, .callFact].flatMap { (translation: Translation) in
      translation.eventTypes.map { ($0, translation) }
    }, uniquingKeysWith: { first, _ in first })
}
