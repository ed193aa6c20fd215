import Kernel
import RPC
import TestSupport
import Testing
import WireTypes

/// TLS between our two sides.
@Suite(.timeLimit(.minutes(1))) struct SecurityTests {
  @Test(arguments: ["127.0.0.1", "localhost"]) func `calls of all kinds go through`(host: String) async throws {
    try await SecureLoopback.run { loop in
      let channel = loop.channel(ChannelSecurity(authoritiesFile: loop.certificates.authority.certificate), host: host)
      try await loop.expectNobody(channel)
      let large = String(repeating: "呼应", count: 300_000)
      let answer: Text = try await channel.unary(EchoService.echo, Text(value: large))
      #expect(answer.value == large)
      let numbers: ResponseStream<Number> = channel.serverStreaming(EchoService.count, Number(value: 500))
      var sum: Int32 = 0
      for try await number in numbers { sum += number.value }
      #expect(sum == 499 * 500 / 2)
      let chat: StreamingCall<Text, Text> = channel.streaming(EchoService.chat)
      for word in ["a", "b"] {
        try await chat.send(Text(value: word))
        #expect(try await chat.responses.next()?.value == "re: " + word)
      }
      try await chat.finishSending()
      #expect(try await chat.responses.next() == nil)
      await channel.close(within: .seconds(1))
    }
  }

  @Test func `a slow reader over TLS holds the writer back`() async throws {
    try await SecureLoopback.run { loop in
      let channel = loop.channel(ChannelSecurity(authoritiesFile: loop.certificates.authority.certificate))
      let texts: ResponseStream<Text> = channel.serverStreaming(EchoService.endless, Number(value: 100_000))
      #expect(try await texts.next()?.value.count == 100_000)
      // Nobody reads: the windows fill, and the writer stands still. Then the reader goes on and gets it all, in order.
      var written = -1
      let log = loop.service.log
      while written != log.count("written") {
        written = log.count("written")
        try await Task.sleep(for: .milliseconds(100))
      }
      #expect(written < 300)
      for _ in 0..<200 { #expect(try await texts.next()?.value.count == 100_000) }
      texts.call.cancel()
      await channel.close(within: .seconds(1))
    }
  }

  @Test func `a channel trusts only whom it is told to`() async throws {
    try await SecureLoopback.run { loop in
      let trusted = loop.certificates.authority.certificate
      let other = loop.certificates.otherAuthority.certificate
      let message = await loop.refusal(ChannelSecurity(authoritiesFile: other))
      #expect(message == "cannot connect to \(loop.target): its certificate is signed by an unknown authority")
      // The system's authorities do not know it either.
      #expect(await loop.refusal(ChannelSecurity()).contains("unknown authority"))
      let named = await loop.refusal(ChannelSecurity(authoritiesFile: trusted, serverName: "other.example"))
      #expect(named.contains("its certificate is not for other.example but for localhost"))
      let numbered = await loop.refusal(ChannelSecurity(authoritiesFile: trusted, serverName: "127.0.0.2"))
      #expect(numbered.contains("its certificate is not for 127.0.0.2 but for localhost"))
      try await loop.expectNobody(ChannelSecurity(authoritiesFile: trusted, serverName: "LOCALHOST"))
      try await loop.expectNobody(ChannelSecurity(authoritiesFile: trusted, serverName: "::1"))
      try await loop.expectNobody(ChannelSecurity(skipsVerification: true))
    }
  }

  @Test func `a certificate that is out of date is refused`() async throws {
    let certificates = try TestCertificates()
    var content = TestCertificates.Content.server
    content.validity = -7_200 ... -3_600
    let old = try certificates.issue(content, file: "old")
    content.validity = 3_600...7_200
    let early = try certificates.issue(content, file: "early")
    let trust = ChannelSecurity(authoritiesFile: certificates.authority.certificate)
    try await SecureLoopback.run(certificates, pair: old) { loop in
      #expect(await loop.refusal(trust).hasSuffix("its certificate has expired"))
      try await loop.expectNobody(ChannelSecurity(skipsVerification: true))
    }
    try await SecureLoopback.run(certificates, pair: early) { loop in
      #expect(await loop.refusal(trust).hasSuffix("its certificate is not valid yet"))
    }
  }

  @Test func `a required client certificate is asked for, verified and told`() async throws {
    try await SecureLoopback.run(clients: .required) { loop in
      let certificates = loop.certificates
      var security = ChannelSecurity(authoritiesFile: certificates.authority.certificate)
      #expect(await loop.refusal(security).hasSuffix("it wants a client certificate"))
      let stranger = try certificates.issue(.client, by: certificates.otherAuthority, file: "stranger")
      (security.certificateFile, security.keyFile) = (stranger.certificate, stranger.key)
      let message = await loop.refusal(security)
      #expect(message.hasSuffix("it does not know the authority that signed our certificate"))
      (security.certificateFile, security.keyFile) = (certificates.client.certificate, certificates.client.key)
      let channel = loop.channel(security)
      let names = try await loop.ask(channel)
      #expect(names == "huying-client [client.huying.test] [spiffe://huying.test/client] 64")
      #expect(try await loop.ask(channel) == names)
      await channel.close(within: .seconds(1))
    }
  }

  @Test func `an optional client certificate may be missing, but not be wrong`() async throws {
    try await SecureLoopback.run(clients: .optional) { loop in
      let certificates = loop.certificates
      var security = ChannelSecurity(authoritiesFile: certificates.authority.certificate)
      try await loop.expectNobody(security)
      (security.certificateFile, security.keyFile) = (certificates.client.certificate, certificates.client.key)
      #expect(try await loop.ask(security).hasPrefix("huying-client "))
      var content = TestCertificates.Content.client
      content.validity = -7_200 ... -3_600
      let old = try certificates.issue(content, file: "old-client")
      (security.certificateFile, security.keyFile) = (old.certificate, old.key)
      #expect(await loop.refusal(security).hasSuffix("it finds our certificate expired"))
    }
  }

  @Test func `who does not ask is shown no certificate`() async throws {
    try await SecureLoopback.run { loop in
      let certificates = loop.certificates
      let security = ChannelSecurity(
        authoritiesFile: certificates.authority.certificate, certificateFile: certificates.client.certificate,
        keyFile: certificates.client.key)
      try await loop.expectNobody(security)
    }
  }

  @Test func `files that cannot be used are told of at once, in words`() async throws {
    let certificates = try TestCertificates()
    let pair = certificates.server
    func failure(_ certificate: String, _ key: String, authorities: String? = nil) async -> String {
      var configuration = ServerConfiguration(.tcp(host: "127.0.0.1", port: 0))
      configuration.security = ServerSecurity(
        certificateFile: certificate, keyFile: key, clientAuthoritiesFile: authorities,
        clientCertificates: authorities == nil ? .none : .required)
      let server = Server(configuration, services: [])
      let error = await #expect(throws: SecurityError.self) { try await server.start() }
      return error.map { "\($0)" } ?? ""
    }
    let missing = certificates.folder.file("missing.pem")
    #expect(await failure(missing, pair.key) == "\(missing): No such file or directory")
    #expect(await failure(pair.key, pair.key) == "\(pair.key) has no certificate in PEM form")
    #expect(
      await failure(pair.certificate, pair.certificate)
        == "\(pair.certificate) has no private key in PEM form, or it is encrypted")
    #expect(
      await failure(pair.certificate, certificates.client.key)
        == "the key in \(certificates.client.key) does not belong to the certificate in \(pair.certificate)")
    #expect(await failure(pair.certificate, pair.key, authorities: missing) == "\(missing): No such file or directory")

    let channel = Channel(
      target: "127.0.0.1:1",
      configuration: SecureLoopback.settings(ChannelSecurity(authoritiesFile: missing)))
    let status = await #expect(throws: Status.self) {
      let _: Text = try await channel.unary(EchoService.echo, Text(value: "x"))
    }
    #expect(status?.message == "cannot connect to 127.0.0.1:1: \(missing): No such file or directory")
    await channel.close(within: .zero)
  }
}

/// A server with certificates, whose `WhoAmI` says what it knows of its caller.
struct SecureLoopback {
  static let whoAmI = EchoService.method("WhoAmI")

  let certificates: TestCertificates
  let server: Server
  let service: EchoService
  let warnings: Journal
  var target: String { "127.0.0.1:\(server.port)" }

  static func run(
    _ certificates: TestCertificates? = nil, pair: TestCertificates.Pair? = nil,
    clients: ServerSecurity.ClientCertificates = .none, handshakeTime: Duration = .seconds(30),
    _ body: (SecureLoopback) async throws -> Void
  ) async throws {
    let certificates = try certificates ?? TestCertificates()
    let pair = pair ?? certificates.server
    let warnings = Journal()
    var configuration = ServerConfiguration(.tcp(host: "127.0.0.1", port: 0))
    configuration.handshakeTime = handshakeTime
    configuration.security = ServerSecurity(
      certificateFile: pair.certificate, keyFile: pair.key,
      clientAuthoritiesFile: certificates.authority.certificate, clientCertificates: clients)
    configuration.security?.warn = { warnings.add($0) }
    let service = EchoService()
    let server = Server(configuration, services: [service, WhoAmI()], interceptors: [service.log])
    try await server.start()
    let loop = SecureLoopback(
      certificates: certificates, server: server, service: service, warnings: warnings)
    do { try await body(loop) } catch {
      await server.drain(within: .zero)
      throw error
    }
    await server.drain(within: .seconds(1))
  }

  static func settings(_ security: ChannelSecurity?) -> ChannelConfiguration {
    var settings = ChannelConfiguration()
    settings.security = security
    settings.maximumBackoff = .milliseconds(50)
    return settings
  }

  func channel(_ security: ChannelSecurity?, host: String = "127.0.0.1") -> Channel {
    Channel(target: "\(host):\(server.port)", configuration: Self.settings(security))
  }

  func ask(_ channel: Channel, _ options: CallOptions = CallOptions()) async throws -> String {
    let answer: Text = try await channel.unary(Self.whoAmI, Text(value: ""), options)
    return answer.value
  }

  /// Asks on a connection of its own.
  func ask(_ security: ChannelSecurity) async throws -> String {
    let channel = channel(security)
    let answer = try await ask(channel)
    await channel.close(within: .seconds(1))
    return answer
  }

  /// Is answered, as somebody without a certificate.
  func expectNobody(_ channel: Channel, _ options: CallOptions = CallOptions()) async throws {
    let answer = try await ask(channel, options)
    #expect(answer == "nobody")
  }

  func expectNobody(_ security: ChannelSecurity) async throws {
    let answer = try await ask(security)
    #expect(answer == "nobody")
  }

  /// What a channel of its own is told, that is not to come through.
  func refusal(_ security: ChannelSecurity?) async -> String {
    let channel = channel(security)
    let status = await #expect(throws: Status.self) { try await ask(channel) }
    #expect(status?.code == .unavailable)
    await channel.close(within: .zero)
    return status?.message ?? ""
  }

  private struct WhoAmI: Service {
    var handlers: [MethodHandler] {
      [
        .unary(SecureLoopback.whoAmI) { (_: Text, context) in
          guard let peer = context.peerIdentity else { return Text(value: "nobody") }
          return Text(
            value:
              "\(peer.commonName) [\(peer.dnsNames.joined())] [\(peer.uris.joined())] \(peer.fingerprint.utf8.count)")
        }
      ]
    }
  }
}
