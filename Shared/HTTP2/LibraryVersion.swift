import CNGHTTP2

extension Session {
  /// The version of libnghttp2 that is loaded: `1.52.0`.
  package static var libraryVersion: String { nghttp2_version(0).map { String(cString: $0.pointee.version_str) } ?? "" }
}
