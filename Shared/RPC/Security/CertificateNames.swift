import Crypto
import Glibc
import NIOSSL
import SwiftASN1
import X509

/// Whom a certificate is for.
struct CertificateNames {
  private(set) var commonName = ""
  private(set) var dnsNames: [String] = []
  private(set) var uris: [String] = []
  /// IPv4 and IPv6 addresses, as their 4 or 16 bytes.
  private(set) var addresses: [[UInt8]] = []

  init(der: [UInt8]) throws {
    let certificate = try Certificate(derEncoded: der)
    for attribute in certificate.subject.lazy.flatMap({ $0 }) where attribute.type == .RDNAttributeType.commonName {
      commonName = "\(attribute.value)"
    }
    for name in try certificate.extensions.subjectAlternativeNames ?? SubjectAlternativeNames([]) {
      switch name {
      case .dnsName(let name): dnsNames.append(name)
      case .uniformResourceIdentifier(let uri): uris.append(uri)
      case .ipAddress(let address): addresses.append(Array(address.bytes))
      default: break
      }
    }
  }

  /// The servers that it is for, for people; "nobody" if it names none.
  var servers: [String] {
    let names = dnsNames + addresses.compactMap(Self.text)
    return names.isEmpty ? ["nobody"] : names
  }

  /// An IP address as people write it.
  private static func text(_ address: [UInt8]) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let family = address.count == 4 ? AF_INET : AF_INET6
    guard inet_ntop(family, address, &buffer, socklen_t(buffer.count)) != nil else { return nil }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether it is for the server called `name`, a DNS name or an IP address. The common name does not count: it has not since
  /// RFC 6125, and stock clients do not look at it.
  func cover(_ name: String) -> Bool {
    if let address = Self.address(name) { return addresses.contains(address) }
    let labels = Self.labels(name)
    return dnsNames.contains { pattern in
      let pattern = Self.labels(pattern)
      guard pattern.count == labels.count, !labels.contains("") else { return false }
      if pattern == labels { return true }
      // A wildcard stands for the whole first label, of a name with at least two more.
      return pattern[0] == "*" && pattern.count > 2 && pattern.dropFirst() == labels.dropFirst()
    }
  }

  private static func labels(_ name: String) -> [String] {
    var labels = name.lowercased().split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if labels.count > 1, labels.last == "" { labels.removeLast() }
    return labels
  }

  /// The bytes of an IP address; `nil` where the text is none.
  static func address(_ text: String) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes[..<4]) }
    if inet_pton(AF_INET6, text, &bytes) == 1 { return bytes }
    return nil
  }
}

extension PeerIdentity {
  /// What a verified certificate says; `nil` where it cannot be read.
  init?(der: [UInt8]) {
    guard let names = try? CertificateNames(der: der) else { return nil }
    let digits = Array("0123456789abcdef")
    let fingerprint = SHA256.hash(data: der).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    self.init(
      commonName: names.commonName, dnsNames: names.dnsNames, uris: names.uris, fingerprint: String(fingerprint))
  }
}
