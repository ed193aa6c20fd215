import Access
import HealthContract
import Journal
import Kernel
import Persistence
import RPC
import TestSupport
import Testing

@testable import Runtime

@Suite struct CommandShellTests {
  let bench: ServiceBench
  let method = MethodDescriptor(service: "huying.test.v1.TestService", name: "Write")

  init() throws { bench = try ServiceBench(migrations: Journal.migrations) }

  private func perform(
    _ service: String, requestID: String = "r-1", person: String = "person",
    refusing: Refused? = nil
  ) async throws -> HealthV1.HealthCheckResponse {
    try await bench.shell.perform(
      HealthV1.HealthCheckRequest(service: service), requestID: requestID,
      bench.context(method, as: .levelClerk, person: person)
    ) { command in
      try command.record(
        eventType: "test.written", aggregateType: "test", aggregateID: service, version: 1, correlationID: service,
        payload: [1])
      if let refusing { throw refusing }
      return .init(status: .serving)
    }
  }

  private var journalLength: Int64 {
    get throws { try bench.database.readInline { try Journal.head(in: $0).seq } }
  }

  @Test func `the same request gets the same answer and happens once`() async throws {
    let first = try await perform("a")
    let second = try await perform("a")
    #expect(first == second)
    #expect(try journalLength == 1)
    _ = try await perform("a", person: "another person")
    #expect(try journalLength == 2, "another person's id is another request")
  }

  @Test func `another body under the same id is refused`() async throws {
    _ = try await perform("a")
    await #expect {
      _ = try await perform("b")
    } throws: { error in
      (error as? Refused)?.kind == .alreadyExists && (error as? Refused)?.reasons.first?.code == "IDEMPOTENCY_MISMATCH"
    }
    #expect(try journalLength == 1)
  }

  @Test func `a refusal leaves nothing behind and is judged anew`() async throws {
    let refusal = Refused(.failedPrecondition, Reason("TEST_REFUSED", zh: "不行", en: "no"))
    await #expect(throws: refusal) { _ = try await perform("a", refusing: refusal) }
    #expect(try journalLength == 0)
    _ = try await perform("a")
    #expect(try journalLength == 1)
  }

  @Test(arguments: ["", String(repeating: "x", count: 65)])
  func `a write says its request id`(_ requestID: String) async throws {
    await #expect(throws: Refused(.invalidArgument, .requestIDMissing)) {
      _ = try await perform("a", requestID: requestID)
    }
  }

  @Test func `what is written down carries actor and time`() async throws {
    _ = try await perform("a")
    let entry = try #require(try bench.database.readInline { try Journal.entry(1, in: $0) })
    #expect(entry.actor.personID == "person")
    #expect(entry.occurTime == bench.clock.now)
    #expect(entry.eventType == "test.written")
  }

  @Test func `an imported step has its own time, and the record ours`() async throws {
    let then = Timestamp(seconds: 1_556_000_000)
    try await bench.shell.apply(as: .system(county: "379922000000"), at: then, causationID: "e-1") { command in
      _ = try command.record(
        eventType: "test.written", aggregateType: "test", aggregateID: "a", version: 1, correlationID: "a", payload: [])
    }
    let entry = try #require(try bench.database.readInline { try Journal.entry(1, in: $0) })
    #expect(entry.occurTime == then)
    #expect(entry.recordTime == bench.clock.now)
    #expect(entry.causationID == "e-1")
  }
}
