package import Crypto
import Foundation
package import Journal

extension Cryptography {
  /// AES-256-GCM, HMAC-SHA-256 and SHA-256 of swift-crypto, with keys derived (HKDF, RFC 5869) from the process's sealing
  /// key: one secret to keep, no key used for two things.
  package static func live(sealingKey: SymmetricKey) -> Cryptography {
    let sealing = derive(sealingKey, "huying sealing 1")
    let digest = derive(sealingKey, "huying digest 1")
    return Cryptography(
      sha256: { Array(SHA256.hash(data: $0)) },
      hmac: { label, bytes in
        var code = HMAC<SHA256>(key: digest)
        code.update(data: Array(label.utf8) + [0])
        code.update(data: bytes)
        return Array(code.finalize())
      },
      seal: { bytes, context in
        let box = try AES.GCM.seal(bytes, using: sealing, authenticating: context)
        return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
      },
      open: { sealed, context in
        Array(try AES.GCM.open(try AES.GCM.SealedBox(combined: sealed), using: sealing, authenticating: context))
      },
      randomBytes: { count in SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { Array($0) } })
  }

  /// The same under a key of 32 bytes that a service made and keeps itself.
  package static func live(key: [UInt8]) -> Cryptography { live(sealingKey: SymmetricKey(data: key)) }

  private static func derive(_ key: SymmetricKey, _ purpose: String) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Array(purpose.utf8), outputByteCount: 32)
  }
}
