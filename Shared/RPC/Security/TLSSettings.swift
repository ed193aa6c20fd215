import Glibc
import NIOCore
import NIOSSL

extension SecurityContext {
  /// What a server's connections use.
  convenience init(_ security: ServerSecurity) {
    self.init(
      files: [security.certificateFile, security.keyFile] + [security.clientAuthoritiesFile].compactMap(\.self),
      warn: security.warn
    ) { () throws(SecurityError) in
      let chain = try PEMFile(security.certificateFile).certificates()
      var settings = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain.map { .certificate($0) },
        privateKey: .privateKey(try PEMFile(security.keyFile).privateKey()))
      settings.takeOnlyModern()
      switch security.clientCertificates {
      case .none: settings.certificateVerification = .none
      case .optional: settings.certificateVerification = .optionalVerification
      case .required: settings.certificateVerification = .noHostnameVerification
      }
      if security.clientCertificates != .none {
        settings.trustRoots = try roots(security.clientAuthoritiesFile)
        settings.sendCANameList = security.clientAuthoritiesFile != nil
      }
      return try context(settings, certificateFile: security.certificateFile, keyFile: security.keyFile)
    }
  }

  /// What a channel's connections use.
  convenience init(_ security: ChannelSecurity) {
    let files = [security.certificateFile, security.keyFile, security.authoritiesFile].compactMap(\.self)
    self.init(files: files) { () throws(SecurityError) in
      var settings = TLSConfiguration.makeClientConfiguration()
      settings.takeOnlyModern()
      // gRPC C-core never answers a goodbye, and nothing of ours is on its way any more when a channel closes.
      settings.shutdownTimeout = .milliseconds(100)
      // The name is checked when the handshake is over, and strictly: see `CertificateNames`.
      settings.certificateVerification = security.skipsVerification ? .none : .noHostnameVerification
      if !security.skipsVerification { settings.trustRoots = try roots(security.authoritiesFile) }
      if let file = security.certificateFile {
        settings.certificateChain = try PEMFile(file).certificates().map { .certificate($0) }
        // A file may hold both.
        settings.privateKey = .privateKey(try PEMFile(security.keyFile ?? file).privateKey())
      }
      return try context(
        settings, certificateFile: security.certificateFile ?? "", keyFile: security.keyFile ?? "")
    }
  }
}

extension TLSConfiguration {
  /// TLS 1.2 with forward secrecy and authenticated encryption (what RFC 9113 leaves of it), TLS 1.3, HTTP/2.
  fileprivate mutating func takeOnlyModern() {
    minimumTLSVersion = .tlsv12
    cipherSuites = "ECDHE+AESGCM:ECDHE+CHACHA20"
    applicationProtocols = ["h2"]
    // A peer that does not answer our goodbye is not waited for.
    shutdownTimeout = .seconds(1)
  }
}

/// The authorities in a file; `nil`: those that the system trusts.
private func roots(_ file: String?) throws(SecurityError) -> NIOSSLTrustRoots {
  guard let file else { return .default }
  return .certificates(try PEMFile(file).certificates())
}

private func context(
  _ settings: TLSConfiguration, certificateFile: String, keyFile: String
) throws(SecurityError) -> NIOSSLContext {
  do {
    return try NIOSSLContext(configuration: settings)
  } catch {
    // Both were read: they do not belong together.
    if case .failedToLoadPrivateKey? = error as? NIOSSLError {
      throw SecurityError("the key in \(keyFile) does not belong to the certificate in \(certificateFile)")
    }
    throw SecurityError("TLS does not start: \(error)")
  }
}

/// A file of certificates or with a key.
private struct PEMFile {
  /// Far above any chain of certificates or list of authorities.
  static let maximumBytes = 4 << 20

  let path: String
  let bytes: [UInt8]

  init(_ path: String) throws(SecurityError) {
    self.path = path
    guard let file = fopen(path, "r") else { throw SecurityError("\(path): \(String(cString: strerror(errno)))") }
    defer { fclose(file) }
    bytes = [UInt8](unsafeUninitializedCapacity: Self.maximumBytes) { $1 = fread($0.baseAddress, 1, $0.count, file) }
    guard ferror(file) == 0 else { throw SecurityError("\(path) cannot be read") }
  }

  func certificates() throws(SecurityError) -> [NIOSSLCertificate] {
    guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
      throw SecurityError("\(path) has no certificate in PEM form")
    }
    return certificates
  }

  func privateKey() throws(SecurityError) -> NIOSSLPrivateKey {
    guard let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) else {
      throw SecurityError("\(path) has no private key in PEM form, or it is encrypted")
    }
    return key
  }
}
