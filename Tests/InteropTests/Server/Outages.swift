import RPC
import Synchronization

/// Refuses a call's first attempts, for clients that try again: metadata `x-unavailable: NAME=COUNT` has the first COUNT calls of that
/// name answered with UNAVAILABLE and a push-back of 20 ms.
final class Outages: Sendable {
  private static let maximumNames = 10_000

  private let seen = Mutex<[String: Int]>([:])

  func refuse(_ context: ServerContext) throws(Status) {
    guard let asked = context.metadata["x-unavailable"] else { return }
    let words = asked.split(separator: "=")
    guard words.count == 2, let count = Int(words[1]) else {
      throw Status(.invalidArgument, "x-unavailable is NAME=COUNT")
    }
    let attempt = seen.withLock { seen in
      if seen.count >= Self.maximumNames { seen.removeAll() }
      seen[String(words[0]), default: 0] += 1
      return seen[String(words[0]), default: 0]
    }
    guard attempt <= count else { return }
    throw Status(.unavailable, "attempt \(attempt), where \(count) are refused", retryDelay: .milliseconds(20))
  }
}
