import RPC
import TestSupport
import Testing

@testable import HuyingCLI

/// The flags that secure a connection.
@Suite struct TLSTests {
  private func call(_ target: String, _ arguments: String...) async throws -> HuyingProgram.Result {
    try await HuyingProgram.run(["call", "Collect", "-d", #"{"name":"safe"}"#, "-t", target] + arguments)
  }

  private func security(
    _ certificates: TestCertificates, _ clients: ServerSecurity.ClientCertificates = .none
  ) -> ServerSecurity {
    ServerSecurity(
      certificateFile: certificates.server.certificate, keyFile: certificates.server.key,
      clientAuthoritiesFile: certificates.authority.certificate, clientCertificates: clients)
  }

  @Test func `a server is trusted whose authority is`() async throws {
    let certificates = try TestCertificates()
    let server = try await SampleServer(security: security(certificates))
    let answer = try await call(server.target, "--tls", "--ca", certificates.authority.certificate)
    #expect(answer.output == "{\"name\":\"safe\"}\n", "\(answer.errors)")
    #expect(try await call("https://\(server.target)", "--cacert", certificates.authority.certificate).exitCode == 0)
    for bad in [["--tls", "--ca", certificates.otherAuthority.certificate], ["--tls"], []] {
      let refused = try await HuyingProgram.run(["call", "Collect", "-t", server.target] + bad)
      #expect(refused.exitCode == 64 + 14, "\(bad): \(refused.errors)")
    }
    await server.stop()
  }

  @Test func `the certificate is for the name that is meant, unless nobody wants to know`() async throws {
    let certificates = try TestCertificates()
    let server = try await SampleServer(security: security(certificates))
    let trusted = ["--ca", certificates.authority.certificate]
    func code(_ arguments: [String]) async throws -> Int32 {
      try await HuyingProgram.run(["call", "Collect", "-t", server.target] + arguments).exitCode
    }
    #expect(try await code(trusted + ["--server-name", "localhost"]) == 0)
    #expect(try await code(trusted + ["--server-name", "elsewhere.example.cn"]) == 64 + 14)
    #expect(try await code(["--insecure-skip-verify"]) == 0)
    await server.stop()
  }

  @Test func `a client shows its certificate, and a name may stand for all of that`() async throws {
    let certificates = try TestCertificates()
    let server = try await SampleServer(security: security(certificates, .required))
    let folder = TemporaryFolder()
    let trusted = ["--ca", certificates.authority.certificate]
    let own = ["--cert", certificates.client.certificate, "--key", certificates.client.key]
    #expect(try await HuyingProgram.run(["list", "-t", server.target] + trusted).exitCode == 64 + 14)
    #expect(try await HuyingProgram.run(["list", "-t", server.target] + trusted + own).exitCode == 0)
    let added = try await HuyingProgram.run(
      ["target", "add", "county", "--address", server.target] + trusted + own, in: folder)
    #expect(added.exitCode == 0, "\(added.errors)")
    let listed = try await HuyingProgram.run(["list", "-t", "county"], in: folder)
    #expect(listed.lines == ["huying.sample.v1.SampleService"], "\(listed.errors)")
    #expect(try await HuyingProgram.run(["list", "-t", "county", "--plaintext"], in: folder).exitCode == 64 + 14)
    await server.stop()
  }

  @Test func `flags that do not go together are refused`() async throws {
    for arguments in [["--cert", "a.pem"], ["--plaintext", "--tls"], ["--ca", "/nowhere.pem"]] {
      #expect(try await HuyingProgram.run(["list", "-t", "127.0.0.1:1"] + arguments).exitCode == 64, "\(arguments)")
    }
  }

  @Test func `a session at https:// knows the authority that it was made with`() async throws {
    let folder = TemporaryFolder()
    let certificates = try TestCertificates()
    let server = try await SampleServer(
      security: ServerSecurity(
        certificateFile: certificates.server.certificate, keyFile: certificates.server.key))
    for (authority, why) in [
      (certificates.authority.certificate, "there is no method"),
      (certificates.otherAuthority.certificate, "unknown authority"),
    ] {
      let session = Session(target: "https://\(server.target)", token: "t", tls: TLSSettings(authorities: authority))
      try session.save(to: folder.file("session.json"))
      let result = try await HuyingProgram.run(["relay"], in: folder)
      #expect(result.exitCode != 0 && result.errors.contains(why), "\(result.errors)")
    }
    await server.stop()
  }
}
