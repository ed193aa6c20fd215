import Foundation
import JWTKit

/// The key that this installation signs tokens with, and the set of public keys that its gateway checks them with. The county's
/// own login, where there is one, has its set in that place.
enum TokenKeySet {
  /// How many of our own keys count at a time: the newest, and the one before it until its tokens are over.
  static let kept = 2

  /// A new key (PEM) and its name, and `earlier` with its public half in front; keys beyond the newest two fall out.
  static func renewed(_ earlier: String?) throws -> (privateKey: String, name: String, keySet: String) {
    let key = ES256PrivateKey()
    guard let point = key.publicKey.parameters else {
      throw Complaint("不能生成 P-256 密钥", "no P-256 key could be made")
    }
    let name = "huying-\(UUID().uuidString.lowercased())"
    var members = try earlier.map(members) ?? []
    members.insert(
      [
        "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": name,
        "x": urlSafe(point.x), "y": urlSafe(point.y),
      ], at: 0)
    let set = try JSONSerialization.data(
      withJSONObject: ["keys": Array(members.prefix(kept))], options: [.prettyPrinted, .sortedKeys])
    return (key.pemRepresentation + "\n", name, String(decoding: set, as: UTF8.self) + "\n")
  }

  private static func members(_ keySet: String) throws -> [[String: String]] {
    guard let object = try JSONSerialization.jsonObject(with: Data(keySet.utf8)) as? [String: Any],
      let members = object["keys"] as? [[String: String]]
    else {
      throw Complaint(
        "jwks.json 不是由 huying 生成的：请在生成它的地方更换", "jwks.json is not a key set of huying's own: renew it where it was made")
    }
    return members
  }

  /// RFC 7515: base64 without padding, - and _ in place of + and /.
  private static func urlSafe(_ base64: String) -> String {
    base64.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
      .replacingOccurrences(of: "=", with: "")
  }
}
