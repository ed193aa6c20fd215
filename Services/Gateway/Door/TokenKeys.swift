import Crypto
import Foundation
package import JWTKit
package import Logging
import RPC
import Runtime
import Synchronization

/// The public keys that tokens are checked with: the county's JWKS file, or, for a local stack, a key pair that the gateway
/// makes on its first start. `huying login` signs with the private half; a production gateway never has one.
///
/// The file is looked at when a token comes, once a second at most: a key that is added to it or taken out of it counts from
/// then on, with no restart. A file that cannot be used leaves the keys before in force.
package final class TokenKeys: Sendable {
  /// The private key of the local stack, PEM.
  package static let privateKeyName = "jwt-signing.pem"

  private struct State {
    var keys: JWTKeyCollection
    var look: FileLook
    /// Counts sets of keys: what was verified with an earlier one is verified anew.
    var generation = 0
  }

  /// The county's key set; `nil`: the keys never change.
  private let path: String?
  private let logger: Logger
  private let state: Mutex<State>

  private init(path: String?, look: FileLook, keys: JWTKeyCollection, logger: Logger) {
    self.path = path
    self.logger = logger
    state = Mutex(State(keys: keys, look: look))
  }

  /// Keys that never change: tests.
  package convenience init(_ keys: JWTKeyCollection) {
    self.init(path: nil, look: FileLook([]), keys: keys, logger: Logger(label: "token-keys"))
  }

  /// Keys from `jwksPath` if given, else the local pair in `folder`. Throws `SettingError` for a file that is missing or no key.
  package static func load(
    jwksPath: String?, folder: String, logger: Logger, patience: Duration = .seconds(1)
  ) async throws -> TokenKeys {
    if let jwksPath {
      var look = FileLook([jwksPath], pause: patience)
      look.seen = look.change()
      return TokenKeys(path: jwksPath, look: look, keys: try await keySet(at: jwksPath), logger: logger)
    }
    let keys = JWTKeyCollection()
    let pem = try localKey(at: "\(folder)/\(privateKeyName)")
    guard let key = try? ES256PrivateKey(pem: pem) else {
      throw SettingError("\(folder)/\(privateKeyName) is not a P-256 private key")
    }
    await keys.add(ecdsa: key.publicKey)
    return TokenKeys(path: nil, look: FileLook([]), keys: keys, logger: logger)
  }

  /// The keys in force, and which set of them it is.
  func current() async -> (keys: JWTKeyCollection, generation: Int) {
    if let path, let change = state.withLock({ $0.look.change() }) {
      do {
        let keys = try await Self.keySet(at: path)
        state.withLock {
          $0.keys = keys
          $0.generation += 1
        }
        logger.notice("tokens are checked with the new key set")
      } catch {
        logger.warning("the old key set stays in force: \(error)")
      }
      state.withLock { $0.look.seen = change }
    }
    return state.withLock { ($0.keys, $0.generation) }
  }

  private static func keySet(at path: String) async throws -> JWTKeyCollection {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SettingError("jwks: there is no readable file at \(path)")
    }
    let keys = JWTKeyCollection()
    do { try await keys.add(jwksJSON: String(decoding: data, as: UTF8.self)) } catch {
      throw SettingError("jwks: \(path) is not a JSON Web Key Set")
    }
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
