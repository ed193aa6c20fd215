import Persistence
import RPC

/// Which program runs here, on which libraries: for metrics, and for whoever compares them with what is known of versions.
package enum BuildInfo {
  /// `3.40.1`
  package static var sqlite: String { Database.engineVersion }
  /// `1.52.0`
  package static var nghttp2: String { Server.transportVersion }

  static var readings: [GaugeReading] {
    [
      GaugeReading(
        "huying_build_info", 1,
        labels: [("version", ProgramVersion.text), ("sqlite", sqlite), ("nghttp2", nghttp2)])
    ]
  }
}
