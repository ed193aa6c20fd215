import Foundation
import Glibc

/// A process that was started, and what the kernel knows of it.
///
/// `@unchecked Sendable`: `Process` is used from one task at a time.
final class ChildProcess: @unchecked Sendable {
  let name: String
  private let process = Process()
  private let output: URL
  private var clock = clockid_t()

  init(_ binary: URL, _ arguments: [String], output: URL, environment: [String: String]) throws {
    name = binary.lastPathComponent
    self.output = output
    guard FileManager.default.isExecutableFile(atPath: binary.path) else {
      throw BenchmarkFailure("there is no \(binary.path); build it first (make bench)")
    }
    try Data().write(to: output)
    let file = try FileHandle(forWritingTo: output)
    process.executableURL = binary
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = file
    process.standardError = file
    try process.run()
    guard clock_getcpuclockid(process.processIdentifier, &clock) == 0 else {
      throw BenchmarkFailure("\(name) ended at once: \(text)")
    }
  }

  /// CPU time that all its threads have used, in microseconds.
  var cpuMicroseconds: Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
  }

  /// Memory that it holds, in MiB: all that is resident, programs and libraries shared with others included, and what is its own.
  var mebibytes: (resident: Double, own: Double) {
    let rollup = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/smaps_rollup", encoding: .utf8)) ?? ""
    func value(_ name: String) -> Double {
      let line = rollup.split(separator: "\n").first { $0.hasPrefix(name + ":") }
      return (line?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
    }
    return (value("Rss"), value("Private_Dirty"))
  }

  /// What it has printed so far.
  var text: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }

  /// The port of its line `listening PORT`.
  func announcedPort() async throws -> Int {
    for _ in 0..<1000 where process.isRunning {
      if let line = text.split(separator: "\n").first(where: { $0.hasPrefix("listening ") }),
        let port = Int(line.dropFirst(10))
      {
        return port
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw BenchmarkFailure("\(name) does not listen: \(text)")
  }

  /// Waits for a line that it prints when it is ready.
  func announced(_ line: String) async throws {
    for _ in 0..<2000 where process.isRunning {
      if text.split(separator: "\n").contains(Substring(line)) { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw BenchmarkFailure("\(name) does not say \(line): \(text)")
  }

  /// Waits until it listens on `port`.
  func waitUntilListening(_ port: Int, poll: Duration = .milliseconds(5)) async throws {
    let end = ContinuousClock.now + .seconds(20)
    while !Machine.isListening(port) {
      guard process.isRunning, .now < end else { throw BenchmarkFailure("\(name) does not listen: \(text)") }
      try await Task.sleep(for: poll)
    }
  }

  /// Waits for its end; throws if it says that something went wrong.
  func finish() async throws {
    while process.isRunning { try await Task.sleep(for: .milliseconds(2)) }
    guard process.terminationStatus == 0 else { throw BenchmarkFailure("\(name): \(text)") }
  }

  /// Asks it to end, and makes it after ten seconds.
  func stop() async {
    guard process.isRunning else { return }
    process.terminate()
    for _ in 0..<1000 where process.isRunning { try? await Task.sleep(for: .milliseconds(10)) }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }
}
