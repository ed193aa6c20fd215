import Access
import Kernel
import RPC
import Synchronization

/// What was signed and what was verified a moment ago: an official makes many calls in a minute, and an HMAC with its
/// encoding costs more than a point read.
///
/// A verified proof is found by all of it, bytes as they travelled and path, and only until it expires: what was not verified
/// whole is never found.
final class RecentSignatures: Sendable {
  /// Who calls what.
  struct Claim: Hashable {
    let actor: Actor
    let path: String
  }

  /// What a caller shows, as it travelled.
  struct Proof: Hashable {
    let actor: String
    let signature: String
    let path: String
  }

  /// How long a signature is used again: most of its lifetime is left for the call's way.
  private static let reuseTime = Interval.seconds(10)
  /// Remembered at once of each; beyond it the memory starts anew, so that a flood costs time, not room.
  private static let maximum = 4096

  private let signed = Mutex<[Claim: (metadata: Metadata, since: Timestamp)]>([:])
  private let verified = Mutex<[Proof: (actor: Actor, until: Timestamp)]>([:])

  func signed(_ claim: Claim, at now: Timestamp) -> Metadata? {
    signed.withLock { signed in
      guard let known = signed[claim], known.since <= now, now < known.since + Self.reuseTime else { return nil }
      return known.metadata
    }
  }

  func remember(_ metadata: Metadata, for claim: Claim, at now: Timestamp) {
    signed.withLock { signed in
      if signed.count >= Self.maximum { signed.removeAll() }
      signed[claim] = (metadata, now)
    }
  }

  func verified(_ proof: Proof, at now: Timestamp) -> Actor? {
    verified.withLock { verified in
      guard let known = verified[proof], now <= known.until else { return nil }
      return known.actor
    }
  }

  func remember(_ actor: Actor, for proof: Proof, until: Timestamp) {
    verified.withLock { verified in
      if verified.count >= Self.maximum { verified.removeAll() }
      verified[proof] = (actor, until)
    }
  }
}
