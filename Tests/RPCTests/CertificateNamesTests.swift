import NIOSSL
import TestSupport
import Testing

@testable import RPC

@Suite struct CertificateNamesTests {
  @Test func `a certificate is for its alternative names, and for nothing else`() throws {
    let certificates = try TestCertificates()
    var content = TestCertificates.Content(commonName: "common.example")
    content.dnsNames = ["a.example", "*.wild.example", "*.example", "*", "f*.part.example", "Upper.Example."]
    content.addresses = [[10, 0, 0, 1], [0x20, 1] + [UInt8](repeating: 0, count: 13) + [7]]
    content.uris = ["spiffe://a/b"]
    let pair = try certificates.issue(content, file: "names")
    let names = try CertificateNames(der: NIOSSLCertificate.fromPEMFile(pair.certificate)[0].toDERBytes())
    #expect(names.commonName == "common.example")
    #expect(names.uris == ["spiffe://a/b"])
    for name in [
      "a.example", "A.EXAMPLE", "a.example.", "x.wild.example", "X.Wild.Example", "upper.example", "10.0.0.1",
    ]
      + ["2001::7", "2001:0:0::7"]
    {
      #expect(names.cover(name), "\(name)")
    }
    for name in ["b.example", "common.example", "wild.example", "x.y.wild.example", ".wild.example", "localhost", ""]
      + ["foo.part.example", "10.0.0.2", "10.0.0.10", "2001::8", "a.example.com"]
    {
      #expect(!names.cover(name), "\(name)")
    }
  }
}
