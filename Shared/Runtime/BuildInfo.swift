import Persistence
import RPC

/// Which program runs here, on which libraries: for metrics, and for whoever compares them with what is known of versions.
package enum BuildInfo {
  /// `3.40.1`
  package static var sqlite: String { Database.engineVersion }
  /// `1.52.0`
  package static var nghttp2: String { Server.transportVersion }

  /// Version and libraries on one line: `0.9.0 (SQLite 3.40.1, nghttp2 1.52.0)`.
  package static var line: String { "\(ProgramVersion.text) (SQLite \(sqlite), nghttp2 \(nghttp2))" }

  static var readings: [GaugeReading] {
    [
      GaugeReading(
        "huying_build_info", 1,
        labels: [("version", ProgramVersion.text), ("sqlite", sqlite), ("nghttp2", nghttp2)])
    ]
  }
}
