package import ArgumentParser
package import RPC

/// The settings of TLS on the RPC port, as flags.
package struct TLSOptions: ParsableArguments {
  @Option(help: "The certificate (PEM, with those up to its authority) to serve TLS with. (HUYING_TLS_CERTIFICATE)")
  package var tlsCertificate: String?

  @Option(help: "The certificate's private key (PEM, not encrypted). (HUYING_TLS_KEY)")
  package var tlsKey: String?

  @Option(help: "The authorities (PEM) that sign clients' certificates. (HUYING_TLS_CLIENT_AUTHORITIES)")
  package var tlsClientAuthorities: String?

  @Option(
    help: """
      none, optional or required; required where there are client authorities, else none. \
      (HUYING_TLS_CLIENT_CERTIFICATES)
      """)
  package var tlsClientCertificates: String?

  package init() {}
}

/// TLS as it is in force, checked.
package struct TLSSettings: Sendable {
  package let certificateFile: String
  package let keyFile: String
  package let clientAuthoritiesFile: String?
  package let clientCertificates: ServerSecurity.ClientCertificates

  /// `nil`: there is to be no TLS. `value` finds a setting: its flag, else the variable of that name, else the empty text.
  init?(_ options: TLSOptions, listen: String, value: (String?, String) -> String) throws(SettingError) {
    let certificate = value(options.tlsCertificate, "TLS_CERTIFICATE")
    let key = value(options.tlsKey, "TLS_KEY")
    let authorities = value(options.tlsClientAuthorities, "TLS_CLIENT_AUTHORITIES")
    let clients = value(options.tlsClientCertificates, "TLS_CLIENT_CERTIFICATES")
    guard !certificate.isEmpty else {
      for (setting, text) in [("tls-key", key), ("tls-client-authorities", authorities)] where !text.isEmpty {
        throw SettingError("\(setting): there is no tls-certificate")
      }
      guard ["", "none"].contains(clients) else {
        throw SettingError("tls-client-certificates: there is no tls-certificate")
      }
      return nil
    }
    guard !key.isEmpty else { throw SettingError("tls-certificate: its key is missing (tls-key)") }
    guard !listen.hasPrefix("unix:") else {
      throw SettingError("tls-certificate: \(listen) is guarded by the file's permissions and speaks no TLS")
    }
    let wish = clients.isEmpty ? (authorities.isEmpty ? "none" : "required") : clients
    guard let clientCertificates = ServerSecurity.ClientCertificates(rawValue: wish) else {
      throw SettingError("tls-client-certificates: \"\(wish)\" is none of none, optional, required")
    }
    guard clientCertificates == .none || !authorities.isEmpty else {
      throw SettingError("tls-client-certificates: \(wish), but nobody signs them (tls-client-authorities)")
    }
    certificateFile = certificate
    keyFile = key
    clientAuthoritiesFile = authorities.isEmpty ? nil : authorities
    self.clientCertificates = clientCertificates
  }

  /// For the server's port.
  package var server: ServerSecurity {
    ServerSecurity(
      certificateFile: certificateFile, keyFile: keyFile, clientAuthoritiesFile: clientAuthoritiesFile,
      clientCertificates: clientCertificates)
  }

  /// For a probe of that port on the same machine: whose certificate it is need not be proved there; the process's own serves as
  /// the client's.
  package var probe: ChannelSecurity {
    ChannelSecurity(certificateFile: certificateFile, keyFile: keyFile, skipsVerification: true)
  }

  var lines: [String] {
    [
      "tls-certificate = \(certificateFile)", "tls-key = \(keyFile)",
      "tls-client-authorities = \(clientAuthoritiesFile ?? "none")",
      "tls-client-certificates = \(clientCertificates.rawValue)",
    ]
  }
}
