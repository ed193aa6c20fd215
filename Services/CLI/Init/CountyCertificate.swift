import Foundation
import SwiftASN1
import X509

/// The county's own certificate, looked at before anything is made of it: what the gateway or its clients would refuse is
/// refused here, where somebody is looking.
struct CountyCertificate {
  let certificate: String
  let key: String
  let authority: String
  /// The name by which the command line on the same server may know the gateway; `nil`: the certificate has IP addresses alone.
  let serverName: String?

  /// Reads the three files. Throws everything that is wrong with them, at once.
  init(certificate: String, key: String, authority: String?, names: [String], now: Date = Date()) async throws {
    let chain = try Self.certificates(certificate)
    guard let leaf = chain.leaf else {
      throw Complaint("\(certificate) 中没有证书（PEM）", "there is no certificate (PEM) in \(certificate)")
    }
    var faults = Self.keyFaults(key, of: chain, in: certificate) + Self.faults(of: leaf, names: names, now: now)
    let authorities = try authority.map { try Self.certificates($0).certificates } ?? chain.authorities
    // Of one that has ended nothing can be verified; that it has is said already.
    if (leaf.notValidBefore..<leaf.notValidAfter).contains(now) {
      faults += await Self.chainFaults(leaf, chain.certificates.dropFirst(), authority: authorities, authority)
    }
    guard faults.isEmpty else { throw Complaint(faults.joined(separator: "\n")) }
    self.certificate = try Self.text(certificate)
    self.key = try Self.text(key)
    self.authority = try Self.text(authority ?? certificate)
    let known = Self.names(in: leaf).filter { !$0.hasPrefix("*") && !GatewayCertificate.isAddress($0) }
    serverName = names.first { !GatewayCertificate.isAddress($0) } ?? known.first
  }

  /// Whether a certificate's name is for `name`: the same, or with a star in place of the first label (RFC 6125 §6.4.3).
  static func covers(_ pattern: String, _ name: String) -> Bool {
    let (pattern, name) = (pattern.lowercased(), name.lowercased())
    guard pattern.hasPrefix("*."), let dot = name.firstIndex(of: ".") else { return pattern == name }
    return name[dot...] == pattern.dropFirst()
  }

  private static func faults(of leaf: Certificate, names: [String], now: Date) -> [String] {
    let known = Self.names(in: leaf)
    var faults = names.filter { name in !known.contains { covers($0, name) } }.map { name in
      Say.of(
        "证书不含名称 \(name)，只有：\(known.joined(separator: "、"))",
        "the certificate is not for \(name), only for: \(known.joined(separator: ", "))")
    }
    if known.isEmpty { faults.append(Say.of("证书不含任何名称（subjectAltName）", "the certificate has no subjectAltName")) }
    if now >= leaf.notValidAfter { faults.append(Say.of("证书已过期", "the certificate has expired")) }
    if now < leaf.notValidBefore { faults.append(Say.of("证书尚未生效", "the certificate is not valid yet")) }
    return faults
  }

  private static func keyFaults(_ path: String, of chain: CertificateChain, in certificate: String) -> [String] {
    switch (try? text(path)).map(chain.fit) ?? .noKey {
    case .own: []
    case .another:
      [Say.of("\(path) 不是 \(certificate) 的私钥", "\(path) is not the key of the certificate in \(certificate)")]
    case .noKey: [Say.of("\(path) 不是未加密的私钥（PEM）", "\(path) is not a private key (PEM, not encrypted)")]
    }
  }

  private static func chainFaults(
    _ leaf: Certificate, _ others: ArraySlice<Certificate>, authority: [Certificate], _ path: String?
  ) async -> [String] {
    var verifier = Verifier(rootCertificates: CertificateStore(authority)) { RFC5280Policy() }
    let result = await verifier.validate(leaf: leaf, intermediates: CertificateStore(others))
    if case .validCertificate = result { return [] }
    guard let path else {
      return [
        Say.of(
          "证书文件中没有签发它的机构：用 --ca 给出签发机构的证书",
          "the certificate's file does not have the authority that signed it: name the authority's certificate with --ca"
        )
      ]
    }
    return [
      Say.of(
        "证书不是由 \(path) 中的机构签发，或缺少中间证书",
        "the certificate is not signed by an authority in \(path), or those in between are missing")
    ]
  }

  private static func names(in certificate: Certificate) -> [String] {
    (try? GatewayCertificate.names(in: certificate)) ?? []
  }

  private static func certificates(_ path: String) throws -> CertificateChain {
    let text = try text(path)
    do { return try CertificateChain(pem: text) } catch {
      throw Complaint("\(path) 中的证书无法读取", "a certificate in \(path) cannot be read")
    }
  }

  private static func text(_ path: String) throws -> String {
    guard FileManager.default.isReadableFile(atPath: path) else { throw Complaint.unreadable(path) }
    guard let text = try? String(contentsOfFile: path, encoding: .utf8), text.contains("-----BEGIN") else {
      throw Complaint("\(path) 不是可读的 PEM 文件", "\(path) is not a readable PEM file")
    }
    return text
  }
}
