import HTTP2
import NIOCore
import NIOPosix
import RPC
import Synchronization
import Testing
import WireTypes

/// A server that writes HTTP/2 by hand, and so can write what no server should. Request heads are read for it by a `Session`.
final class LyingServer: Sendable {
  /// One request, numbered from 1 over all connections.
  struct Request: Sendable {
    let stream: UInt32
    let number: Int
    let headers: HeaderBlock
  }

  /// What it does; all on the connection's event loop.
  struct Script: Sendable {
    /// A client has connected.
    var greet: @Sendable (LyingPeer) -> Void = { $0.settings() }
    /// A request's head has come.
    var answer: @Sendable (LyingPeer, Request) -> Void = { _, _ in }
    /// Any frame has come.
    var frame: @Sendable (LyingPeer, LyingFrame) -> Void = { _, _ in }
    /// Whether SETTINGS and PING are acknowledged.
    var acknowledges = true
  }

  let port: Int
  private let channel: any NIOCore.Channel
  private let counts: Counts

  final class Counts: Sendable {
    let connections = Atomic<Int>(0)
    let requests = Atomic<Int>(0)
    let heads = Mutex<[HeaderBlock]>([])
  }

  /// Connections that came.
  var connections: Int { counts.connections.load(ordering: .relaxed) }
  /// The heads of all requests, in order.
  var heads: [HeaderBlock] { counts.heads.withLock { $0 } }

  private init(_ channel: any NIOCore.Channel, _ counts: Counts) {
    self.channel = channel
    self.port = channel.localAddress?.port ?? 0
    self.counts = counts
  }

  static func run(
    _ script: Script, configure: (inout ChannelConfiguration) -> Void = { _ in },
    _ body: (RPC.Channel, LyingServer) async throws -> Void
  ) async throws {
    let counts = Counts()
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(LyingPeer(script, counts))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let server = LyingServer(listener, counts)
    var configuration = ChannelConfiguration()
    configuration.maximumBackoff = .milliseconds(50)
    configure(&configuration)
    let client = Channel(target: "127.0.0.1:\(server.port)", configuration: configuration)
    do {
      try await body(client, server)
    } catch {
      await client.close(within: .zero)
      try? await listener.close()
      throw error
    }
    await client.close(within: .zero)
    try? await listener.close()
  }
}

/// A frame as it came.
struct LyingFrame {
  var type: UInt8
  var flags: UInt8
  var stream: UInt32
  var payload: [UInt8]
}

/// One connection of a `LyingServer`. Lives on its event loop.
final class LyingPeer: ChannelInboundHandler, StreamOwner, SessionOwner, @unchecked Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let script: LyingServer.Script
  private let counts: LyingServer.Counts
  private let decoder: Session
  private var context: ChannelHandlerContext?
  private var bytes: [UInt8] = []
  private var hasPreface = false
  private var head = HeaderBlock()
  /// For scripts that count.
  var notes: [String: Int] = [:]

  init(_ script: LyingServer.Script, _ counts: LyingServer.Counts) throws {
    self.script = script
    self.counts = counts
    decoder = try Session(.server)
    decoder.owner = self
  }

  var eventLoop: any EventLoop { context!.eventLoop }

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    counts.connections.add(1, ordering: .relaxed)
    _ = try? decoder.drain(limit: 1 << 20) { _ in }
    script.greet(self)
  }

  func channelInactive(context: ChannelHandlerContext) {
    decoder.end(.cancel)
    self.context = nil
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    bytes += unwrapInboundIn(data).readableBytesView
    if !hasPreface, bytes.count >= 24 {
      hasPreface = true
      feed(Array(bytes.prefix(24)))
      bytes.removeFirst(24)
    }
    while hasPreface, bytes.count >= 9 {
      let length = Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2])
      guard bytes.count >= 9 + length else { return }
      let whole = Array(bytes.prefix(9 + length))
      bytes.removeFirst(9 + length)
      let id = whole[5...8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
      take(LyingFrame(type: whole[3], flags: whole[4], stream: id, payload: Array(whole[9...])), whole)
    }
  }

  private func take(_ frame: LyingFrame, _ whole: [UInt8]) {
    // What is not a head is not shown to the decoder: it would keep accounts of windows.
    if frame.type == 1 || frame.type == 9 { feed(whole) }
    if script.acknowledges, frame.flags & 1 == 0 {
      if frame.type == 4 { self.frame(4, flags: 1, stream: 0, []) }
      if frame.type == 6 { self.frame(6, flags: 1, stream: 0, frame.payload) }
    }
    script.frame(self, frame)
    if frame.type == 1 {
      let number = counts.requests.add(1, ordering: .relaxed).newValue
      counts.heads.withLock { $0.append(head) }
      script.answer(self, LyingServer.Request(stream: frame.stream, number: number, headers: head))
    }
  }

  private func feed(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { try? decoder.receive($0) }
    if !hasSettings {
      hasSettings = true
      let settings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]
      settings.withUnsafeBytes { try? decoder.receive($0) }
    }
  }
  private var hasSettings = false

  func accepted(_ stream: HTTP2.Stream) { stream.owner = self }
  func receivedSettings() {}
  func receivedGoAway(lastStream: Int32, code: ErrorCode, debug: String) {}
  func receivedPong() {}
  func received(headers: HeaderBlock, isTruncated: Bool, endStream: Bool) { head = headers }
  func received(data: UnsafeRawBufferPointer) {}
  func receivedEnd() {}
  func becameWritable() {}
  func closed(_ code: ErrorCode) {}
}

// MARK: - What it can write

extension LyingPeer {
  func send(_ bytes: [UInt8]) {
    guard let context else { return }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
  }

  func close() { context?.close(promise: nil) }

  func later(_ time: TimeAmount, _ body: @escaping @Sendable () -> Void) {
    _ = context?.eventLoop.scheduleTask(in: time, body)
  }

  func frame(_ type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) {
    send(Self.frame(type, flags: flags, stream: stream, payload))
  }

  static func frame(_ type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) -> [UInt8] {
    let count = payload.count
    return [UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255), type, flags]
      + number(stream) + payload
  }

  static func number(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 255) } }

  func settings(_ entries: KeyValuePairs<UInt16, UInt32> = [:]) {
    frame(4, entries.flatMap { [UInt8($0.key >> 8), UInt8($0.key & 255)] + Self.number($0.value) })
  }

  /// Fields as HPACK literals without indexing and without Huffman.
  static func block(_ fields: KeyValuePairs<String, String>) -> [UInt8] {
    fields.flatMap { [0] + text(Array($0.key.utf8)) + text(Array($0.value.utf8)) }
  }

  /// A string of HPACK: its length in seven bits and what follows, and its bytes.
  static func text(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
    var rest = bytes.count - 127
    var length: [UInt8] = [127]
    while rest >= 128 {
      length.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    return length + [UInt8(rest)] + bytes
  }

  func headers(_ stream: UInt32, _ fields: KeyValuePairs<String, String>, end: Bool = false) {
    frame(1, flags: end ? 5 : 4, stream: stream, Self.block(fields))
  }

  /// The head of a gRPC answer.
  func head(_ stream: UInt32) { headers(stream, [":status": "200", "content-type": "application/grpc"]) }

  func data(_ stream: UInt32, _ bytes: [UInt8], end: Bool = false) {
    frame(0, flags: end ? 1 : 0, stream: stream, bytes)
  }

  /// A message of its own DATA frame.
  func message(_ stream: UInt32, _ bytes: [UInt8]) {
    data(stream, [0] + Self.number(UInt32(bytes.count)) + bytes)
  }

  func trailers(_ stream: UInt32, _ status: String = "0") { headers(stream, ["grpc-status": status], end: true) }

  /// A whole good answer.
  func answer(_ stream: UInt32) {
    head(stream)
    message(stream, Self.hi)
    trailers(stream)
  }

  func reset(_ stream: UInt32, _ code: UInt32) { frame(3, stream: stream, Self.number(code)) }

  func goAway(_ last: UInt32, _ code: UInt32 = 0, _ debug: String = "") {
    frame(7, Self.number(last) + Self.number(code) + Array(debug.utf8))
  }

  func windowUpdate(_ stream: UInt32, _ count: UInt32) { frame(8, stream: stream, Self.number(count)) }

  /// `Text(value: "hi")`
  static let hi: [UInt8] = [10, 2, 104, 105]
}

extension RPC.Channel {
  /// A unary call that has to end within `seconds`.
  func hi(_ seconds: Int = 20, _ options: CallOptions = CallOptions()) async throws -> String {
    var options = options
    options.deadline = options.deadline ?? .now + .seconds(seconds)
    let answer: Text = try await unary(EchoService.echo, Text(value: "hi"), options)
    return answer.value
  }

  /// A unary call that has to work.
  func expectHi(
    _ seconds: Int = 20, _ options: CallOptions = CallOptions(), at place: SourceLocation = #_sourceLocation
  ) async throws {
    let answer = try await hi(seconds, options)
    #expect(answer == "hi", sourceLocation: place)
  }
}
