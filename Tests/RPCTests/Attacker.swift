import Foundation
import NIOCore
import NIOPosix
import RPC
import Synchronization
import TestSupport
import Testing
import WireTypes

/// One connection that says what it likes, and remembers what it is told.
final class Attacker: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer

  private struct State {
    var bytes: [UInt8] = []
    var frames: [Frame] = []
    var isClosed = false
    var keeps = true
  }

  private let state = Mutex(State())
  private let channel = Mutex<(any NIOCore.Channel)?>(nil)

  /// A connection to `server`, with preface and settings said unless it `isSilent`.
  static func connect(
    _ server: Server, settings: KeyValuePairs<UInt16, UInt32> = [:], isSilent: Bool = false
  ) async throws -> Attacker {
    let attacker = Attacker()
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(attacker) }
      }
      .connect(host: "127.0.0.1", port: server.port).get()
    attacker.channel.withLock { $0 = channel }
    if !isSilent {
      attacker.say(Frame.preface)
      attacker.say([.settings(settings), .settingsAcknowledged])
    }
    return attacker
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    state.withLock { state in
      state.bytes += bytes.readableBytesView
      let frames = Frame.take(from: &state.bytes)
      // Data is counted by its frames only, so that the attacker's memory is not taken for the server's.
      state.frames += frames.map { $0.type == 0 ? Frame(0, flags: $0.flags, stream: $0.stream) : $0 }
    }
  }

  func channelInactive(context: ChannelHandlerContext) { state.withLock { $0.isClosed = true } }
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func say(_ bytes: [UInt8]) { channel.withLock(\.self)?.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }
  func say(_ frames: [Frame]) { say(frames.flatMap(\.bytes)) }

  /// Says `frames` over and over, `count` times or until it is thrown out; how often.
  func flood(_ count: Int, _ frames: (Int) -> [Frame]) async -> Int {
    for round in 0..<count {
      guard !isOver, let channel = channel.withLock(\.self) else { return round }
      let bytes = ByteBuffer(bytes: frames(round).flatMap(\.bytes))
      // Waiting for the socket keeps what is said out of our own memory; a server that no longer reads ends it.
      let written = channel.eventLoop.makePromise(of: Void.self)
      channel.writeAndFlush(bytes, promise: written)
      if round % 16 == 15 { try? await written.futureResult.get() }
    }
    return count
  }

  /// Leaves everything that the server says in its hands.
  func stopReading() async { try? await channel.withLock(\.self)?.setOption(.autoRead, value: false).get() }
  func resumeReading() async { try? await channel.withLock(\.self)?.setOption(.autoRead, value: true).get() }

  func hangUp() async { try? await channel.withLock(\.self)?.close().get() }

  var frames: [Frame] { state.withLock(\.frames) }
  var isClosed: Bool { state.withLock(\.isClosed) }
  /// The server's last GOAWAY.
  var farewell: Frame? { frames.last { $0.type == 7 } }
  var isOver: Bool { state.withLock { $0.isClosed || $0.frames.contains { $0.type == 7 } } }

  /// Waits until `condition` holds; false after a while.
  func wait(_ condition: (Attacker) -> Bool) async -> Bool {
    for _ in 0..<2_000 {
      if condition(self) { return true }
      try? await Task.sleep(for: .milliseconds(10))
    }
    return false
  }

  /// Whether it was sent away, be it because its resets were too many, or its streams before those resets had left.
  func expectEnd(_ location: SourceLocation = #_sourceLocation) async {
    #expect(await wait(\.isClosed), sourceLocation: location)
    #expect(farewell?.code == 1 || farewell?.code == 11, sourceLocation: location)
  }

  /// Whether it was sent away with ENHANCE_YOUR_CALM and `text`, and the connection ended.
  func expectCalm(_ text: String = "too_many_glitches", _ location: SourceLocation = #_sourceLocation) async {
    #expect(await wait(\.isClosed), sourceLocation: location)
    #expect(farewell?.code == 11, sourceLocation: location)
    #expect(farewell?.text == text, sourceLocation: location)
  }
}

/// One at a time: each looks at the memory of the process.
@Suite(.serialized) enum Attacks {}

/// A server under attack, and beside it a good client that must not notice.
struct Siege {
  let server: Server
  let log: Journal

  /// Runs `attack`. Afterwards the good client has had no error, and the process has not grown by 200 MB.
  static func run(
    _ change: (inout ServerConfiguration) -> Void = { _ in }, _ attack: (Siege) async throws -> Void
  ) async throws {
    var configuration = ServerConfiguration(.tcp(host: "127.0.0.1", port: 0))
    change(&configuration)
    let service = EchoService()
    let server = Server(configuration, services: [service])
    try await server.start()
    let channel = Channel(target: "127.0.0.1:\(server.port)")
    let first: Text = try await channel.unary(EchoService.echo, Text(value: "before"))
    #expect(first.value == "before")
    let before = residentMegabytes()
    let good = Task { () -> [String] in
      var failures: [String] = []
      while !Task.isCancelled {
        do {
          let answer: Text = try await channel.unary(EchoService.echo, Text(value: "still there?"))
          if answer.value != "still there?" { failures.append(answer.value) }
        } catch { failures.append("\(error)") }
        try? await Task.sleep(for: .milliseconds(2))
      }
      return failures
    }
    do { try await attack(Siege(server: server, log: service.log)) } catch {
      good.cancel()
      await server.drain(within: .zero)
      throw error
    }
    #expect(residentMegabytes() - before < 200)
    good.cancel()
    let failures = await good.value
    #expect(failures.filter { !$0.contains("CANCELLED") } == [])
    let answer: Text = try await channel.unary(EchoService.echo, Text(value: "after"))
    #expect(answer.value == "after")
    await channel.close(within: .seconds(1))
    await server.drain(within: .seconds(1))
  }

  func attacker(_ settings: KeyValuePairs<UInt16, UInt32> = [:]) async throws -> Attacker {
    try await Attacker.connect(server, settings: settings)
  }

  /// What the kernel says that the process has in memory.
  static func residentMegabytes() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") })
    else { return 0 }
    return (Int(line.split(separator: " ", omittingEmptySubsequences: true)[1]) ?? 0) / 1_024
  }
}
