import RPC
import WireTypes

extension Measure {
  /// A stream of 64 KiB messages from the server to one reader, our client: how much comes through, and what it costs the server.
  func measureStreaming(_ bench: Workbench) async throws -> Report.Group {
    var servers: [(name: String, child: ChildProcess)] = [
      ("RPC.Server", try bench.start("echo-server", [], named: "serve-stream"))
    ]
    for peer in Peer.allCases.filter(\.servesEcho) {
      if let child = try bench.start(peer) { servers.append((peer.name, child)) }
    }
    var lines = servers.map { Line(name: $0.name, unit: "MiB/s") }
    var costs = servers.map { Line(name: "\($0.name): server CPU per MiB", unit: "µs") }
    for round in 0...bench.rounds {
      for (index, server) in servers.enumerated() {
        let (rate, cost) = try await stream(from: server.child, mebibytes: 256)
        // The first round warms up.
        guard round > 0 else { continue }
        lines[index].value.append(rate)
        costs[index].value.append(cost)
      }
    }
    for server in servers { await server.child.stop() }
    for index in lines.indices.dropFirst() {
      costs[index].ratios = zip(costs[index].value, costs[0].value).map { $0 / $1 }
      costs[index].ratioTo = costs[0].name
    }
    return Report.Group(title: "one stream of 64 KiB messages", lines: lines + costs)
  }

  /// MiB per second, and the server's CPU in microseconds per MiB.
  private func stream(from server: ChildProcess, mebibytes: Int) async throws -> (rate: Double, cost: Double) {
    let channel = Channel(target: "127.0.0.1:\(try await server.announcedPort())")
    let count = mebibytes * (1 << 20) / EchoMethods.blockBytes
    let cpu = server.cpuMicroseconds
    let begin = ContinuousClock.now
    let answers: ResponseStream<GoogleProtobuf.BytesValue> = channel.serverStreaming(
      EchoMethods.stream, GoogleProtobuf.Int32Value(value: Int32(count)))
    var bytes = 0
    while let answer = try await answers.next() { bytes += answer.value.count }
    let seconds = begin.duration(to: .now) / .seconds(1)
    let used = server.cpuMicroseconds - cpu
    await channel.close(within: .seconds(1))
    guard bytes == count * EchoMethods.blockBytes else { throw BenchmarkFailure("\(server.name): the stream was cut") }
    return (Double(mebibytes) / seconds, used / Double(mebibytes))
  }
}
