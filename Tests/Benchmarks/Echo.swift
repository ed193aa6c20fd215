import RPC
import Wire
import WireTypes

/// The methods of `benchmarks.Echo`, which our server and every peer serve.
enum EchoMethods {
  static let echo = MethodDescriptor(service: "benchmarks.Echo", name: "Echo")
  static let echoAtOnce = MethodDescriptor(service: "benchmarks.Echo", name: "EchoAtOnce")
  static let stream = MethodDescriptor(service: "benchmarks.Echo", name: "Stream", serverStreaming: true)
  /// The bytes of each of the stream's messages.
  static let blockBytes = 64 << 10
}

extension Measure {
  /// Unary echo of a 59-byte frame: our server beside the C loop and the peers that were built.
  func measureEcho(_ bench: Workbench) async throws -> [Report.Group] {
    let message = GoogleProtobuf.StringValue(value: String(repeating: "x", count: 52)).encoded()
    let loop = try bench.start("c-nghttp2-echo", ["serve"])
    let ours = try bench.start("echo-server", [], named: "serve-echo")
    var servers: [(name: String, child: ChildProcess, path: String, goal: String)] = [
      ("C, nghttp2 + epoll, one thread", loop, EchoMethods.echo.path, ""),
      ("RPC.Server, async handler", ours, EchoMethods.echo.path, "≤ 2 × CPU of C"),
      ("RPC.Server, synchronous handler", ours, EchoMethods.echoAtOnce.path, ""),
    ]
    for peer in Peer.allCases.filter(\.servesEcho) {
      if let child = try bench.start(peer) { servers.append((peer.name, child, EchoMethods.echo.path, peer.goal)) }
    }
    func runners(_ connections: Int, _ streams: Int, hasGoals: Bool) async throws -> [Runner] {
      var runners: [Runner] = []
      for server in servers {
        let load = Load(
          port: try await server.child.announcedPort(), connections: connections, streams: streams, path: server.path,
          message: message)
        runners.append(Runner(server.name, load, [server.child], goal: hasGoals ? server.goal : ""))
      }
      return runners
    }
    var busy = try await runners(8, 32, hasGoals: true)
    try await Runner.interleave(&busy, bench)
    var single = try await runners(1, 1, hasGoals: false)
    try await Runner.interleave(&single, bench)
    for server in servers { await server.child.stop() }
    return [
      Report.Group(
        title: "unary echo, \(message.count + 5)-byte frame, 8 connections × 32 streams", lines: compared(busy)),
      Report.Group(title: "the same, one call outstanding: latency", lines: compared(single)),
    ]
  }

  /// Every line beside the C loop, the first; ours beside the peers, too, in the peers' lines.
  private func compared(_ runners: [Runner]) -> [Line] {
    var lines = runners.map(\.line)
    for index in lines.indices.dropFirst() {
      lines[index].ratios = zip(lines[index].cpuMicroseconds, lines[0].cpuMicroseconds).map { $0 / $1 }
      lines[index].ratioTo = lines[0].name
    }
    return lines
  }
}
