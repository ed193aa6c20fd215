import Foundation
import RPC
import TestSupport
import Testing
import WireTypes

/// Certificates that change while a server runs.
@Suite(.timeLimit(.minutes(1))) struct SecurityReloadTests {
  @Test func `a new certificate serves new connections while old ones live on`() async throws {
    try await SecureLoopback.run { loop in
      let certificates = loop.certificates
      let trust = ChannelSecurity(authoritiesFile: certificates.authority.certificate, serverName: "localhost")
      let old = loop.channel(trust)
      try await loop.expectNobody(old)
      let stream: StreamingCall<Text, Text> = old.streaming(EchoService.chat)
      try await stream.send(Text(value: "before"))
      #expect(try await stream.responses.next()?.value == "re: before")

      var content = TestCertificates.Content(commonName: "renewed")
      content.dnsNames = ["renewed.huying.test"]
      _ = try certificates.issue(content, file: "server")
      // Who asks for the new name gets through once the new certificate is in force.
      var renewed = trust
      renewed.serverName = "renewed.huying.test"
      let new = loop.channel(renewed)
      let patient = CallOptions(timeout: .seconds(30), waitForReady: true)
      try await loop.expectNobody(new, patient)
      #expect(await loop.refusal(trust).contains("its certificate is not for localhost but for renewed.huying.test"))

      try await stream.send(Text(value: "after"))
      #expect(try await stream.responses.next()?.value == "re: after")
      try await loop.expectNobody(old)
      await new.close(within: .seconds(1))
      await old.close(within: .zero)
    }
  }

  @Test func `files that became unusable leave the old certificate in force, and it is said`() async throws {
    try await SecureLoopback.run { loop in
      let certificates = loop.certificates
      let trust = ChannelSecurity(authoritiesFile: certificates.authority.certificate)
      try await loop.expectNobody(trust)
      try Data("nothing".utf8).write(to: URL(fileURLWithPath: certificates.server.certificate), options: .atomic)
      while loop.warnings.lines.isEmpty { _ = try await loop.ask(trust) }
      let expected =
        "the old certificates stay in force: \(certificates.server.certificate) has no certificate in PEM form"
      #expect(loop.warnings.lines == [expected])
      // Mended: a pair that belongs together is taken again.
      _ = try certificates.issue(.server, by: certificates.otherAuthority, file: "server")
      let other = loop.channel(ChannelSecurity(authoritiesFile: certificates.otherAuthority.certificate))
      let patient = CallOptions(timeout: .seconds(30), waitForReady: true)
      try await loop.expectNobody(other, patient)
      await other.close(within: .seconds(1))
    }
  }

  @Test func `a channel reads its authorities anew`() async throws {
    try await SecureLoopback.run { loop in
      let certificates = loop.certificates
      let file = certificates.folder.file("trusted.pem")
      func trust(_ authority: TestCertificates.Authority) throws {
        let pem = try Data(contentsOf: URL(fileURLWithPath: authority.certificate))
        try pem.write(to: URL(fileURLWithPath: file), options: .atomic)
      }
      try trust(certificates.otherAuthority)
      let channel = loop.channel(ChannelSecurity(authoritiesFile: file))
      let status = await #expect(throws: Status.self) { try await loop.ask(channel) }
      #expect(status?.message.hasSuffix("unknown authority") == true)
      try trust(certificates.authority)
      let patient = CallOptions(timeout: .seconds(30), waitForReady: true)
      try await loop.expectNobody(channel, patient)
      await channel.close(within: .seconds(1))
    }
  }
}
