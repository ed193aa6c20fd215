import Glibc
import RPC
import WireTypes

/// The methods that are measured: a message in, the same message out; and one in, many large ones out.
struct EchoService: Service {
  var handlers: [MethodHandler] {
    [
      .unary(MethodDescriptor(service: "benchmarks.Echo", name: "Echo")) {
        (request: GoogleProtobuf.StringValue, _) async in request
      },
      .synchronousUnary(MethodDescriptor(service: "benchmarks.Echo", name: "EchoAtOnce")) {
        (request: GoogleProtobuf.StringValue, _) in request
      },
      .serverStreaming(MethodDescriptor(service: "benchmarks.Echo", name: "Stream", serverStreaming: true)) {
        (request: GoogleProtobuf.Int32Value, answers: ResponseWriter<GoogleProtobuf.BytesValue>, _) in
        let block = GoogleProtobuf.BytesValue(value: [UInt8](repeating: 120, count: 64 << 10))
        for _ in 0..<request.value { try await answers.write(block) }
      },
    ]
  }
}

// Nothing but the server, so that its memory and its instructions are the runtime's: says where it listens, and serves until it
// is killed. `echo-server [CERTIFICATE_FILE KEY_FILE]`: with them, TLS. The main thread stays what it is: a profiler that counts
// instructions does not survive an asynchronous `main`.
let starting = Task.detached {
  let files = CommandLine.arguments.dropFirst().map { $0 }
  var configuration = ServerConfiguration(.tcp(host: "127.0.0.1", port: 0))
  // All the load comes from one address here.
  configuration.maximumConnectionsPerAddress = 4_096
  configuration.maximumConnections = 4_096
  if files.count == 2 { configuration.security = ServerSecurity(certificateFile: files[0], keyFile: files[1]) }
  let server = Server(configuration, services: [EchoService()])
  try await server.start()
  print("listening \(server.port)")
  fflush(nil)
  try await Task.sleep(for: .seconds(1 << 30))
}
while true { pause() }
