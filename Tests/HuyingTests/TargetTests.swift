import Foundation
import RPC
import TestSupport
import Testing

@testable import HuyingCLI

@Suite struct TargetTests {
  private let folder = TemporaryFolder()

  private func resolve(_ text: String, _ book: TargetBook = TargetBook()) throws -> Endpoint {
    try Endpoint.resolve(text, book: book)
  }

  @Test(arguments: [
    ("127.0.0.1:50051", "127.0.0.1:50051", false), ("https://api.example.cn", "api.example.cn:443", true),
    ("https://api.example.cn:8443/v1", "api.example.cn:8443", true), ("http://[::1]", "[::1]:80", false),
    ("unix:/run/a.sock", "unix:/run/a.sock", false), ("api.example.cn:443", "api.example.cn:443", true),
  ])
  func `an address says where and whether it is secured`(_ text: String, _ address: String, _ isSecure: Bool) throws {
    let place = try resolve(text)
    #expect(place.address == address)
    #expect((place.tls != nil) == isSecure)
  }

  @Test func `a name stands for an address and how to talk there`() throws {
    let tls = TLSSettings(authorities: "/ca.pem")
    let book = TargetBook(targets: ["county": NamedTarget(address: "h:1", tls: tls, authority: "a", headers: ["x: y"])])
    #expect(try resolve("county", book) == Endpoint(address: "h:1", tls: tls, authority: "a", headers: ["x: y"]))
    let complaint = #expect(throws: Complaint.self) { try resolve("town", book) }
    #expect(complaint?.text.contains("there are: county") == true)
  }

  @Test(arguments: [
    ("127.0.0.1:1", true), ("localhost:1", true), ("[::1]:1", true), ("unix:/a", true), ("10.0.0.1:1", false),
    ("localhost.example.cn:1", false), ("static:///127.0.0.1:1,10.0.0.1:1", false),
  ])
  func `only this machine is loaded without asking`(_ address: String, _ isLoopback: Bool) throws {
    #expect(try resolve(address).isLoopback == isLoopback)
  }

  @Test func `a header takes what is secret from the environment`() throws {
    #expect(try Endpoint.expanded("a: Bearer ${T}/${U}", ["T": "1", "U": "2"]) == "a: Bearer 1/2")
    #expect(try Endpoint.expanded("a: $T {b} ${", [:]) == "a: $T {b} ${")
    #expect(throws: Complaint.self) { try Endpoint.expanded("a: ${T}", [:]) }
  }

  @Test func `the book is kept for its owner alone`() throws {
    let path = folder.file("config.json")
    let book = TargetBook(current: "a", targets: ["a": NamedTarget(address: "h:1", tls: TLSSettings(serverName: "n"))])
    try book.save(path)
    #expect(try TargetBook.load(path) == book)
    let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(permissions == 0o600)
  }

  @Test func `a damaged book is said, not overwritten`() throws {
    let path = try folder.write("config.json", Array("{\"targets\": 3}".utf8))
    let complaint = #expect(throws: Complaint.self) { try TargetBook.load(path) }
    #expect(complaint?.text.contains(path) == true)
  }

  @Test func `headers are read as people write them`() throws {
    var metadata = Metadata()
    try metadata.append(header: "X-Key:  a b ")
    try metadata.append(header: "x-blob-bin: AQI=")
    try metadata.append(header: "x-blob-bin: -_8")
    #expect(metadata["x-key"] == "a b")
    #expect(metadata.bytes("x-blob-bin") == [[1, 2], [251, 255]])
    for bad in ["no colon", "x-blob-bin: !", "grpc-timeout: 1S", "x: 呼应", ": a"] {
      #expect(throws: Complaint.self, "\(bad)") { try metadata.append(header: bad) }
    }
  }

  @Test(arguments: [
    ("10", 10.0), ("0.5", 0.5), ("500ms", 0.5), ("1m30s", 90), ("2h", 7200), ("250us", 0.00025), ("0", 0),
  ])
  func `times are written as people write them`(_ text: String, _ seconds: Double) {
    #expect(TimeSpan(argument: text).map { abs($0.seconds - seconds) < 1e-12 } == true)
  }

  @Test(arguments: ["", "s", "-1", "1x", "1e9999", "1.2.3"])
  func `what is no time is refused`(_ text: String) { #expect(TimeSpan(argument: text) == nil) }

  @Test(arguments: [
    (0.0000012, "1.2µs"), (0.00123, "1.23ms"), (0.0999, "99.9ms"), (1, "1s"), (12.34, "12.3s"), (150, "2m30s"),
    (7260, "2h1m"),
  ])
  func `times are shown with three digits`(_ seconds: Double, _ text: String) {
    #expect(TimeSpan.text(seconds) == text)
  }

  @Test(arguments: [("4096", 4096), ("64k", 65_536), ("16MiB", 16 << 20), ("1gb", 1 << 30), ("7B", 7)])
  func `sizes are written as people write them`(_ text: String, _ bytes: Int) {
    #expect(ByteCount(argument: text)?.bytes == bytes)
  }

  @Test func `the words before a TAB say whom to ask`() throws {
    let words = [
      "huying", "call", "-t", "127.0.0.1", ":", "50051", "--tls", "-d", "{}", "--protoset", "a.protoset", "Che",
    ]
    let (server, schema) = try Completions.options(words)
    #expect(server.target == "127.0.0.1:50051")
    #expect(server.tls.tls)
    #expect(schema.protoset == ["a.protoset"])
  }
}
