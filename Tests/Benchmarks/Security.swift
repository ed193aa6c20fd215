import Foundation
import RPC
import TestSupport
import Wire
import WireTypes

extension Measure {
  /// The echo through TLS beside plaintext, loaded by h2load, which speaks both.
  func measureSecurity(_ bench: Workbench) async throws -> Report.Group? {
    guard let h2load = Self.program("h2load") else {
      FileHandle.standardError.write(Data("not measured: TLS (Debian's nghttp2-client has h2load)\n".utf8))
      return nil
    }
    let certificates = try TestCertificates()
    let plain = try bench.start("echo-server", [], named: "serve-plain")
    let secure = try bench.start(
      "echo-server", [certificates.server.certificate, certificates.server.key], named: "serve-tls")
    let file = bench.folder.appendingPathComponent("frame")
    let message = GoogleProtobuf.StringValue(value: String(repeating: "x", count: 52)).encoded()
    try Data([0, 0, 0, 0, UInt8(message.count)] + message).write(to: file)
    var lines = [Line(name: "plaintext"), Line(name: "TLS")]
    for round in 0...bench.rounds {
      for (index, server) in [plain, secure].enumerated() {
        let scheme = index == 0 ? "http" : "https"
        let calls = 100 * bench.milliseconds / 10
        let cpu = server.cpuMicroseconds
        let begin = ContinuousClock.now
        let load = try bench.start(
          h2load,
          [
            "-n", "\(calls)", "-c", "8", "-m", "32", "-d", file.path, "-H", "content-type: application/grpc", "-H",
            "te: trailers", "\(scheme)://127.0.0.1:\(try await server.announcedPort())\(EchoMethods.echo.path)",
          ], named: "h2load")
        try await load.finish()
        guard load.text.contains("\(calls) succeeded") else { throw BenchmarkFailure(load.text) }
        guard round > 0 else { continue }
        lines[index].callsPerSecond.append(Double(calls) / (begin.duration(to: .now) / .seconds(1)))
        lines[index].cpuMicroseconds.append((server.cpuMicroseconds - cpu) / Double(calls))
      }
    }
    for server in [plain, secure] { await server.stop() }
    lines[1].ratios = zip(lines[1].cpuMicroseconds, lines[0].cpuMicroseconds).map { $0 / $1 }
    lines[1].ratioTo = lines[0].name
    return Report.Group(title: "unary echo by h2load, 8 connections × 32 streams, handshakes included", lines: lines)
  }

  private static func program(_ name: String) -> URL? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { URL(fileURLWithPath: String($0)).appendingPathComponent(name) }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }
}
