import DispatchDomain
import DispatchService
import DispatchStore
import Kernel
import Persistence
import TestSupport
import Testing
import WorkClock

/// Rows and back, on a real file.
struct CallStoreTests {
  let bench: ServiceBench
  let calls = CallStore(county: County.code)
  let tasks = CoordinationTaskStore(county: County.code)

  init() throws { bench = try ServiceBench(migrations: DispatchService.migrations) }

  private func call(_ id: String, _ number: Int, day: Int, township: String = County.chengguan) -> Call {
    Call(
      identity: Call.Identity(
        id: ID(id), number: Call.number(year: 2020, sequence: number), townshipOrgID: "township-a",
        townshipCode: township),
      version: 1, state: .draft, content: .with(cases: ["case-\(id)"]),
      draftTime: at("2020-03-\(day < 10 ? "0" : "")\(day)T10:00"))
  }

  private func list(
    _ filter: CallStore.Filter, before time: Timestamp = Timestamp(microseconds: .max), _ id: String = "",
    limit: Int = 10
  ) async throws -> [String] {
    try await bench.database.read { [calls] in
      try calls.list(filter, before: time, id, limit: limit, in: $0).map(\.id.text)
    }
  }

  @Test func `a call comes back as it was saved, after every step of its life`() async throws {
    let whole = try Story.toVerify()
    var stored = try #require(Call(whole.events[0]))
    let first = stored
    try await bench.database.write { [calls] in try calls.save(first, after: nil, in: $0) }
    for event in whole.events.dropFirst() {
      let before = stored
      stored.apply(event)
      let after = stored
      try await bench.database.write { [calls] in try calls.save(after, after: before, in: $0) }
      let loaded = try await bench.database.read { [calls] in try calls.load(after.id, in: $0) }
      #expect(loaded == after)
    }
    #expect(stored == whole.call)
  }

  @Test func `review, cancellation and verification come back too`() async throws {
    var reviewed = Story()
    try reviewed.do(Story.submit(.offList), by: County.leader)
    try reviewed.do(.review(admit: true, reason: "属实", rule: nil, basis: ""), by: County.office)
    var verified = try Story.toVerify()
    try verified.do(.verify(.partly, points: [sealed("一"), sealed("二")], rating: nil), by: County.clerk)
    var asked = Story()
    asked.call = Story.dispatched(assists: ["water"])
    try asked.do(.cancel(reason: "当事人已和解"), by: County.clerk)
    for call in [reviewed.call, verified.call, asked.call] {
      let bench = try ServiceBench(migrations: DispatchService.migrations)
      try await bench.database.write { [calls] in try calls.save(call, after: nil, in: $0) }
      let loaded = try await bench.database.read { [calls] in try calls.load(call.id, in: $0) }
      #expect(loaded == call)
    }
  }

  @Test func `a task comes back as it was saved`() async throws {
    var task = try CoordinationTaskTests.open(CoordinationTaskTests.request())
    let first = task
    try await bench.database.write { [tasks] in try tasks.save(first, in: $0) }
    task.apply(.accepted(at: at("2020-03-11T10:00")))
    task.apply(
      try task.decide(
        .unable(.resources, basis: sealed("人员不足")), as: [.agencyHead], at: at("2020-03-12T10:00"),
        calendar: County.calendar))
    let last = task
    try await bench.database.write { [tasks] in try tasks.save(last, in: $0) }
    let loaded = try await bench.database.read { [tasks] in try tasks.load("task-1", in: $0) }
    #expect(loaded == last)
  }

  @Test func `numbers count per year without a gap`() async throws {
    let numbers = try await bench.database.write { [calls] transaction in
      try [2020, 2020, 2021, 2020].map { try calls.nextNumber(year: $0, in: transaction) }
    }
    #expect(numbers == ["HY-2020-00001", "HY-2020-00002", "HY-2021-00001", "HY-2020-00003"])
  }

  @Test func `a list shows one filter's calls, newest first, page by page`() async throws {
    let some = [call("a", 1, day: 1), call("b", 2, day: 2, township: County.guiyi), call("c", 3, day: 3)]
    try await bench.database.write { [calls] in for call in some { try calls.save(call, after: nil, in: $0) } }
    #expect(try await list(.all(nil)) == ["c", "b", "a"])
    #expect(try await list(.all(.draft), limit: 2) == ["c", "b"])
    #expect(try await list(.all(nil), before: some[1].draftTime, "b") == ["a"])
    #expect(try await list(.township(County.guiyi, nil)) == ["b"])
    #expect(try await list(.township(County.chengguan, .draft)) == ["c", "a"])
    #expect(try await list(.main("ecology", nil)).isEmpty)
    #expect(try await list(.main("", .draft)) == ["c", "b", "a"])
    #expect(try await list(.ofCase("case-b")) == ["b"])
  }

  @Test func `no statement walks over a growing table`() throws {
    #expect(try bench.database.unindexedScans(in: DispatchMigrations.statements).isEmpty)
  }
}
