import Foundation
import NIOCore
import NIOPosix

/// A process's numbers, as its admin port shows them.
struct MetricsPage: Equatable {
  /// One number and what it is about.
  struct Series: Equatable {
    let labels: [String: String]
    let value: Double
  }

  private let series: [String: [Series]]

  /// Reads the Prometheus text format; lines that are none of it are left out.
  init(_ text: String) {
    var series: [String: [Series]] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let end = line.lastIndex(of: " ") ?? line.endIndex
      guard let value = Double(line[end...].dropFirst()) else { continue }
      let head = line[..<end]
      let name = String(head.prefix { $0 != "{" })
      series[name, default: []].append(Series(labels: Self.labels(head.dropFirst(name.count)), value: value))
    }
    self.series = series
  }

  /// All series of a name.
  func all(_ name: String) -> [Series] { series[name] ?? [] }

  /// The sum over all series of a name; `nil` if there is none.
  func sum(_ name: String, where isWanted: ([String: String]) -> Bool = { _ in true }) -> Double? {
    let wanted = all(name).filter { isWanted($0.labels) }
    return wanted.isEmpty ? nil : wanted.reduce(0) { $0 + $1.value }
  }

  /// `{a="b",c="d"}`; a quote or a backslash in a value is escaped.
  private static func labels(_ text: Substring) -> [String: String] {
    var labels: [String: String] = [:]
    var rest = text.dropFirst()
    while let equals = rest.firstIndex(of: "=") {
      let name = String(rest[..<equals])
      rest = rest[equals...].dropFirst(2)
      var value = ""
      while let character = rest.popFirst(), character != "\"" {
        value.append(character == "\\" ? rest.popFirst().map { $0 == "n" ? "\n" : $0 } ?? "\\" : character)
      }
      labels[name] = value
      rest = rest.dropFirst()
    }
    return labels
  }
}

/// Asks an admin port for a page: plain HTTP, no more than these need.
enum AdminPage {
  struct Answer {
    let status: Int
    let text: String
  }

  /// `address` is HOST:PORT.
  static func get(_ path: String, at address: String, within limit: TimeAmount = .seconds(5)) async throws -> Answer {
    guard let colon = address.lastIndex(of: ":"), let port = Int(address[address.index(after: colon)...]) else {
      throw Complaint("\(address) 不是 主机:端口", "\(address) is not HOST:PORT")
    }
    let collector = Collector()
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connectTimeout(limit)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(collector.handler()) }
      }.connect(host: String(address[..<colon]), port: port).get()
    let request = "GET \(path) HTTP/1.1\r\nhost: \(address)\r\nconnection: close\r\n\r\n"
    try await channel.writeAndFlush(ByteBuffer(string: request)).get()
    let timeout = channel.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
    try? await channel.closeFuture.get()
    timeout.cancel()
    guard let answer = await collector.answer() else {
      throw Complaint("\(address)\(path) 的应答不完整", "\(address)\(path) gave no whole answer")
    }
    return answer
  }

  private final class Collector: Sendable {
    private let (stream, continuation) = AsyncStream.makeStream(of: Answer.self)

    func handler() -> Handler {
      Handler { [continuation] in
        if let answer = $0 { continuation.yield(answer) }
        continuation.finish()
      }
    }

    func answer() async -> Answer? {
      for await answer in stream { return answer }
      return nil
    }
  }

  /// Gathers bytes until the body is whole.
  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let take: (Answer?) -> Void
    private var bytes = ByteBuffer()

    init(_ take: @escaping (Answer?) -> Void) { self.take = take }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      var part = unwrapInboundIn(data)
      bytes.writeBuffer(&part)
      guard let answer else { return }
      take(answer)
      context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { take(nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private var answer: Answer? {
      let text = String(buffer: bytes)
      guard let end = text.range(of: "\r\n\r\n") else { return nil }
      let lines = text[..<end.lowerBound].split(separator: "\r\n").map(String.init)
      let words = (lines.first ?? "").split(separator: " ")
      let status = words.count > 1 ? Int(words[1]) ?? 0 : 0
      let header = lines.first { $0.lowercased().hasPrefix("content-length:") } ?? ""
      let length = Int(header.dropFirst("content-length:".count).trimmingCharacters(in: .whitespaces))
      let body = text[end.upperBound...]
      guard let length, body.utf8.count >= length else { return nil }
      return Answer(status: status, text: String(body))
    }
  }
}
