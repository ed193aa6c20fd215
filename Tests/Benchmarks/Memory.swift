import RPC

extension Measure {
  /// What a connection at rest and an open call cost a server in memory.
  func measureMemory(_ bench: Workbench) async throws -> Report.Group {
    let connections = 1_000
    let (callers, calls) = (100, 100)
    var lines: [Line] = []
    for peer in [nil] + Peer.allCases.filter(\.servesEcho).map(Optional.some) {
      let name = peer?.name ?? "RPC.Server"
      guard let idle = try await growth(peer, bench, connections: connections, streams: 0),
        let resting = try await growth(peer, bench, connections: callers, streams: 0),
        let open = try await growth(peer, bench, connections: callers, streams: calls)
      else { continue }
      var connection = Line(name: "\(name): per idle connection", unit: "KiB")
      connection.value = [idle / Double(connections)]
      var stream = Line(name: "\(name): per open call", unit: "KiB")
      stream.value = [(open - resting) / Double(callers * calls)]
      lines += [connection, stream]
    }
    return Report.Group(
      title: "memory: \(connections) idle connections; \(callers) × \(calls) calls begun", lines: lines)
  }

  /// By how many KiB a server grows when it holds so much.
  private func growth(
    _ peer: Peer?, _ bench: Workbench, connections: Int, streams: Int
  ) async throws -> Double? {
    let child = try peer.map { try bench.start($0) } ?? bench.start("echo-server", [], named: "serve-memory")
    guard let child else { return nil }
    let port = try await child.announcedPort()
    _ = try await Load(
      port: port, connections: 2, streams: 2, path: EchoMethods.echo.path, message: [], metadata: { Metadata() }
    ).run(bench, milliseconds: 100, servers: [child])
    let before = child.mebibytes.resident
    let holder = try bench.start(
      "c-nghttp2-echo", ["hold", "127.0.0.1", "\(port)", "\(connections)", "\(streams)", EchoMethods.echo.path],
      named: "hold")
    try await holder.announced("holding")
    let after = child.mebibytes.resident
    await holder.stop()
    await child.stop()
    return (after - before) * 1024
  }
}
