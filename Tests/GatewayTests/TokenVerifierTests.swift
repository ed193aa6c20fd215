import Access
import Foundation
import JWTKit
import Kernel
import Testing

@testable import GatewayService

@Suite struct TokenVerifierTests {
  let key = ES256PrivateKey()

  private func token(_ claims: TokenClaims, signedBy key: ES256PrivateKey? = nil) async throws -> String {
    let keys = JWTKeyCollection()
    await keys.add(ecdsa: key ?? self.key)
    return "Bearer " + (try await keys.sign(claims))
  }

  private func verifier() async -> TokenVerifier {
    let keys = JWTKeyCollection()
    await keys.add(ecdsa: key.publicKey)
    return TokenVerifier(keys: keys)
  }

  private func claims(
    role: String = "LEVEL_CLERK", aud: String = "huying", seconds: TimeInterval = 60
  ) -> TokenClaims {
    TokenClaims(
      sub: "p", org: "o", role: role, county: "379922000000", aud: aud,
      exp: Int64(Date().timeIntervalSince1970 + seconds))
  }

  @Test func `a token becomes its actor, twice the same`() async throws {
    let verifier = await verifier()
    let token = try await token(claims())
    let first = try await verifier.verify(authorization: token)
    let second = try await verifier.verify(authorization: token)
    #expect(first == second)
    #expect(first.actor?.role == .levelClerk)
  }

  @Test func `a token that is not ours, not for us, over, or claims to be the system is refused`() async throws {
    let verifier = await verifier()
    let bad = [
      try await token(claims(), signedBy: ES256PrivateKey()), try await token(claims(aud: "others")),
      try await token(claims(seconds: -1)), try await token(claims(role: "SYSTEM")),
      try await token(claims(role: "KING")), "Bearer x.y.z", "Bearer ",
    ]
    for token in bad {
      await #expect(throws: Refused(.unauthenticated, .tokenInvalid)) {
        try await verifier.verify(authorization: token)
      }
    }
    for missing in [nil, "", "Basic abc"] {
      await #expect(throws: Refused(.unauthenticated, .tokenMissing)) {
        try await verifier.verify(authorization: missing)
      }
    }
  }
}
