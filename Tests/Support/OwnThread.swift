import Foundation

/// Runs `work` on a thread of its own, for what blocks or computes long: the tests' tasks share as many threads as there are
/// processors, and whoever keeps one of them lets all others wait.
package func onOwnThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    let thread = Thread { continuation.resume(with: Result(catching: work)) }
    // As much as the first thread has: parsers go deep.
    thread.stackSize = 8 << 20
    thread.start()
  }
}
