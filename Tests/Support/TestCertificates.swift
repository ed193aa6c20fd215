import Crypto
import Foundation
import SwiftASN1
import X509

/// Certificates for tests of TLS, made anew and laid down as PEM files in a folder of their own: an authority with a server's
/// certificate for this machine's names and a client's with a name, and a second authority that nobody trusts.
package final class TestCertificates: Sendable {
  /// Where a certificate and its key lie.
  package struct Pair: Sendable {
    package let certificate: String
    package let key: String
  }

  /// Signs certificates.
  package struct Authority: Sendable {
    /// Where its own certificate lies: what trusts it is given this file.
    package let certificate: String
    fileprivate let key: Certificate.PrivateKey
    fileprivate let name: DistinguishedName
  }

  /// Keeps the files as long as the certificates are in use.
  package let folder = TemporaryFolder()
  /// The authority that both sides are to trust.
  package let authority: Authority
  /// An authority that has nothing to do with the first.
  package let otherAuthority: Authority
  /// For localhost, 127.0.0.1 and ::1.
  package let server: Pair
  /// Common name `huying-client`, DNS name `client.huying.test`, URI `spiffe://huying.test/client`.
  package let client: Pair

  package init() throws {
    authority = try Self.makeAuthority("Huying Test Authority", in: folder, file: "authority")
    otherAuthority = try Self.makeAuthority("Another Test Authority", in: folder, file: "other-authority")
    server = try Self.issue(.server, by: authority, in: folder, file: "server")
    client = try Self.issue(.client, by: authority, in: folder, file: "client")
  }

  /// What is in a certificate.
  package struct Content: Sendable {
    package var commonName: String
    package var dnsNames: [String] = []
    /// IPv4 or IPv6 addresses, as their 4 or 16 bytes.
    package var addresses: [[UInt8]] = []
    package var uris: [String] = []
    /// From when to when, in seconds from now.
    package var validity: ClosedRange<Double> = -3_600...86_400

    package init(commonName: String) { self.commonName = commonName }

    /// A server on this machine.
    package static var server: Self {
      var content = Self(commonName: "localhost")
      content.dnsNames = ["localhost"]
      content.addresses = [[127, 0, 0, 1], [UInt8](repeating: 0, count: 15) + [1]]
      return content
    }

    /// A client with all kinds of names.
    package static var client: Self {
      var content = Self(commonName: "huying-client")
      content.dnsNames = ["client.huying.test"]
      content.uris = ["spiffe://huying.test/client"]
      return content
    }
  }

  /// One more certificate, by `authority` unless told otherwise; a pair of that `file` name that exists is replaced at once.
  package func issue(_ content: Content, by authority: Authority? = nil, file: String) throws -> Pair {
    try Self.issue(content, by: authority ?? self.authority, in: folder, file: file)
  }

  private static func makeAuthority(_ name: String, in folder: TemporaryFolder, file: String) throws -> Authority {
    let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    let subject = try DistinguishedName { CommonName(name) }
    let certificate = try Certificate(
      version: .v3, serialNumber: .init(), publicKey: key.publicKey, notValidBefore: Date(timeIntervalSinceNow: -3_600),
      notValidAfter: Date(timeIntervalSinceNow: 86_400), issuer: subject, subject: subject,
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
        Critical(KeyUsage(keyCertSign: true, cRLSign: true))
        SubjectKeyIdentifier(hash: key.publicKey)
      }, issuerPrivateKey: key)
    let path = folder.file("\(file).pem")
    try write(certificate.serializeAsPEM().pemString, to: path)
    return Authority(certificate: path, key: key, name: subject)
  }

  private static func issue(
    _ content: Content, by authority: Authority, in folder: TemporaryFolder, file: String
  ) throws -> Pair {
    let key = P256.Signing.PrivateKey()
    let names =
      content.dnsNames.map { GeneralName.dnsName($0) }
      + content.addresses.map { .ipAddress(ASN1OctetString(contentBytes: $0[...])) }
      + content.uris.map { .uniformResourceIdentifier($0) }
    let certificate = try Certificate(
      version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey),
      notValidBefore: Date(timeIntervalSinceNow: content.validity.lowerBound),
      notValidAfter: Date(timeIntervalSinceNow: content.validity.upperBound), issuer: authority.name,
      subject: try DistinguishedName { CommonName(content.commonName) }, signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.notCertificateAuthority)
        Critical(KeyUsage(digitalSignature: true))
        try ExtendedKeyUsage([.serverAuth, .clientAuth])
        if !names.isEmpty { SubjectAlternativeNames(names) }
      }, issuerPrivateKey: authority.key)
    let pair = Pair(certificate: folder.file("\(file).pem"), key: folder.file("\(file).key"))
    try write(certificate.serializeAsPEM().pemString, to: pair.certificate)
    try write(key.pemRepresentation, to: pair.key)
    return pair
  }

  private static func write(_ text: String, to path: String) throws {
    try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}
