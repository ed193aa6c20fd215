import RPC
import Testing

@testable import HuyingCLI

@Suite struct PatienceTests {
  @Test func `what may pass is waited for, but not for ever; what will not pass is said at once`() async throws {
    var calls = 0
    func keepTrying(_ patience: Patience, _ failures: [Code]) async throws -> Int {
      calls = 0
      return try await patience.keepTrying("dispatch") { () async throws(Status) in
        calls += 1
        if calls <= failures.count { throw Status(failures[calls - 1], "not now") }
        return calls
      }
    }
    #expect(try await keepTrying(Patience(), [.unavailable, .resourceExhausted]) == 3)
    await #expect(throws: Status.self) { try await keepTrying(Patience(), [.invalidArgument]) }
    #expect(calls == 1)
    await #expect(throws: Status.self) { try await keepTrying(Patience(limit: .zero), [.unavailable, .unavailable]) }
    #expect(calls == 1)
  }
}
