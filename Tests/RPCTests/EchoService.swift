import Kernel
import RPC
import Synchronization
import WireTypes

typealias Text = GoogleProtobuf.StringValue
typealias Number = GoogleProtobuf.Int32Value

/// A service with a method for everything that can happen to a call.
struct EchoService: Service {
  static func method(_ name: String, _ clientStreaming: Bool = false, _ serverStreaming: Bool = false)
    -> MethodDescriptor
  {
    MethodDescriptor(
      service: "test.Echo", name: name, clientStreaming: clientStreaming, serverStreaming: serverStreaming)
  }
  static let echo = method("Echo")
  static let fail = method("Fail")
  static let sleep = method("Sleep")
  static let count = method("Count", false, true)
  static let endless = method("Endless", false, true)
  static let watch = method("Watch", false, true)
  static let join = method("Join", true, false)
  static let chat = method("Chat", true, true)
  static let hang = method("Hang", true, true)

  let log = Journal()

  var handlers: [MethodHandler] {
    [
      .unary(Self.echo) { (request: Text, context) in
        var trailing = Metadata()
        for (name, value) in context.metadata.entries where name.hasPrefix("x-echo") { trailing.append(name, value) }
        context.setInitialMetadata(Metadata(["x-head": "1"]))
        context.setTrailingMetadata(trailing)
        return request
      },
      .unary(Self.fail) { (request: Text, _) -> Text in
        throw Refused(
          .failedPrecondition,
          [
            Reason("NO_PATH", zh: "没有调解路径", en: "There is no path.", field: "grid", metadata: ["grid": "7"]),
            Reason("TOO_EARLY", zh: "太早", en: "It is too early."),
          ])
      },
      .unary(Self.sleep) { (request: Number, _) -> Text in
        do {
          try await Task.sleep(for: .milliseconds(Int(request.value)))
        } catch {
          log.add("sleep cancelled")
          throw error
        }
        return Text(value: "slept")
      },
      .serverStreaming(Self.count) { (request: Number, writer: ResponseWriter<Number>, _) in
        for number in 0..<request.value { try await writer.write(Number(value: number)) }
      },
      .serverStreaming(Self.endless) { (request: Number, writer: ResponseWriter<Text>, _) in
        let text = Text(value: String(repeating: "x", count: Int(request.value)))
        do {
          while true {
            try await writer.write(text)
            log.add("written")
          }
        } catch {
          log.add("endless ended")
          throw error
        }
      },
      .serverStreaming(Self.watch) { (request: Number, writer: ResponseWriter<Number>, _) in
        try await writer.write(request)
        try await Task.sleep(for: .seconds(100))
      },
      .clientStreaming(Self.join) { (requests: RequestStream<Text>, _) in
        var all = ""
        for try await request in requests { all += request.value }
        return Text(value: all)
      },
      .bidirectional(Self.chat) { (requests: RequestStream<Text>, writer: ResponseWriter<Text>, _) in
        for try await request in requests { try await writer.write(Text(value: "re: " + request.value)) }
      },
      .bidirectional(Self.hang) { (requests: RequestStream<Text>, writer: ResponseWriter<Text>, _) in
        try await writer.sendHeaders()
        try await Task.sleep(for: .seconds(100))
      },
    ]
  }
}

/// What happened, in order.
final class Journal: ServerInterceptor, ClientInterceptor {
  private let state = Mutex<[String]>([])

  var lines: [String] { state.withLock { $0 } }
  func add(_ line: String) { state.withLock { $0.append(line) } }
  func count(_ line: String) -> Int { lines.count { $0 == line } }

  func begin(_ context: inout ServerContext) throws {
    add("begin \(context.method.name)")
    if context.metadata["x-refuse"] != nil { throw Status(.unauthenticated, "who are you?") }
    context[Caller.self] = context.metadata["x-caller"] ?? "nobody"
  }
  func end(_ context: ServerContext, _ end: ExchangeEnd) {
    add(
      "\(context.method.name) \(end.status?.code.name ?? "OK") in \(end.received.messages) out \(end.sent.messages)")
  }
  func end(_ method: MethodDescriptor, _ end: ExchangeEnd) { add("\(method.name) \(end.status?.code.name ?? "OK")") }

  /// Waits until `line` is there; false after a while.
  func wait(for line: String) async -> Bool {
    for _ in 0..<500 {
      if lines.contains(line) { return true }
      try? await Task.sleep(for: .milliseconds(10))
    }
    return false
  }
}

enum Caller: ContextKey { typealias Value = String }

/// A server and a channel to it, for the length of `body`.
struct Loopback {
  let server: Server
  let channel: Channel
  let log: Journal
  let clientLog: Journal

  static func run(
    address: ListenAddress = .tcp(host: "127.0.0.1", port: 0), fallback: RawHandler? = nil,
    streams: Int = 100, _ body: (Loopback) async throws -> Void
  ) async throws {
    var configuration = ServerConfiguration(address)
    configuration.maximumConcurrentStreams = streams
    let service = EchoService()
    let server = Server(configuration, services: [service], interceptors: [service.log], fallback: fallback)
    try await server.start()
    let target = if case .unix(let path) = address { "unix:" + path } else { "127.0.0.1:\(server.port)" }
    var settings = ChannelConfiguration()
    let clientLog = Journal()
    settings.interceptors = [clientLog]
    settings.maximumBackoff = .milliseconds(100)
    let channel = Channel(target: target, configuration: settings)
    do {
      try await body(Loopback(server: server, channel: channel, log: service.log, clientLog: clientLog))
    } catch {
      await channel.close(within: .zero)
      await server.drain(within: .zero)
      throw error
    }
    await channel.close(within: .seconds(1))
    await server.drain(within: .seconds(1))
  }

  func echo(_ text: String, _ options: CallOptions = CallOptions()) async throws -> String {
    let answer: Text = try await channel.unary(EchoService.echo, Text(value: text), options)
    return answer.value
  }
}
