import ArgumentParser
import Foundation
import RPC

/// The options of commands that talk to any gRPC server, the gateway unless told otherwise.
struct ServerOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: .of(
      "主机:端口、unix:路径、https://主机，或 huying target list 中的名称。（HUYING_TARGET；缺省为正在使用的，再缺省为网关）",
      """
      HOST:PORT, unix:PATH, https://HOST, or a name from `huying target list`. \
      (HUYING_TARGET; default: the target in use, else the gateway.)
      """),
    completion: Completions.targets)
  var target: String?

  @Option(
    name: [.customShort("H"), .customLong("header")], parsing: .singleValue,
    help: .of(
      "要发送的元数据，可重复。名称以 -bin 结尾的，值为 base64。", "Metadata to send; may be repeated. The value of a -bin name is base64.",
      as: "name: value"))
  var headers: [String] = []

  @Option(
    help: .of(
      "超过此时间即放弃（30、1.5、500ms）；0 为不限。（缺省：一问一答为 30 秒，流式不限）",
      "Give up after this time (30, 1.5, 500ms); 0: never. (Default: 30 for a unary call, else never.)", as: "time"))
  var maxTime: TimeSpan?

  @Option(help: .of("超过此时间仍未连上即放弃。", "Give up if there is no connection after this time.", as: "time"))
  var connectTimeout = TimeSpan(.seconds(10))

  @Option(
    help: .of(
      "调用的 :authority。（缺省为目标的主机和端口）", "The :authority of the calls. (Default: the target's host and port.)", as: "name")
  )
  var authority: String?

  @Option(help: .of("调用的 user-agent。", "The user-agent of the calls.", as: "text"))
  var userAgent: String?

  @Option(help: .of("接收的消息的上限：64k、16MiB。", "The largest message to take: 64k, 16MiB.", as: "bytes"))
  var maxMessageSize = ByteCount(4 << 20)

  @Option(
    help: .of(
      "连接静默超过此时间即探测一次，至少 10 秒。", "Ask a silent connection for a sign of life after this time, 10 s at least.",
      as: "time"))
  var keepaliveTime: TimeSpan?

  @Option(help: .of("压缩消息：gzip 或 deflate。", "Make messages that gain by it smaller: gzip or deflate."))
  var compression: Compression?

  @OptionGroup(title: "TLS") var tls: TLSOptions

  private static let largestDescription = 64 << 20

  func validate() throws {
    if connectTimeout.seconds <= 0 {
      throw ValidationError(Say.of("--connect-timeout 须大于 0", "--connect-timeout is longer than 0"))
    }
    if let keepaliveTime, keepaliveTime.seconds <= 0 {
      throw ValidationError(Say.of("--keepalive-time 须大于 0", "--keepalive-time is longer than 0"))
    }
    if maxMessageSize.bytes <= 0 {
      throw ValidationError(Say.of("--max-message-size 须大于 0", "--max-message-size is larger than 0"))
    }
  }

  /// Where to, and how it is secured.
  func endpoint() throws(Complaint) -> Endpoint {
    let name = try named()
    var place = try Endpoint.resolve(name, book: try TargetBook.load())
    if place.tls == nil, let session = Session.load(), session.target == name { place.tls = session.tls }
    place.tls = try tls.applied(to: place.tls)
    place.authority = authority ?? place.authority
    return place
  }

  /// The option, `HUYING_TARGET`, the target in use, the session's, this machine.
  private func named() throws(Complaint) -> String {
    if let target { return target }
    if let target = ProcessInfo.processInfo.environment["HUYING_TARGET"], !target.isEmpty { return target }
    return try TargetBook.load().current ?? Session.target(nil)
  }

  /// A channel to the server. The session's token goes along to its own gateway only, never to another server.
  func channel(_ endpoint: Endpoint) -> Channel {
    var configuration = ChannelConfiguration()
    // Reflection may have more to say than the call is to.
    configuration.maximumMessageBytes = max(maxMessageSize.bytes, Self.largestDescription)
    configuration.connectTimeout = connectTimeout.duration
    configuration.keepalive = keepaliveTime.map { Keepalive(time: $0.duration) }
    if !sendsAuthorization(endpoint), let session = Session.load(), session.isFor(endpoint) {
      configuration.interceptors = [BearerToken(token: session.token)]
    }
    return endpoint.channel(configuration)
  }

  private func sendsAuthorization(_ endpoint: Endpoint) -> Bool {
    (endpoint.headers + headers).contains { $0.lowercased().hasPrefix("authorization") }
  }

  /// Headers, and the time limit counted from now.
  func callOptions(_ endpoint: Endpoint, defaultTime: Duration? = .seconds(30)) throws(Complaint) -> CallOptions {
    let limit = maxTime.map { $0.seconds > 0 ? $0.duration : nil } ?? defaultTime
    var options = CallOptions(deadline: limit.map { .now + $0 })
    options.compression = compression
    for header in endpoint.headers { try options.metadata.append(header: try Endpoint.expanded(header)) }
    for header in headers { try options.metadata.append(header: header) }
    if let userAgent { options.metadata.append("user-agent", userAgent) }
    return options
  }
}

extension Compression: ExpressibleByArgument {}

extension Metadata {
  /// Adds `name: value` as a person writes it.
  mutating func append(header: String) throws(Complaint) {
    guard let colon = header.firstIndex(of: ":") else {
      throw Complaint("-H \(header)：应写作“名称: 值”", "-H \(header): write \"name: value\"")
    }
    let name = header[..<colon].trimmingCharacters(in: .whitespaces).lowercased()
    let value = header[header.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    let count = entries.count
    if name.hasSuffix("-bin") {
      guard let bytes = Base64Lines.decode(value) else {
        throw Complaint("-H \(name)：名称以 -bin 结尾的，值为 base64", "-H \(name): a -bin value is base64")
      }
      append(name, bytes: bytes)
    } else {
      guard value.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
        throw Complaint(
          "-H \(name)：值只能是可打印的 ASCII 字符；其他字节请用以 -bin 结尾的名称，写作 base64",
          "-H \(name): a value is printable ASCII; other bytes go under a name that ends in -bin, as base64")
      }
      append(name, value)
    }
    guard entries.count > count else {
      throw Complaint("-H \(name)：调用不能带这个名称的元数据", "-H \(name): a call cannot carry a header of that name")
    }
  }
}

/// Base64 as people paste it: either alphabet, with or without padding.
enum Base64Lines {
  static func decode(_ text: String) -> [UInt8]? {
    var digits = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
    while digits.last == "=" { digits.removeLast() }
    guard digits.count % 4 != 1 else { return nil }
    digits += String(repeating: "=", count: (4 - digits.count % 4) % 4)
    return Data(base64Encoded: digits).map { Array($0) }
  }
}
