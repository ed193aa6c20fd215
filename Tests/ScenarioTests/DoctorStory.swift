import Foundation
import Runtime
import TestSupport
import Testing
import Wire

@testable import HuyingCLI

/// `huying doctor` on a running county, as county IT asks it.
extension Scenarios {
  @Test func `huying doctor: a county that is well, and what is broken in it is named with its remedy`() async throws {
    let data = try await ImportedCounty.shared.data()
    try await RunningStack.withStack(from: data, showsMetrics: true) { stack in
      let well = try await stack.doctor()
      for service in ServiceIdentity.all.map(\.name) {
        #expect(well.of("process", service).map(\.severity).allSatisfy { $0 == "OK" }, "\(well.of("process", service))")
        #expect(!well.of("process", service).isEmpty && !well.of("time", service).isEmpty)
        #expect(well.of("permissions", service).map(\.severity) == ["OK"], "\(well.of("permissions", service))")
      }
      #expect(well.findings.filter { $0.topic == "relay" }.map(\.severity) == [String](repeating: "OK", count: 9))
      let chains = well.findings.filter { $0.topic == "journal" }
      #expect(chains.map(\.severity) == [String](repeating: "OK", count: 5), "\(chains)")
      let versions = well.findings.filter { $0.topic == "versions" }.map(\.subject)
      #expect(versions.contains { $0.hasPrefix("SQLite 3.") } && versions.contains { $0.hasPrefix("libnghttp2 1.") })
      #expect(!well.findings.contains { $0.severity == "FAILURE" && $0.topic != "disk" && $0.topic != "backup" })

      // What the example rules for Prometheus are about is what the processes show; backups only where they are scheduled.
      var shown = ""
      for identity in ServiceIdentity.all {
        shown += try await AdminPage.get("/metrics", at: stack.admin(identity)).text
      }
      let ruled = try Self.metricsOfRules().filter { !$0.hasPrefix("huying_backup") }
      #expect(ruled.count >= 15)
      #expect(ruled.filter { !shown.contains("# TYPE \($0) ") }.sorted() == [])

      // Who is not logged in sees the relay by the gateway's numbers, and is told what is missing.
      let stranger = try await stack.doctor(["--quick"], session: stack.folder + "/nobody.json")
      #expect(stranger.of("journal", "all").map(\.severity) == ["SKIPPED"])
      #expect(stranger.findings.count { $0.topic == "relay" } == 9)

      // A key that others may read, and a process that is gone.
      let folder = stack.dataFolder(.dispute)
      chmod(folder, 0o755)
      chmod(folder + "/sealing.key", 0o644)
      try await stack.stop(.dispatch)
      let ill = try await stack.doctor(["--quick", "--problems"])
      #expect(ill.exitCode == 2)
      let key = ill.of("permissions", folder + "/sealing.key")
      #expect(key.map(\.severity) == ["FAILURE"] && key.first?.remedy.contains("chmod 600") == true, "\(ill.findings)")
      #expect(ill.of("process", "dispatch").contains { $0.severity == "FAILURE" }, "\(ill.findings)")
      #expect(!ill.findings.contains { $0.severity == "OK" })

      // A file that was cut short while nobody had it open.
      let file = stack.dataFolder(.dispatch) + "/dispatch.sqlite"
      try FileHandle(forWritingTo: URL(fileURLWithPath: file)).truncate(atOffset: 8_192)
      let cut = try await stack.doctor(["--quick", "--problems"])
      let damage = cut.of("files", file)
      #expect(damage.map(\.severity) == ["FAILURE"] && damage.first?.remedy.contains("huying restore") == true)
      let chinese = try await stack.huying(stack.doctorArguments(["--quick", "--lang", "zh"]))
      #expect(chinese.exitCode == 2 && chinese.output.contains("故障     文件"), "\(chinese.output)")
    }
  }
}

extension Scenarios {
  @Test func `a service that stands still is named, and keeps nobody from what the others have to say`() async throws {
    let data = try await ImportedCounty.shared.data()
    try await RunningStack.withStack(from: data, showsMetrics: true) { stack in
      _ = try await stack.huying(["health", "--wait", "60"])
      try await stack.freeze(.dispute)
      let verified = try await stack.huying(["journal", "verify", "--lang", "en"])
      let ill = try await stack.doctor()
      try await stack.thaw(.dispute)
      #expect(verified.exitCode == 1, "\(verified.errors)")
      let lines = verified.output.split(separator: "\n")
      #expect(lines.count { $0.contains("does not answer") && $0.hasPrefix("dispute ") } == 1, "\(verified.output)")
      #expect(lines.count { $0.contains("holds") } == 4, "\(verified.output)")
      #expect(
        ill.of("process", "dispute").contains { $0.severity == "FAILURE" && $0.remedy.contains("unpause dispute") })
      #expect(ill.of("journal", "dispute").map(\.severity) == ["SKIPPED"], "\(ill.findings)")
      #expect(ill.findings.count { $0.topic == "journal" && $0.severity == "OK" } == 4, "\(ill.findings)")
    }
  }

  /// The metrics in `deploy/prometheus/alerts.yml`.
  private static func metricsOfRules() throws -> Set<String> {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let rules = try String(contentsOf: root.appending(path: "deploy/prometheus/alerts.yml"), encoding: .utf8)
    let names = rules.matches(of: /(?:huying|rpc|process)_[a-z0-9_]+/).map { String($0.output) }
    return Set(
      names.map { $0.replacing("_seconds_bucket", with: "_seconds").replacing("_seconds_count", with: "_seconds") }
    )
    .subtracting(["rpc_method", "rpc_grpc_status_code"])
  }
}

/// One finding, as a program reads it.
private struct SeenFinding: Decodable {
  let severity: String
  let topic: String
  let subject: String
  let text: String
  let remedy: String
}

private struct SeenHealth {
  let exitCode: Int32
  let findings: [SeenFinding]

  func of(_ topic: String, _ subject: String) -> [SeenFinding] {
    findings.filter { $0.topic == topic && $0.subject == subject }
  }
}

extension RunningStack {
  nonisolated func doctorArguments(_ more: [String]) -> [String] {
    ["doctor", "--data-root", folder, "--secrets", keyFolder, "--backups", folder]
      + ServiceIdentity.all.flatMap { ["--admin", "\($0.name)=\(admin($0))"] } + more
  }

  fileprivate func doctor(_ more: [String] = [], session: String? = nil) async throws -> SeenHealth {
    let result = try await huying(doctorArguments(more + ["-o", "json"]), session: session)
    let findings = try result.output.split(separator: "\n").map {
      try JSONDecoder().decode(SeenFinding.self, from: Data($0.utf8))
    }
    guard !findings.isEmpty else { throw StackError("doctor: \(result.errors)") }
    return SeenHealth(exitCode: result.exitCode, findings: findings)
  }
}
