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
    discussion: Say.of(
      """
      用 --rate 时为开环：调用到点即开始，不管服务器是否跟得上，延迟从应当开始的时刻算起，因此服务器慢造成的等待不会漏计 \
      （coordinated omission）；旁边另列服务时间，即从真正开始算起。不用 --rate 时为闭环：每个调用者在上一次结束后才开始下一次。

        huying bench Check -t 127.0.0.1:50051 --rate 2000 --duration 30s
        huying bench Check --rate 500 --arrivals poisson --connections 4

      轮流发送几个请求（闭环）：
        huying bench CaseService/GetCase -d @requests.ndjson -c 20

      流：
        huying bench Chat -d '{"text":"hi"}' --messages 100 --message-rate 20

      供程序读：
        huying bench Check --rate 1000 -o json > result.json

      退出码：0 全部成功；1 部分失败；64 + 状态码 全部失败。按 Ctrl-C 显示已测得的结果。
      """,
      """
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
      """))

  @Argument(help: .of("方法名。", "The RPC."), completion: Completions.methods)
  var method: String

  @OptionGroup var data: DataOptions

  @Option(help: .of("每秒调用次数。（缺省：能多快就多快，闭环）", "Calls per second. (Default: as many as go, a closed loop.)", as: "n"))
  var rate: Double?

  @Option(
    help: .of(
      "调用的分布：constant 为匀速，poisson 如同许多互不相干的调用者。",
      "How calls are spread: constant, or poisson as of many independent callers."))
  var arrivals: Arrivals = .constant

  @Option(name: .shortAndLong, help: .of("同时进行的调用的上限。", "Calls under way at most.", as: "n"))
  var concurrency: Int?

  @Option(help: .of("分摊调用的连接数。", "Connections that the calls are spread over.", as: "n"))
  var connections = 1

  @Option(help: .of("测量多久。", "How long to measure.", as: "time"))
  var duration = TimeSpan(.seconds(10))

  @Option(help: .of("测量之前先加压多久。", "How long to load the server before that.", as: "time"))
  var warmup = TimeSpan(.seconds(1))

  @Option(
    name: [.customShort("n"), .customLong("requests")],
    help: .of("调用这么多次即结束。（缺省：时间到为止）", "End after so many calls. (Default: when the time is over.)", as: "n"))
  var calls: Int?

  @Option(
    help: .of(
      "每个客户端流发送的消息数，轮流取自 -d。（缺省：各发一次）",
      "Messages that each client stream sends, those of -d in turn. (Default: each once.)", as: "n"))
  var messages: Int?

  @Option(
    help: .of(
      "每个客户端流每秒的消息数。（缺省：能多快就多快）", "Messages per second in each client stream. (Default: as fast as they go.)", as: "n"))
  var messageRate: Double?

  @Flag(help: .of("服务器不是本机时也不询问。", "Load a server that is not this machine without asking."))
  var yes = false

  @Option(
    name: [.customShort("o"), .customLong("format")],
    help: .of("text 供人看，json 供程序读。", "text for people, json for programs."))
  var format: TextFormat = .text

  @Option(help: .of("把结果写入此文件。", "Write the result to this file.", as: "file"), completion: .file())
  var output: String?

  @OptionGroup(title: Say.of("类型", "Types")) var schema: SchemaOptions

  @OptionGroup(title: Say.of("服务器", "Server")) var server: ServerOptions

  func validate() throws {
    if let rate, !(rate > 0 && rate <= 1e6) {
      throw ValidationError(Say.of("--rate 须大于 0，不超过 1000000", "--rate is from above 0 to 1000000"))
    }
    if let concurrency, !(1...100_000).contains(concurrency) {
      throw ValidationError(Say.of("--concurrency 须为 1 至 100000", "--concurrency is from 1 to 100000"))
    }
    guard (1...1000).contains(connections) else {
      throw ValidationError(Say.of("--connections 须为 1 至 1000", "--connections is from 1 to 1000"))
    }
    if duration.seconds <= 0 { throw ValidationError(Say.of("--duration 须大于 0", "--duration is longer than 0")) }
    if let calls, calls < 1 { throw ValidationError(Say.of("--requests 至少为 1", "--requests is at least 1")) }
    if let messages, messages < 0 { throw ValidationError(Say.of("--messages 至少为 0", "--messages is at least 0")) }
    if let messageRate, messageRate <= 0 {
      throw ValidationError(Say.of("--message-rate 须大于 0", "--message-rate is above 0"))
    }
  }

  func run() async throws {
    let session = try await ServerSession(server, schema)
    try ask(session.endpoint)
    let report = try await session.run { try await measure(session) }
    let text = format == .json ? report.json.pretty : report.text
    if let output {
      guard FileManager.default.createFile(atPath: output, contents: Data((text + "\n").utf8)) else {
        throw Complaint.unwritable(output)
      }
    } else {
      print(text)
    }
    if report.exitCode != 0 { throw ExitCode(report.exitCode) }
  }

  /// A load test of somebody else's server is an attack.
  private func ask(_ endpoint: Endpoint) throws(Complaint) {
    guard !yes, !endpoint.isLoopback else { return }
    let warning = Say.of(
      "\(endpoint.address) 不是本机：加压会影响正在使用它的人",
      "\(endpoint.address) is not this machine: a load test can hurt whoever uses it")
    guard isatty(STDIN_FILENO) == 1, Terminal.isInteractive, data.data != "-", data.data != "@-" else {
      throw Complaint("\(warning)；有权这样做请加 --yes", "\(warning); add --yes if you may")
    }
    FileHandle.standardError.write(Data(Say.of("\(warning)。继续吗？[y/N] ", "\(warning). Go on? [y/N] ").utf8))
    guard readLine()?.lowercased().hasPrefix("y") == true else { throw Complaint("未加压", "not loaded") }
  }

  private func measure(_ session: ServerSession) async throws -> BenchReport {
    let (schema, type) = try await session.lookup.method(method)
    let plan = try await plan(session, schema, type)
    let channels = [session.channel] + (1..<connections).map { _ in server.channel(session.endpoint) }
    for channel in channels { await ConnectionClock(channel).connect() }
    guard channels.contains(where: { $0.state == .ready }) else {
      let address = session.endpoint.address
      throw Complaint("连接不上 \(address)", "cannot connect to \(address)", exitCode: 64 + 14)
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
    bar = Mutex(ProgressBar(Say.of("加压", "bench")))
  }

  @Sendable func show(_ elapsed: Duration, _ calls: Int) {
    let note = elapsed < plan.warmup ? Say.of("预热", "warming up") : ""
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
