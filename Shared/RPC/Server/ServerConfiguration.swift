/// Where a server listens.
package enum ListenAddress: Sendable, Hashable {
  /// A TCP port; 0 lets the system choose.
  case tcp(host: String, port: Int)
  /// A Unix socket's path.
  case unix(path: String)
}

/// What a server is set to.
package struct ServerConfiguration: Sendable {
  /// Where it listens.
  package var addresses: [ListenAddress]
  /// Certificates, for TLS on every address; `nil`: plain text.
  package var security: ServerSecurity?
  /// Largest message it takes; larger ones get RESOURCE_EXHAUSTED before any allocation of that size.
  package var maximumMessageBytes = 4 << 20
  /// Streams that one connection may have open.
  package var maximumConcurrentStreams = 100
  /// Connections in all: a descriptor and some memory each.
  package var maximumConnections = 1_000
  /// Connections from one address, so that one neighbour cannot take them all.
  package var maximumConnectionsPerAddress = 64

  /// Listening at these addresses, with the usual limits.
  package init(_ addresses: ListenAddress...) { self.addresses = addresses }

  /// Listening at these addresses, with the usual limits.
  package init(addresses: [ListenAddress]) { self.addresses = addresses }
}
