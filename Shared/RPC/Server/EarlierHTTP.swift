import NIOCore

/// What a client gets that speaks HTTP/1 to us: nothing that it asks for, but something that it can read.
enum EarlierHTTP {
  /// Whether these first bytes of a connection are a request of HTTP/1.
  static func isRequest(_ bytes: ByteBuffer) -> Bool {
    let line = bytes.readableBytesView.prefix(8 << 10).prefix { $0 != UInt8(ascii: "\n") }
    let version = Array(" HTTP/1.".utf8)
    // The version ends the line: `GET / HTTP/1.1`, and a CR.
    return line.count > version.count + 3 && line.suffix(version.count + 2).starts(with: version)
  }

  static let answer = """
    HTTP/1.1 505 HTTP Version Not Supported\r
    content-type: text/plain\r
    content-length: 41\r
    connection: close\r
    \r
    This port speaks gRPC, over HTTP/2 only.

    """
}
