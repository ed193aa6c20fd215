import ArgumentParser
import Foundation
import RPC
import Synchronization
import Wire
import WireTypes

/// `huying bench METHOD`: how a server bears load.
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: Say.of("对任何 gRPC 方法加压并测量延迟。", "Load an RPC of any gRPC server and measure its latency."),
    discussion: """
      With --rate the load is open: calls begin when they are due, whether the server keeps up or not, and latency \
      counts from the instant at which a call was due. So the waiting that a slow server causes is not left out \
      (coordinated omission); the service time, from when a call did begin, is shown beside it. Without --rate the load \
      is closed: every caller makes its next call when the last one has ended.

        huying bench Check -t 127.0.0.1:50051 --rate 2000 --duration 30s
        huying bench Check --rate 500 --arrivals poisson --connections 4

      Several requests in turn, in a closed loop:
        huying bench CaseService/GetCase -d @requests.ndjson -c 20

      Streams:
        huying bench Chat -d '{"text":"hi"}' --messages 100 --message-rate 20

      For programs:
        huying bench Check --rate 1000 -o json > result.json

      Exit code 0: every call succeeded; 1: some failed; 64 + code: all failed. Ctrl-C shows what was measured so far.
      """)

  @Argument(help: "The RPC.", completion: Completions.methods)
  var method: String

  @OptionGroup var data: DataOptions

  @Option(help: ArgumentHelp("Calls per second. (Default: as many as go, a closed loop.)", valueName: "n"))
  var rate: Double?

  @Option(help: "How calls are spread: constant, or poisson as of many independent callers.")
  var arrivals: Arrivals = .constant

  @Option(name: .shortAndLong, help: ArgumentHelp("Calls under way at most.", valueName: "n"))
  var concurrency: Int?

  @Option(help: ArgumentHelp("Connections that the calls are spread over.", valueName: "n"))
  var connections = 1

  @Option(help: ArgumentHelp("How long to measure.", valueName: "time"))
  var duration = TimeSpan(.seconds(10))

  @Option(help: ArgumentHelp("How long to load the server before that.", valueName: "time"))
  var warmup = TimeSpan(.seconds(1))

  @Option(
    name: [.customShort("n"), .customLong("requests")],
    help: ArgumentHelp("End after so many calls. (Default: when the time is over.)", valueName: "n"))
  var calls: Int?

  @Option(
    help: ArgumentHelp(
      "Messages that each client stream sends, those of -d in turn. (Default: each once.)", valueName: "n"))
  var messages: Int?

  @Option(
    help: ArgumentHelp("Messages per second in each client stream. (Default: as fast as they go.)", valueName: "n"))
  var messageRate: Double?

  @Flag(help: "Load a server that is not this machine without asking.")
  var yes = false

  @Option(name: [.customShort("o"), .customLong("format")], help: "text for people, json for programs.")
  var format: TextFormat = .text

  @Option(help: ArgumentHelp("Write the result to this file.", valueName: "file"), completion: .file())
  var output: String?

  @OptionGroup(title: "Types") var schema: SchemaOptions

  @OptionGroup(title: "Server") var server: ServerOptions

  func validate() throws {
    if let rate, !(rate > 0 && rate <= 1e6) { throw ValidationError("--rate is from above 0 to 1000000") }
    if let concurrency, !(1...100_000).contains(concurrency) { throw ValidationError("--concurrency is at least 1") }
    guard (1...1000).contains(connections) else { throw ValidationError("--connections is from 1 to 1000") }
    if duration.seconds <= 0 { throw ValidationError("--duration is longer than 0") }
    if let calls, calls < 1 { throw ValidationError("--requests is at least 1") }
    if let messages, messages < 0 { throw ValidationError("--messages is at least 0") }
    if let messageRate, messageRate <= 0 { throw ValidationError("--message-rate is above 0") }
  }

  func run() async throws {
    let session = try await ServerSession(server, schema)
    try ask(session.endpoint)
    let report = try await session.run { try await measure(session) }
    let text = format == .json ? report.json.pretty : report.text
    if let output {
      guard FileManager.default.createFile(atPath: output, contents: Data((text + "\n").utf8)) else {
        throw Complaint("cannot write \(output)")
      }
    } else {
      print(text)
    }
    if report.exitCode != 0 { throw ExitCode(report.exitCode) }
  }

  /// A load test of somebody else's server is an attack.
  private func ask(_ endpoint: Endpoint) throws(Complaint) {
    guard !yes, !endpoint.isLoopback else { return }
    let warning = "\(endpoint.address) is not this machine: a load test can hurt whoever uses it"
    guard isatty(STDIN_FILENO) == 1, Terminal.isInteractive, data.data != "-", data.data != "@-" else {
      throw Complaint("\(warning); add --yes if you may")
    }
    FileHandle.standardError.write(Data("\(warning). Go on? [y/N] ".utf8))
    guard readLine()?.lowercased().hasPrefix("y") == true else { throw Complaint("not loaded") }
  }

  private func measure(_ session: ServerSession) async throws -> BenchReport {
    let (schema, type) = try await session.lookup.method(method)
    let plan = try await plan(session, schema, type)
    let channels = [session.channel] + (1..<connections).map { _ in server.channel(session.endpoint) }
    for channel in channels { await ConnectionClock(channel).connect() }
    guard channels.contains(where: { $0.state == .ready }) else {
      throw Complaint("cannot connect to \(session.endpoint.address)", exitCode: 64 + 14)
    }
    let options = try server.callOptions(session.endpoint)
    let generator = LoadGenerator(plan: plan, channels: channels, options: options)
    let interruption = Interruption()
    let bar = Bar(plan)
    let outcome = await interruption.watching { await generator.run(interruption: interruption, show: bar.show) }
    bar.clear()
    for channel in channels.dropFirst() { await channel.close(within: .seconds(1)) }
    return BenchReport(plan: plan, endpoint: session.endpoint, connections: connections, outcome: outcome)
  }

  private func plan(_ session: ServerSession, _ schema: Schema, _ type: MethodType) async throws -> LoadPlan {
    let codec = MessageCodec(session.source, schema, maximumBytes: server.maxMessageSize.bytes)
    var messages: [[UInt8]] = []
    for value in await (try data.input()).all() { messages.append(try await codec.encode(value, as: type.request)) }
    if messages.isEmpty { messages = [[]] }
    let service = String(type.path.dropFirst().prefix { $0 != "/" })
    return LoadPlan(
      method: MethodDescriptor(
        service: service, name: type.name, clientStreaming: type.clientStreaming,
        serverStreaming: type.serverStreaming),
      messages: messages, rate: rate, arrivals: arrivals, concurrency: concurrency ?? (rate == nil ? 10 : 100),
      duration: calls != nil && duration == TimeSpan(.seconds(10)) ? .seconds(24 * 3600) : duration.duration,
      warmup: warmup.duration, maximumCalls: calls, messagesPerStream: self.messages ?? messages.count,
      messageRate: messageRate, callTime: (server.maxTime?.duration).flatMap { $0 > .zero ? $0 : nil } ?? .seconds(30))
  }
}

extension Arrivals: ExpressibleByArgument {}

/// The progress of a load test.
private final class Bar: Sendable {
  private let plan: LoadPlan
  private let bar: Mutex<ProgressBar>

  init(_ plan: LoadPlan) {
    self.plan = plan
    bar = Mutex(ProgressBar("bench"))
  }

  @Sendable func show(_ elapsed: Duration, _ calls: Int) {
    let note = elapsed < plan.warmup ? "warming up" : ""
    bar.withLock { bar in
      if let maximum = plan.maximumCalls {
        bar.show(done: Int64(calls), of: Int64(maximum), items: calls, note: note)
      } else {
        bar.show(
          done: Int64(elapsed.inSeconds * 1000), of: Int64(plan.total.inSeconds * 1000), items: calls, note: note)
      }
    }
  }

  func clear() { bar.withLock { $0.clear() } }
}
