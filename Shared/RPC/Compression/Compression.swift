/// How messages may be made smaller on the wire, each for itself.
package enum Compression: String, Sendable, CaseIterable {
  /// RFC 1952.
  case gzip
  /// RFC 1950, zlib's format, which is what gRPC means by the word.
  case deflate
}
