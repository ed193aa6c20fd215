import Crypto
import Foundation
import NIOCore
import SwiftASN1
import X509

/// The gateway's certificate where the county has none of its own: signed by an authority that is made once and trusted by
/// clients, so that a renewal changes nothing for them.
struct GatewayCertificate {
  /// What the authority that is made here is called, before its own number.
  static let authorityName = "Huying county authority"
  /// How long the authority is good for.
  static let authorityDays = 3650
  /// How long the gateway's certificate is good for: `huying doctor` warns in time.
  static let days = 730

  /// PEM: what clients trust.
  let authority: String
  /// PEM, secret: signs renewals.
  let authorityKey: String
  /// PEM: what the gateway shows.
  let certificate: String
  /// PEM, secret.
  let key: String

  /// A certificate for `names` (DNS names and IP addresses) by a new authority.
  init(names: [String], now: Date = Date()) throws {
    let authorityKey = P256.Signing.PrivateKey()
    let subject = try DistinguishedName { CommonName("\(Self.authorityName) \(UUID().uuidString.prefix(8))") }
    let authority = try Certificate(
      version: .v3, serialNumber: .init(), publicKey: .init(authorityKey.publicKey), notValidBefore: now - 3_600,
      notValidAfter: now + Double(Self.authorityDays) * 86_400, issuer: subject, subject: subject,
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
        Critical(KeyUsage(keyCertSign: true, cRLSign: true))
        SubjectKeyIdentifier(hash: Certificate.PublicKey(authorityKey.publicKey))
      }, issuerPrivateKey: .init(authorityKey))
    try self.init(names: names, authority: authority, authorityKey: authorityKey, now: now)
  }

  /// A certificate for `names` by the authority that is there already. Throws what is wrong with its files.
  init(names: [String], authority: String, authorityKey: String, now: Date = Date()) throws {
    try self.init(
      names: names, authority: Certificate(pemEncoded: authority),
      authorityKey: P256.Signing.PrivateKey(pemRepresentation: authorityKey), now: now)
  }

  private init(names: [String], authority: Certificate, authorityKey: P256.Signing.PrivateKey, now: Date) throws {
    let key = P256.Signing.PrivateKey()
    let certificate = try Certificate(
      version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey), notValidBefore: now - 3_600,
      notValidAfter: now + Double(Self.days) * 86_400, issuer: authority.subject,
      subject: try DistinguishedName { CommonName(names.first ?? "gateway") }, signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.notCertificateAuthority)
        Critical(KeyUsage(digitalSignature: true))
        try ExtendedKeyUsage([.serverAuth])
        SubjectAlternativeNames(names.map(Self.generalName))
        AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: authority.publicKey).keyIdentifier)
      }, issuerPrivateKey: .init(authorityKey))
    self.authority = try authority.serializeAsPEM().pemString + "\n"
    self.authorityKey = authorityKey.pemRepresentation + "\n"
    self.certificate = try certificate.serializeAsPEM().pemString + "\n"
    self.key = key.pemRepresentation + "\n"
  }

  /// The names that a PEM certificate is for, to go on with at a renewal.
  static func names(in pem: String) throws -> [String] { try names(in: Certificate(pemEncoded: pem)) }

  /// The DNS names and IP addresses that a certificate is for.
  static func names(in certificate: Certificate) throws -> [String] {
    let names = try certificate.extensions.subjectAlternativeNames ?? SubjectAlternativeNames([])
    return names.compactMap { name in
      switch name {
      case .dnsName(let text): text
      case .ipAddress(let octets): Self.address(Array(octets.bytes))
      default: nil
      }
    }
  }

  private static func generalName(_ name: String) -> GeneralName {
    guard let address = try? SocketAddress(ipAddress: name, port: 0) else { return .dnsName(name) }
    return .ipAddress(ASN1OctetString(contentBytes: bytes(of: address)[...]))
  }

  /// Whether a name is an IP address.
  static func isAddress(_ name: String) -> Bool { (try? SocketAddress(ipAddress: name, port: 0)) != nil }

  private static func bytes(of address: SocketAddress) -> [UInt8] {
    switch address {
    case .v4(let address): withUnsafeBytes(of: address.address.sin_addr) { Array($0) }
    case .v6(let address): withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
    case .unixDomainSocket: []
    }
  }

  private static func address(_ bytes: [UInt8]) -> String? {
    try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0).ipAddress
  }
}
