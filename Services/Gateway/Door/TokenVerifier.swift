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

/// Turns a bearer token into an actor. A token is checked with the county's public keys once, then remembered until it
/// expires: a signature costs more than the whole of a routed call.
package final class TokenVerifier: Sendable {
  /// Tokens remembered at once; beyond it the memory starts anew, so that a flood of tokens costs time, not room.
  static let maximumRemembered = 4096

  private let keys: JWTKeyCollection
  private let remembered = Mutex<[String: TokenClaims]>([:])

  package init(keys: JWTKeyCollection) { self.keys = keys }

  /// The claims of an `authorization` value (`Bearer …`). Refuses with UNAUTHENTICATED: `TOKEN_MISSING`, `TOKEN_INVALID`.
  package func verify(authorization: String?) async throws -> TokenClaims {
    guard let authorization, authorization.utf8.count < 8192,
      authorization.prefix(7).lowercased() == "bearer "
    else { throw Refused(.unauthenticated, .tokenMissing) }
    let token = String(authorization.dropFirst(7))
    if let known = remembered.withLock({ $0[token] }), known.exp > Int64(Date().timeIntervalSince1970) { return known }
    guard let claims = try? await keys.verify(token, as: TokenClaims.self), claims.actor != nil else {
      throw Refused(.unauthenticated, .tokenInvalid)
    }
    remembered.withLock { remembered in
      if remembered.count >= Self.maximumRemembered { remembered.removeAll() }
      remembered[token] = claims
    }
    return claims
  }
}

extension Reason {
  static let tokenMissing = Reason(
    "TOKEN_MISSING", zh: "请先登录（缺少访问令牌）。", en: "Log in first: the call carries no bearer token.")
  static let tokenInvalid = Reason(
    "TOKEN_INVALID", zh: "登录已失效，请重新登录。", en: "The token is not valid any more: log in again.")
}
