import DisputeContract
import DisputeDomain
import Journal
import Kernel
import Persistence
import Synchronization
import TestSupport
import Testing

/// Every step of a command breaks once: state unchanged, journal unchanged, caller told; the same again then goes through.
@Suite struct BrokenStepTests {
  /// Lets the n-th step of the stores fail, once.
  final class FailingStep: Sendable {
    private let left = Mutex(0)

    var configuration: DatabaseConfiguration {
      var configuration = DatabaseConfiguration()
      configuration.faults = FaultInjection { statement in
        guard !statement.description.hasPrefix("transaction.") else { return nil }
        return self.left.withLock { left in
          defer { left -= 1 }
          return left == 1 ? .interrupted : nil
        }
      }
      return configuration
    }

    func arm(_ number: Int) { left.withLock { $0 = number } }

    /// Whether the armed step has come; nothing fails any more.
    func disarm() -> Bool {
      left.withLock { left in
        defer { left = 0 }
        return left < 1
      }
    }
  }

  @Test(arguments: [DisputeV1.DeterminationRef.Verdict.`self`, .call])
  func `an import that breaks anywhere leaves nothing behind and can be repeated`(
    verdict: DisputeV1.DeterminationRef.Verdict
  ) async throws {
    let failing = FailingStep()
    let bench = try await DisputeBench(configuration: failing.configuration)
    var failures = 0
    for number in 1... {
      let row = DisputeBench.row("\(number)", verdict)
      let before = try head(bench)
      failing.arm(number)
      let failed = await (try? bench.importRows([row])) == nil
      let hasBroken = failing.disarm()
      if failed {
        failures += 1
        #expect(try head(bench) == before, "step \(number)")
        #expect(try bench.foldedAndStored(row.caseID).stored == nil, "step \(number)")
        #expect(try await bench.importRows([row]).addedCount == 1, "step \(number)")
      }
      let (folded, stored) = try bench.foldedAndStored(row.caseID)
      #expect(folded != nil && folded == stored, "step \(number)")
      if !hasBroken || number == 500 { break }
    }
    #expect((30..<500).contains(failures))
    let looked = try await bench.cases.listCases(
      .init(pageSize: 200), context: bench.context(DisputeV1.CaseServiceMethods.listCases, as: Scenery.hotline))
    #expect(Set(looked.cases.map(\.number)).count == failures + 1)
  }

  @Test func `a command that breaks anywhere leaves the case as it was and can be repeated`() async throws {
    let failing = FailingStep()
    let bench = try await DisputeBench(configuration: failing.configuration)
    let context = bench.context(DisputeV1.MediationServiceMethods.recordAttempt, as: Scenery.member)
    var failures = 0
    for number in 1... {
      let id = try await bench.report(requestID: "report-\(number)").caseID
      _ = try await bench.cases.selfHandleCase(
        .init(requestID: "handle-\(number)", caseID: id, expectedVersion: 1), context: context)
      let before = try bench.foldedAndStored(id).stored
      let request = DisputeV1.RecordAttemptRequest(
        requestID: "attempt-\(number)", caseID: id, expectedVersion: 2, result: .failed, record: "上门",
        failureReason: "一方不同意")
      failing.arm(number)
      let failed = await (try? bench.mediation.recordAttempt(request, context: context)) == nil
      let hasBroken = failing.disarm()
      if failed {
        failures += 1
        let (folded, stored) = try bench.foldedAndStored(id)
        #expect(stored == before && folded == before, "step \(number)")
        _ = try await bench.mediation.recordAttempt(request, context: context)
      }
      let (folded, stored) = try bench.foldedAndStored(id)
      #expect(stored?.attempts.count == 1 && folded == stored, "step \(number)")
      if !hasBroken || number == 500 { break }
    }
    #expect((15..<500).contains(failures))
  }

  private func head(_ bench: DisputeBench) throws -> Int64 {
    try bench.bench.database.readInline { try Journal.head(in: $0).seq }
  }
}
