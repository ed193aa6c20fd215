package import Crypto
import Foundation
package import Journal
import Synchronization

extension Cryptography {
  /// AES-256-GCM, HMAC-SHA-256 and SHA-256 of swift-crypto, with keys derived (HKDF, RFC 5869) from the process's sealing
  /// key: one secret to keep, no key used for two things.
  package static func live(sealingKey: SymmetricKey) -> Cryptography { live(KeyRing([sealingKey])) }

  /// The same under a key of 32 bytes that a service made and keeps itself.
  package static func live(key: [UInt8]) -> Cryptography { live(sealingKey: SymmetricKey(data: key)) }

  /// The same with the keys of `ring`: the first one seals, each of them opens, and the last one, which was there first, makes the
  /// digests by which stored things are found again.
  package static func live(_ ring: KeyRing) -> Cryptography {
    let derived = DerivedKeys(ring)
    return Cryptography(
      sha256: { Array(SHA256.hash(data: $0)) },
      hmac: { label, bytes in
        var code = HMAC<SHA256>(key: derived.current.digest)
        code.update(data: Array(label.utf8) + [0])
        code.update(data: bytes)
        return Array(code.finalize())
      },
      seal: { bytes, context in
        let box = try AES.GCM.seal(bytes, using: derived.current.sealing[0], authenticating: context)
        return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
      },
      open: { sealed, context in
        let box = try AES.GCM.SealedBox(combined: sealed)
        let keys = derived.current.sealing
        // Which key it was is not written on it: the newest is the likeliest, and there are a few at most.
        for key in keys.dropLast() {
          if let bytes = try? AES.GCM.open(box, using: key, authenticating: context) { return Array(bytes) }
        }
        return Array(try AES.GCM.open(box, using: keys[keys.count - 1], authenticating: context))
      },
      renew: { sealed, context in
        let box = try AES.GCM.SealedBox(combined: sealed)
        let keys = derived.current.sealing
        for (index, key) in keys.enumerated() {
          guard let bytes = try? AES.GCM.open(box, using: key, authenticating: context) else { continue }
          if index == 0 { return nil }
          let again = try AES.GCM.seal(bytes, using: keys[0], authenticating: context)
          return Array(again.nonce) + Array(again.ciphertext) + Array(again.tag)
        }
        throw CryptoKitError.authenticationFailure
      },
      randomBytes: { count in SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { Array($0) } })
  }
}

/// What is derived from a ring's keys, made anew when they change.
private final class DerivedKeys: Sendable {
  struct Keys: Sendable {
    var generation: Int
    var sealing: [SymmetricKey]
    var digest: SymmetricKey

    init(_ keys: KeyRing.Keys) {
      generation = keys.generation
      sealing = keys.all.map { DerivedKeys.derive($0, "huying sealing 1") }
      digest = DerivedKeys.derive(keys.last, "huying digest 1")
    }
  }

  private let ring: KeyRing
  private let made: Mutex<Keys>

  init(_ ring: KeyRing) {
    self.ring = ring
    made = Mutex(Keys(ring.current))
  }

  var current: Keys {
    let keys = ring.current
    return made.withLock { made in
      if made.generation != keys.generation { made = Keys(keys) }
      return made
    }
  }

  private static func derive(_ key: SymmetricKey, _ purpose: String) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Array(purpose.utf8), outputByteCount: 32)
  }
}
