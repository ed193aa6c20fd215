import Foundation

/// The id by which a write that is sent twice is known.
enum RequestID {
  /// One that nobody has used.
  static var fresh: String { UUID().uuidString.lowercased() }
}
