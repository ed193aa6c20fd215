/// How a server proves who it is, and whether it asks who calls: TLS 1.2 or later with HTTP/2 by ALPN.
///
/// All files are PEM. They are read again when they change, without a restart: connections that come later see the new ones. Files
/// that cannot be used leave the old ones in force and `warn`.
package struct ServerSecurity: Sendable {
  /// Whether a server wants certificates of its clients.
  package enum ClientCertificates: String, Sendable, CaseIterable {
    /// It does not ask.
    case none
    /// It asks, takes clients without, and refuses what it cannot verify.
    case optional
    /// It refuses clients without.
    case required
  }

  /// The server's certificate, followed by those between it and the authority.
  package var certificateFile: String
  /// The certificate's private key, not encrypted.
  package var keyFile: String
  /// The authorities that sign clients' certificates; `nil`: those that the system trusts.
  package var clientAuthoritiesFile: String?
  /// Whether clients show certificates.
  package var clientCertificates: ClientCertificates
  /// Hears, in a sentence, why changed files were not taken.
  package var warn: @Sendable (String) -> Void = { _ in }

  /// The files, and whether clients show certificates.
  package init(
    certificateFile: String, keyFile: String, clientAuthoritiesFile: String? = nil,
    clientCertificates: ClientCertificates = .none
  ) {
    self.certificateFile = certificateFile
    self.keyFile = keyFile
    self.clientAuthoritiesFile = clientAuthoritiesFile
    self.clientCertificates = clientCertificates
  }
}
