import Foundation

/// What the system knows of this process, under the names that every Prometheus client library uses.
struct ProcessReadings: Sendable {
  private let startTime = Date().timeIntervalSince1970

  func now() -> [GaugeReading] {
    [
      GaugeReading("process_cpu_seconds_total", Double(clock()) / 1e6),
      GaugeReading("process_resident_memory_bytes", Double(Self.residentPages * sysconf(Int32(_SC_PAGESIZE)))),
      GaugeReading("process_open_fds", Double(Self.descriptorCount)),
      GaugeReading("process_start_time_seconds", startTime),
      GaugeReading("process_clock_seconds", Date().timeIntervalSince1970),
    ]
  }

  /// The second number of `statm`.
  private static var residentPages: Int {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
    return text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
  }

  private static var descriptorCount: Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
  }
}
