package import Kernel
import Foundation

/// Where a service's "now" comes from. Business time only: deadlines, back-off and signatures use the machine's clock.
package struct TimeSource: Sendable {
  /// The instant that commands are decided at.
  package var now: @Sendable () -> Timestamp

  package init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

  /// The machine's clock.
  package static let real = TimeSource {
    Timestamp(microseconds: Int64((Date().timeIntervalSince1970 * 1_000_000).rounded()))
  }
}
