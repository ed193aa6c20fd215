import HTTP2

extension Server {
  /// The version of the HTTP/2 library below: `1.52.0`.
  package static var transportVersion: String { Session.libraryVersion }
}
