import Access
import CommonContract
import FeedContract
import Journal
import Kernel
import Persistence
import RPC
import ResponsibilityListContract
import ResponsibilityListDomain
import ResponsibilityListStore
import Runtime
import TestSupport
import Testing
import Wire

@testable import ResponsibilityListService

/// A list from its import to its successor, on a real database.
struct ListServiceTests {
  typealias V1 = ResponsibilityListV1

  @Test func `51 items come in once`() async throws {
    let stack = try Stack()
    let first = try await stack.draft()
    #expect(first.listVersion?.itemCount == 51 && first.listVersion?.state == .draft)
    #expect(first.outcomes.allSatisfy { $0.result == .added })
    let again = try await stack.draft(request: "again")
    #expect(again.listVersion == first.listVersion)
    #expect(again.outcomes.allSatisfy { $0.result == .alreadyPresent })
    var rows = Array(DemoList.rows.prefix(2))
    rows[1].item?.title = "另一标题"
    let third = try await stack.draft("2019-1", rows, request: "third")
    #expect(third.outcomes.map(\.result) == [.alreadyPresent, .added])
    #expect(third.outcomes.map(\.changed) == [false, true] && first.outcomes.allSatisfy { !$0.changed })
  }

  @Test func `of a published list each row that would change it is refused, the others are there`() async throws {
    let stack = try Stack()
    try await stack.draft("2019-1", Array(DemoList.rows.prefix(3)))
    let published = try await stack.publish("2019-1", effective: "2019-05-01")
    var rows = Array(DemoList.rows.prefix(4))
    rows[1].item?.title = "另一标题"
    let answer = try await stack.draft("2019-1", rows, request: "again")
    #expect(answer.outcomes.map(\.result) == [.alreadyPresent, .refused, .alreadyPresent, .refused])
    #expect(answer.outcomes[1].reasons.map(\.reason) == ["ILLEGAL_TRANSITION"])
    #expect(answer.listVersion == published)
    let kept = try await stack.items.listItems(
      .init(listVersionID: published.listVersionID), context: stack.by(.auditor)
    ).items
    #expect(Set(kept.map(\.title)) == Set(DemoList.rows.prefix(3).compactMap { $0.item?.title }))
  }

  @Test func `a rehearsal says what an import would do, and nothing of it is kept`() async throws {
    let stack = try Stack()
    var rows = Array(DemoList.rows.prefix(3))
    rows[1].item?.title = ""
    func rehearse(_ number: String) async throws -> V1.RehearseListVersionResponse {
      try await stack.lists.rehearseListVersion(
        .init(source: "demo", number: number, rows: rows), context: stack.by(.countyAdmin))
    }
    let opened = try await rehearse("2019-1")
    #expect(opened.outcomes.map(\.result) == [.added, .refused, .added])
    #expect(opened.outcomes[1].reasons.map(\.reason) == ["ITEM_TITLE_MISSING"])
    #expect(opened.listVersion?.state == .draft && opened.listVersion?.itemCount == 2)
    await #expect {
      try await stack.lists.getListVersion(.init(number: "2019-1"), context: stack.by(.auditor))
    } throws: { ListVersionLifecycleTests.codes($0) == ["LIST_NOT_FOUND"] }
    let draft = try await stack.draft("2019-1", [rows[0]])
    #expect(try await rehearse("2019-1").outcomes.map(\.result) == [.alreadyPresent, .refused, .added])
    let kept = try await stack.lists.getListVersion(.init(number: "2019-1"), context: stack.by(.auditor))
    #expect(kept.listVersion == draft.listVersion)
    await #expect { try await rehearse("2020-1") } throws: {
      ListVersionLifecycleTests.codes($0) == ["ANOTHER_DRAFT_OPEN"]
    }
  }

  @Test func `a bad row is refused, the others go in`() async throws {
    let stack = try Stack()
    var rows = Array(DemoList.rows.prefix(3))
    rows[1].item?.itemCode = "st 04"
    rows[1].item?.title = ""
    rows[2].externalRef = rows[0].externalRef
    rows.append(rows[0])
    rows[3].externalRef = String(repeating: "x", count: 129)
    let outcomes = try await stack.draft("2019-1", rows).outcomes
    #expect(outcomes.map(\.result) == [.added, .refused, .refused, .refused])
    #expect(outcomes[3].reasons.map(\.reason) == ["ID_TOO_LONG"])
    #expect(outcomes[1].reasons.map(\.reason) == ["ITEM_CODE_INVALID", "ITEM_TITLE_MISSING"])
    #expect(outcomes[2].reasons.map(\.reason) == ["EXTERNAL_REF_TAKEN"])
  }

  @Test func `a list with a hole cannot be submitted, and all holes are named`() async throws {
    let stack = try Stack()
    var rows = Array(DemoList.rows.prefix(2))
    rows[0].item?.manual?.offices[0].phone = ""
    rows[1].item?.subjects = []
    let draft = try await stack.draft("2019-1", rows).listVersion ?? .init()
    let findings = try await stack.lists.checkListVersion(
      .init(listVersionID: draft.listVersionID), context: stack.by(.auditor)
    ).findings
    #expect(findings.map(\.itemCode) == ["ZR-01", "ZR-02"])
    await #expect {
      try await stack.lists.submitListVersion(
        .init(requestID: "s", listVersionID: draft.listVersionID, expectedVersion: draft.version),
        context: stack.by(.bianban))
    } throws: { ListVersionLifecycleTests.codes($0) == ["MANUAL_INCOMPLETE", "MAIN_SUBJECT_NOT_ONE"] }
    let mended = try await stack.draft("2019-1", Array(DemoList.rows.prefix(2)), request: "mended")
    #expect(mended.outcomes.map(\.result) == [.added, .added] && mended.listVersion?.itemCount == 2)
    #expect(try await stack.publish("2019-1", effective: "2019-05-01").state == .published)
  }

  @Test func `who read an old version is told`() async throws {
    let stack = try Stack()
    let draft = try await stack.draft().listVersion ?? .init()
    await #expect {
      try await stack.lists.submitListVersion(
        .init(requestID: "s", listVersionID: draft.listVersionID, expectedVersion: 1), context: stack.by(.bianban))
    } throws: { ListVersionLifecycleTests.codes($0) == ["VERSION_CONFLICT"] }
  }

  @Test func `the same request is answered, not done again`() async throws {
    let stack = try Stack()
    try await stack.draft()
    let first = try await stack.publish("2019-1", effective: "2019-05-01")
    let entries = try stack.journal().count
    let again = try await stack.lists.publishListVersion(
      .init(
        requestID: "publish2019-1", listVersionID: first.listVersionID, expectedVersion: first.version - 1,
        effectiveDate: "2019-05-01"), context: stack.by(.bianban))
    #expect(again.listVersion == first)
    #expect(try stack.journal().count == entries)
  }

  @Test func `the next list ends the one before on its day`() async throws {
    let stack = try Stack()
    try await stack.draft()
    try await stack.publish("2019-1", effective: "2019-05-01")
    try await stack.draft("2020-1")
    let next = try await stack.publish("2020-1", effective: "2020-06-01")
    let lists = try await stack.lists.listListVersions(.init(), context: stack.by(.auditor)).listVersions
    #expect(lists.map(\.number) == ["2020-1", "2019-1"])
    #expect(lists[1].state == .published && lists[1].supersedeDate == "2020-06-01")
    for (day, number) in [("2019-05-01", "2019-1"), ("2020-05-31", "2019-1"), ("2020-06-01", "2020-1")] {
      let found = try await stack.lists.getListVersion(.init(asOfDate: day), context: stack.by(.auditor))
      #expect(found.listVersion?.number == number)
    }
    let timers = ListTimers(shell: stack.bench.shell, content: stack.content, county: Stack.county)
    let midnight = try #require(Timestamp(rfc3339: "2020-06-01T00:00:00+08:00"))
    #expect(try await timers.next() == midnight)
    #expect(try await timers.count(before: midnight) == 0)
    #expect(try await timers.count(before: midnight + .instant) == 1)
    #expect(try await timers.fire(at: midnight) == 0)
    stack.bench.clock.now = midnight + .instant
    #expect(try await timers.fire(at: stack.bench.clock.now) == 1)
    #expect(try await timers.fire(at: stack.bench.clock.now) == 0)
    #expect(try await timers.next() == nil)
    #expect(try await timers.count(before: midnight + .days(1)) == 0)
    let old = try await stack.lists.getListVersion(.init(number: "2019-1"), context: stack.by(.auditor)).listVersion
    #expect(old?.state == .superseded)
    #expect(next.contentDigest == old?.contentDigest)
  }

  @Test func `items are found by code, field of work and level, page by page`() async throws {
    let stack = try Stack()
    try await stack.draft()
    try await stack.publish("2019-1", effective: "2019-04-20")
    let item = try await stack.items.getItem(.init(itemCode: "ST-04"), context: stack.by(.gridMember))
    #expect(item.item?.title == "工业废水偷排处置" && item.listNumber == "2019-1")
    let water = try await stack.items.listItems(.init(domainName: "生态环境"), context: stack.by(.gridMember))
    #expect(water.items.count == 10 && water.nextPageToken.isEmpty)
    let own = try await stack.items.listItems(
      .init(mainLevel: .township, pageSize: 10), context: stack.by(.gridMember))
    let rest = try await stack.items.listItems(
      .init(mainLevel: .township, pageSize: 10, pageToken: own.nextPageToken), context: stack.by(.gridMember))
    #expect(own.items.count == 10 && rest.items.count == 3)
    await #expect {
      try await stack.items.getItem(.init(itemCode: "XX-01"), context: stack.by(.gridMember))
    } throws: { ListVersionLifecycleTests.codes($0) == ["ITEM_NOT_FOUND"] }
  }

  @Test func `the journal read from empty gives the stored lists`() async throws {
    let stack = try Stack()
    try await stack.draft("2018-1", Array(DemoList.rows.prefix(4)), legacy: true)
    try await stack.publish("2018-1", effective: "2018-05-01")
    try await stack.draft("2019-1")
    try await stack.publish("2019-1", effective: "2019-04-20")
    var folded = [String: ListVersion]()
    for entry in try stack.journal() where entry.aggregateType == "list_version" {
      let message = try V1.ListVersionEvent(decoding: entry.payload)
      let event = try #require(ListVersion.Event(message, id: entry.aggregateID))
      if let opened = ListVersion(event, at: entry.occurTime) {
        folded[entry.aggregateID] = opened
      } else {
        folded[entry.aggregateID]?.apply(event, at: entry.occurTime)
      }
      #expect(folded[entry.aggregateID]?.version == entry.aggregateVersion)
    }
    let stored = try stack.bench.database.readInline { try stack.content.lists.all(in: $0) }
    #expect(stored.map(\.state) == [.published, .superseded])
    #expect(folded == Dictionary(uniqueKeysWithValues: stored.map { ($0.id, $0) }))
    let chain = try await Journal(stack.bench.shell.cryptography).verify(in: stack.bench.database)
    #expect(chain.firstBrokenSeq == nil)
  }

  @Test func `no statement walks a growing table`() throws {
    let stack = try Stack()
    #expect(try stack.bench.database.unindexedScans(in: ResponsibilityListMigrations.statements).isEmpty)
  }
}
