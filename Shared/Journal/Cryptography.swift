/// The cryptography that the journal needs, as values: the real one is made in `Runtime` from the service's key file, a
/// deterministic one in tests. Keys stay inside the closures.
package struct Cryptography: Sendable {
  /// SHA-256.
  package var sha256: @Sendable (_ bytes: [UInt8]) -> [UInt8]
  /// HMAC-SHA-256 under the service's own key, 32 bytes. `label` separates uses: the same bytes under two labels give
  /// digests that have nothing to do with each other.
  package var hmac: @Sendable (_ label: String, _ bytes: [UInt8]) -> [UInt8]
  /// AES-256-GCM: nonce, sealed bytes and tag in one; `context` must be the same when opening.
  package var seal: @Sendable (_ bytes: [UInt8], _ context: [UInt8]) throws -> [UInt8]
  /// Undoes `seal`; throws if a bit or the context was changed.
  package var open: @Sendable (_ sealed: [UInt8], _ context: [UInt8]) throws -> [UInt8]
  /// The same bytes sealed under the key that seals now; `nil`: it is the one that they are sealed under. Throws like `open`.
  package var renew: @Sendable (_ sealed: [UInt8], _ context: [UInt8]) throws -> [UInt8]?
  /// Unpredictable bytes.
  package var randomBytes: @Sendable (_ count: Int) -> [UInt8]

  package init(
    sha256: @escaping @Sendable ([UInt8]) -> [UInt8], hmac: @escaping @Sendable (String, [UInt8]) -> [UInt8],
    seal: @escaping @Sendable ([UInt8], [UInt8]) throws -> [UInt8],
    open: @escaping @Sendable ([UInt8], [UInt8]) throws -> [UInt8],
    renew: @escaping @Sendable ([UInt8], [UInt8]) throws -> [UInt8]? = { _, _ in nil },
    randomBytes: @escaping @Sendable (Int) -> [UInt8]
  ) {
    self.sha256 = sha256
    self.hmac = hmac
    self.seal = seal
    self.open = open
    self.renew = renew
    self.randomBytes = randomBytes
  }
}
