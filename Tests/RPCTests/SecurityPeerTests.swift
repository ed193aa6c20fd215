import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import RPC
import Synchronization
import TestSupport
import Testing
import WireTypes

/// TLS with the other side played by hand: peers that speak something else.
@Suite(.timeLimit(.minutes(1))) struct SecurityPeerTests {
  @Test func `a client that does not offer h2 hears nothing of HTTP/2`() async throws {
    try await SecureLoopback.run { loop in
      for protocols in [[], ["http/1.1"]] {
        let peer = try await RawPeer.connect(
          loop.server.port, try tls(loop.certificates) { $0.applicationProtocols = protocols })
        await peer.closed()
        #expect(peer.seen.handshakes == [nil])
        #expect(peer.seen.bytes == [])
      }
      let good = try await RawPeer.connect(
        loop.server.port, try tls(loop.certificates) { $0.applicationProtocols = ["http/1.1", "h2"] })
      good.write(RawPeer.preface)
      #expect(await good.wait { $0.bytes.count >= 9 })
      #expect(good.seen.handshakes == ["h2"])
      #expect(good.seen.bytes.dropFirst(3).first == 4, "the first frame is SETTINGS")
      good.close()
    }
  }

  @Test func `TLS before 1.2 is refused, and so are ciphers that HTTP/2 forbids`() async throws {
    try await SecureLoopback.run { loop in
      let old = try await RawPeer.connect(
        loop.server.port,
        try tls(loop.certificates) {
          $0.minimumTLSVersion = .tlsv1
          $0.maximumTLSVersion = .tlsv11
        })
      await old.closed()
      #expect(old.seen.handshakes == [])
      #expect(old.seen.errors.contains { $0.contains("PROTOCOL_VERSION") })
      let weak = try await RawPeer.connect(
        loop.server.port,
        try tls(loop.certificates) {
          $0.maximumTLSVersion = .tlsv12
          $0.cipherSuiteValues = [.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, .TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA]
        })
      await weak.closed()
      #expect(weak.seen.handshakes == [])
      let plain = try await RawPeer.connect(
        loop.server.port,
        try tls(loop.certificates) {
          $0.maximumTLSVersion = .tlsv12
          $0.applicationProtocols = ["h2"]
        })
      plain.write(RawPeer.preface)
      #expect(await plain.wait { $0.bytes.count >= 9 })
      plain.close()
    }
  }

  @Test func `plain text at a TLS port, and TLS at a plain port, are told apart`() async throws {
    try await SecureLoopback.run { loop in
      let refusal = await loop.refusal(nil)
      #expect(refusal == "cannot connect to \(loop.target): it speaks TLS, not plain text")
      try await loop.expectNobody(ChannelSecurity(skipsVerification: true))
    }
    try await Loopback.run { loop in
      let channel = Channel(
        target: "127.0.0.1:\(loop.server.port)",
        configuration: SecureLoopback.settings(ChannelSecurity(skipsVerification: true)))
      let status = await #expect(throws: Status.self) {
        let _: Text = try await channel.unary(EchoService.echo, Text(value: "x"))
      }
      #expect(status?.message == "cannot connect to 127.0.0.1:\(loop.server.port): it does not speak TLS")
      await channel.close(within: .zero)
      let answer = try await loop.echo("x")
      #expect(answer == "x", "the server is not hurt")
    }
  }

  @Test func `servers of another kind are told of in words`() async throws {
    let certificates = try TestCertificates()
    func refusal(_ change: (inout TLSConfiguration) -> Void) async throws -> String {
      let server = try await RawPeer.listen(try tlsServer(certificates, change))
      defer { server.close(promise: nil) }
      let channel = Channel(
        target: "127.0.0.1:\(server.localAddress?.port ?? 0)",
        configuration: SecureLoopback.settings(ChannelSecurity(skipsVerification: true)))
      let status = await #expect(throws: Status.self) {
        let _: Text = try await channel.unary(EchoService.echo, Text(value: "x"))
      }
      await channel.close(within: .zero)
      return status.map { String($0.message.drop { $0 != " " }.split(separator: ": ").last ?? "") } ?? ""
    }
    #expect(try await refusal { $0.applicationProtocols = ["http/1.1"] } == "it does not speak HTTP/2 over TLS")
    #expect(try await refusal { $0.applicationProtocols = [] } == "it does not speak HTTP/2 over TLS")
    let old = try await refusal {
      $0.minimumTLSVersion = .tlsv1
      $0.maximumTLSVersion = .tlsv11
    }
    #expect(old == "it does not speak TLS 1.2 or later")
  }

  @Test func `many who come and say nothing do not keep others out`() async throws {
    try await SecureLoopback.run { loop in
      var silent: [RawPeer] = []
      for _ in 0..<20 { silent.append(try await RawPeer.connect(loop.server.port, nil)) }
      try await loop.expectNobody(ChannelSecurity(skipsVerification: true))
      for peer in silent { peer.close() }
    }
  }

  @Test func `who does not finish the handshake, or says nothing after it, is dropped`() async throws {
    try await SecureLoopback.run(handshakeTime: .milliseconds(300)) { loop in
      let silent = try await RawPeer.connect(loop.server.port, nil)
      await silent.closed()
      let slow = try await RawPeer.connect(loop.server.port, nil)
      slow.write([0x16, 3, 1, 2, 0, 1])
      await slow.closed()
      while loop.server.connectionCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
      #expect(loop.server.statistics[.tlsFailures] == 2)
      let mute = try await RawPeer.connect(
        loop.server.port, try tls(loop.certificates) { $0.applicationProtocols = ["h2"] })
      await mute.closed()
    }
  }

  @Test func `garbage in the middle of a handshake or after it ends that connection only`() async throws {
    try await SecureLoopback.run { loop in
      for bytes in [
        [0x16, 3, 1, 0xff, 0xff, 1, 2, 3], [0x16, 3, 1, 0, 5, 1, 0, 0, 1, 9], Array("GET / HTTP/1.1\r\n\r\n".utf8),
      ] {
        let peer = try await RawPeer.connect(loop.server.port, nil)
        peer.write(bytes)
        await peer.closed()
        #expect(peer.seen.handshakes == [])
      }
      let late = try await RawPeer.connect(
        loop.server.port, try tls(loop.certificates) { $0.applicationProtocols = ["h2"] })
      late.write(RawPeer.preface)
      #expect(await late.wait { $0.bytes.count >= 9 })
      late.write(Array("not HTTP/2 at all, twenty-four bytes and more".utf8))
      await late.closed()
      try await loop.expectNobody(ChannelSecurity(skipsVerification: true))
    }
  }

  private func tls(
    _ certificates: TestCertificates, _ change: (inout TLSConfiguration) -> Void
  ) throws -> NIOSSLHandler {
    var settings = TLSConfiguration.makeClientConfiguration()
    settings.certificateVerification = .none
    change(&settings)
    return try NIOSSLClientHandler(context: NIOSSLContext(configuration: settings), serverHostname: nil)
  }

  private func tlsServer(
    _ certificates: TestCertificates, _ change: (inout TLSConfiguration) -> Void
  ) throws -> NIOSSLContext {
    var settings = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(certificates.server.certificate).map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: certificates.server.key, format: .pem)))
    change(&settings)
    return try NIOSSLContext(configuration: settings)
  }
}

/// A connection without a session: writes what it is told, keeps what it sees.
final class RawPeer: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer

  struct Seen {
    var handshakes: [String?] = []
    var bytes: [UInt8] = []
    var errors: [String] = []
    var isClosed = false
  }

  /// How a client begins: the magic words and empty SETTINGS.
  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]

  private let state = Mutex(Seen())
  private let channel = Mutex<(any NIOCore.Channel)?>(nil)

  var seen: Seen { state.withLock { $0 } }

  static func connect(_ port: Int, _ tls: NIOSSLHandler?) async throws -> RawPeer {
    let peer = RawPeer()
    let tls = UncheckedHandler(tls)
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls = tls.handler { try channel.pipeline.syncOperations.addHandler(tls) }
          try channel.pipeline.syncOperations.addHandler(peer)
        }
      }.connect(host: "127.0.0.1", port: port).get()
    peer.channel.withLock { $0 = channel }
    return peer
  }

  /// A server that shakes hands and then says nothing.
  static func listen(_ context: NIOSSLContext) async throws -> any NIOCore.Channel {
    try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
        }
      }.bind(host: "127.0.0.1", port: 0).get()
  }

  func write(_ bytes: [UInt8]) {
    channel.withLock { $0 }?.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
  }

  func close() { channel.withLock { $0 }?.close(promise: nil) }

  /// Waits until the other side has closed.
  func closed() async { try? await channel.withLock { $0 }?.closeFuture.get() }

  /// Waits until `isTrue`; false after a while.
  func wait(_ isTrue: (Seen) -> Bool) async -> Bool {
    for _ in 0..<1_000 {
      if isTrue(seen) { return true }
      try? await Task.sleep(for: .milliseconds(10))
    }
    return false
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    state.withLock { $0.bytes += bytes.readableBytesView }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case TLSUserEvent.handshakeCompleted(let negotiated) = event {
      state.withLock { $0.handshakes.append(negotiated) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    state.withLock { $0.errors.append("\(error)") }
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) { state.withLock { $0.isClosed = true } }
}

/// Brings a handler to its channel's event loop, where alone it is used. `@unchecked`: nobody else has it.
private struct UncheckedHandler: @unchecked Sendable {
  let handler: NIOSSLHandler?
  init(_ handler: NIOSSLHandler?) { self.handler = handler }
}
