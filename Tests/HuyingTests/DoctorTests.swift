import Crypto
import Foundation
import GatewayContract
import RPC
import Runtime
import SwiftASN1
import TestSupport
import Testing
import Wire
import WireTypes
import X509

@testable import HuyingCLI

/// `huying doctor`: each check by what it is shown, then the whole program.
@Suite struct DoctorTests {
  @Test func `the worst finding is the exit code; what cannot be looked at is no failure`() {
    #expect([Finding]().exitCode == 0)
    #expect([Finding(.skipped, .disk, "a", ""), Finding(.note, .disk, "a", "")].exitCode == 0)
    #expect([Finding(.warning, .disk, "a", ""), Finding(.skipped, .disk, "a", "")].exitCode == 1)
    #expect([Finding(.warning, .disk, "a", ""), Finding(.failure, .disk, "a", "")].exitCode == 2)
    #expect(
      Finding(.failure, .disk, "gateway", "full", remedy: "make room").line.hasSuffix("gateway: full → make room"))
  }

  @Test func `the demo county says that it is one`() {
    #expect(Doctor.county("379922000000").map(\.severity) == [.note])
    #expect(Doctor.county("371322000000").isEmpty && Doctor.county(nil).isEmpty)
  }

  @Test(arguments: [
    (100_000, 50_000, 100, Finding.Severity.fine), (100_000, 9_000, 100, .fine), (100_000, 4_000, 100, .warning),
    (100_000, 2_000, 100, .failure),
    (1_000, 200, 100, .failure), (5_000, 900, 100, .warning), (100_000, 50_000, 45_000, .warning),
  ])
  func `a disk is judged by what is free, by its share, and by the room for a copy`(
    total: UInt64, free: UInt64, data: UInt64, severity: Finding.Severity
  ) {
    let mebibyte = DiskCheck.mebibyte
    let room = DiskCheck.Room(
      freeBytes: free * mebibyte, totalBytes: total * mebibyte, freeFiles: 1_000_000, totalFiles: 2_000_000)
    let finding = DiskCheck.finding("gateway", room, data: data * mebibyte)
    #expect(finding.severity == severity, "\(finding.line)")
    #expect(finding.remedy.isEmpty == (severity == .fine))
    let names = DiskCheck.Room(
      freeBytes: free * mebibyte, totalBytes: total * mebibyte, freeFiles: 10, totalFiles: 2_000_000)
    #expect(DiskCheck.finding("gateway", names, data: 0).severity == .warning)
  }

  @Test func `folders on one file system are one finding, with what lies in all of them`() throws {
    let root = NSTemporaryDirectory() + "disk-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    for name in ["a", "b", "backups/set"] {
      try FileManager.default.createDirectory(atPath: "\(root)/\(name)", withIntermediateDirectories: true)
    }
    try Data(count: 5_000).write(to: URL(fileURLWithPath: "\(root)/backups/set/one.sqlite"))
    let backups = DiskCheck.bytes(below: "\(root)/backups")
    #expect(backups == 5_000)
    let findings = DiskCheck.findings([
      .init(name: "a", path: "\(root)/a", data: 1_024), .init(name: "b", path: "\(root)/b", data: 1_024),
      .init(name: "gone", path: "\(root)/gone"), .init(name: "backups", path: "\(root)/backups", backups: backups),
    ])
    let finding = try #require(findings.first)
    #expect(findings.count == 1)
    #expect(finding.line.contains("2.0 KiB") && finding.line.contains("4.9 KiB"))
  }

  @Test func `a clock that is ahead or behind by more than the call took is said`() {
    #expect(TimeCheck.finding("dispute", theirs: 100.5, before: 100, after: 101).severity == .fine)
    #expect(TimeCheck.finding("dispute", theirs: 102.9, before: 100, after: 101).severity == .fine)
    let ahead = TimeCheck.finding("dispute", theirs: 161, before: 100, after: 101)
    #expect(ahead.severity == .failure && ahead.text.contains("60.0"))
    let behind = TimeCheck.finding("dispute", theirs: 40, before: 100, after: 101)
    #expect(behind.severity == .failure && behind.text.contains("-60.0"))
    #expect(TimeCheck.finding(isSynchronised: false).severity == .warning)
    #expect(TimeCheck.finding(isSynchronised: nil).severity == .skipped)
  }

  @Test func `a certificate is warned of in time, and its key has to be its own`() throws {
    let made = try GatewayCertificate(names: ["gateway.county.cn"])
    let folder = TemporaryFolder()
    _ = try folder.write("gateway-certificate.pem", Array(made.certificate.utf8))
    _ = try folder.write("gateway-key.pem", Array(made.key.utf8))
    func severities(inDays days: Double) -> [Finding.Severity] {
      CertificateCheck.findings(in: folder.path, now: Date() + days * 86_400).map(\.severity)
    }
    #expect(severities(inDays: 1) == [.fine, .fine])
    #expect(severities(inDays: Double(GatewayCertificate.days - 29)) == [.warning, .fine])
    #expect(severities(inDays: Double(GatewayCertificate.days + 1)) == [.failure, .fine])
    #expect(severities(inDays: -2) == [.failure, .fine])
    let other = try GatewayCertificate(names: ["gateway.county.cn"])
    _ = try folder.write("gateway-key.pem", Array(other.key.utf8))
    #expect(severities(inDays: 1) == [.fine, .failure])
    _ = try folder.write("gateway-certificate.pem", Array("no certificate\n".utf8))
    #expect(CertificateCheck.findings(in: folder.path).contains { $0.severity == .failure })
  }

  /// As `openssl ecparam -genkey` writes it: the curve's parameters, then the key as RFC 5915 has it.
  @Test func `a key with its curve's parameters before it is read`() throws {
    let made = try GatewayCertificate(names: ["gateway.county.cn"])
    let key = try P256.Signing.PrivateKey(pemRepresentation: made.key)
    let curve: [UInt8] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
    let der = [0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20] + Array(key.rawRepresentation) + [0xA0, 0x0A] + curve
    let text = [("EC PARAMETERS", curve), ("EC PRIVATE KEY", der)].map { name, bytes in
      "-----BEGIN \(name)-----\n\(Data(bytes).base64EncodedString(options: .lineLength64Characters))\n-----END \(name)-----\n"
    }
    let chain = try CertificateChain(pem: made.certificate)
    #expect(chain.fit(ofKey: text.joined()) == .own)
    #expect(chain.fit(ofKey: text[0]) == .noKey)
    #expect(chain.fit(ofKey: try GatewayCertificate(names: ["a.cn"]).key) == .another)
  }

  @Test func `a chain's key is looked at as well: it has to be the first certificate's`() throws {
    let made = try GatewayCertificate(names: ["gateway.county.cn"])
    let folder = TemporaryFolder()
    _ = try folder.write("gateway-certificate.pem", Array((made.certificate + made.authority).utf8))
    _ = try folder.write("gateway-key.pem", Array(made.key.utf8))
    #expect(CertificateCheck.findings(in: folder.path).map(\.severity) == [.fine, .fine, .fine])
    _ = try folder.write("gateway-key.pem", Array(try GatewayCertificate(names: ["a.cn"]).key.utf8))
    #expect(CertificateCheck.findings(in: folder.path).map(\.severity) == [.fine, .fine, .failure])
  }

  @Test func `advisories of the libraries are said by version`() {
    let old = VersionCheck.sqlite("3.40.1")
    #expect(old.severity == .note && old.text.contains("WAL") && !old.remedy.isEmpty)
    #expect(VersionCheck.sqlite("3.51.3").severity == .fine)
    #expect(VersionCheck.sqlite("3.51.2").severity == .note)
    #expect(VersionCheck.sqlite("3.100.0").severity == .fine)
    #expect(VersionCheck.sqlite("3.36.0").severity == .failure)
    #expect(VersionCheck.nghttp2("1.52.0").text.contains("CVE-2025-8671"))
    #expect(VersionCheck.nghttp2("1.43.0").severity == .warning)
    #expect(VersionCheck.sqlite(BuildInfo.sqlite).severity < .warning)
    #expect(VersionCheck.nghttp2(BuildInfo.nghttp2).severity < .warning)
    let mixed = VersionCheck.processes(["gateway": "1.1", "dispute": "1.0", "dispatch": "1.1"])
    #expect(mixed.map(\.severity) == [.warning])
    #expect(mixed[0].text == "1.0: dispute; 1.1: dispatch, gateway")
    #expect(VersionCheck.processes(["gateway": "1.1", "dispute": "1.1"]).map(\.severity) == [.fine])
  }

  @Test func `files that others may read, of another owner or cut short are named`() throws {
    let folder = TemporaryFolder()
    let place = folder.file("dispute")
    try FileManager.default.createDirectory(
      atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    let path = place + "/dispute.sqlite"
    var head = Array("SQLite format 3\0".utf8) + [UInt8](repeating: 0, count: 84)
    (head[16], head[31]) = (0x10, 3)
    try Data(head + [UInt8](repeating: 0, count: 3 * 4_096 - 100)).write(to: URL(fileURLWithPath: path))
    chmod(path, 0o644)
    let open = FileCheck.findings(.dispute, in: place)
    #expect(open.map(\.severity) == [.failure] && open[0].remedy.contains("chmod 600 \(path)"), "\(open)")
    // In a folder that only its owner may enter, a file's own mode does not matter.
    chmod(place, 0o700)
    #expect(FileCheck.findings(.dispute, in: place).map(\.severity) == [.fine])
    try FileHandle(forWritingTo: URL(fileURLWithPath: path)).truncate(atOffset: 4_096)
    try Data([1]).write(to: URL(fileURLWithPath: path + "-wal"))
    #expect(FileCheck.damage(of: path, size: 4_096) == nil, "the rest may be in the log")
    try FileManager.default.removeItem(atPath: path + "-wal")
    let cut = FileCheck.findings(.dispute, in: place)
    #expect(cut.map(\.severity) == [.failure] && cut[0].remedy.contains("huying restore"), "\(cut)")
    try Data("something else".utf8).write(to: URL(fileURLWithPath: path))
    #expect(FileCheck.findings(.dispute, in: place).map(\.severity) == [.failure])
    try FileManager.default.removeItem(atPath: path)
    #expect(FileCheck.findings(.dispute, in: place).map(\.severity) == [.warning])
    #expect(FileCheck.findings(.dispute, in: folder.file("nowhere")).map(\.severity) == [.skipped])
  }

  @Test func `keys of an installation: the folder is the door, and what belongs to the operator does not stay`() throws
  {
    let folder = TemporaryFolder()
    let secrets = folder.file("secrets")
    for place in [secrets, folder.file("operator")] {
      try FileManager.default.createDirectory(
        atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    }
    _ = try folder.write("docker-compose.yml", [])
    _ = try folder.write("secrets/actor-signing.key", Array("00\n".utf8))
    chmod(secrets + "/actor-signing.key", 0o444)
    let open = FileCheck.secrets(in: secrets)
    #expect(open.map(\.severity) == [.failure, .warning], "\(open)")
    // Mode 600 would shut the services out.
    #expect(open[0].remedy == "chmod 700 \(secrets)" && open[1].subject == "operator/")
    chmod(secrets, 0o700)
    try FileManager.default.removeItem(atPath: folder.file("operator"))
    #expect(FileCheck.secrets(in: secrets).map(\.severity) == [.fine])
  }

  @Test func `a remedy names a file as the host knows it`() {
    #expect(FileCheck.onHost("var/dispute/dispute.sqlite") == "var/dispute/dispute.sqlite")
    #expect(
      FileCheck.onHost("/volumes/dispute/dispute.sqlite")
        == "\"$(docker volume inspect -f '{{.Mountpoint}}' huying_dispute)\"/dispute.sqlite")
    #expect(
      FileCheck.onHost("/volumes/grid-registry")
        == "\"$(docker volume inspect -f '{{.Mountpoint}}' huying_grid-registry)\"")
  }

  @Test func `a page of metrics is read with its labels`() {
    let page = MetricsPage(
      """
      # TYPE a counter
      a{x="1",y="with \\"quotes\\", a comma"} 2.0
      a{x="2"} 3
      b 1.5e+06
      nothing

      """)
    #expect(page.sum("a") == 5)
    #expect(page.sum("a") { $0["y"] == "with \"quotes\", a comma" } == 2)
    #expect(page.sum("b") == 1_500_000)
    #expect(page.sum("c") == nil)
  }

  @Test func `what a process shows is judged`() {
    func severities(_ text: String, isServing: Bool = true, isTimeDriven: Bool = false) -> [Finding.Severity] {
      ProcessCheck.findings(
        "dispute",
        .init(isServing: isServing, isTimeDriven: isTimeDriven, page: MetricsPage(text), before: 100, after: 101)
      ).map(\.severity)
    }
    #expect(severities("process_resident_memory_bytes 1\n") == [.fine])
    #expect(severities("process_clock_seconds 100.5\n") == [.fine, .fine])
    #expect(severities("", isServing: false) == [.failure])
    #expect(severities("", isTimeDriven: true) == [.warning])
    #expect(severities("huying_storage_wal_pages 50000\n") == [.warning])
    #expect(
      severities("rpc_server_call_duration_seconds_count{rpc_grpc_status_code=\"13\"} 1\n") == [.warning])
    #expect(severities("rpc_server_call_duration_seconds_count{rpc_grpc_status_code=\"5\"} 9\n") == [.fine])
    #expect(severities("huying_timers_overdue_seconds 61\n") == [.failure])
    #expect(severities("huying_sealing_keys_refused 1\n") == [.failure])
    #expect(severities("huying_sealing_unreadable 2\n") == [.warning])
    let uses = ["seals", "opens", "unused", "digests"].map { "huying_sealing_key{key=\"aa\",use=\"\($0)\"} 1\n" }
    #expect(severities(uses.joined()) == [.note, .note, .fine])
    #expect(severities("huying_sealing_key{database=\"care-visit\",key=\"aa\",use=\"opens\"} 1\n") == [.fine])
    #expect(severities("rpc_server_connections_closed_total{reason=\"glitches\"} 2\n") == [.note, .fine])
  }

  @Test func `the relay: an alarm is a failure, what is parked a warning, a little lag nothing`() {
    func severity(
      alarm: String = "", isDown: String = "", lag: Int64 = 0, parked: Int64 = 0
    ) -> Finding.Severity {
      RelayCheck.finding(source: "a", target: "b", alarm: alarm, isDown: isDown, lag: lag, parked: parked).severity
    }
    #expect(severity() == .fine && severity(lag: 10) == .fine)
    #expect(severity(lag: 20_000) == .warning && severity(parked: 1) == .warning && severity(isDown: "a") == .warning)
    #expect(severity(alarm: "SOURCE_REWOUND", parked: 1) == .failure)
    let page = MetricsPage(
      """
      huying_relay_lag_events{source="a",target="b"} 4
      huying_relay_alarm{source="a",target="b"} 0
      huying_relay_parked_messages{source="a",target="b"} 2
      huying_relay_lag_events{source="a",target="c"} 0
      huying_relay_alarm{source="a",target="c"} 1
      """)
    #expect(ProcessCheck.relay(page).map(\.severity) == [.warning, .failure])
    #expect(GatewayCheck.finding(.init(service: "a", verifiedCount: 3)).severity == .fine)
    #expect(GatewayCheck.finding(.init(service: "a", firstBrokenSeq: 3)).severity == .failure)
    #expect(GatewayCheck.finding(.init(service: "a", unreachable: true)).severity == .skipped)
  }

  @Test func `events that a restored source no longer knows are a warning for a month`() {
    let event = GatewayV1.LostEvent(source: "a", target: "b", noteTime: .init(seconds: 1_000_000))
    let other = GatewayV1.LostEvent(source: "a", target: "c", noteTime: .init(seconds: 1_000_000))
    let soon = RelayCheck.findings(lost: [event, event, other], now: 1_000_000 + 86_400)
    #expect(soon.map(\.severity) == [.warning, .warning] && soon.map(\.subject) == ["a → b", "a → c"])
    #expect(soon[0].text.hasPrefix("2 events") && soon[0].remedy.hasPrefix("huying relay lost"))
    #expect(RelayCheck.findings(lost: [event], now: 1_000_000 + 31 * 86_400).map(\.severity) == [.note])
    #expect(RelayCheck.findings(lost: [], now: 0).isEmpty)
  }

  @Test func `a backup is missed after two of its intervals`() {
    let now = Date(timeIntervalSince1970: 10_000_000)
    func severity(hours: Double, every: Double = 24, failures: Double = 0) -> Finding.Severity {
      BackupCheck.finding(
        "x", last: 10_000_000 - hours * 3_600, every: every * 3_600, failures: failures, now: now
      ).severity
    }
    #expect(severity(hours: 47) == .fine && severity(hours: 49) == .warning && severity(hours: 200) == .failure)
    #expect(severity(hours: 160, every: 168) == .fine && severity(hours: 340, every: 168) == .warning)
    #expect(severity(hours: 2.9, every: 1.5) == .fine && severity(hours: 3.1, every: 1.5) == .warning)
    #expect(severity(hours: 1, failures: 2) == .warning)
    #expect(BackupCheck.finding("x", last: 0, now: now).severity == .failure)
    #expect(BackupCheck.finding("x", last: 0, start: 10_000_000 - 60, now: now).severity == .note)
    #expect(BackupCheck.finding("x", last: 0, start: 10_000_000 - 700, now: now).severity == .failure)
  }

  @Test func `places: options over variables, names in the compose file's network, this machine elsewhere`() throws {
    func places(_ admin: [String] = [], target: String, _ environment: [String: String] = [:]) throws -> DoctorPlaces {
      try DoctorPlaces(
        dataRoot: nil, secrets: nil, backups: nil, admin: admin, target: target, environment: environment)
    }
    #expect(try places(target: "gateway:7900").admin["dispute"] == "dispute:8002")
    #expect(try places(target: "127.0.0.1:7900").admin["dispute"] == "127.0.0.1:8002")
    let other = try places(
      ["dispute=10.0.0.5:9000", "gateway=off"], target: "gateway:7900", ["HUYING_DATA_ROOT": "/somewhere"])
    #expect(other.admin["dispute"] == "10.0.0.5:9000" && other.admin["gateway"] == nil)
    #expect(other.database(of: .dispute) == "/somewhere/dispute/dispute.sqlite")
    #expect(throws: Complaint.self) { try places(["nobody=1:2"], target: "x:1") }
    #expect(throws: Complaint.self) { try places(["dispute"], target: "x:1") }
  }

  @Test func `every metric that the example rules name is one that a process shows`() throws {
    var root = URL(fileURLWithPath: #filePath)
    while !FileManager.default.fileExists(atPath: root.appending(path: "Package.swift").path), root.path != "/" {
      root.deleteLastPathComponent()
    }
    let rules = try String(contentsOf: root.appending(path: "deploy/prometheus/alerts.yml"), encoding: .utf8)
    let operations = try String(contentsOf: root.appending(path: "docs/operations.md"), encoding: .utf8)
    let names = Set(
      rules.matches(of: /(?:huying|rpc|process)_[a-z0-9_]+/).map {
        String($0.output).replacing("_bucket", with: "").replacing("_seconds_count", with: "_seconds")
      }
    ).subtracting(["rpc_method", "rpc_grpc_status_code"])
    #expect(names.count > 12)
    // The README of operations names each by its own; endings that are told once for several count as well.
    for name in names { #expect(operations.contains(name), "\(name) is not described") }
  }
}

@Suite struct DoctorProgramTests {
  @Test func `with nothing to look at it says so, a line each, and ends with the worst`() async throws {
    let folder = TemporaryFolder()
    let arguments = [
      "doctor", "--data-root", folder.path, "--secrets", folder.file("none"), "--backups", folder.file("none"),
      "--target", "127.0.0.1:1",
    ]
    let result = try await HuyingProgram.run(arguments, in: folder)
    #expect(result.exitCode == 2, "\(result.output)\(result.errors)")
    let silence = "gateway: 127.0.0.1:1 does not answer: cannot connect to 127.0.0.1:1: Connection refused → "
    #expect(result.output.contains("FAILURE  process      \(silence)"), "\(result.output)")
    for service in ServiceIdentity.all.map(\.name) {
      #expect(result.lines.contains { $0.hasPrefix("skipped  process      \(service): its admin port") }, "\(service)")
      #expect(result.lines.contains { $0.hasPrefix("skipped  files        \(service): there is no") }, "\(service)")
    }
    #expect(result.lines.contains { $0.contains("SQLite \(BuildInfo.sqlite)") })
    let problems = try await HuyingProgram.run(arguments + ["--problems", "-o", "json"], in: folder)
    let severities = try problems.lines.map { try JSONValue(parsing: $0)["severity"]?.text }
    #expect(problems.exitCode == 2 && severities.contains("FAILURE"))
    #expect(Set(severities).isSubset(of: ["FAILURE", "WARNING"]))
    let wrong = try await HuyingProgram.run(["doctor", "--admin", "nobody"], in: folder)
    #expect(wrong.exitCode == 64, "\(wrong.errors)")
  }

  @Test func `an admin port that takes a connection and says nothing is a process that stands still`() async throws {
    let folder = TemporaryFolder()
    let silent = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(silent) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(silent, $0, length) == 0 && listen(silent, 4) == 0 && getsockname(silent, $0, &length) == 0
      }
    }
    #expect(isBound)
    let port = UInt16(bigEndian: address.sin_port)
    let others = ["gateway", "grid-registry", "responsibility-list", "dispatch", "performance-evaluation"]
    let result = try await HuyingProgram.run(
      [
        "doctor", "--quick", "--data-root", folder.path, "--secrets", folder.file("none"), "--backups",
        folder.file("none"), "--target", "127.0.0.1:1", "--admin", "dispute=127.0.0.1:\(port)",
      ] + others.flatMap { ["--admin", "\($0)=off"] }, in: folder)
    let line = result.lines.first { $0.contains("dispute: its admin port 127.0.0.1:\(port) is open and says nothing") }
    #expect(
      line?.hasPrefix("FAILURE  process") == true && line?.contains("unpause dispute") == true, "\(result.output)")
  }

  @Test func `a port's own certificate is looked at, whoever signed it`() async throws {
    let folder = TemporaryFolder()
    let made = try GatewayCertificate(names: ["127.0.0.1"])
    let certificate = try folder.write("c.pem", Array(made.certificate.utf8))
    let key = try folder.write("k.pem", Array(made.key.utf8))
    let server = try await SampleServer(security: ServerSecurity(certificateFile: certificate, keyFile: key))
    let served = try await ServedCertificate.read(at: server.target)
    #expect(served == (try Certificate(pemEncoded: made.certificate)))
    await server.stop()
    await #expect(throws: (any Error).self) { try await ServedCertificate.read(at: server.target) }
  }
}
