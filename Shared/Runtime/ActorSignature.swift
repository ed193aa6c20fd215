package import Access
package import CommonContract
package import Crypto
package import Kernel
package import RPC
import Wire
import WireTypes

/// How the gateway tells a service who acts, and how the service knows that it was the gateway: the actor's bytes and an
/// HMAC-SHA256 over the method's path and these bytes, both as metadata, good for a minute.
///
/// `huying-actor-bin` carries a `huying.common.v1.SignedActor`, `huying-actor-signature-bin` the HMAC with the stack's key
/// (docs/contracts.md says it byte by byte, for those who call a service directly).
package struct ActorSignature: Sendable {
  /// Metadata name of the encoded actor.
  package static let actorName = "huying-actor-bin"
  /// Metadata name of the signature.
  package static let signatureName = "huying-actor-signature-bin"
  /// How long a signature is good for: longer than any queue, shorter than a stolen one is useful.
  package static let lifetime = Interval.minutes(1)

  private let ring: KeyRing
  private let time: TimeSource
  private let recent = RecentSignatures()

  /// `key` is the stack's; `time` the real clock, also where business time is driven.
  package init(key: SymmetricKey, time: TimeSource = .real) { self.init(ring: KeyRing([key]), time: time) }

  /// The same with the stack's keys: the first one signs, each of them verifies.
  package init(ring: KeyRing, time: TimeSource = .real) {
    self.ring = ring
    self.time = time
  }

  /// Metadata that makes `actor` the caller of the method at `path`.
  package func sign(_ actor: Actor, path: String) -> Metadata {
    var metadata = Metadata()
    add(actor, path: path, to: &metadata)
    return metadata
  }

  /// Puts `actor` into `metadata` and takes out whatever claimed to be one.
  package func add(_ actor: Actor, path: String, to metadata: inout Metadata) {
    metadata.remove(Self.actorName, Self.signatureName)
    let now = time.now()
    let claim = RecentSignatures.Claim(actor: actor, path: path)
    if let known = recent.signed(claim, at: now) {
      metadata.append(known)
      return
    }
    let bytes = CommonV1.SignedActor(actor: CommonV1.Actor(actor), expireTime: .init(now + Self.lifetime)).encoded()
    var made = Metadata()
    made.append(Self.actorName, bytes: bytes)
    made.append(Self.signatureName, bytes: Array(code(bytes, path)))
    recent.remember(made, for: claim, at: now)
    metadata.append(made)
  }

  /// The actor in `metadata`. Refuses with UNAUTHENTICATED: `ACTOR_MISSING`, `ACTOR_INVALID` (signature, role, expired).
  package func verify(_ metadata: Metadata, path: String) throws(Refused) -> Actor {
    guard let actorText = metadata[Self.actorName], let signatureText = metadata[Self.signatureName] else {
      throw Refused(.unauthenticated, .actorMissing)
    }
    let now = time.now()
    let proof = RecentSignatures.Proof(actor: actorText, signature: signatureText, path: path)
    if let known = recent.verified(proof, at: now) { return known }
    guard let bytes = metadata.bytes(Self.actorName).first, let signature = metadata.bytes(Self.signatureName).first,
      isSigned(signed(bytes, path), signature),
      let claim = try? CommonV1.SignedActor(decoding: bytes), let expire = claim.expireTime?.kernel, now <= expire,
      let actor = claim.actor.flatMap(Actor.init)
    else { throw Refused(.unauthenticated, .actorInvalid) }
    recent.remember(actor, for: proof, until: expire)
    return actor
  }

  private func code(_ bytes: [UInt8], _ path: String) -> HMAC<SHA256>.MAC {
    HMAC<SHA256>.authenticationCode(for: signed(bytes, path), using: ring.current.first)
  }

  /// By any key of the ring. The gateway may have seen a new one in the file before us: then we look there, too.
  private func isSigned(_ bytes: [UInt8], _ signature: [UInt8]) -> Bool {
    func isSigned(_ keys: KeyRing.Keys) -> Bool {
      keys.all.contains { HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: bytes, using: $0) }
    }
    return isSigned(ring.current) || (ring.lookAgain() && isSigned(ring.current))
  }

  /// What is signed: the path, a zero byte, the actor. A signature for one method is none for another.
  private func signed(_ bytes: [UInt8], _ path: String) -> [UInt8] { Array(path.utf8) + [0] + bytes }
}

extension CommonV1.Actor {
  /// The actor as it travels.
  package init(_ actor: Actor) {
    self.init(
      personID: actor.personID, orgID: actor.organisationID, role: actor.role.rawValue, countyCode: actor.countyCode,
      onBehalfOf: actor.onBehalfOf)
  }
}

extension Actor {
  /// The actor that travelled; `nil` for a role that is not on the list.
  package init?(_ actor: CommonV1.Actor) {
    guard let role = Role(rawValue: actor.role) else { return nil }
    self.init(
      personID: actor.personID, organisationID: actor.orgID, role: role, countyCode: actor.countyCode,
      onBehalfOf: actor.onBehalfOf)
  }
}

extension Reason {
  static let actorMissing = Reason(
    "ACTOR_MISSING", zh: "调用未注明操作人。", en: "The call names no actor.")
  static let actorInvalid = Reason(
    "ACTOR_INVALID", zh: "操作人的签名无效或已过期。", en: "The actor's signature is not valid, or has expired.")
}
