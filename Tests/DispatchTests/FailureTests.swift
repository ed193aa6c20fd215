import DispatchContract
import DispatchDomain
@testable import DispatchService
import Journal
import Kernel
import Persistence
import RPC
import Synchronization
import TestSupport
import Testing

/// Every step of a submission breaks once: state unchanged, journal unchanged, caller told; and then it goes through.
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

    /// Whether the armed step has come; nothing fails any more.
    func disarm() -> Bool {
      steps.withLock { left in
        defer { left = 0 }
        return left < 1
      }
    }
  }

  @Test func `a submission that breaks anywhere leaves the call and its journal as they were`() async throws {
    let failing = FailingStep()
    var configuration = DatabaseConfiguration()
    configuration.faults = failing.injection
    let desk = try await Desktop(configuration: configuration)
    let call = try await desk.draftCall()
    let before = try #require(try await desk.stored(call.callID))
    let head = try await desk.bench.database.read { try Journal.head(in: $0).seq }
    var failures = 0
    for number in 1...500 {
      failing.arm(number)
      let answer = try? await desk.submit(call)
      let hasBroken = failing.disarm()
      guard answer == nil else {
        #expect(!hasBroken && answer?.state == .notAdmitted)
        break
      }
      failures += 1
      #expect(try await desk.stored(call.callID) == before, "step \(number)")
      #expect(try await desk.bench.database.read { try Journal.head(in: $0).seq } == head, "step \(number)")
    }
    #expect(failures > 15)
    #expect(try await desk.folded(call.callID) == desk.stored(call.callID))
  }
}
