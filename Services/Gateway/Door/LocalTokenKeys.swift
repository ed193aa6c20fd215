import Crypto
import Foundation
package import JWTKit
import Runtime

/// The public keys that tokens are checked with: the county's JWKS file, or, for a local stack, a key pair that the gateway
/// makes on its first start. `huying login` signs with the private half; a production gateway never has one.
package enum LocalTokenKeys {
  /// The private key of the local stack, PEM.
  package static let privateKeyName = "jwt-signing.pem"

  /// Keys from `jwksPath` if given, else the local pair in `folder`.
  package static func load(jwksPath: String?, folder: String) async throws -> JWTKeyCollection {
    let keys = JWTKeyCollection()
    if let jwksPath {
      guard let data = FileManager.default.contents(atPath: jwksPath) else {
        throw SettingError("jwks: there is no readable file at \(jwksPath)")
      }
      do { try await keys.add(jwksJSON: String(decoding: data, as: UTF8.self)) } catch {
        throw SettingError("jwks: \(jwksPath) is not a JSON Web Key Set")
      }
      return keys
    }
    let pem = try localKey(at: "\(folder)/\(privateKeyName)")
    guard let key = try? ES256PrivateKey(pem: pem) else {
      throw SettingError("\(folder)/\(privateKeyName) is not a P-256 private key")
    }
    await keys.add(ecdsa: key.publicKey)
    return keys
  }

  private static func localKey(at path: String) throws -> String {
    if let data = FileManager.default.contents(atPath: path) { return String(decoding: data, as: UTF8.self) }
    let pem = P256.Signing.PrivateKey().pemRepresentation + "\n"
    let folder = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    guard
      FileManager.default.createFile(
        atPath: path, contents: Data(pem.utf8), attributes: [.posixPermissions: 0o600])
    else { throw SettingError("cannot write \(path)") }
    return pem
  }
}
