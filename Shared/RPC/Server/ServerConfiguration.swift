package import HTTP2

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
  /// Streams that one connection may have open: enough for a busy caller, few enough that one cannot take the house.
  package var maximumConcurrentStreams = 100
  /// Largest header list: gRPC's usual limit is 8 KiB, and a token may be large. Larger ones get HTTP status 431.
  package var maximumHeaderListBytes = 16 << 10
  /// Connections in all: a descriptor and some memory each.
  package var maximumConnections = 1_000
  /// Connections from one address, so that one neighbour cannot take them all.
  package var maximumConnectionsPerAddress = 64

  /// How many calls of each class an event loop takes on; a class that is missing has no limit. Writes: as many as one commit takes
  /// together, more could not go faster. Reads wait for little, so as many as that keep every reader busy. Streams mostly wait; each
  /// costs some kilobytes, and none waits for another's end.
  package var methodLimits: [MethodClass: MethodLimit] = [
    .reads: MethodLimit(running: 256, queued: 1_024), .writes: MethodLimit(running: 256, queued: 1_024),
    .streams: MethodLimit(running: 4_096, queued: 0),
  ]

  /// How long a peer may take to speak TLS and then HTTP/2 before we hang up: a few round trips of the slowest line, and no more,
  /// since whoever has not spoken costs a connection already. Also how long one header block may take to arrive.
  package var handshakeTime: Duration = .seconds(5)
  /// How long a connection may have no calls before it is ended. Calls that wait are calls: a watcher is not idle.
  package var idleTimeout: Duration? = .seconds(300)
  /// How old a connection may become, ± 10 %, before it is ended: so that load spreads anew over servers that were added.
  package var maximumAge: Duration? = .seconds(1_800)
  /// How long the calls of a connection that is being ended for its age may go on.
  package var maximumAgeGrace: Duration = .seconds(30)
  /// When we ask a silent peer for a sign of life.
  package var keepalive: Keepalive? = Keepalive()
  /// How often a peer may ask us.
  package var pings = PingEnforcement()
  /// What a peer may do that helps nobody.
  package var glitches = GlitchBucket()
  /// How long a call may wait for its peer without anything moving, be it the rest of a request or the reading of an answer. Who
  /// sets a deadline has a limit of his own; this one is for who sets none, and forgets.
  package var stallTime: Duration = .seconds(300)

  /// PINGs of ours to a peer that went silent. It may have lost power, and its streams and its place would stay taken until TCP
  /// notices, which without data it never does. gRPC's default is two hours; sixty-four such peers would shut their address out
  /// for as long, so we ask after five minutes.
  package struct Keepalive: Sendable {
    /// After how much silence we ask.
    package var time: Duration = .seconds(300)
    /// How long the answer may take: gRPC's twenty seconds.
    package var timeout: Duration = .seconds(20)

    /// The usual times.
    package init() {}
  }

  /// PINGs of the peer: more often than this is a strike, and a strike too many ends the connection with "too_many_pings", the word
  /// by which gRPC clients know to ask less often.
  package struct PingEnforcement: Sendable {
    /// While there are calls: gRPC clients refuse to ask more often than every ten seconds.
    package var interval: Duration = .seconds(10)
    /// While there are none: gRPC servers' own default.
    package var intervalWithoutCalls: Duration = .seconds(300)
    /// Forgiven, until we next send HEADERS or DATA: as many as gRPC's own servers forgive.
    package var maximumStrikes = 2

    /// The usual intervals.
    package init() {}
  }

  /// Listening at these addresses, with the usual limits.
  package init(_ addresses: ListenAddress...) { self.addresses = addresses }

  /// Listening at these addresses, with the usual limits.
  package init(addresses: [ListenAddress]) { self.addresses = addresses }
}
