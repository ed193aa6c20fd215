import ArgumentParser
import Glibc
import RPC
import Wire
import WireTypes

/// The method that is measured: a message in, the same message out, by an `async` handler.
struct EchoService: Service {
  static let echo = MethodDescriptor(
    service: "benchmarks.Echo", name: "Echo", clientStreaming: false, serverStreaming: false)

  var handlers: [MethodHandler] {
    [.unary(Self.echo) { (request: GoogleProtobuf.StringValue, _) async in request }]
  }
}

/// The server of the unary echo, as a process of its own.
struct ServeEcho: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve-echo", abstract: "The server that is measured: listens, says where, serves until it is killed.")

  func run() async throws {
    let server = Server(ServerConfiguration(.tcp(host: "127.0.0.1", port: 0)), services: [EchoService()])
    try await server.start()
    print("listening \(server.port)")
    fflush(nil)
    try? await Task.sleep(for: .seconds(3600))
    await server.drain(within: .zero)
  }
}

extension Measure {
  /// Unary echo of a 59-byte frame on 8 connections × 32 streams: our server with an async handler beside the C loop.
  func measureEcho(_ bench: Workbench) async throws -> Report.Group {
    let loop = try bench.start("c-nghttp2-echo", ["serve"])
    let ours = try bench.start("benchmarks", ["serve-echo"], named: "serve-echo")
    let message = GoogleProtobuf.StringValue(value: String(repeating: "x", count: 52)).encoded()
    func load(_ port: Int) -> Load {
      Load(port: port, connections: 8, streams: 32, path: EchoService.echo.path, message: message)
    }
    var runners = [
      Runner("C, nghttp2 + epoll, one thread", load(try await loop.announcedPort()), [loop]),
      Runner("RPC.Server, async handler", load(try await ours.announcedPort()), [ours], goal: "≤ 2 × CPU of C"),
    ]
    try await Runner.interleave(&runners, bench)
    var lines = runners.map(\.line)
    lines[1].ratios = zip(lines[1].cpuMicroseconds, lines[0].cpuMicroseconds).map { $0 / $1 }
    lines[1].ratioTo = lines[0].name
    await loop.stop()
    await ours.stop()
    return Report.Group(title: "unary echo, \(message.count + 5)-byte frame, 8 connections × 32 streams", lines: lines)
  }
}
