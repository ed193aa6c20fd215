package import CareVisitDomain
package import Journal
package import Kernel
package import Persistence

/// Where identities lie. Each enrolment has a key of its own, made at random and sealed under the register's key; everything that is
/// known of the person in words is sealed under it. To destroy that key is to destroy all of it: in the tables at once, and in
/// every copy of them for whoever does not have that key from before.
package struct Vault: Sendable {
  private let county: AreaCode
  private let register: Cryptography
  /// Cryptography under a key of 32 bytes.
  private let keyed: @Sendable (_ key: [UInt8]) -> Cryptography

  package init(county: AreaCode, register: Cryptography, keyed: @escaping @Sendable ([UInt8]) -> Cryptography) {
    self.county = county
    self.register = register
    self.keyed = keyed
  }

  /// One enrolment's part of the vault, open.
  package struct Drawer {
    /// SHA-256 of the sealed key: what proves later which key was destroyed.
    package let keyDigest: [UInt8]
    fileprivate let county: AreaCode
    fileprivate let enrolmentID: Enrolment.ID
    fileprivate let cryptography: Cryptography

    /// Seals a text in place of what had its name. Returns its digest, which says nothing without the key.
    @discardableResult
    package func put(_ bytes: [UInt8], as name: String, in transaction: WriteTransaction) throws -> [UInt8] {
      let sealed = try cryptography.seal(bytes, context(name))
      try transaction.run(Vault.saveText, [.text(county.text), .id(enrolmentID), .text(name), .bytes(sealed)])
      return cryptography.hmac(name, bytes)
    }

    /// What lies there under a name.
    package func take(_ name: String, in reading: some Reading) throws -> [UInt8]? {
      let sealed = try reading.first(Vault.loadText, [.text(county.text), .id(enrolmentID), .text(name)]) {
        $0.bytes(0)
      }
      return try sealed.map { try cryptography.open($0, context(name)) }
    }

    /// Ties sealed bytes to their place.
    private func context(_ name: String) -> [UInt8] { Array("\(county.text)/\(enrolmentID.text)/\(name)".utf8) }
  }

  /// Makes a key for a new enrolment.
  package func make(_ id: Enrolment.ID, in transaction: WriteTransaction) throws -> Drawer {
    let key = register.randomBytes(32)
    let wrapped = try register.seal(key, context(id))
    try transaction.run(Self.saveKey, [.text(county.text), .id(id), .bytes(wrapped)])
    return drawer(id, wrapped, key)
  }

  /// The drawer of an enrolment; `nil`: its key was destroyed.
  package func open(_ id: Enrolment.ID, in reading: some Reading) throws -> Drawer? {
    let wrapped = try reading.first(Self.loadKey, [.text(county.text), .id(id)]) { $0.bytes(0) }
    return try wrapped.map { drawer(id, $0, try register.open($0, context(id))) }
  }

  /// Destroys the key of an enrolment and what it sealed. The digest of the key that is gone; `nil`: there was none.
  package func destroy(_ id: Enrolment.ID, in transaction: WriteTransaction) throws -> [UInt8]? {
    let wrapped = try transaction.first(Self.loadKey, [.text(county.text), .id(id)]) { $0.bytes(0) }
    try transaction.run(Self.deleteTexts, [.text(county.text), .id(id)])
    try transaction.run(Self.deleteKey, [.text(county.text), .id(id)])
    return wrapped.map(register.sha256)
  }

  /// Whether nothing is left of an enrolment here.
  package func isEmpty(_ id: Enrolment.ID, in reading: some Reading) throws -> Bool {
    let key: [Value] = [.text(county.text), .id(id)]
    return try !reading.exists(Self.loadKey, key) && !reading.exists(Self.anyText, key)
  }

  private func drawer(_ id: Enrolment.ID, _ wrapped: [UInt8], _ key: [UInt8]) -> Drawer {
    Drawer(keyDigest: register.sha256(wrapped), county: county, enrolmentID: id, cryptography: keyed(key))
  }

  private func context(_ id: Enrolment.ID) -> [UInt8] { Array("care-visit key/\(county.text)/\(id.text)".utf8) }
}

extension Vault {
  private static let saveKey = Statement(
    "vault.save_key", "INSERT INTO vault_keys (county_code, enrolment_id, wrapped_key) VALUES ($1, $2, $3)")
  private static let loadKey = Statement(
    "vault.load_key", "SELECT wrapped_key FROM vault_keys WHERE county_code = $1 AND enrolment_id = $2")
  private static let deleteKey = Statement(
    "vault.delete_key", "DELETE FROM vault_keys WHERE county_code = $1 AND enrolment_id = $2")
  fileprivate static let saveText = Statement(
    "vault.save_text",
    """
    INSERT INTO vault_texts (county_code, enrolment_id, text_name, sealed) VALUES ($1, $2, $3, $4)
    ON CONFLICT (county_code, enrolment_id, text_name) DO UPDATE SET sealed = excluded.sealed
    """)
  fileprivate static let loadText = Statement(
    "vault.load_text",
    "SELECT sealed FROM vault_texts WHERE county_code = $1 AND enrolment_id = $2 AND text_name = $3")
  private static let anyText = Statement(
    "vault.any_text", "SELECT text_name FROM vault_texts WHERE county_code = $1 AND enrolment_id = $2 LIMIT 1")
  private static let deleteTexts = Statement(
    "vault.delete_texts", "DELETE FROM vault_texts WHERE county_code = $1 AND enrolment_id = $2")

  static let statements = [saveKey, loadKey, deleteKey, saveText, loadText, anyText, deleteTexts]
}
