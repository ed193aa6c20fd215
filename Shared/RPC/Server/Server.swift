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
  /// Largest message it takes.
  package var maximumMessageBytes = 4 << 20
  /// Streams that one connection may have open.
  package var maximumConcurrentStreams = 100
  /// Connections in all.
  package var maximumConnections = 1_000
  /// Connections from one address.
  package var maximumConnectionsPerAddress = 64

  /// Listening at these addresses, with the usual limits.
  package init(_ addresses: ListenAddress...) { self.addresses = addresses }
}

/// A gRPC server: HTTP/2 without TLS, prior knowledge.
package final class Server: Sendable {
  /// A server that answers `services`, and everything else with `fallback`, or UNIMPLEMENTED.
  package init(
    _ configuration: ServerConfiguration, services: [any Service], interceptors: [any ServerInterceptor] = [],
    fallback: RawHandler? = nil
  ) {}

  /// Starts to listen; afterwards `addresses` are known.
  package func start() async throws {}

  /// Where it listens, with the ports that the system chose.
  package var addresses: [ListenAddress] { [] }

  /// Takes no new calls, lets those under way finish, cancels what is left when the time is over, and closes.
  package func drain(within limit: Duration = .seconds(8)) async {}
}
