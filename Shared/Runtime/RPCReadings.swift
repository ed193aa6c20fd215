package import RPC

extension PrometheusRegistry {
  /// Shows a server's connections and calls at every scrape.
  package func collect(_ server: Server) {
    collect {
      [
        GaugeReading("rpc_server_connections", Double(server.connectionCount)),
        GaugeReading("rpc_server_active_requests", Double(server.runningCount)),
      ] + Self.readings(server.statistics, side: "server", labels: [])
    }
  }

  /// Shows a channel's state, connections and calls at every scrape, under the name of where it leads.
  package func collect(_ channel: Channel, target: String) {
    collect {
      let state = channel.state
      return Channel.State.named.map { name, named in
        GaugeReading(
          "rpc_client_channel_state", named == state ? 1 : 0, labels: [("target", target), ("state", name)])
      } + Self.readings(channel.statistics, side: "client", labels: [("target", target)])
    }
  }

  private static func readings(
    _ statistics: Statistics, side: String, labels: [(String, String)]
  ) -> [GaugeReading] {
    Count.allCases.compactMap { count in
      let (name, reason, isOfServer, isOfClient) = count.reading
      guard side == "server" ? isOfServer : isOfClient else { return nil }
      return GaugeReading(
        "rpc_\(side)_\(name)_total", Double(statistics[count]),
        labels: labels + (reason.map { [("reason", $0)] } ?? []))
    }
  }
}

extension Count {
  /// What it is called at a scrape, and on which side it occurs.
  fileprivate var reading: (name: String, reason: String?, isOfServer: Bool, isOfClient: Bool) {
    switch self {
    case .connections: ("connections_opened", nil, true, true)
    case .refusedTotal: ("connections_refused", "total", true, false)
    case .refusedAddress: ("connections_refused", "address", true, false)
    case .closedByPeer: ("connections_closed", "peer", true, true)
    case .closedIdle: ("connections_closed", "idle", true, true)
    case .closedAge: ("connections_closed", "age", true, false)
    case .closedGlitches: ("connections_closed", "glitches", true, false)
    case .closedHandshake: ("connections_closed", "handshake", true, false)
    case .closedKeepalive: ("connections_closed", "keepalive", true, true)
    case .closedDrain: ("connections_closed", "drain", true, true)
    case .closedProtocol: ("connections_closed", "protocol", true, true)
    case .tlsFailures: ("tls_handshakes_failed", nil, true, true)
    case .glitches: ("glitches", nil, true, false)
    case .keepalives: ("keepalives_sent", nil, true, true)
    case .connectAttempts: ("connect_attempts", nil, false, true)
    case .connectFailures: ("connect_failures", nil, false, true)
    case .callsStarted: ("calls_started", nil, true, true)
    case .callsSucceeded: ("calls_succeeded", nil, true, true)
    case .callsFailed: ("calls_failed", nil, true, true)
    case .retries: ("retries", nil, false, true)
    case .messagesReceived: ("messages_received", nil, true, true)
    case .messagesSent: ("messages_sent", nil, true, true)
    case .bytesReceived: ("received_bytes", nil, true, true)
    case .bytesSent: ("sent_bytes", nil, true, true)
    }
  }
}

extension Channel.State {
  fileprivate static let named: [(String, Self)] = [
    ("idle", .idle), ("connecting", .connecting), ("ready", .ready), ("transient_failure", .transientFailure),
    ("shutdown", .shutdown),
  ]
}
