import Synchronization

/// Which failed calls are made again, and when: gRPC's A6. Without one only calls that the server never took are.
package struct RetryPolicy: Sendable, Equatable {
  /// More attempts than this are none the better (A6's default maximum).
  static let limit = 5

  /// Attempts in all, the first included: 2 to 5.
  package var maximumAttempts: Int
  /// The pause before the second attempt, give or take a fifth.
  package var initialBackoff: Duration
  /// No pause is longer, give or take a fifth.
  package var maximumBackoff: Duration
  /// Each pause is so many times the one before.
  package var multiplier: Double
  /// What has to have come for another attempt.
  package var codes: Set<Code>

  /// A policy; `maximumAttempts` above 5 counts as 5.
  package init(
    maximumAttempts: Int, initialBackoff: Duration, maximumBackoff: Duration, multiplier: Double, codes: Set<Code>
  ) {
    self.maximumAttempts = min(max(maximumAttempts, 1), Self.limit)
    self.initialBackoff = max(initialBackoff, .zero)
    self.maximumBackoff = max(maximumBackoff, .zero)
    self.multiplier = multiplier
    self.codes = codes
  }
}

/// When a channel stops making calls again: every failure takes a token, every success gives `tokenRatio` back, and there are
/// retries while more than half of them are there.
package struct RetryThrottling: Sendable, Equatable {
  /// Tokens at the beginning, and at most.
  package var maximumTokens: Double
  /// What a success gives back.
  package var tokenRatio: Double

  /// So many tokens.
  package init(maximumTokens: Double, tokenRatio: Double) {
    self.maximumTokens = maximumTokens
    self.tokenRatio = tokenRatio
  }
}

/// The tokens of one channel.
struct RetryTokens {
  private let throttling: RetryThrottling
  private(set) var count: Double

  init(_ throttling: RetryThrottling) {
    self.throttling = throttling
    self.count = throttling.maximumTokens
  }

  var areEnough: Bool { count > throttling.maximumTokens / 2 }

  mutating func succeeded() { count = min(count + throttling.tokenRatio, throttling.maximumTokens) }
  mutating func failed() { count = max(count - 1, 0) }
}

/// The tokens that all loops of a channel share.
final class RetryThrottle: Sendable {
  private let tokens: Mutex<RetryTokens>

  init(_ throttling: RetryThrottling) { tokens = Mutex(RetryTokens(throttling)) }

  func succeeded() { tokens.withLock { $0.succeeded() } }

  /// Takes one, and says whether enough are left for another attempt.
  func failed() -> Bool {
    tokens.withLock {
      $0.failed()
      return $0.areEnough
    }
  }
}

/// How often a call has been made, and whether it is made again. A value: time, chance and tokens come from outside.
struct RetryState {
  /// How an attempt failed.
  enum Failure: Equatable {
    /// No byte of it left.
    case neverSent
    /// The server said that nothing looked at it: REFUSED_STREAM, or GOAWAY with a lower stream.
    case refused
    /// With this status, before any head.
    case status(Code, Pushback)
  }

  /// What `grpc-retry-pushback-ms` says.
  enum Pushback: Equatable {
    case none
    case after(Duration)
    case never

    init(_ text: String?) {
      guard let text else {
        self = .none
        return
      }
      let isNumber = !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
      let isPlain = text == "0" || !text.hasPrefix("0")
      guard isNumber, isPlain, let number = Int32(text) else {
        self = .never
        return
      }
      self = .after(.milliseconds(Int(number)))
    }
  }

  enum Decision: Equatable {
    case end
    case again(after: Duration)
  }

  /// The pause before a call whose bytes never left is made a third time; it doubles with every further one.
  static let neverSentPause: Duration = .milliseconds(10)
  /// And is never longer.
  static let maximumNeverSentPause: Duration = .seconds(1)

  /// Attempts that the server's program has seen.
  private(set) var attempts = 0
  private var pauses = 0
  private var neverSent = 0
  private var wasRefused = false

  /// What `grpc-previous-rpc-attempts` says; 0: nothing.
  var previousAttempts: Int { attempts }

  /// `random` is between -1 and 1. `takeToken` counts the failure and says whether tokens are left.
  mutating func decide(
    _ failure: Failure, _ policy: RetryPolicy?, random: Double, takeToken: () -> Bool
  ) -> Decision {
    switch failure {
    case .neverSent:
      neverSent += 1
      guard neverSent > 1 else { return .again(after: .zero) }
      let pause = Self.neverSentPause * (1 << min(neverSent - 2, 10))
      return .again(after: min(pause, Self.maximumNeverSentPause) * (1 + random / 5))
    case .refused:
      guard wasRefused else {
        wasRefused = true
        return .again(after: .zero)
      }
      return decide(.status(.unavailable, .none), policy, random: random, takeToken: takeToken)
    case .status(let code, let pushback):
      attempts += 1
      let isRetryable = policy?.codes.contains(code) ?? false
      guard isRetryable || pushback == .never else { return .end }
      let hasTokens = takeToken()
      guard let policy, isRetryable, pushback != .never, hasTokens, attempts < policy.maximumAttempts else {
        return .end
      }
      if case .after(let pause) = pushback {
        pauses = 0
        return .again(after: pause)
      }
      var pause = policy.initialBackoff
      for _ in 0..<pauses { pause = min(pause * policy.multiplier, policy.maximumBackoff) }
      pauses += 1
      return .again(after: min(pause, policy.maximumBackoff) * (1 + random / 5))
    }
  }
}
