import ArgumentParser
import CoreMetrics
import Crypto
import RPC
import TestSupport
import Testing

@testable import Runtime

@Suite struct SettingsTests {
  private func settings(
    _ arguments: [String], _ environment: [String: String] = [:]
  ) throws -> ServiceSettings {
    try ServiceSettings(ServiceOptions.parse(arguments), for: .dispute, environment: environment)
  }

  @Test func `every setting has a default that works`() throws {
    let settings = try settings([])
    #expect(settings.listen == "127.0.0.1:7902")
    #expect(settings.admin == "127.0.0.1:8002")
    #expect(settings.databasePath == "var/dispute/dispute.sqlite")
    #expect(settings.county == "379922000000")
    #expect(settings.maximumCalls == 256)
  }

  @Test func `a flag wins over a variable, a variable over the default`() throws {
    let environment = ["HUYING_LISTEN": "127.0.0.1:1", "HUYING_COUNTY": "371322000000", "HUYING_LOG_LEVEL": ""]
    let settings = try settings(["--listen", "unix:/tmp/d.sock", "--admin", "off"], environment)
    #expect(settings.listen == "unix:/tmp/d.sock")
    #expect(settings.admin == nil)
    #expect(settings.county == "371322000000")
    #expect(settings.logLevel == "info")
  }

  @Test(arguments: [
    ["--listen", "nowhere"], ["--listen", "host:70000"], ["--county", "37"], ["--log-level", "loud"],
    ["--admin", ":80"], ["--max-calls", "0"], ["--max-calls", "many"],
  ])
  func `a wrong setting is one clear line`(_ arguments: [String]) throws {
    let error = try #require(throws: SettingError.self) { try settings(arguments) }
    #expect(!error.description.contains("\n"))
    #expect(error.description.contains(String(arguments[0].dropFirst(2))))
  }

  @Test func `the care-visit register is grid-registry's, and off unless somebody says on`() throws {
    func registry(_ arguments: [String], _ environment: [String: String] = [:]) throws -> ServiceSettings {
      try ServiceSettings(ServiceOptions.parse(arguments), for: .gridRegistry, environment: environment)
    }
    #expect(try registry([]).hasCareVisits == false)
    #expect(try registry([]).lines.contains("care-visits = off"))
    let on = try registry(["--data-dir", "/d"], ["HUYING_CARE_VISITS": "on"])
    #expect(
      on.hasCareVisits && on.careVisitPath == "/d/care-visit.sqlite" && on.careVisitKeyPath == "/d/care-visit.key")
    #expect(on.lines.contains("care-visits = on, /d/care-visit.sqlite, /d/care-visit.key"))
    #expect(try registry(["--care-visits", "off"], ["HUYING_CARE_VISITS": "on"]).hasCareVisits == false)
    #expect(try registry([], ["HUYING_CARE_VISIT_KEY": "/run/secrets/k"]).careVisitKeyPath == "/run/secrets/k")
    #expect(throws: SettingError.self) { try registry(["--care-visits", "yes"]) }
    // Elsewhere the variable of a whole stack means nothing, and the flag is a mistake.
    #expect(try settings([], ["HUYING_CARE_VISITS": "on"]).hasCareVisits == false)
    #expect(throws: SettingError.self) { try settings(["--care-visits", "on"]) }
  }

  @Test func `TLS is set by files, and by whole sets of them`() throws {
    #expect(try settings([]).tls == nil)
    let plain = try settings(["--tls-certificate", "c.pem"], ["HUYING_TLS_KEY": "c.key"])
    #expect(plain.tls?.server.certificateFile == "c.pem")
    #expect(plain.tls?.server.keyFile == "c.key")
    #expect(plain.tls?.clientCertificates == ServerSecurity.ClientCertificates.none)
    let files = ["--tls-certificate", "c.pem", "--tls-key", "c.key", "--tls-client-authorities", "ca.pem"]
    #expect(try settings(files).tls?.clientCertificates == .required)
    let optional = try settings(files + ["--tls-client-certificates", "optional"])
    #expect(optional.tls?.server.clientCertificates == .optional)
    #expect(optional.lines.suffix(4).contains("tls-client-authorities = ca.pem"))
    for (wrong, name) in [
      (["--tls-certificate", "c.pem"], "tls-key"), (["--tls-key", "c.key"], "tls-certificate"),
      (["--tls-client-authorities", "ca.pem"], "tls-certificate"),
      (["--tls-client-certificates", "required"], "tls-certificate"),
      (Array(files.prefix(4)) + ["--tls-client-certificates", "optional"], "tls-client-authorities"),
      (files + ["--tls-client-certificates", "perhaps"], "perhaps"), (files + ["--listen", "unix:/tmp/x"], "/tmp/x"),
    ] {
      let error = #expect(throws: SettingError.self) { try settings(wrong) }
      #expect(error?.description.contains(name) == true)
    }
  }

  @Test func `two processes that start at once agree on one key`() async throws {
    let folder = TemporaryFolder()
    let keys = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<16 {
        group.addTask {
          try KeyFile.loadOrMake(at: folder.file("keys/one.key")).withUnsafeBytes { Array($0) }
        }
      }
      return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
    }
    #expect(keys.count == 1)
  }

  @Test func `metrics come out as Prometheus reads them`() {
    let registry = PrometheusRegistry()
    let timer = registry.makeTimer(
      label: "rpc_server_call_duration_seconds", dimensions: [("rpc_method", "a/b"), ("rpc_grpc_status_code", "0")])
    timer.recordNanoseconds(30_000)
    timer.recordNanoseconds(2_000_000_000)
    registry.makeCounter(label: "things", dimensions: []).increment(by: 3)
    registry.collect { [GaugeReading("lag", 7, labels: [("source", "x\"y")])] }
    let text = registry.text()
    #expect(text.contains("# TYPE rpc_server_call_duration_seconds histogram"))
    #expect(text.contains("_bucket{rpc_method=\"a/b\",rpc_grpc_status_code=\"0\",le=\"5e-05\"} 1"))
    #expect(text.contains("_count{rpc_method=\"a/b\",rpc_grpc_status_code=\"0\"} 2"))
    #expect(text.contains("things 3.0"))
    #expect(text.contains("lag{source=\"x\\\"y\"} 7.0"))
  }
}
