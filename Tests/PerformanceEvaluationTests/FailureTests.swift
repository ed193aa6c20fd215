import Kernel
import PerformanceEvaluationContract
import Persistence
import Synchronization
import Testing

/// Every step of a delivery breaks once: nothing half done stays, and the same delivery again ends as if nothing had been.
struct FailureTests {
  /// Lets the n-th step of the stores fail, once.
  final class FailingStep: Sendable {
    private let steps = Mutex(0)

    var injection: FaultInjection {
      FaultInjection { statement in
        guard !statement.description.hasPrefix("transaction.") else { return nil }
        return self.steps.withLock { left in
          defer { left -= 1 }
          return left == 1 ? .interrupted : nil
        }
      }
    }

    /// From now on the `number`-th step fails.
    func arm(_ number: Int) { steps.withLock { $0 = number } }
    /// Whether the armed step has come and failed; nothing fails any more.
    func disarm() -> Bool {
      steps.withLock { left in
        defer { left = 0 }
        return left < 1
      }
    }
  }

  static func batches(_ relay: Relay) -> [[PerformanceEvaluationV1.Message]] {
    [
      [relay.fact("1", .reported, on: 20), relay.fact("1", .closed, on: 22), relay.fact("2", .reported, on: 20)],
      relay.twoCalls(),
    ]
  }

  @Test func `a delivery that breaks anywhere leaves nothing behind and can be repeated`() async throws {
    let clean = try Relay()
    for batch in Self.batches(clean) { try await clean.deliver(batch) }
    let expected = try await clean.checksum()
    var failures = 0
    for number in 1... {
      let failing = FailingStep()
      var configuration = DatabaseConfiguration()
      configuration.faults = failing.injection
      let relay = try Relay(configuration: configuration)
      let empty = try await relay.checksum()
      let batches = Self.batches(relay)
      failing.arm(number)
      let failed = await (try? relay.deliver(batches[0])) == nil
      let hasBroken = failing.disarm()
      if failed {
        failures += 1
        #expect(try await relay.checksum() == empty, "step \(number)")
        relay.forgetWhatWasHeard()
      }
      for batch in batches { #expect(try await relay.deliver(batch).refusal == nil) }
      #expect(try await relay.checksum() == expected, "step \(number)")
      if !hasBroken { break }
    }
    #expect(failures > 10)
  }
}
