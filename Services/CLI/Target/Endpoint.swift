import Foundation
import RPC

/// A server to talk to, as it was named on the command line, in the environment or in the book of targets.
struct Endpoint: Equatable, Sendable {
  var address: String
  var tls: TLSSettings?
  var authority: String?
  var headers: [String] = []

  /// The place that a text means: the name of a target, an address, or `http(s)://host[:port]`.
  static func resolve(_ text: String, book: @autoclosure () throws(Complaint) -> TargetBook) throws(Complaint)
    -> Endpoint
  {
    if let place = location(text) { return place }
    let book = try book()
    guard let named = book.targets[text] else { throw Complaint(unknown(text, book)) }
    guard var place = location(named.address) else {
      throw Complaint("名称 \(text) 所指的 \(named.address) 不是地址", "target \(text): \(named.address) is no address")
    }
    place.tls = named.tls ?? place.tls
    place.authority = named.authority
    place.headers = named.headers ?? []
    return place
  }

  /// An address as it stands; `nil` if the text can only be a name.
  private static func location(_ text: String) -> Endpoint? {
    for (scheme, isSecure) in [("https://", true), ("grpcs://", true), ("http://", false), ("grpc://", false)]
    where text.hasPrefix(scheme) {
      var rest = String(text.dropFirst(scheme.count).prefix { $0 != "/" })
      if !rest.drop(while: { $0 != "]" }).contains(":"), !rest.contains(":") || rest.hasSuffix("]") {
        rest += isSecure ? ":443" : ":80"
      }
      return Endpoint(address: rest, tls: isSecure ? TLSSettings() : nil)
    }
    guard text.contains(":") else { return nil }
    return Endpoint(address: text, tls: text.hasSuffix(":443") ? TLSSettings() : nil)
  }

  private static func unknown(_ text: String, _ book: TargetBook) -> String {
    let names = book.targets.keys.sorted()
    let list = names.joined(separator: ", ")
    let known =
      names.isEmpty
      ? Say.of("还没有任何名称（huying target add）", "none has a name yet (huying target add)")
      : Say.of("已有：\(list)", "there are: \(list)")
    return Say.of(
      "\(text) 既不是 主机:端口、unix:路径，也不是已有的名称；\(known)",
      "\(text) is neither HOST:PORT, unix:PATH nor a target's name; \(known)")
  }

  /// How it is spoken to, for people.
  var security: String { tls == nil ? Say.of("明文", "in the clear") : "TLS" }

  /// Whether it is this machine: the only place that is spoken to without asking before a load test.
  var isLoopback: Bool {
    if address.hasPrefix("unix:") { return true }
    var host = address[...]
    for scheme in ["dns:///", "ipv4:", "ipv6:", "static:///"] where host.hasPrefix(scheme) {
      host = host.dropFirst(scheme.count)
    }
    return host.split(separator: ",").allSatisfy { part in
      part.hasPrefix("localhost:") || part.hasPrefix("127.") || part.hasPrefix("[::1]") || part == "::1"
    }
  }

  /// A channel to it.
  func channel(_ configuration: ChannelConfiguration = ChannelConfiguration()) -> Channel {
    var configuration = configuration
    configuration.authority = authority
    configuration.security = tls.map {
      ChannelSecurity(
        authoritiesFile: $0.authorities, certificateFile: $0.certificate, keyFile: $0.key, serverName: $0.serverName,
        skipsVerification: $0.skipsVerification ?? false)
    }
    return Channel(target: address, configuration: configuration)
  }

  /// `text` with every `${NAME}` replaced from the environment.
  static func expanded(
    _ text: String, _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(Complaint) -> String {
    var result = ""
    var rest = text[...]
    while let start = rest.range(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
      let name = String(rest[start.upperBound..<end])
      guard let value = environment[name] else {
        throw Complaint("没有环境变量 \(name)（用于“\(text)”）", "the environment has no \(name) (for \"\(text)\")")
      }
      result += rest[..<start.lowerBound] + value
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}
