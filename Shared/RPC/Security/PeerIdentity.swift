/// Who a client's verified certificate says it is.
package struct PeerIdentity: Sendable, Hashable {
  /// The common name of the certificate's subject; empty where it has none.
  package let commonName: String
  /// The DNS names that it is for.
  package let dnsNames: [String]
  /// The URIs that it is for, such as a SPIFFE id.
  package let uris: [String]
  /// SHA-256 of the certificate, in lower-case hexadecimal digits.
  package let fingerprint: String

  /// An identity as a certificate states it; tests make one of their own.
  package init(commonName: String, dnsNames: [String] = [], uris: [String] = [], fingerprint: String = "") {
    self.commonName = commonName
    self.dnsNames = dnsNames
    self.uris = uris
    self.fingerprint = fingerprint
  }
}
