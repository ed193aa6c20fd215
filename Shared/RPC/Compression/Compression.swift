import HTTP2

/// How messages may be made smaller on the wire, each for itself.
package enum Compression: String, Sendable, CaseIterable {
  /// RFC 1952.
  case gzip
  /// RFC 1950, zlib's format, which is what gRPC means by the word.
  case deflate

  /// What we say in `grpc-accept-encoding`.
  static let accepted = "identity,deflate,gzip"
  /// Bytes below which a message gains nothing worth the work.
  static let threshold = 1 << 10
}

/// What a header block says about the compression of the messages that follow it.
package enum MessageEncoding: Sendable, Equatable {
  /// They come as they are.
  case identity
  /// Those with the flag are compressed in this way.
  case known(Compression)
  /// They are compressed in a way that we do not know.
  case unknown(String)

  init(named name: String) {
    self = name == "identity" ? .identity : Compression(rawValue: name).map { .known($0) } ?? .unknown(name)
  }

  init(_ block: HeaderBlock) { self.init(named: block["grpc-encoding"] ?? "identity") }

  var compression: Compression? { if case .known(let compression) = self { compression } else { nil } }
}

extension HeaderBlock {
  /// What the other side takes of what we can do: its own way if it compresses itself, else the first of ours.
  var acceptedCompression: Compression? {
    guard let list = self["grpc-accept-encoding"] else { return nil }
    let names = list.split(separator: ",").map { $0.drop { $0 == " " }.prefix { $0 != " " } }
    let own = MessageEncoding(self).compression
    return ([own].compactMap(\.self) + Compression.allCases).first { names.contains($0.rawValue[...]) }
  }
}
