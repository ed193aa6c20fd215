import Glibc
import RPC
import WireTypes

/// The method that is measured: a message in, the same message out, by an `async` handler.
struct EchoService: Service {
  static let echo = MethodDescriptor(service: "benchmarks.Echo", name: "Echo")

  var handlers: [MethodHandler] {
    [.unary(Self.echo) { (request: GoogleProtobuf.StringValue, _) async in request }]
  }
}

// Nothing but the server, so that its memory and its instructions are the runtime's: says where it listens, and serves until it
// is killed. The main thread stays what it is: a profiler that counts instructions does not survive an asynchronous `main`.
let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 0
let starting = Task.detached {
  let server = Server(ServerConfiguration(.tcp(host: "127.0.0.1", port: port)), services: [EchoService()])
  try await server.start()
  print("listening \(server.port)")
  fflush(nil)
  try await Task.sleep(for: .seconds(1 << 30))
}
while true { pause() }
