import Access
import Foundation
import JWTKit
import Kernel
import Logging
import TestSupport
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
    return TokenVerifier(keys: TokenKeys(keys))
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

  @Test func `a key set that changes counts at once, one that cannot be read leaves the old one`() async throws {
    let folder = TemporaryFolder()
    let path = folder.file("jwks.json")
    let (old, new) = (ES256PrivateKey(), ES256PrivateKey())
    func keySet(_ keys: [(String, ES256PrivateKey)]) throws -> String {
      let members = try keys.map { name, key in
        let point = try #require(key.publicKey.parameters)
        return
          #"{"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "\#(name)", "x": "\#(point.x)", "y": "\#(point.y)"}"#
      }
      return #"{"keys": [\#(members.joined(separator: ", "))]}"#
    }
    func write(_ text: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }
    func signed(_ name: String, _ key: ES256PrivateKey) async throws -> String {
      let keys = JWTKeyCollection()
      await keys.add(ecdsa: key, kid: JWKIdentifier(string: name))
      return "Bearer " + (try await keys.sign(claims(), kid: JWKIdentifier(string: name)))
    }
    try write(keySet([("old", old)]))
    let verifier = TokenVerifier(
      keys: try await TokenKeys.load(
        jwksPath: path, folder: folder.path, logger: Logger(label: "test"), patience: .zero))
    let (oldToken, newToken) = (try await signed("old", old), try await signed("new", new))
    _ = try await verifier.verify(authorization: oldToken)
    await #expect(throws: Refused(.unauthenticated, .tokenInvalid)) {
      try await verifier.verify(authorization: newToken)
    }

    try write(keySet([("new", new), ("old", old)]))
    _ = try await verifier.verify(authorization: newToken)
    _ = try await verifier.verify(authorization: oldToken)

    try write("no key set")
    _ = try await verifier.verify(authorization: newToken)

    // Taken out: what was remembered does not count any more.
    try write(keySet([("new", new)]))
    await #expect(throws: Refused(.unauthenticated, .tokenInvalid)) {
      try await verifier.verify(authorization: oldToken)
    }
    _ = try await verifier.verify(authorization: newToken)
  }
}
