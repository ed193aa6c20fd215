import RPC
import Testing
import WireTypes

@Suite(.timeLimit(.minutes(1))) struct StatisticsTests {
  /// Waits until `condition` holds; false after a while.
  static func comes(_ condition: () -> Bool) async -> Bool {
    for _ in 0..<500 {
      if condition() { return true }
      try? await Task.sleep(for: .milliseconds(10))
    }
    return false
  }

  @Test func `both sides count calls, messages and bytes alike`() async throws {
    try await Loopback.run { loop in
      for _ in 0..<5 { _ = try await loop.echo("x") }
      _ = try? await loop.channel.unary(EchoService.fail, Text(value: "")) as Text
      let stream: ResponseStream<Number> = loop.channel.serverStreaming(EchoService.count, Number(value: 10))
      for try await _ in stream {}
      // The client has the last bytes before the server has counted the last call.
      #expect(await Self.comes { loop.server.statistics[.callsSucceeded] == 6 })
      let (server, client) = (loop.server.statistics, loop.channel.statistics)
      for statistics in [server, client] {
        #expect(statistics[.connections] == 1)
        #expect(statistics[.callsStarted] == 7)
        #expect(statistics[.callsSucceeded] == 6)
        #expect(statistics[.callsFailed] == 1)
      }
      #expect(server[.messagesReceived] == 7)
      #expect(client[.messagesSent] == 7)
      #expect(server[.messagesSent] == 15)
      #expect(client[.messagesReceived] == 15)
      #expect(client[.bytesSent] > 100)
      #expect(server[.bytesReceived] <= client[.bytesSent])
      #expect(client[.connectAttempts] == 1)
      #expect(client[.connectFailures] == 0)
    }
  }

  @Test func `a connection's end has one cause`() async throws {
    try await Loopback.run { loop in
      _ = try await loop.echo("x")
      await loop.server.drain(within: .seconds(5))
      let ends: [Count] = [.closedByPeer, .closedDrain, .closedProtocol, .closedHandshake]
      #expect(ends.map { loop.server.statistics[$0] } == [0, 1, 0, 0])
      #expect(await Self.comes { loop.channel.statistics[.closedByPeer] == 1 })
      _ = try? await loop.echo("too late")
      #expect(loop.channel.statistics[.connectFailures] >= 1)
    }
  }

  @Test func `what is refused is counted by its reason`() async throws {
    let path = "/tmp/huying-rpc-\(UInt32.random(in: 0 ... .max)).sock"
    var configuration = ServerConfiguration(.unix(path: path))
    configuration.maximumConnections = 1
    let server = Server(configuration, services: [EchoService()])
    try await server.start()
    let first = Channel(target: "unix:" + path)
    let answer: Text = try await first.unary(EchoService.echo, Text(value: "x"))
    #expect(answer.value == "x")
    let second = Channel(target: "unix:" + path)
    let status = await #expect(throws: Status.self) {
      let _: Text = try await second.unary(EchoService.echo, Text(value: "x"))
    }
    #expect(status?.code == .unavailable)
    #expect(server.statistics[.refusedTotal] >= 1)
    #expect(server.statistics[.connections] == 1)
    await first.close()
    await second.close()
    await server.drain()
  }

  @Test func `a peer that speaks no HTTP/2 is counted as one that broke it`() async throws {
    let path = "/tmp/huying-rpc-\(UInt32.random(in: 0 ... .max)).sock"
    let server = Server(ServerConfiguration(.unix(path: path)), services: [EchoService()])
    try await server.start()
    let socket = try PlainSocket(path)
    Array("GET / HTTP/1.1\r\n\r\n\r\n\r\n\r\n".utf8).withUnsafeBytes { socket.write($0) }
    while !socket.read().isEmpty {}
    socket.close()
    #expect(await Self.comes { server.statistics[.closedProtocol] == 1 })
    await server.drain()
  }
}
