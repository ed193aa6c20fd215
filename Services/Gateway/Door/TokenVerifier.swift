package import Access
package import JWTKit
import Foundation
import Kernel
import Synchronization

extension TokenClaims: JWTPayload {
  package func verify(using algorithm: some JWTAlgorithm) throws {
    guard aud == "huying" else {
      throw JWTError.claimVerificationFailure(failedClaim: AudienceClaim(value: [aud]), reason: "not for us")
    }
    guard exp > Int64(Date().timeIntervalSince1970) else {
      throw JWTError.claimVerificationFailure(
        failedClaim: ExpirationClaim(value: Date(timeIntervalSince1970: TimeInterval(exp))), reason: "expired")
    }
  }
}

/// Turns a bearer token into an actor: a JWT of the county's login, or an access key of ours. A JWT is checked with the county's
/// public keys once, then remembered until it expires or the keys change: a signature costs more than the whole of a routed call.
package final class TokenVerifier: Sendable {
  /// Tokens remembered at once; beyond it the memory starts anew, so that a flood of tokens costs time, not room.
  static let maximumRemembered = 4096

  private struct Memory {
    var claims: [String: TokenClaims] = [:]
    /// Which set of keys they were checked with.
    var generation = 0
  }

  private let keys: TokenKeys
  private let accessKeys: AccessKeys?
  private let county: String
  private let remembered = Mutex(Memory())

  /// Checks JWTs with `keys`; `accessKeys`, where there are any, stand for persons of `county`.
  package init(keys: TokenKeys, accessKeys: AccessKeys? = nil, county: String = "") {
    self.keys = keys
    self.accessKeys = accessKeys
    self.county = county
  }

  /// The claims of an `authorization` value (`Bearer …`). Refuses with UNAUTHENTICATED: `TOKEN_MISSING`, `TOKEN_INVALID`.
  package func verify(authorization: String?) async throws -> TokenClaims {
    guard let authorization, authorization.utf8.count < 8192,
      authorization.prefix(7).lowercased() == "bearer "
    else { throw Refused(.unauthenticated, .tokenMissing) }
    let token = String(authorization.dropFirst(7))
    if token.hasPrefix(AccessSecret.keyPrefix) {
      guard let key = accessKeys?.key(token) else { throw Refused(.unauthenticated, .tokenInvalid) }
      return key.claims(county: county)
    }
    let (keys, generation) = await keys.current()
    if let known = known(token, generation) { return known }
    guard let claims = try? await keys.verify(token, as: TokenClaims.self), claims.actor != nil else {
      throw Refused(.unauthenticated, .tokenInvalid)
    }
    remembered.withLock { memory in
      if memory.claims.count >= Self.maximumRemembered { memory.claims.removeAll() }
      if memory.generation == generation { memory.claims[token] = claims }
    }
    return claims
  }

  /// What the token was found to say, if that was with these keys and it is still good.
  private func known(_ token: String, _ generation: Int) -> TokenClaims? {
    remembered.withLock { memory in
      if memory.generation < generation { memory = Memory(generation: generation) }
      guard let claims = memory.claims[token], claims.exp > Int64(Date().timeIntervalSince1970) else { return nil }
      return claims
    }
  }
}

extension Reason {
  static let tokenMissing = Reason(
    "TOKEN_MISSING", zh: "请先登录（缺少访问令牌）。", en: "Log in first: the call carries no bearer token.")
  static let tokenInvalid = Reason(
    "TOKEN_INVALID", zh: "登录已失效，请重新登录。", en: "The token is not valid any more: log in again.")
}
