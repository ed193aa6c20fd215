import NIOCore
import NIOSSL

/// TLS on the connections of a channel.
struct ClientSecurity: Sendable {
  private let context: SecurityContext
  private let serverName: String
  private let checksName: Bool

  /// `host` is where the channel leads, which the certificate has to be for unless `security` says another name.
  init(_ security: ChannelSecurity, host: String) {
    context = SecurityContext(security)
    serverName = security.serverName ?? host
    checksName = !security.skipsVerification
  }

  /// Fills the pipeline of a new connection: TLS, and `handler` once it is known who is there. `failed` hears why if it never comes
  /// to that.
  func add(
    _ handler: ConnectionHandler, to channel: any NIOCore.Channel, within limit: TimeAmount,
    failed: @escaping (SecurityError) -> Void
  ) throws {
    // An address is never said to the server: RFC 6066 allows names only.
    let said = CertificateNames.address(serverName) == nil && !serverName.isEmpty ? serverName : nil
    let tls: NIOSSLClientHandler
    do {
      tls = try NIOSSLClientHandler(context: try context.current(), serverHostname: said)
    } catch {
      let reason = error as? SecurityError ?? SecurityError("\(serverName) is no name of a server")
      failed(reason)
      throw reason
    }
    let handshake = HandshakeHandler(tls) { tls in
      if checksName { try check(tls.peerCertificate) }
      handler.flushesEveryWrite = true
      return handler
    } failed: { error in
      failed(error)
      handler.neverBegan()
    }
    try handshake.add(to: channel, within: limit)
  }

  private func check(_ certificate: NIOSSLCertificate?) throws {
    guard let certificate, let names = try? CertificateNames(der: certificate.toDERBytes()) else {
      throw SecurityError("its certificate cannot be read")
    }
    guard names.cover(serverName) else {
      throw SecurityError("its certificate is not for \(serverName) but for \(names.servers.joined(separator: ", "))")
    }
  }
}
