import Access
import CommonContract
import FeedContract
import Kernel
import Journal
import Persistence
import RPC
import ResponsibilityListContract
import ResponsibilityListDomain
import ResponsibilityListStore
import Runtime
import TestSupport
import Wire
import WireTypes

@testable import ResponsibilityListService

/// The service's handlers on a database of their own.
struct Stack {
  typealias V1 = ResponsibilityListV1

  static let county = "379922000000"
  let bench: ServiceBench
  let lists: ListVersionHandlers
  let items: ItemHandlers
  let determinations: DeterminationHandlers
  let inbox: InboxHandlers
  let content: ListContent

  init() throws {
    bench = try ServiceBench(
      migrations: ResponsibilityListService.migrations,
      startTime: Timestamp(rfc3339: "2019-04-20T09:00:00+08:00") ?? Timestamp(seconds: 0))
    content = ListContent(county: Self.county, cryptography: bench.shell.cryptography)
    let directory = DirectoryStore(county: Self.county)
    lists = ListVersionHandlers(shell: bench.shell, content: content)
    items = ItemHandlers(shell: bench.shell, content: content)
    determinations = DeterminationHandlers(
      determiner: Determiner(
        shell: bench.shell, content: content,
        library: ListLibrary(content: content, directory: directory, policy: .standard),
        store: DeterminationStore(county: Self.county)))
    inbox = InboxHandlers(shell: bench.shell, directory: directory)
  }

  func by(_ role: Role, person: String = "wang", org: String = "org") -> ServerContext {
    bench.context(V1.ListVersionServiceMethods.submitListVersion, as: role, of: org, person: person)
  }

  /// Imports rows into the draft of a number.
  @discardableResult
  func draft(
    _ number: String = "2019-1", _ rows: [V1.ImportedItem] = DemoList.rows, request: String = "import",
    legacy: Bool = false
  ) async throws -> V1.ImportListVersionResponse {
    try await lists.importListVersion(
      .init(
        requestID: request + number, source: "demo", number: number, title: "属地管理事项清单", parentPolicy: "",
        legacy: legacy,
        rows: rows), context: by(.bianban))
  }

  /// Takes a draft all the way; the list is in force from `effective` on.
  @discardableResult
  func publish(_ number: String, effective: String) async throws -> V1.ListVersion {
    let found = try await lists.getListVersion(.init(number: number), context: by(.auditor))
    var list = found.listVersion ?? .init()
    let id = list.listVersionID
    list =
      try await lists.submitListVersion(
        .init(requestID: "submit" + number, listVersionID: id, expectedVersion: list.version), context: by(.bianban)
      ).listVersion ?? .init()
    list =
      try await lists.approveListVersion(
        .init(
          requestID: "approve" + number, listVersionID: id, expectedVersion: list.version, approvalNumber: "沭编〔2019〕1号"),
        context: by(.countyLeadership, person: "zhao")
      ).listVersion ?? .init()
    return try await lists.publishListVersion(
      .init(
        requestID: "publish" + number, listVersionID: id, expectedVersion: list.version, effectiveDate: effective),
      context: by(.bianban)
    ).listVersion ?? .init()
  }

  func ask(
    _ text: String, dryRun: Bool = false, on day: String = "", by role: Role = .levelClerk
  ) async throws -> V1.Determination {
    try await determinations.determine(
      .init(
        question: .init(text: text, townshipCode: "379922001000"), asOfDate: day, dryRun: dryRun), context: by(role)
    ).determination ?? .init()
  }

  /// What the relay tells: the organisations as messages of grid-registry, from `seq` on.
  @discardableResult
  func hear(_ heard: [V1.OrganisationHeard], from seq: Int64 = 1) async throws -> V1.ReceiveMessagesResponse {
    let messages = heard.enumerated().map { index, organisation in
      V1.Message(
        origin: .init(
          source: "grid-registry", sourceEpoch: "epoch", seq: seq + Int64(index),
          eventID: "event-\(seq + Int64(index))",
          eventType: "org.changed", occurTime: .init(bench.clock.now), afterSeq: seq + Int64(index) - 1),
        content: .organisationHeard(organisation))
    }
    return try await inbox.receiveMessages(.init(messages: messages), context: by(.system))
  }

  func journal() throws -> [JournalEntry] {
    try bench.database.readInline { try Journal.entries(after: 0, limit: 1_000, types: [], in: $0).entries }
  }
}
