import Foundation
import RPC

/// What is called, as the C load generator sends it.
struct Load {
  var port: Int
  var connections: Int
  var streams: Int
  var path: String
  var message: [UInt8]
  /// Where in the message twelve digits are counted up, so that no two are the same.
  var patchOffset: Int?
  /// Made anew for every round: signatures live a minute.
  var metadata: @Sendable () -> Metadata = { Metadata() }

  /// What one round gave.
  struct Outcome: Decodable {
    var calls: Int
    var failed: Int
    var status: Int
    var seconds: Double
    var p50: Double
    var p95: Double
    var p99: Double

    var callsPerSecond: Double { Double(calls) / seconds }
  }

  /// Runs it for a while. `servers` are asked for their CPU time before and after; the answer is in microseconds per call.
  func run(
    _ bench: Workbench, milliseconds: Int? = nil, servers: [ChildProcess]
  ) async throws -> (outcome: Outcome, cpu: [Double]) {
    let file = bench.folder.appendingPathComponent("message")
    try Data(message).write(to: file)
    let before = servers.map(\.cpuMicroseconds)
    let generator = try bench.start(
      "c-nghttp2-echo",
      [
        "load", "127.0.0.1", "\(port)", "\(connections)", "\(streams)", "\(milliseconds ?? bench.milliseconds)", path,
        file.path, "\(patchOffset ?? -1)",
      ] + metadata().entries.flatMap { [$0.name, $0.value] }, named: "load")
    try await generator.finish()
    let outcome = try JSONDecoder().decode(Outcome.self, from: Data(generator.text.utf8))
    guard outcome.failed == 0 else {
      throw BenchmarkFailure(
        "\(path): \(outcome.failed) of \(outcome.calls) calls failed with status \(outcome.status)")
    }
    let used = zip(servers, before).map { ($0.cpuMicroseconds - $1) / Double(max(1, outcome.calls)) }
    return (outcome, used)
  }
}

/// One line of the table while its rounds are run.
struct Runner {
  var line: Line
  var load: Load
  var servers: [ChildProcess]

  init(_ name: String, _ load: Load, _ servers: [ChildProcess], goal: String = "") {
    line = Line(name: name, goal: goal)
    self.load = load
    self.servers = servers
  }

  mutating func round(_ bench: Workbench) async throws {
    let (outcome, cpu) = try await load.run(bench, servers: servers)
    line.callsPerSecond.append(outcome.callsPerSecond)
    line.cpuMicroseconds.append(cpu.reduce(0, +))
    if cpu.count > 1 { line.cpuShares.append(cpu) }
    line.p50Microseconds.append(outcome.p50)
    line.p95Microseconds.append(outcome.p95)
    line.p99Microseconds.append(outcome.p99)
  }

  /// All of them in turn, as many rounds as asked for, after a short one that does not count.
  static func interleave(_ runners: inout [Runner], _ bench: Workbench) async throws {
    for runner in runners { _ = try await runner.load.run(bench, milliseconds: 200, servers: runner.servers) }
    for _ in 0..<bench.rounds {
      for index in runners.indices { try await runners[index].round(bench) }
    }
  }
}
