import Access
import ArgumentParser
import Foundation
import JWTKit
import TestSupport
import Testing

@testable import HuyingCLI

/// `huying init`: what an installation is made of.
@Suite struct InitTests {
  /// A folder that may have folders in it.
  final class Place: Sendable {
    let path = NSTemporaryDirectory() + "/huying-init-\(UUID().uuidString.prefix(8))"

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func text(_ file: String) throws -> String { try String(contentsOfFile: "\(path)/\(file)", encoding: .utf8) }

    func mode(_ file: String) throws -> Int {
      try #require(FileManager.default.attributesOfItem(atPath: "\(path)/\(file)")[.posixPermissions] as? Int)
    }

    var files: [String: Data] {
      get throws {
        var files: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
          files[name] = FileManager.default.contents(atPath: "\(path)/\(name)")
        }
        return files
      }
    }
  }

  private func make(_ place: Place, _ arguments: String...) async throws {
    var command = try #require(try Huying.parseAsRoot(["init", place.path] + arguments) as? Init)
    try await command.run()
  }

  @Test func `every file that compose names is there, secrets behind a door of their own`() async throws {
    let place = Place()
    try await make(place, "--county", "370101000000")
    let compose = try place.text("docker-compose.yml")
    let named = compose.matches(of: /HUYING_SECRETS:-.\/secrets}\/([a-z.-]+)/).map { "secrets/\($0.1)" }
    #expect(named.count >= 12)
    let files = try place.files
    for file in named { #expect(files[file] != nil, "\(file) is missing") }
    #expect(try place.text(".env").contains("HUYING_COUNTY=370101000000\n"))
    #expect(try place.mode("secrets") == 0o700)
    #expect(try place.mode("operator") == 0o700)
    #expect(try place.mode("secrets/dispute-sealing.key") == 0o444)
    #expect(try place.mode("operator/jwt-signing.pem") == 0o600)
    #expect(try place.mode(".env") == 0o600)
    // No two keys are the same.
    let keys = files.filter { $0.key.hasSuffix(".key") && $0.key.hasPrefix("secrets/") }.map(\.value)
    #expect(keys.count == 8)
    #expect(Set(keys).count == keys.count)
  }

  @Test func `what is there is not overwritten, and nothing else is made`() async throws {
    let place = Place()
    try await make(place)
    try FileManager.default.removeItem(atPath: "\(place.path)/operator")
    let before = try place.files
    await #expect(throws: Complaint.self) { try await make(place) }
    #expect(try place.files == before)
  }

  @Test func `a new certificate is by the same authority and for the same names, and more`() async throws {
    let place = Place()
    try await make(place, "--name", "10.1.2.3", "--name", "huying.example.gov.cn")
    let before = try place.files
    try await make(place, "--renew", "certificate", "--name", "other.example.gov.cn")
    let after = try place.files
    let changed = Set(after.keys.filter { after[$0] != before[$0] })
    #expect(changed == ["secrets/gateway-certificate.pem", "secrets/gateway-key.pem"])
    let names = try GatewayCertificate.names(in: place.text("secrets/gateway-certificate.pem"))
    for name in ["10.1.2.3", "huying.example.gov.cn", "other.example.gov.cn", "localhost", "gateway", "127.0.0.1"] {
      #expect(names.contains(name))
    }
  }

  @Test func `tokens of the key before stay good until the next renewal`() async throws {
    let place = Place()
    try await make(place)
    func token() async throws -> String {
      let keys = JWTKeyCollection()
      let name = JWKIdentifier(
        string: try place.text("operator/jwt-signing.kid").trimmingCharacters(in: .whitespacesAndNewlines))
      await keys.add(ecdsa: try ES256PrivateKey(pem: place.text("operator/jwt-signing.pem")), kid: name)
      return try await keys.sign(
        TokenClaims(sub: "p", org: "o", role: "AUDITOR", county: "379922000000", exp: .max / 2), kid: name)
    }
    func isGood(_ token: String) async throws -> Bool {
      let keys = JWTKeyCollection()
      try await keys.add(jwksJSON: place.text("secrets/jwks.json"))
      return (try? await keys.verify(token, as: TokenClaims.self)) != nil
    }
    let first = try await token()
    #expect(try await isGood(first))
    try await make(place, "--renew", "tokens")
    let second = try await token()
    #expect(try await isGood(first))
    #expect(try await isGood(second))
    try await make(place, "--renew", "tokens")
    #expect(try await isGood(first) == false)
    #expect(try await isGood(second))
  }

  @Test func `the county's own certificate is taken as it is`() async throws {
    let place = Place()
    let own = try TestCertificates()
    try await make(
      place, "--certificate", own.server.certificate, "--key", own.server.key, "--ca", own.authority.certificate)
    #expect(
      try place.text("secrets/county-ca.pem") == String(contentsOfFile: own.authority.certificate, encoding: .utf8))
    #expect(try place.files["operator/county-ca.key"] == nil)
    // The containers know the gateway by a name that is not in it.
    #expect(try place.text(".env").contains("\nHUYING_SERVER_NAME=localhost\n"))
    await #expect(throws: Complaint.self) { try await make(place, "--renew", "certificate") }
  }

  @Test func `a county's certificate that the gateway or its clients would refuse is refused, with all that is wrong`()
    async throws
  {
    let own = try TestCertificates()
    var content = TestCertificates.Content(commonName: "old.example")
    content.dnsNames = ["old.example", "*.town.example"]
    content.validity = -7_200 ... -3_600
    let old = try own.issue(content, file: "old")
    func faults(
      _ certificate: String, _ key: String, ca: String? = nil, _ more: String...
    ) async throws -> [Substring] {
      let place = Place()
      let more = more + (ca.map { ["--ca", $0] } ?? [])
      do {
        var command = try #require(
          try Huying.parseAsRoot(["init", place.path, "--certificate", certificate, "--key", key] + more) as? Init)
        try await command.run()
      } catch let complaint as Complaint {
        #expect(!FileManager.default.fileExists(atPath: place.path))
        return complaint.text.split(separator: "\n")
      }
      return []
    }
    let (server, authority) = (own.server, own.authority.certificate)
    #expect(try await faults(server.certificate, own.client.key, ca: authority).count == 1)
    #expect(try await faults(server.key, server.certificate, ca: authority).count == 1)
    #expect(try await faults(server.certificate, server.key, ca: authority, "--name", "gov.example").count == 1)
    #expect(try await faults(server.certificate, server.key, ca: own.otherAuthority.certificate).count == 1)
    #expect(
      try await faults(old.certificate, own.client.key, ca: authority, "--name", "a.town.example", "--name", "b.c")
        .count
        == 3)
    #expect(try await faults(server.certificate, server.key, ca: authority, "--name", "127.0.0.1").isEmpty)
    // Clients that are given the leaf alone would trust nobody; the whole chain is enough.
    #expect(try await faults(server.certificate, server.key).first?.contains("--ca") == true)
    let folder = TemporaryFolder()
    let chain = try [server.certificate, authority].map { try String(contentsOfFile: $0, encoding: .utf8) }.joined()
    #expect(try await faults(try folder.write("chain.pem", Array(chain.utf8)), server.key).isEmpty)
    #expect(try await faults(folder.file("none.pem"), server.key).first?.contains("no readable file") == true)
  }

  @Test(arguments: [
    ("a.example", "a.example", true), ("A.example", "a.EXAMPLE", true), ("*.example", "a.example", true),
    ("*.example", "a.b.example", false), ("*.example", "example", false), ("a.example", "b.example", false),
  ])
  func `a name with a star is for one label`(pattern: String, name: String, isCovered: Bool) {
    #expect(CountyCertificate.covers(pattern, name) == isCovered)
  }

  @Test(arguments: [
    "huying.example.gov.cn", "localhost", "server-1", "10.1.2.3", "fe80::1", "xn--4gqv3n.gov.cn", "H.CN",
  ])
  func `a name under which a server can be reached is taken`(name: String) {
    #expect(InstallationValues.fault(ofName: name) == nil)
  }

  @Test func `every value that the example names is taken`() throws {
    let example = try String(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Services/CLI/Init/Files/env.example"), encoding: .utf8)
    let settings = example.matches(of: /(?m)^#?([A-Z][A-Z_]+)=(.*)$/)
    #expect(settings.count > 12)
    for setting in settings {
      #expect(InstallationValues.fault(of: String(setting.1), String(setting.2)) == nil, "\(setting.0)")
    }
    for every in ["24h", "90m", "7d", ""] { #expect(InstallationValues.fault(of: "HUYING_BACKUP_EVERY", every) == nil) }
  }

  @Test func `settings are written where the example has them, and no others`() async throws {
    let place = Place()
    try await make(place, "--set", "COMPOSE_PROJECT_NAME=huying-demo", "--set", "HUYING_PORT=7990")
    let text = try place.text(".env")
    #expect(text.contains("\nCOMPOSE_PROJECT_NAME=huying-demo\n") && text.contains("\nHUYING_PORT=7990\n"))
    let other = Place()
    await #expect(throws: Complaint.self) { try await make(other, "--set", "HUYING_PROT=7990") }
    #expect(!FileManager.default.fileExists(atPath: other.path))
  }

  @Test(arguments: ["certificate", "tokens"])
  func `without what only the operator has a renewal changes nothing`(what: String) async throws {
    let place = Place()
    try await make(place)
    try FileManager.default.removeItem(atPath: "\(place.path)/operator")
    let before = try place.files
    await #expect(throws: Complaint.self) { try await make(place, "--renew", what) }
    #expect(try place.files == before)
  }

  @Test func `another version's compose file is put beside this one's`() async throws {
    let place = Place()
    try await make(place)
    let own = try place.text("docker-compose.yml")
    try await make(place, "--renew", "compose")
    #expect(try place.files["docker-compose.yml.old"] == nil)
    try Data("version: \"3.9\"\n".utf8).write(to: URL(fileURLWithPath: "\(place.path)/docker-compose.yml"))
    try await make(place, "--renew", "compose")
    #expect(try place.text("docker-compose.yml") == own)
    #expect(try place.text("docker-compose.yml.old") == "version: \"3.9\"\n")
  }

  @Test func `another version's compose file brings the backup's keys, and is refused where other secrets are missing`()
    async throws
  {
    let place = Place()
    try await make(place)
    let (own, old) = (try place.text("docker-compose.yml"), "version: \"3.9\"\n")
    func remove(_ names: String...) throws {
      for name in names { try FileManager.default.removeItem(atPath: "\(place.path)/\(name)") }
      try Data(old.utf8).write(to: URL(fileURLWithPath: "\(place.path)/docker-compose.yml"))
    }
    // As an older version made it, its operator/ in a safe.
    try remove("secrets/backup.pub", "operator")
    try await make(place, "--renew", "compose")
    #expect(try place.text("docker-compose.yml") == own)
    #expect(try place.mode("operator/backup.key") == 0o600 && place.mode("operator") == 0o700)
    #expect(try place.mode("secrets/backup.pub") == 0o444)
    // The other half is there: another pair would leave two.
    try remove("secrets/backup.pub")
    await #expect(throws: Complaint.self) { try await make(place, "--renew", "compose") }
    #expect(try place.text("docker-compose.yml") == old)
    try remove("operator", "secrets/dispute-sealing.key")
    await #expect(throws: Complaint.self) { try await make(place, "--renew", "compose") }
    #expect(try place.text("docker-compose.yml") == old && place.files["secrets/backup.pub"] == nil)
  }

  @Test(arguments: [
    ["--county", "37"], ["--county", "379922001000"], ["--county", "379900000000"], ["--certificate", "a.pem"],
    ["--renew", "everything"], ["--renew", "certificate", "--set", "HUYING_PORT=7990"],
    ["--renew", "tokens", "--county", "379922000000"], ["--name", "呼应.gov.cn"], ["--name", "http://h:7900"],
    ["--name", "a,b"], ["--name", "10.1.2.333"], ["--name", "-a.cn"], ["--name", ""], ["--set", "HUYING_VERSION"],
    ["--set", "HUYING_VERSION="], ["--set", "HUYING_PORT=79000"], ["--set", "HUYING_BACKUP_EVERY=daily"],
    ["--set", "HUYING_BACKUP_EVERY=5m"], ["--set", "HUYING_LANG=fr"], ["--set", "HUYING_LOG_LEVEL=loud"],
    ["--set", "HUYING_COUNTY=37"], ["--set", "HUYING_BIND=server"], ["--set", "HUYING_MEMORY=much"],
    ["--set", "COMPOSE_PROJECT_NAME=My County"],
  ])
  func `what cannot be meant is refused before anything is made`(arguments: [String]) async throws {
    let place = Place()
    #expect(throws: (any Error).self) { try Huying.parseAsRoot(["init", place.path] + arguments) }
    #expect(!FileManager.default.fileExists(atPath: place.path))
  }
}
