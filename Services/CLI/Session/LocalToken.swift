package import Access
import Crypto
import Foundation
package import JWTKit

extension TokenClaims: JWTPayload {
  /// Never asked here: the gateway verifies.
  package func verify(using algorithm: some JWTAlgorithm) throws {}
}

/// Makes tokens with a private key at hand: the one that a local stack's gateway made on its first start, or the operator's that
/// `huying init` made. A production gateway has public keys only.
enum LocalToken {
  /// How long a local login is good for.
  static let lifetime: TimeInterval = 12 * 3600

  /// A token for `role` at `organisation` of `county`.
  static func make(
    role: Role, organisation: String, person: String, county: String
  ) async throws -> String {
    let folder = ProcessInfo.processInfo.environment["HUYING_KEY_DIR"] ?? "var/keys"
    let path = "\(folder)/jwt-signing.pem"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Complaint(
        "没有 \(path)：--as 只在密钥所在之处可用，即本机试用首次启动之后，或 HUYING_KEY_DIR=…/operator；别处请用一次性登录码登录（--secret）",
        """
        there is no \(path): --as works where the key is, on the machine of a local stack after its first start, or with \
        HUYING_KEY_DIR=…/operator; elsewhere log in with a secret (--secret)
        """)
    }
    guard let key = try? ES256PrivateKey(pem: String(decoding: data, as: UTF8.self)) else {
      throw Complaint("\(path) 不是 P-256 私钥", "\(path) is not a P-256 private key")
    }
    // With a set of several keys, a token says which one it was signed with.
    let name = (try? String(contentsOfFile: "\(folder)/jwt-signing.kid", encoding: .utf8))
      .map { JWKIdentifier(string: $0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    let keys = JWTKeyCollection()
    await keys.add(ecdsa: key, kid: name)
    let claims = TokenClaims(
      sub: person, org: organisation, role: role.rawValue, county: county,
      exp: Int64(Date().timeIntervalSince1970 + lifetime))
    return try await keys.sign(claims, kid: name)
  }
}
