/// How a channel makes sure whom it talks to, and proves who calls: TLS 1.2 or later with HTTP/2 by ALPN. All files are PEM; they
/// are read anew for connections made after they changed.
package struct ChannelSecurity: Sendable {
  /// The authorities that sign the server's certificate; `nil`: those that the system trusts.
  package var authoritiesFile: String?
  /// The certificate to show to a server that asks for one.
  package var certificateFile: String?
  /// The private key of `certificateFile`.
  package var keyFile: String?
  /// The name that the server's certificate has to be for; `nil`: the target's host.
  package var serverName: String?
  /// Takes any certificate: encrypted, but no proof of who is at the other end.
  package var skipsVerification: Bool

  /// Verified against the system's authorities unless told otherwise.
  package init(
    authoritiesFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil, serverName: String? = nil,
    skipsVerification: Bool = false
  ) {
    self.authoritiesFile = authoritiesFile
    self.certificateFile = certificateFile
    self.keyFile = keyFile
    self.serverName = serverName
    self.skipsVerification = skipsVerification
  }
}
